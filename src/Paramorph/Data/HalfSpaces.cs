namespace Paramorph.Data;

/// <summary>Normal points on both sides of a plane through the origin, which any network can tell that can be trained at all.</summary>
public static class HalfSpaces
{
    /// <summary>Points of the class 1 where the sum of their first two coordinates is positive.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="dimensions">Coordinates, 2 or more.</param>
    /// <returns>Standard normal f32 [n, dimensions] with their classes.</returns>
    public static LabelledData Of(Key key, int count, int dimensions)
    {
        var inputs = Sample.Normal(key, [count, dimensions]);
        return new(inputs.Evaluate(), Tensor.Where(inputs[.., 0] + inputs[.., 1] > 0.0, 1, 0).AsType(ElementType.Int32).Evaluate());
    }
}
