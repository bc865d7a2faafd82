namespace Paramorph.Tests.Formats;

/// <summary>Tensors whose elements tell their place.</summary>
internal static class Numbered
{
    public static readonly ElementType[] ElementTypes = Enum.GetValues<ElementType>();

    /// <summary>0, 1, 2, ... in row-major order; complex ones have an imaginary part, and every third truth value is true.</summary>
    public static Tensor Of(ElementType type, params int[] sizes)
    {
        Shape shape = [.. sizes];
        var counted = Tensor.From<double>([.. Enumerable.Range(0, shape.ElementCount).Select(i => (double)i)], shape);
        return type switch
        {
            ElementType.Bool => Tensor.From<bool>([.. Enumerable.Range(0, shape.ElementCount).Select(i => i % 3 == 0)], shape),
            ElementType.Complex64 or ElementType.Complex128 => Tensor.Complex(counted, -0.5 * counted).AsType(type).Evaluate(),
            _ => counted.AsType(type).Evaluate(),
        };
    }
}
