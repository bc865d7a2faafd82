using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>Runs a <see cref="LaneFunction"/> over lanes in memory: the one implementation behind emitted and interpreted loops.</summary>
internal static unsafe class LaneFunctions
{
    /// <summary>
    /// result[i] = function(a[i], b[i]) for i below <paramref name="count"/>. The large-argument functions write only the lanes whose argument
    /// is beyond <see cref="Trigonometric.Limit"/>.
    /// </summary>
    public static void Invoke(LaneFunction function, void* a, void* b, void* result, long count)
    {
        switch (function)
        {
            case LaneFunction.SinLarge32: Repair((float*)a, (float*)result, count, &LargeSin); break;
            case LaneFunction.CosLarge32: Repair((float*)a, (float*)result, count, &LargeCos); break;
            case LaneFunction.TanLarge32: Repair((float*)a, (float*)result, count, &LargeTan); break;
            case LaneFunction.SinLarge64: Repair((double*)a, (double*)result, count, &LargeSin); break;
            case LaneFunction.CosLarge64: Repair((double*)a, (double*)result, count, &LargeCos); break;
            case LaneFunction.TanLarge64: Repair((double*)a, (double*)result, count, &LargeTan); break;
            case LaneFunction.ErfInv64: Map((double*)a, (double*)result, count, &SpecialFunctions.ErfInv); break;
            case LaneFunction.LogGamma32: Map((float*)a, (float*)result, count, &SpecialFunctions.LogGamma); break;
            case LaneFunction.LogGamma64: Map((double*)a, (double*)result, count, &SpecialFunctions.LogGamma); break;
            case LaneFunction.Digamma32: Map((float*)a, (float*)result, count, &SpecialFunctions.Digamma); break;
            case LaneFunction.Digamma64: Map((double*)a, (double*)result, count, &SpecialFunctions.Digamma); break;
            case LaneFunction.RemainderF32: Map((float*)a, (float*)b, (float*)result, count, &RealRemainder<float>); break;
            case LaneFunction.RemainderF64: Map((double*)a, (double*)b, (double*)result, count, &RealRemainder<double>); break;
            case LaneFunction.DivideI32: Map((int*)a, (int*)b, (int*)result, count, &Divide<int>); break;
            case LaneFunction.DivideI64: Map((long*)a, (long*)b, (long*)result, count, &Divide<long>); break;
            case LaneFunction.RemainderI32: Map((int*)a, (int*)b, (int*)result, count, &Remainder<int>); break;
            case LaneFunction.RemainderI64: Map((long*)a, (long*)b, (long*)result, count, &Remainder<long>); break;
            case LaneFunction.PowerI32: Map((int*)a, (int*)b, (int*)result, count, &Raise<int>); break;
            case LaneFunction.PowerI64: Map((long*)a, (long*)b, (long*)result, count, &Raise<long>); break;
            case LaneFunction.ShiftLeftI32: Map((int*)a, (int*)b, (int*)result, count, &ShiftLeft<int>); break;
            case LaneFunction.ShiftLeftI64: Map((long*)a, (long*)b, (long*)result, count, &ShiftLeft<long>); break;
            case LaneFunction.ShiftRightArithmeticI32: Map((int*)a, (int*)b, (int*)result, count, &ShiftRightArithmetic<int>); break;
            case LaneFunction.ShiftRightArithmeticI64: Map((long*)a, (long*)b, (long*)result, count, &ShiftRightArithmetic<long>); break;
            case LaneFunction.ShiftRightLogicalI32: Map((int*)a, (int*)b, (int*)result, count, &ShiftRightLogical<int>); break;
            case LaneFunction.ShiftRightLogicalI64: Map((long*)a, (long*)b, (long*)result, count, &ShiftRightLogical<long>); break;
            case LaneFunction.I64ToF32:
                for (long i = 0; i < count; i++)
                    ((float*)result)[i] = ((long*)a)[i];
                break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "No such lane function.");
        }
    }

    private static void Map<T>(T* a, T* result, long count, delegate*<double, double> function)
        where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < count; i++)
            result[i] = T.CreateTruncating(function(double.CreateTruncating(a[i])));
    }

    private static void Map<T>(T* a, T* b, T* result, long count, delegate*<T, T, T> function)
        where T : unmanaged
    {
        for (long i = 0; i < count; i++)
            result[i] = function(a[i], b[i]);
    }

    private static void Repair<T>(T* x, T* result, long count, delegate*<double, double> function)
        where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < count; i++)
        {
            double value = double.CreateTruncating(x[i]);
            if (Math.Abs(value) > Trigonometric.Limit)
                result[i] = T.CreateTruncating(function(value));
        }
    }

    private static double LargeSin(double x)
    {
        if (!double.IsFinite(x))
            return double.NaN;
        long quadrant = PayneHanek.Reduce(x, out double r, out double low);
        double sin = Scalar(Trigonometric.SinCos64<Wide128<double, long>, Wide128<long, long>>(Lanes(r), Lanes(low), Lanes(quadrant)));
        return x < 0 ? -sin : sin;
    }

    private static double LargeCos(double x)
    {
        if (!double.IsFinite(x))
            return double.NaN;
        long quadrant = PayneHanek.Reduce(x, out double r, out double low) + 1;
        return Scalar(Trigonometric.SinCos64<Wide128<double, long>, Wide128<long, long>>(Lanes(r), Lanes(low), Lanes(quadrant)));
    }

    private static double LargeTan(double x)
    {
        if (!double.IsFinite(x))
            return double.NaN;
        long quadrant = PayneHanek.Reduce(x, out double r, out double low);
        double tan = Scalar(Trigonometric.Tan64<Wide128<double, long>, Wide128<long, long>>(Lanes(r), Lanes(low), Lanes(quadrant)));
        return x < 0 ? -tan : tan;
    }

    private static Wide128<double, long> Lanes(double x) => Wide128<double, long>.Of(x);

    private static Wide128<long, long> Lanes(long x) => Wide128<long, long>.OfBits(x);

    private static double Scalar(Wide128<double, long> x) => *(double*)&x;

    /// <summary>The remainder with the sign of the divisor, as NumPy and Python define it.</summary>
    private static T RealRemainder<T>(T a, T b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T remainder = a % b;
        if (T.IsZero(remainder))
            return T.CopySign(T.Zero, b);
        return T.IsNegative(remainder) != T.IsNegative(b) ? remainder + b : remainder;
    }

    /// <summary>The quotient rounded towards zero; division by zero gives zero, as in NumPy, and the most negative number by -1 wraps.</summary>
    private static T Divide<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (T.IsZero(b))
            return T.Zero;
        return b == -T.One ? unchecked(T.Zero - a) : a / b;
    }

    private static T Remainder<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (T.IsZero(b) || b == -T.One)
            return T.Zero;
        T remainder = a % b;
        return !T.IsZero(remainder) && T.IsNegative(remainder) != T.IsNegative(b) ? remainder + b : remainder;
    }

    /// <summary>a^b modulo the type's range; a negative exponent gives the quotient 1 / a^-b rounded towards zero.</summary>
    private static T Raise<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (T.IsNegative(b))
        {
            if (a == T.One)
                return T.One;
            return a == -T.One ? (T.IsEvenInteger(b) ? T.One : a) : T.Zero;
        }

        T result = T.One;
        for (T square = a; !T.IsZero(b); b >>= 1, square = unchecked(square * square))
        {
            if (T.IsOddInteger(b))
                result = unchecked(result * square);
        }

        return result;
    }

    private static bool IsTooFar<T>(T count)
        where T : unmanaged, IBinaryInteger<T> => T.IsNegative(count) || count >= T.CreateTruncating(sizeof(T) * 8);

    /// <summary>Shifts beyond the width give zero, or the sign's bits for the arithmetic shift: never the processor's modulo.</summary>
    private static T ShiftLeft<T>(T a, T count)
        where T : unmanaged, IBinaryInteger<T> => IsTooFar(count) ? T.Zero : a << int.CreateTruncating(count);

    private static T ShiftRightArithmetic<T>(T a, T count)
        where T : unmanaged, IBinaryInteger<T> => a >> (IsTooFar(count) ? sizeof(T) * 8 - 1 : int.CreateTruncating(count));

    private static T ShiftRightLogical<T>(T a, T count)
        where T : unmanaged, IBinaryInteger<T> => IsTooFar(count) ? T.Zero : a >>> int.CreateTruncating(count);
}
