namespace Paramorph.Bayes;

/// <summary>Independent normal numbers, by which mean-field variational inference approximates a posterior. (Blundell et al., "Weight uncertainty in neural networks", 2015.)</summary>
/// <param name="Mean">Their means: [dimensions].</param>
/// <param name="LogDeviation">Logarithms of their standard deviations: [dimensions].</param>
[Tree]
public sealed partial record MeanField(Tensor Mean, Tensor LogDeviation)
{
    /// <summary>Draws, which have derivatives in the means and deviations: [draws, dimensions].</summary>
    /// <param name="key">The key.</param>
    /// <param name="draws">How many.</param>
    public Tensor Draw(Key key, int draws) => Mean + Tensor.Exp(LogDeviation) * Sample.Normal(key, [draws, Mean.Count], Mean.ElementType);

    /// <summary>The divergence of Kullback and Leibler from normal numbers around 0, a scalar.</summary>
    /// <param name="deviation">The standard deviation of those.</param>
    public Tensor Divergence(double deviation) =>
        (0.5 * (Tensor.Square(Mean) + Tensor.Exp(2.0 * LogDeviation)) / (deviation * deviation) - LogDeviation + (Math.Log(deviation) - 0.5)).Sum();
}
