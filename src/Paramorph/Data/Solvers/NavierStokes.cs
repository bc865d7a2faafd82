using System.Numerics;

namespace Paramorph.Data.Solvers;

/// <summary>
/// The vorticity w of an incompressible flow on the periodic unit square, w_t + u . grad w = nu Laplacian w + f with u = (psi_y, -psi_x),
/// -Laplacian psi = w, by Fourier modes (those of products cut at two thirds) and <see cref="ExponentialRungeKutta"/>: fourth order in time, spectral in
/// space. (Li et al., "Fourier neural operator for parametric partial differential equations", 2021, section 5.3.)
/// </summary>
/// <param name="Size">Points n along each side, at (i / n, j / n), the first axis being x.</param>
/// <param name="Viscosity">nu.</param>
public sealed record NavierStokes(int Size, double Viscosity)
{
    /// <summary>f: f64 [n, n], with mean 0; null for none.</summary>
    public Tensor? Forcing { get; init; }

    /// <summary>The forcing 0.1 (sin(2 pi (x + y)) + cos(2 pi (x + y))) of Li et al. on a grid: f64 [n, n].</summary>
    public static Tensor DiagonalForcing(int size) => Tensor.From(
        [
            .. Enumerable.Range(0, size * size)
                .Select(p => 2 * Math.PI * (p / size + p % size) / size)
                .Select(a => 0.1 * (Math.Sin(a) + Math.Cos(a))),
        ],
        [size, size]);

    /// <summary>The vorticities at given times.</summary>
    /// <param name="initial">w at time 0, with mean 0: f64 [batch..., n, n].</param>
    /// <param name="times">Times from 0 on, in increasing order.</param>
    /// <param name="maximumStep">The largest step; about half a grid spacing over the largest speed.</param>
    /// <returns>f64 [batch..., times, n, n].</returns>
    public Tensor Solve(Tensor initial, IReadOnlyList<double> times, double maximumStep)
    {
        if (initial.ElementType != ElementType.Float64 || initial.Rank < 2 || initial.Shape[^2..] != [Size, Size])
            throw new ShapeException($"navier-stokes: initial vorticity {initial.Type} does not fit: it is f64[batch..., {Size}, {Size}].");
        var modes = new Modes(Size);
        Tensor x = modes.Table((kx, _) => new(0, kx)), y = modes.Table((_, ky) => new(0, ky)), kept = modes.Kept();
        var stream = modes.Table((kx, ky) => kx == 0 && ky == 0 ? 0 : 1 / (kx * kx + ky * ky));
        var forcing = Forcing is null ? null : Compile.Of((Tensor f) => Fourier.Rfft2(f))(Forcing);
        Tensor Nonlinearity(Tensor w)
        {
            Tensor Values(Tensor v) => Fourier.Irfft2(v, Size);
            var cut = kept * w;
            var psi = stream * cut;
            var transport = Values(y * psi) * Values(x * cut) - Values(x * psi) * Values(y * cut);
            var rate = -(kept * Fourier.Rfft2(transport));
            return forcing is null ? rate : rate + forcing;
        }
        var solver = new ExponentialRungeKutta(modes.Array((kx, ky) => -Viscosity * (kx * kx + ky * ky)), modes.Shape, Nonlinearity);
        var start = Compile.Of((Tensor w) => Fourier.Rfft2(w))(initial);
        var frames = solver.Solve(start, times, maximumStep, w => Fourier.Irfft2(w, Size));
        return Compile.Of((TreeList<Tensor> f) => Tensor.Stack(f, -3))([.. frames]);
    }

    /// <summary>The modes of the real transform over both axes: all of the first, 0 to n / 2 of the second.</summary>
    private readonly record struct Modes(int Size)
    {
        public Shape Shape => [Size, Size / 2 + 1];

        public Complex[] Array(Func<double, double, Complex> f)
        {
            var size = Size;
            var columns = size / 2 + 1;
            return [.. Enumerable.Range(0, size * columns).Select(p => f(2 * Math.PI * Signed(p / columns, size), 2 * Math.PI * (p % columns)))];
        }

        public Tensor Table(Func<double, double, Complex> f) => Tensor.From(Array(f), Shape);

        /// <summary>1 for modes below two thirds of the highest along both axes; the mode n / 2, which has no derivative, is among those cut.</summary>
        public Tensor Kept()
        {
            var highest = 2 * Math.PI * Size / 3;
            return Table((kx, ky) => Math.Abs(kx) < highest && ky < highest ? 1 : 0);
        }

        private static int Signed(int i, int size) => i <= size / 2 ? i : i - size;
    }
}
