using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The lanes of one <see cref="Vector256{T}"/>.</summary>
internal readonly struct Wide256<T, TBits>(Vector256<T> lanes) : IWideMemory<Wide256<T, TBits>, Wide256<TBits, TBits>>
    where T : unmanaged
    where TBits : unmanaged
{
    private readonly Vector256<T> lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide256<T, TBits> Load(void* address) => new(Vector256.Load((T*)address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(void* address) => Vector256.Store(lanes, (T*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator +(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator -(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes - b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator *(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator /(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator &(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes & b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator |(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes | b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator ^(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(a.lanes ^ b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator <<(Wide256<T, TBits> a, int count) => new(a.lanes << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator >>(Wide256<T, TBits> a, int count) => new(a.lanes >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> operator >>>(Wide256<T, TBits> a, int count) => new(a.lanes >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Of(double value) =>
        new(typeof(T) == typeof(float) ? Vector256.Create((float)value).As<float, T>() : Vector256.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> OfBits(long bits) =>
        new(Unsafe.SizeOf<T>() == 4 ? Vector256.Create((int)bits).As<int, T>() : Vector256.Create(bits).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> MultiplyAdd(Wide256<T, TBits> a, Wide256<T, TBits> b, Wide256<T, TBits> c) => new(
        typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.lanes.As<T, float>(), b.lanes.As<T, float>(), c.lanes.As<T, float>()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.lanes.As<T, double>(), b.lanes.As<T, double>(), c.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Sqrt(Wide256<T, TBits> a) => new(Vector256.Sqrt(a.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Round(Wide256<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector256.Round(a.lanes.As<T, float>()).As<float, T>()
            : Vector256.Round(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Floor(Wide256<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector256.Floor(a.lanes.As<T, float>()).As<float, T>()
            : Vector256.Floor(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Ceiling(Wide256<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector256.Ceiling(a.lanes.As<T, float>()).As<float, T>()
            : Vector256.Ceiling(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Truncate(Wide256<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector256.Truncate(a.lanes.As<T, float>()).As<float, T>()
            : Vector256.Truncate(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Min(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(Vector256.Min(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Max(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(Vector256.Max(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> MinNative(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(Vector256.MinNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> MaxNative(Wide256<T, TBits> a, Wide256<T, TBits> b) => new(Vector256.MaxNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<TBits, TBits> LessThan(Wide256<T, TBits> a, Wide256<T, TBits> b) =>
        new(Vector256.LessThan(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<TBits, TBits> LessThanOrEqual(Wide256<T, TBits> a, Wide256<T, TBits> b) =>
        new(Vector256.LessThanOrEqual(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<TBits, TBits> Equal(Wide256<T, TBits> a, Wide256<T, TBits> b) =>
        new(Vector256.Equals(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Select(Wide256<TBits, TBits> mask, Wide256<T, TBits> ifSet, Wide256<T, TBits> ifClear) =>
        new(Vector256.ConditionalSelect(mask.lanes.As<TBits, T>(), ifSet.lanes, ifClear.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<TBits, TBits> AsBits(Wide256<T, TBits> a) => new(a.lanes.As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> FromBits(Wide256<TBits, TBits> bits) => new(bits.lanes.As<TBits, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256<T, TBits> Repair(Wide256<TBits, TBits> mask, Wide256<T, TBits> x, Wide256<T, TBits> value, LaneFunction function) =>
        Vector256.EqualsAll(mask.lanes.AsByte(), Vector256<byte>.Zero) ? value : Recompute(x, value, function);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe Wide256<T, TBits> Recompute(Wide256<T, TBits> x, Wide256<T, TBits> value, LaneFunction function)
    {
        LaneFunctions.Invoke(function, &x, null, &value, Count);
        return value;
    }
}
