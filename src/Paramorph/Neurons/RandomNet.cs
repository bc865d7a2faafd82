using Paramorph.Bayes;

namespace Paramorph.Neurons;

/// <summary>Random nets on [-1, 1]: <see cref="RandomNeurons"/> with a readout and an offset that ridge regression gives at evenly spaced points, and how well they do between these.</summary>
/// <param name="Points">Points to learn from.</param>
/// <param name="Tests">Points to judge by.</param>
/// <param name="Ridge">The penalty of the readout of features of unit mean square together, the same for any number of neurons.</param>
public sealed record RandomNet(int Points, int Tests, double Ridge)
{
    /// <summary>Evenly spaced points of [-1, 1]: f64 [count, 1].</summary>
    /// <param name="count">How many.</param>
    public static Tensor Grid(int count) => Tensor.Linspace(-1, 1, count, ElementType.Float64).ExpandDims(1);

    /// <summary>The root of the mean squared error over the deviation of the target.</summary>
    /// <param name="answers">[n] or [n, targets].</param>
    /// <param name="truth">Of the same shape.</param>
    /// <returns>One number, or [targets].</returns>
    public static Tensor RelativeError(Tensor answers, Tensor truth) => Tensor.Sqrt(Tensor.Square(answers - truth).Mean(0) / truth.Variance(0));

    /// <summary>Relative errors of one net for each of some targets.</summary>
    /// <param name="neurons">The drawn layer, of one input.</param>
    /// <param name="targets">From points f64 [n, 1] to [n, targets].</param>
    public double[] Errors(RandomNeurons neurons, Func<Tensor, Tensor> targets)
    {
        var errors = Compile.Of((RandomNeurons net) =>
        {
            var (truth, known) = (targets(Grid(Tests)), targets(Grid(Points)));
            // Features of the variance 1 / neurons make the ridge mean the same for any number.
            Tensor Features(Tensor x) => Tensor.Concatenate([net.Call(x) / Math.Sqrt(net.Count), Tensor.OnesLike(x)], 1);
            return RelativeError(Features(Grid(Tests)).Dot(RidgeRegression.Weights(Features(Grid(Points)), known, Ridge)), truth);
        });
        return errors(neurons).ToDoubles();
    }
}
