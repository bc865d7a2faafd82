namespace Paramorph.Data.Solvers;

/// <summary>The classical method of Runge and Kutta with equal steps, of fourth order.</summary>
public static class RungeKutta4
{
    /// <summary>The states at given times.</summary>
    /// <param name="function">The right-hand side.</param>
    /// <param name="initial">The state at the first of the times.</param>
    /// <param name="times">Increasing times.</param>
    /// <param name="maximumStep">The largest step; each interval is cut into equal ones.</param>
    /// <returns>f64 [times, size of the state].</returns>
    /// <exception cref="ArgumentException">The times do not increase, or the step is not positive.</exception>
    public static Tensor Solve(OdeFunction function, double[] initial, IReadOnlyList<double> times, double maximumStep)
    {
        var size = initial.Length;
        var states = new double[times.Count * size];
        double[] y = [.. initial], k1 = new double[size], k2 = new double[size], k3 = new double[size], k4 = new double[size], at = new double[size];
        y.CopyTo(states, 0);
        for (var n = 1; n < times.Count; n++)
        {
            var steps = TimeSteps.Count(times[n - 1], times[n], maximumStep);
            var h = (times[n] - times[n - 1]) / Math.Max(1, steps);
            for (var s = 0; s < steps; s++)
            {
                var t = times[n - 1] + s * h;
                function(t, y, k1);
                Ahead(y, h / 2, k1, at);
                function(t + h / 2, at, k2);
                Ahead(y, h / 2, k2, at);
                function(t + h / 2, at, k3);
                Ahead(y, h, k3, at);
                function(t + h, at, k4);
                for (var i = 0; i < size; i++) y[i] += h / 6 * (k1[i] + 2 * (k2[i] + k3[i]) + k4[i]);
            }
            y.CopyTo(states, n * size);
        }
        return Tensor.From(states, [times.Count, size]);
    }

    private static void Ahead(double[] y, double h, double[] rate, double[] result)
    {
        for (var i = 0; i < y.Length; i++) result[i] = y[i] + h * rate[i];
    }
}
