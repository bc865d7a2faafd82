
namespace Paramorph;

/// <content>Reading values back. Each of these runs what is needed.</content>
public sealed partial class Tensor
{
    /// <summary>A copy of the elements in row-major order.</summary>
    /// <typeparam name="T">The C# type of <see cref="ElementType"/>.</typeparam>
    /// <exception cref="ElementTypeException"><typeparamref name="T"/> is another type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged => AsSpan<T>().ToArray();

    /// <summary>The elements in row-major order, without a copy; valid while this tensor lives.</summary>
    /// <typeparam name="T">The C# type of <see cref="ElementType"/>.</typeparam>
    /// <exception cref="ElementTypeException"><typeparamref name="T"/> is another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        var asked = ElementTypes.Of<T>();
        if (asked != ElementType)
            throw new ElementTypeException($"the elements of {Type} cannot be read as {asked.ShortName()}: cast with AsType first.");
        return Value().Elements<T>();
    }

    /// <summary>The only element, as <typeparamref name="T"/>.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public T Item<T>()
        where T : unmanaged
    {
        if (Count != 1) throw new ShapeException($"item: {Type} has {Count} elements, not one.");
        return AsSpan<T>()[0];
    }

    /// <summary>The only element, as a double.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    /// <exception cref="ElementTypeException">The tensor is complex.</exception>
    public double Item()
    {
        if (Count != 1) throw new ShapeException($"item: {Type} has {Count} elements, not one.");
        return ToDoubles()[0];
    }

    /// <summary>The elements in row-major order converted to double, whatever the real, integer or boolean type.</summary>
    /// <exception cref="ElementTypeException">The tensor is complex.</exception>
    public double[] ToDoubles()
    {
        var value = Value();
        return ElementType switch
        {
            ElementType.Bool => Convert<bool>(value, x => x ? 1 : 0),
            ElementType.UInt8 => Convert<byte>(value, x => x),
            ElementType.Int8 => Convert<sbyte>(value, x => x),
            ElementType.Int32 => Convert<int>(value, x => x),
            ElementType.Int64 => Convert<long>(value, x => x),
            ElementType.Float32 => Convert<float>(value, x => x),
            ElementType.Float64 => value.Elements<double>().ToArray(),
            _ => throw new ElementTypeException($"{Type} is complex: read it with ToArray, or take its Real or Imaginary part."),
        };
    }

    /// <summary>The only element, as a double.</summary>
    public static explicit operator double(Tensor x) => x.Item();

    /// <summary>The only element, as a single-precision number.</summary>
    public static explicit operator float(Tensor x) => (float)x.Item();

    /// <summary>The only element, as an integer.</summary>
    public static explicit operator int(Tensor x) => (int)x.Item();

    private static double[] Convert<T>(Storage storage, Converter<T, double> convert)
        where T : unmanaged => Array.ConvertAll(storage.Elements<T>().ToArray(), convert);
}
