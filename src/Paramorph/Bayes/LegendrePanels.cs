namespace Paramorph.Bayes;

/// <summary>Integrals by the quadrature of Gauss and Legendre on panels: spectrally accurate for functions that are smooth on each of them.</summary>
internal static class LegendrePanels
{
    private const int PanelNodes = 16;

    private static readonly (double[] Nodes, double[] Weights) rule = Rule();

    /// <summary>Nodes and weights for the integral from the first bound to the last.</summary>
    /// <param name="bounds">The ends of the panels, increasing.</param>
    public static (double[] Nodes, double[] Weights) Over(params double[] bounds)
    {
        var (nodes, weights) = (new List<double>(), new List<double>());
        foreach (var (low, high) in bounds.Zip(bounds.Skip(1)))
        {
            nodes.AddRange(rule.Nodes.Select(node => (low + high) / 2 + (high - low) / 2 * node));
            weights.AddRange(rule.Weights.Select(weight => (high - low) / 2 * weight));
        }
        return ([.. nodes], [.. weights]);
    }

    /// <summary>Nodes are the eigenvalues of the Jacobi matrix of Legendre's recursion, weights the squares of the first components of its eigenvectors. (Golub and Welsch, 1969.)</summary>
    private static (double[] Nodes, double[] Weights) Rule()
    {
        var jacobi = new double[PanelNodes, PanelNodes];
        for (var k = 1; k < PanelNodes; k++) jacobi[k - 1, k] = jacobi[k, k - 1] = k / Math.Sqrt(4.0 * k * k - 1);
        var (values, vectors) = LinearAlgebra.Eigh(Tensor.From(jacobi));
        return (values.ToDoubles(), [.. vectors[0].ToDoubles().Select(first => 2 * first * first)]);
    }
}
