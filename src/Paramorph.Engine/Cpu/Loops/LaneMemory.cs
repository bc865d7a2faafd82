using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>
/// Reading and writing lanes that are not a full contiguous vector: bytes, strided elements, tails. Masked stores of AVX-512 are single operations on every
/// processor; those of AVX2 are microcode on some.
/// </summary>
internal static unsafe class LaneMemory
{
    /// <summary>Copies up to <paramref name="lanes"/> elements, of which <paramref name="count"/> exist, to contiguous memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Collect(byte* source, long strideInBytes, int size, long count, int lanes, byte* scratch)
    {
        count = Math.Min(count, lanes);
        switch (size)
        {
            case 4:
                for (long i = 0; i < count; i++)
                    ((int*)scratch)[i] = *(int*)(source + i * strideInBytes);
                break;
            case 8:
                for (long i = 0; i < count; i++)
                    ((long*)scratch)[i] = *(long*)(source + i * strideInBytes);
                break;
            default:
                for (long i = 0; i < count; i++)
                    scratch[i] = source[i * strideInBytes];
                break;
        }
    }

    /// <summary>Copies the elements that exist of up to <paramref name="lanes"/> from contiguous memory to their places.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Spread(byte* scratch, byte* destination, long strideInBytes, int size, long count, int lanes)
    {
        count = Math.Min(count, lanes);
        switch (size)
        {
            case 4:
                for (long i = 0; i < count; i++)
                    *(int*)(destination + i * strideInBytes) = ((int*)scratch)[i];
                break;
            case 8:
                for (long i = 0; i < count; i++)
                    *(long*)(destination + i * strideInBytes) = ((long*)scratch)[i];
                break;
            default:
                for (long i = 0; i < count; i++)
                    destination[i * strideInBytes] = scratch[i];
                break;
        }
    }

    /// <summary>A lane for each lane of the index: all bits set below <paramref name="count"/>.</summary>
    public static Vector128<int> TailMask128(long count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create((int)count));

