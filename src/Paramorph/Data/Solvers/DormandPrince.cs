namespace Paramorph.Data.Solvers;

/// <summary>
/// The method of Dormand and Prince ("A family of embedded Runge-Kutta formulae", 1980): fifth order, the step chosen by an embedded solution of
/// fourth order.
/// </summary>
/// <param name="RelativeTolerance">The error that a step may make, as a share of the state.</param>
/// <param name="AbsoluteTolerance">The error that a step may make in addition.</param>
public sealed record DormandPrince(double RelativeTolerance = 1e-9, double AbsoluteTolerance = 1e-12)
{
    private const int Stages = 7;
    private const int MaximumSteps = 10_000_000;

    private static readonly double[] Nodes = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1];

    private static readonly double[][] Weights =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>The difference of the two solutions' weights.</summary>
    private static readonly double[] ErrorWeights =
        [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    /// <summary>The states at given times.</summary>
    /// <param name="function">The right-hand side.</param>
    /// <param name="initial">The state at the first of the times.</param>
    /// <param name="times">Increasing times.</param>
    /// <returns>f64 [times, size of the state].</returns>
    /// <exception cref="ArgumentException">The times do not increase.</exception>
    /// <exception cref="EvaluationException">The steps that the tolerances ask for become too small, as near a singularity.</exception>
    public Tensor Solve(OdeFunction function, double[] initial, IReadOnlyList<double> times)
    {
        var states = new double[times.Count * initial.Length];
        double[] y = [.. initial];
        y.CopyTo(states, 0);
        var suggested = times.Count > 1 ? (times[^1] - times[0]) * 1e-3 : 0;
        for (var n = 1; n < times.Count; n++)
        {
            if (!(times[n] >= times[n - 1])) throw new ArgumentException($"time {times[n]} follows time {times[n - 1]}: times must increase.", nameof(times));
            (y, suggested) = Reach(function, y, times[n - 1], times[n], suggested);
            y.CopyTo(states, n * initial.Length);
        }
        return Tensor.From(states, [times.Count, initial.Length]);
    }

    private (double[] State, double Step) Reach(OdeFunction function, double[] y, double from, double to, double step)
    {
        var rates = Enumerable.Range(0, Stages).Select(_ => new double[y.Length]).ToArray();
        for (var (t, taken) = (from, 0); t < to; taken++)
        {
            var isLast = step >= to - t;
            var h = isLast ? to - t : step;
            if (taken == MaximumSteps || h <= 1e-15 * Math.Abs(t))
                throw new EvaluationException($"dormand-prince: steps of {h} at time {t} are too small: the solution is singular, or the tolerance too tight.");
            var next = Step(function, y, t, h, rates);
            var error = Error(y, next, h, rates);
            if (error <= 1) (y, t) = (next, isLast ? to : t + h);
            // The error goes with the fifth power of the step; 0.9 for safety. A state that is not a number asks for a smaller step.
            var factor = double.IsNaN(error) ? 0.2 : Math.Clamp(0.9 * Math.Pow(error, -0.2), 0.2, 5);
            // A step shortened to hit the end says little about how long steps may be.
            if (!(isLast && error <= 1)) step = h * factor;
        }
        return (y, step);
    }

    private static double[] Step(OdeFunction function, double[] y, double t, double h, double[][] rates)
    {
        var at = y;
        for (var stage = 0; stage < Stages; stage++)
        {
            at = [.. y];
            for (var before = 0; before < stage; before++)
                for (var i = 0; i < y.Length; i++) at[i] += h * Weights[stage][before] * rates[before][i];
            function(t + Nodes[stage] * h, at, rates[stage]);
        }
        // The last stage is at the solution of fifth order itself.
        return at;
    }

    /// <summary>The root mean square of the error of each component over what it may be.</summary>
    private double Error(double[] y, double[] next, double h, double[][] rates)
    {
        var sum = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var error = 0.0;
            for (var stage = 0; stage < Stages; stage++) error += h * ErrorWeights[stage] * rates[stage][i];
            var allowed = AbsoluteTolerance + RelativeTolerance * Math.Max(Math.Abs(y[i]), Math.Abs(next[i]));
            sum += Math.Pow(error / allowed, 2);
        }
        return Math.Sqrt(sum / y.Length);
    }
}
