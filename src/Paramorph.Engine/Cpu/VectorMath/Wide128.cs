using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The lanes of one <see cref="Vector128{T}"/>.</summary>
internal readonly struct Wide128<T, TBits>(Vector128<T> lanes) : IWideMemory<Wide128<T, TBits>, Wide128<TBits, TBits>>
    where T : unmanaged
    where TBits : unmanaged
{
    private readonly Vector128<T> lanes = lanes;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Wide128<T, TBits> Load(void* address) => new(Vector128.Load((T*)address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(void* address) => Vector128.Store(lanes, (T*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator +(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator -(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes - b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator *(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator /(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator &(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes & b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator |(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes | b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator ^(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(a.lanes ^ b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator <<(Wide128<T, TBits> a, int count) => new(a.lanes << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator >>(Wide128<T, TBits> a, int count) => new(a.lanes >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> operator >>>(Wide128<T, TBits> a, int count) => new(a.lanes >>> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Of(double value) =>
        new(typeof(T) == typeof(float) ? Vector128.Create((float)value).As<float, T>() : Vector128.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> OfBits(long bits) =>
        new(Unsafe.SizeOf<T>() == 4 ? Vector128.Create((int)bits).As<int, T>() : Vector128.Create(bits).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> MultiplyAdd(Wide128<T, TBits> a, Wide128<T, TBits> b, Wide128<T, TBits> c) => new(
        typeof(T) == typeof(float)
            ? Vector128.FusedMultiplyAdd(a.lanes.As<T, float>(), b.lanes.As<T, float>(), c.lanes.As<T, float>()).As<float, T>()
            : Vector128.FusedMultiplyAdd(a.lanes.As<T, double>(), b.lanes.As<T, double>(), c.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Sqrt(Wide128<T, TBits> a) => new(Vector128.Sqrt(a.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Round(Wide128<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector128.Round(a.lanes.As<T, float>()).As<float, T>()
            : Vector128.Round(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Floor(Wide128<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector128.Floor(a.lanes.As<T, float>()).As<float, T>()
            : Vector128.Floor(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Ceiling(Wide128<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector128.Ceiling(a.lanes.As<T, float>()).As<float, T>()
            : Vector128.Ceiling(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Truncate(Wide128<T, TBits> a) => new(
        typeof(T) == typeof(float)
            ? Vector128.Truncate(a.lanes.As<T, float>()).As<float, T>()
            : Vector128.Truncate(a.lanes.As<T, double>()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Min(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(Vector128.Min(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Max(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(Vector128.Max(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> MinNative(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(Vector128.MinNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> MaxNative(Wide128<T, TBits> a, Wide128<T, TBits> b) => new(Vector128.MaxNative(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<TBits, TBits> LessThan(Wide128<T, TBits> a, Wide128<T, TBits> b) =>
        new(Vector128.LessThan(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<TBits, TBits> LessThanOrEqual(Wide128<T, TBits> a, Wide128<T, TBits> b) =>
        new(Vector128.LessThanOrEqual(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<TBits, TBits> Equal(Wide128<T, TBits> a, Wide128<T, TBits> b) =>
        new(Vector128.Equals(a.lanes, b.lanes).As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Select(Wide128<TBits, TBits> mask, Wide128<T, TBits> ifSet, Wide128<T, TBits> ifClear) =>
        new(Vector128.ConditionalSelect(mask.lanes.As<TBits, T>(), ifSet.lanes, ifClear.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<TBits, TBits> AsBits(Wide128<T, TBits> a) => new(a.lanes.As<T, TBits>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> FromBits(Wide128<TBits, TBits> bits) => new(bits.lanes.As<TBits, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T, TBits> Repair(Wide128<TBits, TBits> mask, Wide128<T, TBits> x, Wide128<T, TBits> value, LaneFunction function) =>
        Vector128.EqualsAll(mask.lanes.AsByte(), Vector128<byte>.Zero) ? value : Recompute(x, value, function);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe Wide128<T, TBits> Recompute(Wide128<T, TBits> x, Wide128<T, TBits> value, LaneFunction function)
    {
        LaneFunctions.Invoke(function, &x, null, &value, Count);
        return value;
    }
}
