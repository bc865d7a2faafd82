using System.Numerics;
using Paramorph.Primitives;

namespace Paramorph;

/// <content>Making tensors from numbers.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor of the given elements in row-major order.</summary>
    /// <typeparam name="T">float, double, int, long, byte, sbyte, bool, <see cref="Complex64"/> or <see cref="Complex"/>.</typeparam>
    /// <exception cref="ShapeException">The number of elements is not that of the shape.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> elements, Shape shape)
        where T : unmanaged
    {
        if (elements.Length != shape.ElementCount)
            throw new ShapeException($"from: {elements.Length} elements do not fill shape {shape}, which has {shape.ElementCount}.");
        return new Tensor(new(ElementTypes.Of<T>(), shape), Storage.From(elements));
    }

    /// <summary>A tensor of the given elements in row-major order.</summary>
    public static Tensor From<T>(T[] elements, Shape shape)
        where T : unmanaged => From((ReadOnlySpan<T>)elements, shape);

    /// <summary>A vector.</summary>
    public static Tensor From<T>(params T[] elements)
        where T : unmanaged => From((ReadOnlySpan<T>)elements, [elements.Length]);

    /// <summary>A matrix of the rows and columns of a two-dimensional array.</summary>
    public static Tensor From<T>(T[,] elements)
        where T : unmanaged => From<T>(elements.Cast<T>().ToArray(), [elements.GetLength(0), elements.GetLength(1)]);

    /// <summary>A scalar of type <typeparamref name="T"/>, which keeps its type beside others (a C# literal would adapt).</summary>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged => From([value], Shape.Scalar);

    /// <summary>The same number everywhere.</summary>
    public static Tensor Full(Shape shape, double value, ElementType type = ElementType.Float32) =>
        Constant(new Literal(value, (long)value), type).BroadcastTo(shape);

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(Shape shape, ElementType type = ElementType.Float32) => Full(shape, 0, type);

    /// <summary>Ones.</summary>
    public static Tensor Ones(Shape shape, ElementType type = ElementType.Float32) => Full(shape, 1, type);

    /// <summary>Zeros of the type of another tensor.</summary>
    public static Tensor ZerosLike(Tensor x) => Full(x.Shape, 0, x.ElementType);

    /// <summary>Ones of the type of another tensor.</summary>
    public static Tensor OnesLike(Tensor x) => Full(x.Shape, 1, x.ElementType);

    /// <summary>0, 1, ..., count - 1.</summary>
    public static Tensor Arange(int count, ElementType type = ElementType.Int32) => Iota([count], 0, type);

    /// <summary>The index along an axis, at every place of a shape.</summary>
    public static Tensor Iota(Shape shape, int axis, ElementType type = ElementType.Int32) =>
        Bind(new Iota(new TensorType(type, shape), shape.Axis(axis, "iota")))[0];

    /// <summary>Evenly spaced numbers from <paramref name="start"/> to <paramref name="stop"/>, both included.</summary>
    /// <exception cref="ShapeException">The count is below 2.</exception>
    public static Tensor Linspace(double start, double stop, int count, ElementType type = ElementType.Float32)
    {
        if (count < 2) throw new ShapeException($"linspace: {count} points do not span an interval: at least 2 do.");
        var elements = new double[count];
        for (var i = 0; i < count; i++) elements[i] = start + (stop - start) * i / (count - 1);
        elements[^1] = stop;
        return From<double>(elements, [count]).AsType(type);
    }

    /// <summary>The identity matrix [size, size].</summary>
    public static Tensor Eye(int size, ElementType type = ElementType.Float32) =>
        Equal(Iota([size, size], 0), Iota([size, size], 1)).AsType(type);

    /// <summary>Coordinate grids of the given axes, each of the shape of the product of all: <c>indexing="ij"</c> of NumPy.</summary>
    public static Tensor[] Meshgrid(params Tensor[] axes)
    {
        foreach (var axis in axes)
            if (axis.Rank != 1) throw new ShapeException($"meshgrid: an axis of shape {axis.Shape} is not a vector.");
        Shape shape = [.. axes.Select(a => a.Count)];
        return [.. axes.Select((a, i) => Bind(new Broadcast(shape, [i]), a)[0])];
    }

    /// <summary>A single-precision number that adapts to the type of what it is combined with.</summary>
    public static implicit operator Tensor(float value) => Weakly(new Literal(value, 0), ElementType.Float32);

    /// <summary>A real number that adapts to the type of what it is combined with; f32 when alone.</summary>
    public static implicit operator Tensor(double value) => Weakly(new Literal(value, 0), ElementType.Float32);

    /// <summary>An integer that adapts to the type of what it is combined with; i32 when alone.</summary>
    public static implicit operator Tensor(int value) => Weakly(new Literal(value, value), ElementType.Int32);

    /// <summary>An integer that adapts to the type of what it is combined with; i64 when alone.</summary>
    public static implicit operator Tensor(long value) => Weakly(new Literal(value, value), ElementType.Int64);

    /// <summary>A truth value.</summary>
    public static implicit operator Tensor(bool value) => Weakly(new Literal(value ? 1 : 0, value ? 1 : 0), ElementType.Bool);

    /// <summary>A complex number that adapts to the precision of what it is combined with; c64 when alone.</summary>
    public static implicit operator Tensor(Complex value) => Weakly(new Literal(value, 0), ElementType.Complex64);

    /// <summary>The literal as a strong scalar of a type.</summary>
    internal static Tensor Constant(Literal literal, ElementType type)
    {
        var storage = new Storage(type, 1);
        Fill(storage, literal);
        return new Tensor(new(type, Shape.Scalar), storage);
    }

    private static Tensor Weakly(Literal literal, ElementType type)
    {
        var storage = new Storage(type, 1);
        Fill(storage, literal);
        return new Tensor(new(type, Shape.Scalar), storage) { Weak = literal };
    }

    private static void Fill(Storage storage, Literal literal)
    {
        switch (storage.ElementType)
        {
            case ElementType.Bool: storage.Elements<bool>()[0] = literal.Complex != default; break;
            case ElementType.UInt8: storage.Elements<byte>()[0] = (byte)literal.Integer; break;
            case ElementType.Int8: storage.Elements<sbyte>()[0] = (sbyte)literal.Integer; break;
            case ElementType.Int32: storage.Elements<int>()[0] = (int)literal.Integer; break;
            case ElementType.Int64: storage.Elements<long>()[0] = literal.Integer; break;
            case ElementType.Float32: storage.Elements<float>()[0] = (float)literal.Complex.Real; break;
            case ElementType.Float64: storage.Elements<double>()[0] = literal.Complex.Real; break;
            case ElementType.Complex64: storage.Elements<Complex64>()[0] = (Complex64)literal.Complex; break;
            default: storage.Elements<Complex>()[0] = literal.Complex; break;
        }
    }
}
