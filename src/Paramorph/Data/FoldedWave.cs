namespace Paramorph.Data;

/// <summary>A function of two numbers with a wave, a kink and no noise, sin(2 x1) cos(x2) + |x1 + x2| - 1.3, at uniform points of [-2, 2]².</summary>
/// <param name="Points">f32 [n, 2].</param>
/// <param name="Targets">f32 [n].</param>
public sealed record FoldedWave(Tensor Points, Tensor Targets)
{
    /// <summary>Draws points.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    public static FoldedWave Of(Key key, int count)
    {
        var x = Sample.Uniform(key, [count, 2], -2, 2).Evaluate();
        var (a, b) = (x[.., 0], x[.., 1]);
        return new(x, (Tensor.Sin(2.0 * a) * Tensor.Cos(b) + Tensor.Abs(a + b) - 1.3).Evaluate());
    }
}
