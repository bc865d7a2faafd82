namespace Paramorph.Bayes;

/// <summary>
/// How much of what the neurons of a trained classifier do at an input was seen in training. The state of a neuron is σ(a z ∂KL/∂z): its output times how much that output moves the softmax from the uniform
/// distribution. Histograms of the states at training inputs say which states are covered. (Liu et al., "Neuron activation coverage: rethinking out-of-distribution detection and generalization", 2024, Eq. 3 to 6.)
/// </summary>
public sealed class ActivationCoverage
{
    private readonly double[] covered;
    private readonly int neurons;
    private readonly int bins;

    /// <param name="states">States of neurons at training inputs, in [0, 1]: [n, neurons].</param>
    /// <param name="bins">Bins of a histogram, of equal width.</param>
    /// <param name="enough">How many inputs make a bin wholly covered; below that its coverage is their number over this one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin, or nothing is enough.</exception>
    public ActivationCoverage(Tensor states, int bins, double enough)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(enough);
        (neurons, this.bins, covered) = (states.Shape[1], bins, new double[states.Shape[1] * bins]);
        var values = states.ToDoubles();
        for (var i = 0; i < values.Length; i++) covered[Place(i % neurons, values[i])]++;
        for (var i = 0; i < covered.Length; i++) covered[i] = Math.Min(1, covered[i] / enough);
    }

    /// <summary>The share of all bins of all neurons that is covered: that of a network which uses its neurons in more ways is higher.</summary>
    public double Total => covered.Average();

    /// <summary>States of the neurons of a layer: f [n, neurons].</summary>
    /// <param name="before">From the input to the outputs of the layer, [n, neurons] or [n, neurons, height, width], whose means over the pixels count, as do those of the gradients.</param>
    /// <param name="behind">From these outputs to logits [n, classes], each example by itself.</param>
    /// <param name="x">[n, input...].</param>
    /// <param name="steepness">a.</param>
    public static Tensor States(Func<Tensor, Tensor> before, Func<Tensor, Tensor> behind, Tensor x, Tensor steepness)
    {
        var outputs = before(x);
        // KL(uniform, softmax) is minus the mean logarithm of the probabilities, up to a number.
        var gradients = Gradient.Of(outputs, z => -behind(z).LogSoftmax().Mean(-1).Sum());
        return Tensor.Sigmoid(steepness * Pooled(outputs) * Pooled(gradients));
    }

    /// <summary>The mean coverage of the states of each input: [n, neurons] gives n numbers in [0, 1].</summary>
    /// <param name="states">States of the same neurons.</param>
    public double[] Score(Tensor states)
    {
        var (values, scores) = (states.ToDoubles(), new double[states.Shape[0]]);
        for (var i = 0; i < values.Length; i++) scores[i / neurons] += covered[Place(i % neurons, values[i])] / neurons;
        return scores;
    }

    private static Tensor Pooled(Tensor x) => x.Rank == 2 ? x : x.Flatten(2).Mean(-1);

    private int Place(int neuron, double state) => neuron * bins + Math.Clamp((int)(state * bins), 0, bins - 1);
}
