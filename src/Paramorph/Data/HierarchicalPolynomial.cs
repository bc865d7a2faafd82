namespace Paramorph.Data;

/// <summary>
/// A polynomial of a polynomial of normal numbers: h = p + c (p² - 1) of p = (x₁x₂ + x₃x₄ + ...) / √(d / 2), a quadratic form with eigenvalues of one size and the variance 1. Who finds p needs to learn
/// a function of one number, who does not one of degree four of d. (After Wang, Nichani and Lee, "Learning hierarchical polynomials with three-layer neural networks", 2024.)
/// </summary>
/// <param name="Dimension">d, an even number.</param>
/// <param name="Curvature">c.</param>
public sealed record HierarchicalPolynomial(int Dimension, double Curvature = 0.5)
{
    /// <summary>d.</summary>
    public int Dimension { get; } = Dimension >= 2 && Dimension % 2 == 0 ? Dimension : throw new ArgumentOutOfRangeException(nameof(Dimension), Dimension, "the form is of pairs: its dimension is even, 2 or more.");

    /// <summary>
    /// The share of the variance of h that the best polynomial of degree two leaves: with E p⁴ = 3 + 12 / d, h has the variance 1 + c² (2 + 12 / d), of which p has 1, and 2 c (|x|² - d) / d, the
    /// quadratic part of c (p² - 1), has 8 c² / d.
    /// </summary>
    public double BeyondQuadratic => Curvature * Curvature * (2 + 4.0 / Dimension) / (1 + Curvature * Curvature * (2 + 12.0 / Dimension));

    /// <summary>The correlation of p with the best polynomial of degree two, p + 2 c (|x|² - d) / d.</summary>
    public double QuadraticCorrelation => 1 / Math.Sqrt(1 + 8 * Curvature * Curvature / Dimension);

    /// <summary>h of values of p.</summary>
    public double Of(double p) => p + Curvature * (p * p - 1);

    /// <summary>Draws examples with standard normal inputs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    public HierarchicalExamples Draw(Key key, int count)
    {
        var draw = Compile.Of((Key key) =>
        {
            var inputs = Sample.Normal(key, [count, Dimension]);
            var pairs = inputs.Reshape(count, Dimension / 2, 2);
            var feature = (pairs[.., .., 0] * pairs[.., .., 1]).Sum(-1) / Math.Sqrt(Dimension / 2.0);
            var quadratic = feature + Curvature * 2 * (Tensor.Square(inputs).Mean(-1) - 1.0);
            return (inputs, Tensor.Stack([feature, feature + Curvature * (feature * feature - 1.0), quadratic]));
        });
        var (inputs, values) = draw(key);
        return new(inputs, values[0].Evaluate(), values[1].Evaluate(), values[2].Evaluate());
    }
}

/// <summary>Examples of a <see cref="HierarchicalPolynomial"/>.</summary>
/// <param name="Inputs">x: f32 [n, d].</param>
/// <param name="Feature">p [n].</param>
/// <param name="Target">h [n].</param>
/// <param name="Quadratic">The part of h of degree two at most [n].</param>
[Tree]
public sealed partial record HierarchicalExamples(Tensor Inputs, Tensor Feature, Tensor Target, Tensor Quadratic)
{
    /// <summary>n.</summary>
    public int Count => Feature.Count;

    /// <summary>What a learner is shown: x and h.</summary>
    public (Tensor Inputs, Tensor Targets) Known => (Inputs, Target);
}
