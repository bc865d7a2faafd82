namespace Paramorph;

/// <summary>
/// One part of an index: a position, a range (C# <c>1..^2</c>, with a stride through <see cref="Every"/>), an integer tensor, <see cref="NewAxis"/> or
/// <see cref="Ellipsis"/>.
/// </summary>
public readonly struct TensorIndex
{
    private TensorIndex(Kinds kind) => Kind = kind;

    internal enum Kinds
    {
        Range,
        Position,
        Tensor,
        NewAxis,
        Ellipsis,
    }

    /// <summary>An axis of size 1 more.</summary>
    public static TensorIndex NewAxis => new(Kinds.NewAxis);

    /// <summary>All axes that the other parts do not name.</summary>
    public static TensorIndex Ellipsis => new(Kinds.Ellipsis);

    internal Kinds Kind { get; private init; }

    internal Index Position { get; private init; }

    internal Range Range { get; private init; }

    internal int Stride { get; private init; }

    internal Tensor? Tensor { get; private init; }

    /// <summary>Every so many elements of a range; a negative stride walks it backward, from its last element.</summary>
    public static TensorIndex Every(int stride, Range range) => stride == 0
        ? throw new ShapeException("index: a stride of 0 goes nowhere: strides are positive or negative.")
        : new(Kinds.Range) { Range = range, Stride = stride };

    /// <summary>A position; negative ones count from the end, as in NumPy.</summary>
    public static implicit operator TensorIndex(int position) => new(Kinds.Position) { Position = position < 0 ? ^-position : position };

    /// <summary>A position, counted from the end with <c>^</c>.</summary>
    public static implicit operator TensorIndex(Index position) => new(Kinds.Position) { Position = position };

    /// <summary>A range of positions.</summary>
    public static implicit operator TensorIndex(Range range) => new(Kinds.Range) { Range = range, Stride = 1 };

    /// <summary>Positions known only at run time: an integer tensor of any shape.</summary>
    public static implicit operator TensorIndex(Tensor indices) => new(Kinds.Tensor) { Tensor = indices };
}
