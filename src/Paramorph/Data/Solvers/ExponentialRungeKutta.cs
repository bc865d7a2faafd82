using System.Numerics;

namespace Paramorph.Data.Solvers;

/// <summary>
/// Time stepping of v' = L v + N(v) where L is diagonal and may be stiff, as Fourier modes of a diffusion are: the fourth-order exponential
/// Runge-Kutta scheme ETDRK4 (Cox and Matthews, "Exponential time differencing for stiff systems", 2002), whose coefficients are means over a circle
/// in the complex plane so that small eigenvalues lose no digits (Kassam and Trefethen, "Fourth-order time-stepping for stiff PDEs", 2005).
/// </summary>
public sealed class ExponentialRungeKutta
{
    /// <summary>Points on the circle: the mean of an entire function over so many is exact to rounding.</summary>
    private const int CirclePoints = 64;

    private readonly Complex[] eigenvalues;
    private readonly Shape shape;
    private readonly Func<Tensor, Tensor> nonlinearity;

    /// <summary>A system.</summary>
    /// <param name="eigenvalues">The diagonal of L, row-major.</param>
    /// <param name="shape">The shape of one state; its element count is that of the eigenvalues.</param>
    /// <param name="nonlinearity">N: c128 [batch..., shape...] to the same. It is compiled.</param>
    /// <exception cref="ShapeException">The eigenvalues do not fill the shape.</exception>
    public ExponentialRungeKutta(Complex[] eigenvalues, Shape shape, Func<Tensor, Tensor> nonlinearity)
    {
        if (eigenvalues.Length != shape.ElementCount)
            throw new ShapeException($"exponential Runge-Kutta: {eigenvalues.Length} eigenvalues do not fill a state of shape {shape}.");
        (this.eigenvalues, this.shape, this.nonlinearity) = (eigenvalues, shape, nonlinearity);
    }

    /// <summary>The states at given times.</summary>
    /// <param name="initial">The state at time 0: c128 [batch..., shape...].</param>
    /// <param name="times">Times from 0 on, in increasing order.</param>
    /// <param name="maximumStep">The largest step; each interval is cut into equal ones.</param>
    /// <param name="observe">What is kept of a state; it is compiled. Null keeps the state.</param>
    /// <returns>One tensor a time.</returns>
    /// <exception cref="ArgumentException">The times do not increase from 0 on, or the step is not positive.</exception>
    public Tensor[] Solve(Tensor initial, IReadOnlyList<double> times, double maximumStep, Func<Tensor, Tensor>? observe = null)
    {
        var observed = observe is null ? x => x : Compile.Of(observe);
        var step = Compile.Of<Tensor, Coefficients, Tensor>(Step);
        Coefficients? coefficients = null;
        var (width, now, state) = (0.0, 0.0, initial);
        var frames = new Tensor[times.Count];
        for (var i = 0; i < times.Count; i++)
        {
            var steps = TimeSteps.Count(now, times[i], maximumStep);
            if (steps > 0)
            {
                var needed = (times[i] - now) / steps;
                // Intervals that are equal but for rounding share their coefficients, and so their bits.
                if (coefficients is null || Math.Abs(needed - width) > 1e-12 * width) (width, coefficients) = (needed, CoefficientsOf(needed));
                for (var n = 0; n < steps; n++) state = step(state, coefficients);
            }
            frames[i] = observed(state);
            now = times[i];
        }
        return frames;
    }

    private Tensor Step(Tensor v, Coefficients c)
    {
        var atStart = nonlinearity(v);
        var decayed = c.HalfDecay * v;
        var a = decayed + c.Half * atStart;
        var atA = nonlinearity(a);
        var b = decayed + c.Half * atA;
        var atB = nonlinearity(b);
        var atEnd = nonlinearity(c.HalfDecay * a + c.Half * (2.0 * atB - atStart));
        return c.Decay * v + c.Start * atStart + c.Middle * (atA + atB) + c.End * atEnd;
    }

    /// <summary>The coefficients for a step h; z = h L runs over the eigenvalues.</summary>
    private Coefficients CoefficientsOf(double h)
    {
        Tensor Of(Func<Complex, Complex> f) => Tensor.From(Array.ConvertAll(eigenvalues, l => f(h * l)), shape);
        Tensor Mean(Func<Complex, Complex> f) => Of(z => h * CircleMean(z, f));
        return new(
            Of(Complex.Exp),
            Of(z => Complex.Exp(z / 2)),
            Mean(z => (Complex.Exp(z / 2) - 1) / z),
            Mean(z => (-4 - z + Complex.Exp(z) * (4 - 3 * z + z * z)) / (z * z * z)),
            Mean(z => 2 * (2 + z + Complex.Exp(z) * (z - 2)) / (z * z * z)),
            Mean(z => (-4 - 3 * z - z * z + Complex.Exp(z) * (4 - z)) / (z * z * z)));
    }

    private static Complex CircleMean(Complex centre, Func<Complex, Complex> f)
    {
        var sum = Complex.Zero;
        for (var k = 0; k < CirclePoints; k++) sum += f(centre + Complex.FromPolarCoordinates(1, 2 * Math.PI * (k + 0.5) / CirclePoints));
        return sum / CirclePoints;
    }
}
