using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Fitting;

/// <summary>Whether what a model says of its errors is true, on test examples.</summary>
internal static class Coverage
{
    /// <summary>The share of truths that intervals or sets hold; null where there are none.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="model">The model.</param>
    /// <param name="outputs">Its outputs for the examples, divided by the temperature: [m, output...].</param>
    /// <param name="rows">The examples.</param>
    public static FitIntervals? Of(ExamplesProblem problem, Model model, Tensor outputs, Tensor rows) => problem.Uncertainty switch
    {
        Uncertainty.Intervals => OfNumbers(model.Calibration, problem.Preparation.Decode(outputs), problem.Truth(rows)),
        Uncertainty.Probabilities => OfClasses(model.Calibration, outputs.AsType(ElementType.Float64).Softmax(), problem.At(rows).Targets),
        _ => null,
    };

    /// <summary>Test examples in tenths by how sure the model is: the mean of its certainty in each, and the share that it tells right.</summary>
    public static (double[] Confidences, double[] Shares) Reliability(ExamplesProblem problem, Model model)
    {
        var rows = problem.Split.Test;
        var probabilities = model.Tempered(problem.Outputs(model.Layer, rows)).AsType(ElementType.Float64).Softmax().Evaluate();
        var (best, answers, labels) = (probabilities.Max(-1).ToDoubles(), probabilities.ArgMax(-1).ToDoubles(), problem.At(rows).Targets.ToArray<int>());
        var order = Enumerable.Range(0, labels.Length).OrderBy(i => best[i]).Chunk(Math.Max(1, (labels.Length + 9) / 10)).ToArray();
        return ([.. order.Select(part => part.Average(i => best[i]))], [.. order.Select(part => part.Average(i => answers[i] == labels[i] ? 1.0 : 0.0))]);
    }

    private static FitIntervals OfNumbers(Calibration calibration, Tensor answers, Tensor truth)
    {
        var (own, right, half) = (answers.ToDoubles(), truth.ToDoubles(), calibration.HalfWidths);
        var held = Enumerable.Range(0, own.Length).Count(i => Math.Abs(own[i] - right[i]) <= half[i % half.Count]);
        double? likelihood = calibration.Errors is { } errors ? Enumerable.Range(0, own.Length).Average(i => errors[i % errors.Count].LogOf(own[i] - right[i])) : null;
        return new(calibration.Level, (double)held / own.Length, 2 * half.Average(), null, likelihood);
    }

    private static FitIntervals OfClasses(Calibration calibration, Tensor probabilities, Tensor labels)
    {
        var (p, right, classes) = (probabilities.ToDoubles(), labels.ToArray<int>(), probabilities.Shape[1]);
        var threshold = calibration.Threshold ?? 0;
        var (held, size) = (0, 0);
        for (var i = 0; i < right.Length; i++)
        {
            var own = p.AsSpan(i * classes, classes);
            // The most probable class is in every set.
            var most = double.NegativeInfinity;
            foreach (var value in own) most = Math.Max(most, value);
            var least = Math.Min(threshold, most);
            if (own[right[i]] >= least) held++;
            foreach (var value in own)
                if (value >= least) size++;
        }
        return new(
<<<<<<< HEAD
            calibration.Level, (double)held / right.Length, (double)p.Count(value => value >= threshold) / right.Length, Detection.CalibrationError(probabilities, labels),
=======
            calibration.Level, (double)held / right.Length, (double)size / right.Length, CalibrationError(p, right, classes),
>>>>>>> h/b13
            Enumerable.Range(0, right.Length).Average(i => Math.Log(Math.Max(1e-300, p[i * classes + right[i]]))));
    }
}
