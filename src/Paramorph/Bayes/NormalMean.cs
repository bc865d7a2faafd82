namespace Paramorph.Bayes;

/// <summary>
/// Means over a standard normal variable, by quadrature: panels of Gauss and Legendre on either side of zero, where activations have their kinks, which Gauss-Hermite quadrature would smear.
/// Functions that are smooth on each side and grow at most as a power are averaged to some 13 digits.
/// </summary>
public static class NormalMean
{
    /// <summary>The density beyond the last bound is below 1e-31.</summary>
    private static readonly double[] bounds = [0, 0.25, 0.75, 1.5, 2.5, 4, 6, 8.5, 12];

    /// <summary>The nodes, in increasing order, and what each weighs: f64 [nodes]; weights add up to 1.</summary>
    public static (Tensor Nodes, Tensor Weights) Quadrature { get; } = Made();

    /// <summary>The mean of function(z) over a standard normal z.</summary>
    /// <param name="function">Elementwise, of f64 [nodes].</param>
    public static Tensor Of(Func<Tensor, Tensor> function) => (function(Quadrature.Nodes) * Quadrature.Weights).Sum();

    /// <summary>The Hermite polynomials h₀ to h of the last degree at the nodes, normalised so that the mean of each square is 1: f64 [degrees, nodes].</summary>
    internal static Tensor Hermite(int count)
    {
        var nodes = Quadrature.Nodes.ToDoubles();
        var values = new double[count, nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            for (var k = 0; k < count; k++)
                values[k, i] = k == 0 ? 1 : k == 1 ? nodes[i] : (nodes[i] * values[k - 1, i] - Math.Sqrt(k - 1) * values[k - 2, i]) / Math.Sqrt(k);
        }
        return Tensor.From(values);
    }

    private static (Tensor Nodes, Tensor Weights) Made()
    {
        var (nodes, weights) = LegendrePanels.Over([.. bounds.Skip(1).Reverse().Select(bound => -bound), .. bounds]);
        return (Tensor.From(nodes), Tensor.From([.. weights.Zip(nodes, (weight, node) => weight * Math.Exp(-0.5 * node * node) / Math.Sqrt(2 * Math.PI))]));
    }
}
