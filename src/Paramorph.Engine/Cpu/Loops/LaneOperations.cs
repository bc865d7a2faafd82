using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>A function of one value, of any width.</summary>
internal interface IUnaryOperation
{
    static abstract R Apply<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>;
}

/// <summary>A function of two values, of any width.</summary>
internal interface IBinaryOperation
{
    static abstract R Apply<R, B>(R x, R y)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>;
}

/// <summary>A function of three values, of any width.</summary>
internal interface ITernaryOperation
{
    static abstract R Apply<R, B>(R x, R y, R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>;
}

/// <summary>A question about two values, answered by a mask.</summary>
internal interface ICompareOperation
{
    static abstract B Apply<R, B>(R x, R y)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>;
}

/// <summary>Every operation as a type, so that a generic kernel can be made of each and inline it.</summary>
internal static class LaneOperations
{
    public readonly struct Add : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x + y;
    }

    public readonly struct Subtract : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x - y;
    }

    public readonly struct Multiply : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x * y;
    }

    public readonly struct Divide : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x / y;
    }

    public readonly struct And : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x & y;
    }

    public readonly struct Or : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x | y;
    }

    public readonly struct Xor : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => x ^ y;
    }

    public readonly struct Min : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Min(x, y);
    }

    public readonly struct Max : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Max(x, y);
    }

    public readonly struct MinNative : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.MinNative(x, y);
    }

    public readonly struct MaxNative : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.MaxNative(x, y);
    }

    public readonly struct LessThan : ICompareOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static B Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.LessThan(x, y);
    }

    public readonly struct LessThanOrEqual : ICompareOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static B Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.LessThanOrEqual(x, y);
    }

    public readonly struct Equal : ICompareOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static B Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Equal(x, y);
    }

    public readonly struct Sqrt : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Sqrt(x);
    }

    public readonly struct Round : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Round(x);
    }

    public readonly struct Floor : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Floor(x);
    }

    public readonly struct Ceiling : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Ceiling(x);
    }

    public readonly struct Truncate : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.Truncate(x);
    }

    public readonly struct MultiplyAdd : ITernaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y, R z)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => R.MultiplyAdd(x, y, z);
    }

    public readonly struct Exp32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Exp32<R, B>(x);
    }

    public readonly struct Exp64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Exp64<R, B>(x);
    }

    public readonly struct Expm1Of32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Expm1Of32<R, B>(x);
    }

    public readonly struct Expm1Of64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Expm1Of64<R, B>(x);
    }

    public readonly struct Log32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Logarithm.Log32<R, B>(x);
    }

    public readonly struct Log64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Logarithm.Log64<R, B>(x);
    }

    public readonly struct Log1pOf32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Logarithm.Log1pOf32<R, B>(x);
    }

    public readonly struct Log1pOf64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Logarithm.Log1pOf64<R, B>(x);
    }

    public readonly struct Sin32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Trigonometric.Sin32<R, B>(x);
    }

    public readonly struct Sin64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Trigonometric.Sin64<R, B>(x);
    }

    public readonly struct Cos32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Trigonometric.Cos32<R, B>(x);
    }

    public readonly struct Cos64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Trigonometric.Cos64<R, B>(x);
    }

    public readonly struct Tan32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Trigonometric.Tan32<R, B>(x);
    }

    public readonly struct Tan64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Trigonometric.Tan64<R, B>(x);
    }

    public readonly struct Asin32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Asin32<R, B>(x);
    }

    public readonly struct Asin64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Asin64<R, B>(x);
    }

    public readonly struct Acos32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Acos32<R, B>(x);
    }

    public readonly struct Acos64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Acos64<R, B>(x);
    }

    public readonly struct Atan32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Atan32<R, B>(x);
    }

    public readonly struct Atan64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Atan64<R, B>(x);
    }

    public readonly struct Sinh32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Sinh32<R, B>(x);
    }

    public readonly struct Sinh64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Sinh64<R, B>(x);
    }

    public readonly struct Cosh32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Cosh32<R, B>(x);
    }

    public readonly struct Cosh64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Cosh64<R, B>(x);
    }

    public readonly struct Tanh32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Tanh32<R, B>(x);
    }

    public readonly struct Tanh64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Tanh64<R, B>(x);
    }

    public readonly struct Sigmoid32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Sigmoid32<R, B>(x);
    }

    public readonly struct Sigmoid64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Exponential.Sigmoid64<R, B>(x);
    }

    public readonly struct Erf32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => ErrorFunction.Erf32<R, B>(x);
    }

    public readonly struct Erf64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => ErrorFunction.Erf64<R, B>(x);
    }

    public readonly struct Erfc32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => ErrorFunction.Erfc32<R, B>(x);
    }

    public readonly struct Erfc64 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => ErrorFunction.Erfc64<R, B>(x);
    }

    public readonly struct ErfInv32 : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => ErrorFunction.ErfInv32<R, B>(x);
    }

    public readonly struct Atan2Of32 : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R y, R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Atan2Of32<R, B>(y, x);
    }

    public readonly struct Atan2Of64 : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R y, R x)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => InverseTrigonometric.Atan2Of64<R, B>(y, x);
    }

    public readonly struct PowerMagnitude64 : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Power.Magnitude64<R, B>(x, y);
    }

    public readonly struct PowerMagnitudeFor32 : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Power.MagnitudeFor32<R, B>(x, y);
    }

    public readonly struct PowerSpecial : ITernaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Apply<R, B>(R x, R y, R z)
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B> => Power.Special<R, B>(x, y, z);
    }
}
