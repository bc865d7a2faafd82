using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>Copies that exchange rows and columns, in small squares held in registers.</summary>
internal static unsafe class Transposition
{
    private const int Side = 4;

    /// <summary>
    /// <c>target[j * targetStride + i] = source[i * rowStride + j * columnStride]</c> for <paramref name="rows"/> i and
    /// <paramref name="columns"/> j; fast where <paramref name="columnStride"/> is 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(T* source, nint rowStride, nint columnStride, int rows, int columns, T* target, nint targetStride)
        where T : unmanaged
    {
        int squareRows = columnStride == 1 && HasSquares ? rows / Side * Side : 0;
        int squareColumns = squareRows == 0 ? 0 : columns / Side * Side;
        for (int i = 0; i < squareRows; i += Side)
        {
            T* from = source + (i * rowStride);
            T* to = target + i;
            for (int j = 0; j < squareColumns; j += Side)
            {
                Square(from, rowStride, to, targetStride);
                from += Side;
                to += Side * targetStride;
            }
        }
        Elements(source, rowStride, columnStride, squareRows, squareColumns, columns, target, targetStride);
        source += squareRows * rowStride;
        Elements(source, rowStride, columnStride, rows - squareRows, 0, columns, target + squareRows, targetStride);
    }

    private static bool HasSquares => Avx.IsSupported || AdvSimd.Arm64.IsSupported;

    private static void Elements<T>(
        T* source, nint rowStride, nint columnStride, int rows, int firstColumn, int columns, T* target, nint targetStride)
        where T : unmanaged
    {
        for (int j = firstColumn; j < columns; j++)
        {
            T* from = source + (j * columnStride);
            T* to = target + (j * targetStride);
            for (int i = 0; i < rows; i++)
            {
                to[i] = *from;
                from += rowStride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square<T>(T* source, nint rowStride, T* target, nint targetStride)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            Square4((float*)source, rowStride, (float*)target, targetStride);
            return;
        }
        for (int half = 0; half < Side; half += 2)
        {
            Square2((double*)source, rowStride, (double*)target + half, targetStride);
            Square2((double*)source + 2, rowStride, (double*)target + (2 * targetStride) + half, targetStride);
            source += 2 * rowStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square2(double* source, nint rowStride, double* target, nint targetStride)
    {
        Vector128<double> first = Vector128.Load(source), second = Vector128.Load(source + rowStride);
        Low(first, second).Store(target);
        High(first, second).Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(float* source, nint rowStride, float* target, nint targetStride)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + rowStride);
        source += 2 * rowStride;
        Vector128<float> c = Vector128.Load(source), d = Vector128.Load(source + rowStride);
        Vector128<double> ab = Low(a, b).AsDouble(), cd = Low(c, d).AsDouble();
        Low(ab, cd).AsSingle().Store(target);
        High(ab, cd).AsSingle().Store(target + targetStride);
        (ab, cd) = (High(a, b).AsDouble(), High(c, d).AsDouble());
        target += 2 * targetStride;
        Low(ab, cd).AsSingle().Store(target);
        High(ab, cd).AsSingle().Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);
}
