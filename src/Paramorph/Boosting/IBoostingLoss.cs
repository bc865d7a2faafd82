using System.Runtime.Intrinsics;

namespace Paramorph.Boosting;

/// <summary>What boosting lowers: a sum over examples, convex in the outputs of each.</summary>
internal interface IBoostingLoss
{
    /// <summary>Examples.</summary>
    int Rows { get; }

    /// <summary>Outputs of a model.</summary>
    int Outputs { get; }

    /// <summary>Outputs that trees learn; the others follow from them by <see cref="Expand"/>.</summary>
    int Learned { get; }

    /// <summary>The best outputs that are the same for all examples.</summary>
    double[] Start { get; }

    /// <summary>First and second derivatives by the learned outputs.</summary>
    /// <param name="outputs">Learned outputs, [learned, rows].</param>
    /// <param name="derivatives">Takes a pair for each.</param>
    void Derivatives(ReadOnlySpan<double> outputs, Span<Vector128<double>> derivatives);

    /// <summary>All outputs from those that are learned.</summary>
    /// <param name="learned">The learned ones.</param>
    /// <param name="outputs">Takes all.</param>
    void Expand(ReadOnlySpan<double> learned, Span<float> outputs);
}

/// <summary>Half the squared error of numbers.</summary>
/// <param name="targets">[rows, outputs].</param>
/// <param name="outputs">How many numbers there are to each example.</param>
internal sealed class SquaredLoss(float[] targets, int outputs) : IBoostingLoss
{
    public int Rows => targets.Length / outputs;

    public int Outputs => outputs;

    public int Learned => outputs;

    public double[] Start => [.. Enumerable.Range(0, outputs).Select(k => Enumerable.Range(0, Rows).Average(i => (double)targets[i * outputs + k]))];

    public void Derivatives(ReadOnlySpan<double> outputs, Span<Vector128<double>> derivatives)
    {
        var (rows, width) = (Rows, Outputs);
        for (var k = 0; k < width; k++)
            for (var i = 0; i < rows; i++) derivatives[k * rows + i] = Vector128.Create(outputs[k * rows + i] - targets[i * width + k], 1);
    }

    public void Expand(ReadOnlySpan<double> learned, Span<float> outputs)
    {
        for (var k = 0; k < learned.Length; k++) outputs[k] = (float)learned[k];
    }
}

/// <summary>Minus the logarithm of the probability of the right class, whose outputs are logits; of two classes only the second's logit is learned.</summary>
/// <param name="labels">The class of each row.</param>
/// <param name="classes">How many there are.</param>
internal sealed class CrossEntropyLoss(int[] labels, int classes) : IBoostingLoss
{
    /// <summary>The least second derivative: of certain examples it vanishes.</summary>
    private const double Least = 1e-6;

    public int Rows => labels.Length;

    public int Outputs => classes;

    public int Learned => classes == 2 ? 1 : classes;

    public double[] Start
    {
        get
        {
            // Half an example more of each class keeps logarithms finite.
            double[] logits = [.. Enumerable.Range(0, classes).Select(k => Math.Log((labels.Count(label => label == k) + 0.5) / (labels.Length + 0.5 * classes)))];
            return classes == 2 ? [logits[1] - logits[0]] : logits;
        }
    }

    public void Derivatives(ReadOnlySpan<double> outputs, Span<Vector128<double>> derivatives)
    {
        var rows = Rows;
        Span<double> p = stackalloc double[classes];
        for (var i = 0; i < rows; i++)
        {
            if (classes == 2)
            {
                var probability = 1 / (1 + Math.Exp(-outputs[i]));
                derivatives[i] = Derivative(probability, labels[i] == 1);
                continue;
            }
            var (largest, sum) = (double.NegativeInfinity, 0.0);
            for (var k = 0; k < p.Length; k++) largest = Math.Max(largest, outputs[k * rows + i]);
            for (var k = 0; k < p.Length; k++) sum += p[k] = Math.Exp(outputs[k * rows + i] - largest);
            for (var k = 0; k < p.Length; k++) derivatives[k * rows + i] = Derivative(p[k] / sum, labels[i] == k);
        }
    }

    public void Expand(ReadOnlySpan<double> learned, Span<float> outputs)
    {
        if (classes == 2) (outputs[0], outputs[1]) = ((float)(-learned[0] / 2), (float)(learned[0] / 2));
        else
            for (var k = 0; k < learned.Length; k++) outputs[k] = (float)learned[k];
    }

    private static Vector128<double> Derivative(double probability, bool isRight) =>
        Vector128.Create(probability - (isRight ? 1 : 0), Math.Max(Least, probability * (1 - probability)));
}
