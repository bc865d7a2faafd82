namespace Paramorph.Dynamics;

/// <summary>How far boundaries of ReLU neurons turn, the angle between the directions of their weights before and after a step.</summary>
public static class BoundaryTurns
{
    /// <summary>Angles between unit vectors in degrees, by their distance, which is exact for small ones.</summary>
    /// <param name="from">Directions before: [..., inputs, neurons].</param>
    /// <param name="to">Directions after.</param>
    /// <returns>[..., neurons], 0 to 180.</returns>
    public static Tensor Degrees(Tensor from, Tensor to) => 2.0 * Tensor.Asin(Tensor.Clamp(0.5 * Tensor.Sqrt(Tensor.Square(to - from).Sum(-2)), 0.0, 1.0)) * (180 / Math.PI);
}
