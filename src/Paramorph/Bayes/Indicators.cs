using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// Least squares for classes: the targets are the indicators of the classes, and what a model makes of them, times one number, is taken for logits. The number is the one that gives the true
/// classes the highest probability by answers that did not see them.
/// </summary>
internal static class Indicators
{
    private const double Least = 0.1, Most = 1000;
    private const int Halvings = 40;

    /// <summary>What least squares fits: the targets of numbers, the indicators of classes.</summary>
    /// <returns>f64 [n, outputs].</returns>
    public static Tensor Targets(ExamplesProblem problem)
    {
        var targets = problem.Train.Targets;
        return (AreClasses(targets) ? Tensor.OneHot(targets, problem.Signature.Outputs) : targets.Flatten(1)).AsType(ElementType.Float64).Evaluate();
    }

    /// <summary>Whether targets are classes.</summary>
    public static bool AreClasses(Tensor targets) => targets.ElementType == ElementType.Int32;

    /// <summary>The number by which outputs are multiplied: 1 where they are no classes.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="honest">Outputs for the training examples by models that did not see them: f64 [n, outputs]. It is not asked where there are no classes.</param>
    public static double Scale(ExamplesProblem problem, Func<Tensor> honest)
    {
        var targets = problem.Train.Targets;
        if (!AreClasses(targets)) return 1;
        var (values, labels, classes) = (honest().ToDoubles(), targets.ToArray<int>(), problem.Signature.Outputs);
        // The log loss is convex in the number, so its slope changes sign once.
        var (low, high) = (Math.Log(Least), Math.Log(Most));
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Slope(values, labels, classes, Math.Exp(middle)) < 0) low = middle;
            else high = middle;
        }
        return Math.Exp((low + high) / 2);
    }

    private static double Slope(double[] values, int[] labels, int classes, double scale)
    {
        // One example more of each side keeps the number finite where all are right. (Platt, "Probabilistic outputs for support vector machines", 1999, section 2.2.)
        var (slope, doubt) = (0.0, 1.0 / (labels.Length + 2));
        for (var i = 0; i < labels.Length; i++)
        {
            var own = values.AsSpan(i * classes, classes);
            var (largest, sum, mean, average) = (double.NegativeInfinity, 0.0, 0.0, 0.0);
            foreach (var value in own) (largest, average) = (Math.Max(largest, value), average + value / classes);
            foreach (var value in own)
            {
                var weight = Math.Exp(scale * (value - largest));
                (sum, mean) = (sum + weight, mean + weight * value);
            }
            slope += mean / sum - (1 - doubt) * own[labels[i]] - doubt * average;
        }
        return slope / labels.Length;
    }
}
