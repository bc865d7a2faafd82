using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The lanes of one <see cref="Vector512{T}"/>.</summary>
internal readonly struct Wide512<T, TBits>(Vector512<T> lanes) : IWideMemory<Wide512<T, TBits>, Wide512<TBits, TBits>>
    where T : unmanaged
    where TBits : unmanaged
{
    private readonly Vector512<T> lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide512<T, TBits> Load(void* address) => new(Vector512.Load((T*)address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(void* address) => Vector512.Store(lanes, (T*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator +(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator -(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes - b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator *(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator /(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator &(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes & b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator |(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes | b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator ^(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(a.lanes ^ b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator <<(Wide512<T, TBits> a, int count) => new(a.lanes << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator >>(Wide512<T, TBits> a, int count) => new(a.lanes >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> operator >>>(Wide512<T, TBits> a, int count) => new(a.lanes >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Of(double value) =>
        new(typeof(T) == typeof(float) ? Vector512.Create((float)value).As<float, T>() : Vector512.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> OfBits(long bits) =>
        new(Unsafe.SizeOf<T>() == 4 ? Vector512.Create((int)bits).As<int, T>() : Vector512.Create(bits).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> MultiplyAdd(Wide512<T, TBits> a, Wide512<T, TBits> b, Wide512<T, TBits> c) => new(
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.lanes.As<T, float>(), b.lanes.As<T, float>(), c.lanes.As<T, float>()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.lanes.As<T, double>(), b.lanes.As<T, double>(), c.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Sqrt(Wide512<T, TBits> a) => new(Vector512.Sqrt(a.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Round(Wide512<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector512.Round(a.lanes.As<T, float>()).As<float, T>()
            : Vector512.Round(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Floor(Wide512<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector512.Floor(a.lanes.As<T, float>()).As<float, T>()
            : Vector512.Floor(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Ceiling(Wide512<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector512.Ceiling(a.lanes.As<T, float>()).As<float, T>()
            : Vector512.Ceiling(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Truncate(Wide512<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector512.Truncate(a.lanes.As<T, float>()).As<float, T>()
            : Vector512.Truncate(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Min(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(Vector512.Min(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Max(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(Vector512.Max(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> MinNative(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(Vector512.MinNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> MaxNative(Wide512<T, TBits> a, Wide512<T, TBits> b) => new(Vector512.MaxNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<TBits, TBits> LessThan(Wide512<T, TBits> a, Wide512<T, TBits> b) =>
        new(Vector512.LessThan(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<TBits, TBits> LessThanOrEqual(Wide512<T, TBits> a, Wide512<T, TBits> b) =>
        new(Vector512.LessThanOrEqual(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<TBits, TBits> Equal(Wide512<T, TBits> a, Wide512<T, TBits> b) =>
        new(Vector512.Equals(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Select(Wide512<TBits, TBits> mask, Wide512<T, TBits> ifSet, Wide512<T, TBits> ifClear) =>
        new(Vector512.ConditionalSelect(mask.lanes.As<TBits, T>(), ifSet.lanes, ifClear.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<TBits, TBits> AsBits(Wide512<T, TBits> a) => new(a.lanes.As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> FromBits(Wide512<TBits, TBits> bits) => new(bits.lanes.As<TBits, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512<T, TBits> Repair(Wide512<TBits, TBits> mask, Wide512<T, TBits> x, Wide512<T, TBits> value, LaneFunction function) =>
        Vector512.EqualsAll(mask.lanes.AsByte(), Vector512<byte>.Zero) ? value : Recompute(x, value, function);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe Wide512<T, TBits> Recompute(Wide512<T, TBits> x, Wide512<T, TBits> value, LaneFunction function)
    {
        LaneFunctions.Invoke(function, &x, null, &value, Count);
        return value;
    }
}
