using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// One of the linear maps to six points at which F(4, 3) and F(3, 4) multiply: 0, plus and minus the square roots of a half and of two, and infinity.
/// Points with such a balance round less than the usual whole numbers (Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd
/// Convolution for Deep Neural Networks", 2020).
/// </summary>
internal unsafe interface IWinogradTransform<T>
    where T : unmanaged
{
    /// <summary>Numbers of which six are made; the first four are further ones of a tile, what is behind them belongs to the next tile too.</summary>
    static abstract int Reach { get; }

    /// <summary>Maps vectors of numbers, of which only the first <see cref="Reach"/> count, to six that are stored <paramref name="distance"/> apart.</summary>
    static abstract void Apply(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, Vector<T> e, Vector<T> f, T* target, nint distance);
}

/// <summary>Bᵀ: six neighbouring inputs.</summary>
internal readonly unsafe struct InputTransform<T> : IWinogradTransform<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Reach => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, Vector<T> e, Vector<T> f, T* target, nint distance)
    {
        var (half, two, middle) = (new Vector<T>(T.CreateChecked(0.5)), new Vector<T>(T.CreateChecked(2)), new Vector<T>(T.CreateChecked(2.5)));
        var (even, odd) = (e - two * c, WinogradPoints<T>.Near * (d - two * b));
        var (farEven, farOdd) = (e - half * c, WinogradPoints<T>.Far * (d - half * b));
        Vector.Store(a - middle * c + e, target);
        Vector.Store(even + odd, target + distance);
        Vector.Store(even - odd, target + 2 * distance);
        Vector.Store(farEven + farOdd, target + 3 * distance);
        Vector.Store(farEven - farOdd, target + 4 * distance);
        Vector.Store(b - middle * d + f, target + 5 * distance);
    }
}

/// <summary>A: four neighbouring gradients of outputs.</summary>
internal readonly unsafe struct GradientTransform<T> : IWinogradTransform<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Reach => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, Vector<T> e, Vector<T> f, T* target, nint distance)
    {
        var (half, two) = (new Vector<T>(T.CreateChecked(0.5)), new Vector<T>(T.CreateChecked(2)));
        var (even, odd) = (a + half * c, WinogradPoints<T>.Near * (b + half * d));
        var (farEven, farOdd) = (a + two * c, WinogradPoints<T>.Far * (b + two * d));
        Vector.Store(a, target);
        Vector.Store(even + odd, target + distance);
        Vector.Store(even - odd, target + 2 * distance);
        Vector.Store(farEven + farOdd, target + 3 * distance);
        Vector.Store(farEven - farOdd, target + 4 * distance);
        Vector.Store(d, target + 5 * distance);
    }
}

/// <summary>The maps at the edges of the products: of kernels to the points, and of what was multiplied there to results.</summary>
internal static unsafe class WinogradPoints<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The square root of a half.</summary>
    public static T Near { get; } = T.Sqrt(T.CreateChecked(0.5));

    /// <summary>The square root of two.</summary>
    public static T Far { get; } = T.Sqrt(T.CreateChecked(2));

    private static T Half { get; } = T.CreateChecked(0.5);

    private static T Two { get; } = T.CreateChecked(2);

    private static T Third { get; } = T.One / T.CreateChecked(3);

    /// <summary>G: three elements of a kernel at the six points.</summary>
    public static void Spread(T a, T b, T c, T* target, nint distance)
    {
        T even = -Two * Third * (a + Half * c), odd = -Two * Third * Near * b, farEven = Half * Third * (a + Two * c), farOdd = Half * Third * Far * b;
        target[0] = a;
        target[distance] = even + odd;
        target[2 * distance] = even - odd;
        target[3 * distance] = farEven + farOdd;
        target[4 * distance] = farEven - farOdd;
        target[5 * distance] = c;
    }

    /// <summary>Gᵀ: sums at the six points collected into three elements of a kernel.</summary>
    public static (T A, T B, T C) Collect(T* m, nint step)
    {
        T near = m[step] + m[2 * step], nearOdd = m[2 * step] - m[step], far = m[3 * step] + m[4 * step], farOdd = m[3 * step] - m[4 * step];
        return (m[0] + Third * (Half * far - Two * near), Third * (Two * Near * nearOdd + Half * Far * farOdd), Third * (far - near) + m[5 * step]);
    }

    /// <summary>Aᵀ: products at the six points summed into four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<T> A, Vector<T> B, Vector<T> C, Vector<T> D) Sum(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, Vector<T> e, Vector<T> f)
    {
        var (half, two) = (new Vector<T>(T.CreateChecked(0.5)), new Vector<T>(T.CreateChecked(2)));
        var (near, nearOdd, far, farOdd) = (b + c, Near * (b - c), d + e, Far * (d - e));
        return (a + near + far, nearOdd + farOdd, half * near + two * far, half * nearOdd + two * farOdd + f);
    }
}
