namespace Paramorph.Cpu;

/// <summary>
/// Lanes that only exist on paper: operations on them are appended to a <see cref="LaneBuilder"/>. A vector function run on them leaves its own
/// expansion, which an emitted loop then contains without calls.
/// </summary>
internal readonly struct Traced<T, TBits>(int value) : IWide<Traced<T, TBits>, Traced<TBits, TBits>>
    where T : unmanaged
    where TBits : unmanaged
{
    /// <summary>The number of the value.</summary>
    public int Value { get; } = value;

    private static LaneType Type =>
        typeof(T) == typeof(float) ? LaneType.F32 :
        typeof(T) == typeof(double) ? LaneType.F64 :
        typeof(T) == typeof(int) ? LaneType.I32 : LaneType.I64;

    public static Traced<T, TBits> operator +(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Add, a, b);

    public static Traced<T, TBits> operator -(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Subtract, a, b);

    public static Traced<T, TBits> operator *(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Multiply, a, b);

    public static Traced<T, TBits> operator /(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Divide, a, b);

    public static Traced<T, TBits> operator &(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.And, a, b);

    public static Traced<T, TBits> operator |(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Or, a, b);

    public static Traced<T, TBits> operator ^(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Xor, a, b);

    public static Traced<T, TBits> operator <<(Traced<T, TBits> a, int count) => Shift(LaneOperation.ShiftLeft, a, count);

    public static Traced<T, TBits> operator >>(Traced<T, TBits> a, int count) => Shift(LaneOperation.ShiftRightArithmetic, a, count);

    public static Traced<T, TBits> operator >>>(Traced<T, TBits> a, int count) => Shift(LaneOperation.ShiftRightLogical, a, count);

    public static Traced<T, TBits> Of(double value) => new(Trace.Builder.Constant(Type, value));

    public static Traced<T, TBits> OfBits(long bits) => new(Trace.Builder.Bits(Type, bits));

    public static Traced<T, TBits> MultiplyAdd(Traced<T, TBits> a, Traced<T, TBits> b, Traced<T, TBits> c) =>
        new(Trace.Builder.Add(LaneOperation.MultiplyAdd, Type, a.Value, b.Value, c.Value));

    public static Traced<T, TBits> Sqrt(Traced<T, TBits> a) => Add(LaneOperation.Sqrt, a);

    public static Traced<T, TBits> Round(Traced<T, TBits> a) => Add(LaneOperation.Round, a);

    public static Traced<T, TBits> Floor(Traced<T, TBits> a) => Add(LaneOperation.Floor, a);

    public static Traced<T, TBits> Ceiling(Traced<T, TBits> a) => Add(LaneOperation.Ceiling, a);

    public static Traced<T, TBits> Truncate(Traced<T, TBits> a) => Add(LaneOperation.Truncate, a);

    public static Traced<T, TBits> Min(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Min, a, b);

    public static Traced<T, TBits> Max(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.Max, a, b);

    public static Traced<T, TBits> MinNative(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.MinNative, a, b);

    public static Traced<T, TBits> MaxNative(Traced<T, TBits> a, Traced<T, TBits> b) => Add(LaneOperation.MaxNative, a, b);

    public static Traced<TBits, TBits> LessThan(Traced<T, TBits> a, Traced<T, TBits> b) => Compare(LaneOperation.LessThan, a, b);

    public static Traced<TBits, TBits> LessThanOrEqual(Traced<T, TBits> a, Traced<T, TBits> b) => Compare(LaneOperation.LessThanOrEqual, a, b);

    public static Traced<TBits, TBits> Equal(Traced<T, TBits> a, Traced<T, TBits> b) => Compare(LaneOperation.Equal, a, b);

    public static Traced<T, TBits> Select(Traced<TBits, TBits> mask, Traced<T, TBits> ifSet, Traced<T, TBits> ifClear) =>
        new(Trace.Builder.Add(LaneOperation.Select, Type, mask.Value, ifSet.Value, ifClear.Value));

    public static Traced<TBits, TBits> AsBits(Traced<T, TBits> a) => new(Trace.Builder.Add(LaneOperation.Reinterpret, Type.Bits(), a.Value));

    public static Traced<T, TBits> FromBits(Traced<TBits, TBits> bits) => new(Trace.Builder.Add(LaneOperation.Reinterpret, Type, bits.Value));

    public static Traced<T, TBits> Repair(Traced<TBits, TBits> mask, Traced<T, TBits> x, Traced<T, TBits> value, LaneFunction function) =>
        new(Trace.Builder.Add(LaneOperation.Repair, Type, mask.Value, x.Value, value.Value, (long)function));

    private static Traced<T, TBits> Add(LaneOperation operation, Traced<T, TBits> a) =>
        new(Trace.Builder.Add(operation, Type, a.Value));

    private static Traced<T, TBits> Add(LaneOperation operation, Traced<T, TBits> a, Traced<T, TBits> b) =>
        new(Trace.Builder.Add(operation, Type, a.Value, b.Value));

    private static Traced<T, TBits> Shift(LaneOperation operation, Traced<T, TBits> a, int count) =>
        new(Trace.Builder.Add(operation, Type, a.Value, payload: count));

    private static Traced<TBits, TBits> Compare(LaneOperation operation, Traced<T, TBits> a, Traced<T, TBits> b) =>
        new(Trace.Builder.Add(operation, Type.Bits(), a.Value, b.Value));
}

/// <summary>Where the operations of <see cref="Traced{T, TBits}"/> go: static abstract members have no other place to find it.</summary>
internal static class Trace
{
    [ThreadStatic]
    private static LaneBuilder? builder;

    /// <summary>The builder of the expansion in progress on this thread.</summary>
    public static LaneBuilder Builder
    {
        get => builder ?? throw new InvalidOperationException("No expansion is in progress on this thread.");
        set => builder = value;
    }
}
