namespace Paramorph.Training;

/// <summary>The Shapley values of an output at an input, by all coalitions of its variables, where zeros stand for absent ones, and how far others are from them.</summary>
public sealed class ShapleyTruth
{
    private readonly Func<Tensor, Tensor> function;
    private readonly Lazy<double[]> exact;

    /// <param name="function">From [m, variables] to the output [m].</param>
    /// <param name="x">The input: [variables], up to 20 of them.</param>
    public ShapleyTruth(Func<Tensor, Tensor> function, Tensor x)
    {
        (this.function, X, Game) = (function, x, Attribution.Game(function, x, Tensor.ZerosLike(x)));
        exact = new(() => Attribution.Shapley(Game, x.Count).ToDoubles());
    }

    /// <summary>The input: [variables].</summary>
    public Tensor X { get; }

    /// <summary>The value of coalitions (<see cref="Attribution.Game"/>).</summary>
    public Func<Tensor, Tensor> Game { get; }

    /// <summary>Integrated gradients from zeros, which some take for Shapley values: [variables].</summary>
    public Tensor IntegratedGradients() => Attribution.IntegratedGradients(function, X, Tensor.ZerosLike(X));

    /// <summary>The mean error of values, in the mean of the absolute exact ones.</summary>
    /// <param name="values">[variables].</param>
    public double MeanError(Tensor values) => Errors(values).Average() / exact.Value.Average(Math.Abs);

    /// <summary>The largest error of values, in the mean of the absolute exact ones.</summary>
    /// <inheritdoc cref="MeanError"/>
    public double LargestError(Tensor values) => Errors(values).Max() / exact.Value.Average(Math.Abs);

    /// <summary>Passes by which an estimate is near the exact values in the mean over some inputs, where passes double from 32 on.</summary>
    /// <param name="truths">One or more of them.</param>
    /// <param name="estimate">From one of them, its place and a number of passes to values [variables].</param>
    /// <param name="near">The mean error at which it is near.</param>
    /// <param name="most">Passes that are tried at most.</param>
    /// <param name="look">Is given the passes and the mean error; may be null.</param>
    /// <returns>The passes; the most where it is not near by then.</returns>
    public static int Passes(IReadOnlyList<ShapleyTruth> truths, Func<ShapleyTruth, int, int, Tensor> estimate, double near, int most, Action<int, double>? look = null)
    {
        for (var passes = 32; passes <= most; passes *= 2)
        {
            var error = truths.Select((truth, i) => truth.MeanError(estimate(truth, i, passes))).Average();
            look?.Invoke(passes, error);
            if (error <= near) return passes;
        }
        return most;
    }

    private IEnumerable<double> Errors(Tensor values) => values.ToDoubles().Zip(exact.Value, (value, truth) => Math.Abs(value - truth));
}