    /// <inheritdoc cref="TailMask128"/>
    public static Vector256<int> TailMask256(long count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)count));

    /// <inheritdoc cref="TailMask128"/>
    public static Vector512<int> TailMask512(long count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)count));

    /// <summary>Reads the elements below <paramref name="count"/>; the other lanes are zero, or anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadPart32For128(byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.MaskLoad((int*)p, TailMask128(count), Vector128<int>.Zero);
        if (Avx2.IsSupported)
            return Avx2.MaskLoad((int*)p, TailMask128(count));
        Unsafe.SkipInit(out Vector128<int> lanes);
        Collect(p, 4, 4, count, 4, (byte*)&lanes);
        return lanes;
    }

    /// <inheritdoc cref="LoadPart32For128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadPart32For256(byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.MaskLoad((int*)p, TailMask256(count), Vector256<int>.Zero);
        if (Avx2.IsSupported)
            return Avx2.MaskLoad((int*)p, TailMask256(count));
        Unsafe.SkipInit(out Vector256<int> lanes);
        Collect(p, 4, 4, count, 8, (byte*)&lanes);
        return lanes;
    }

    /// <inheritdoc cref="LoadPart32For128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadPart32For512(byte* p, long count) => Avx512F.IsSupported
        ? Avx512F.MaskLoad((int*)p, TailMask512(count), Vector512<int>.Zero)
        : Vector512.Create(LoadPart32For256(p, count), LoadPart32For256(p + 32, count - 8));

    /// <inheritdoc cref="LoadPart32For128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> LoadPart64For128(byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.MaskLoad((long*)p, Vector128.LessThan(Vector128<long>.Indices, Vector128.Create(count)), Vector128<long>.Zero);
        if (Avx2.IsSupported)
            return Avx2.MaskLoad((long*)p, Vector128.LessThan(Vector128<long>.Indices, Vector128.Create(count)));
        Unsafe.SkipInit(out Vector128<long> lanes);
        Collect(p, 8, 8, count, 2, (byte*)&lanes);
        return lanes;
    }

    /// <inheritdoc cref="LoadPart32For128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> LoadPart64For256(byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.MaskLoad((long*)p, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create(count)), Vector256<long>.Zero);
        if (Avx2.IsSupported)
            return Avx2.MaskLoad((long*)p, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create(count)));
        Unsafe.SkipInit(out Vector256<long> lanes);
        Collect(p, 8, 8, count, 4, (byte*)&lanes);
        return lanes;
    }

    /// <inheritdoc cref="LoadPart32For128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadPart64For512(byte* p, long count) => Avx512F.IsSupported
        ? Avx512F.MaskLoad((long*)p, Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(count)), Vector512<long>.Zero)
        : Vector512.Create(LoadPart64For256(p, count), LoadPart64For256(p + 32, count - 4));

    /// <summary>Writes the lanes below <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart32Of128(Vector128<int> lanes, byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore((int*)p, TailMask128(count), lanes);
            return;
        }

        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((int*)p, TailMask128(count), lanes);
            return;
        }

        Vector128<int> copy = lanes;
        Spread((byte*)&copy, p, 4, 4, count, 4);
    }

    /// <inheritdoc cref="StorePart32Of128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart32Of256(Vector256<int> lanes, byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore((int*)p, TailMask256(count), lanes);
            return;
        }

        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((int*)p, TailMask256(count), lanes);
            return;
        }

        Vector256<int> copy = lanes;
        Spread((byte*)&copy, p, 4, 4, count, 8);
    }

    /// <inheritdoc cref="StorePart32Of128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart32Of512(Vector512<int> lanes, byte* p, long count)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore((int*)p, TailMask512(count), lanes);
            return;
        }

        StorePart32Of256(lanes.GetLower(), p, count);
        StorePart32Of256(lanes.GetUpper(), p + 32, count - 8);
    }

    /// <inheritdoc cref="StorePart32Of128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart64Of128(Vector128<long> lanes, byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore((long*)p, Vector128.LessThan(Vector128<long>.Indices, Vector128.Create(count)), lanes);
            return;
        }

        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((long*)p, Vector128.LessThan(Vector128<long>.Indices, Vector128.Create(count)), lanes);
            return;
        }

        Vector128<long> copy = lanes;
        Spread((byte*)&copy, p, 8, 8, count, 2);
    }

    /// <inheritdoc cref="StorePart32Of128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart64Of256(Vector256<long> lanes, byte* p, long count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore((long*)p, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create(count)), lanes);
            return;
        }

        if (Avx2.IsSupported)
        {
            Avx2.MaskStore((long*)p, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create(count)), lanes);
            return;
        }

        Vector256<long> copy = lanes;
        Spread((byte*)&copy, p, 8, 8, count, 4);
    }

    /// <inheritdoc cref="StorePart32Of128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart64Of512(Vector512<long> lanes, byte* p, long count)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore((long*)p, Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(count)), lanes);
            return;
        }

        StorePart64Of256(lanes.GetLower(), p, count);
        StorePart64Of256(lanes.GetUpper(), p + 32, count - 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadU8For128(byte* p) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)p).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadU8For256(byte* p)
    {
        Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)p).AsByte());
        return Vector256.WidenLower(words.ToVector256Unsafe()).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadU8For512(byte* p)
    {
        Vector256<ushort> words = Vector256.WidenLower(Vector128.Load(p).ToVector256Unsafe());
        return Vector512.WidenLower(words.ToVector512Unsafe()).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadI8For128(byte* p) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)p).AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadI8For256(byte* p)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)p).AsSByte());
        return Vector256.WidenLower(words.ToVector256Unsafe());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadI8For512(byte* p)
    {
        Vector256<short> words = Vector256.WidenLower(Vector128.Load((sbyte*)p).ToVector256Unsafe());
        return Vector512.WidenLower(words.ToVector512Unsafe());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytesOf128(Vector128<int> lanes, byte* p)
    {
        Vector128<short> words = Vector128.Narrow(lanes, lanes);
        *(uint*)p = Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytesOf256(Vector256<int> lanes, byte* p)
    {
        Vector128<short> words = Vector128.Narrow(lanes.GetLower(), lanes.GetUpper());
        *(ulong*)p = Vector128.Narrow(words, words).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytesOf512(Vector512<int> lanes, byte* p)
    {
        Vector256<short> words = Vector256.Narrow(lanes.GetLower(), lanes.GetUpper());
        Vector128.Store(Vector128.Narrow(words.GetLower(), words.GetUpper()), (sbyte*)p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Gather32For128(byte* p, long stride) =>
        Vector128.Create(*(int*)p, *(int*)(p + stride), *(int*)(p + 2 * stride), *(int*)(p + 3 * stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Gather32For256(byte* p, long stride) =>
        Vector256.Create(Gather32For128(p, stride), Gather32For128(p + 4 * stride, stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Gather32For512(byte* p, long stride) =>
        Vector512.Create(Gather32For256(p, stride), Gather32For256(p + 8 * stride, stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Gather64For128(byte* p, long stride) => Vector128.Create(*(long*)p, *(long*)(p + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Gather64For256(byte* p, long stride) =>
        Vector256.Create(Gather64For128(p, stride), Gather64For128(p + 2 * stride, stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Gather64For512(byte* p, long stride) =>
        Vector512.Create(Gather64For256(p, stride), Gather64For256(p + 4 * stride, stride));
}
