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
        int i = 0;
        if (columnStride == 1 && sizeof(T) == 4 && Avx.IsSupported)
        {
            for (; i + (2 * Side) <= rows; i += 2 * Side)
            {
                int done = columns / (2 * Side) * 2 * Side;
                for (int j = 0; j < done; j += 2 * Side)
                {
                    Square8((float*)(source + j), rowStride, (float*)(target + (j * targetStride)), targetStride);
                }
                if (done < columns)
                {
                    Strip(source + done, rowStride, columns - done, target + (done * targetStride), targetStride);
                    Strip(source + (Side * rowStride) + done, rowStride, columns - done, target + (done * targetStride) + Side, targetStride);
                }
                source += 2 * Side * rowStride;
                target += 2 * Side;
            }
        }
        for (; columnStride == 1 && HasSquares && i + Side <= rows; i += Side)
        {
            Strip(source, rowStride, columns, target, targetStride);
            source += Side * rowStride;
            target += Side;
        }
        if (i < rows)
        {
            Elements(source, rowStride, columnStride, rows - i, 0, columns, target, targetStride);
        }
    }

    private static bool HasSquares => Avx.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>As many rows as a square has.</summary>
    private static void Strip<T>(T* source, nint rowStride, int columns, T* target, nint targetStride)
        where T : unmanaged
    {
        int done = columns / Side * Side;
        for (int j = 0; j < done; j += Side)
        {
            Square(source + j, rowStride, target + (j * targetStride), targetStride);
        }
        if (done < columns)
        {
            Elements(source, rowStride, 1, Side, done, columns, target, targetStride);
        }
    }

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

    /// <summary>Eight by eight: halves of rows come together as they are loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square8(float* source, nint rowStride, float* target, nint targetStride)
    {
        Half8(source, rowStride, target, targetStride);
        Half8(source + Side, rowStride, target + (Side * targetStride), targetStride);
    }

    /// <summary>Four columns of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half8(float* source, nint rowStride, float* target, nint targetStride)
    {
        float* further = source + (Side * rowStride);
        Vector256<float> a = Vector256.Create(Vector128.Load(source), Vector128.Load(further));
        Vector256<float> b = Vector256.Create(Vector128.Load(source + rowStride), Vector128.Load(further + rowStride));
        source += 2 * rowStride;
        further += 2 * rowStride;
        Vector256<float> c = Vector256.Create(Vector128.Load(source), Vector128.Load(further));
        Vector256<float> d = Vector256.Create(Vector128.Load(source + rowStride), Vector128.Load(further + rowStride));
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
        Avx.UnpackLow(ab, cd).AsSingle().Store(target);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(target + targetStride);
        (ab, cd) = (Avx.UnpackHigh(a, b).AsDouble(), Avx.UnpackHigh(c, d).AsDouble());
        target += 2 * targetStride;
        Avx.UnpackLow(ab, cd).AsSingle().Store(target);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(target + targetStride);
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
