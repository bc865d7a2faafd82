namespace Paramorph.Neurons;

/// <summary>
/// A family of functions of one variable on [-1, 1], of which a Kolmogorov-Arnold layer makes its learned functions by linear combination. Families of one count are
/// equal when they are of one kind.
/// </summary>
/// <param name="Count">How many functions.</param>
public abstract record UnivariateBasis(int Count)
{
    /// <summary>The name of the family.</summary>
    public abstract string Name { get; }

    /// <summary>Cubic B-splines on equal intervals, which sum to 1. (Liu et al., "KAN: Kolmogorov-Arnold Networks", 2024.)</summary>
    /// <param name="count">4 or more: three more than there are intervals.</param>
    /// <exception cref="ShapeException">There are fewer.</exception>
    public static UnivariateBasis BSplines(int count) => new Splines(Checked(count, 4));

    /// <summary>Gaussians exp(-((x - c) / h)²), whose centres c are h apart. (Li, "Kolmogorov-Arnold Networks are Radial Basis Function Networks", 2024.)</summary>
    /// <param name="count">2 or more.</param>
    /// <exception cref="ShapeException">There are fewer.</exception>
    public static UnivariateBasis Gaussians(int count) => new Bells(Checked(count, 2));

    /// <summary>Chebyshev's polynomials T₀, T₁, ... (Sidharth and Gokul, "Chebyshev Polynomial-Based Kolmogorov-Arnold Networks", 2024.)</summary>
    /// <param name="count">1 or more: one more than the highest degree.</param>
    /// <exception cref="ShapeException">There are fewer.</exception>
    public static UnivariateBasis Chebyshev(int count) => new Polynomials(Checked(count, 1));

    /// <summary>
    /// Mexican hats 2 / (sqrt(3) π^(1/4)) (1 - t²) exp(-t² / 2), t = (x - c) / s: one of width s = 1 in the middle, two of half that width, four of a quarter,
    /// and so on; the last of these levels is filled from the left. (Bozorgasl and Chen, "Wav-KAN: Wavelet Kolmogorov-Arnold Networks", 2024.)
    /// </summary>
    /// <param name="count">1 or more; 2ⁿ - 1 for n whole levels.</param>
    /// <exception cref="ShapeException">There are fewer.</exception>
    public static UnivariateBasis MexicanHats(int count) => new Wavelets(Checked(count, 1));

    /// <summary>1, cos πx, sin πx, cos 2πx, sin 2πx, ... (Xu et al., "FourierKAN-GCF", 2024.)</summary>
    /// <param name="count">1 or more; odd for whole pairs.</param>
    /// <exception cref="ShapeException">There are fewer.</exception>
    public static UnivariateBasis Fourier(int count) => new Waves(Checked(count, 1));

    /// <summary>The five families, each of a count of at least 4.</summary>
    public static IReadOnlyList<UnivariateBasis> All(int count) => [BSplines(count), Gaussians(count), Chebyshev(count), MexicanHats(count), Fourier(count)];

    /// <summary>The values of all functions: [...] gives [..., count].</summary>
    /// <param name="x">Places, in [-1, 1] for all that the families promise.</param>
    public abstract Tensor Values(Tensor x);

    private static int Checked(int count, int least) =>
        count >= least ? count : throw new ShapeException($"univariate basis: {count} functions are too few: at least {least}.");

    private static Tensor Constants(IEnumerable<double> values, Tensor like) => Tensor.From<double>([.. values]).AsType(like.ElementType);

    private sealed record Splines(int Count) : UnivariateBasis(Count)
    {
        public override string Name => "B-spline";

        /// <remarks>
        /// On equal intervals all are shifts of ((2 - |t|)₊³ - 4 (1 - |t|)₊³) / 6, which takes a quarter of the arithmetic of the recursion in <see cref="BSpline"/>.
        /// </remarks>
        public override Tensor Values(Tensor x)
        {
            var interval = 2.0 / (Count - 3);
            var centres = Constants(Enumerable.Range(-1, Count).Select(i => -1 + i * interval), x);
            var distance = Tensor.Abs(x.ExpandDims(-1) - centres) / interval;
            var (outer, inner) = (Tensor.Relu(2.0 - distance), Tensor.Relu(1.0 - distance));
            return (outer * outer * outer - 4.0 * (inner * inner * inner)) / 6.0;
        }
    }

    private sealed record Bells(int Count) : UnivariateBasis(Count)
    {
        public override string Name => "Gaussian";

        public override Tensor Values(Tensor x)
        {
            var distance = 2.0 / (Count - 1);
            var centres = Constants(Enumerable.Range(0, Count).Select(i => -1 + i * distance), x);
            return Tensor.Exp(-Tensor.Square((x.ExpandDims(-1) - centres) / distance));
        }
    }

    private sealed record Polynomials(int Count) : UnivariateBasis(Count)
    {
        public override string Name => "Chebyshev";

        public override Tensor Values(Tensor x)
        {
            var values = new List<Tensor> { Tensor.OnesLike(x), x };
            while (values.Count < Count) values.Add(2.0 * x * values[^1] - values[^2]);
            return Tensor.Stack(values[..Count], -1);
        }
    }

    private sealed record Wavelets(int Count) : UnivariateBasis(Count)
    {
        public override string Name => "Mexican hat";

        public override Tensor Values(Tensor x)
        {
            // Function i = 2^level - 1 + place has the width 2^-level, and its level divides [-1, 1] into 2^level equal parts.
            var levels = Enumerable.Range(1, Count).Select(i => (Level: int.Log2(i), Place: i - (1 << int.Log2(i)))).ToArray();
            var widths = Constants(levels.Select(at => Math.Pow(2, -at.Level)), x);
            var centres = Constants(levels.Select(at => -1 + (2 * at.Place + 1) * Math.Pow(2, -at.Level)), x);
            var square = Tensor.Square((x.ExpandDims(-1) - centres) / widths);
            return 2 / (Math.Sqrt(3) * Math.Pow(Math.PI, 0.25)) * (1.0 - square) * Tensor.Exp(-0.5 * square);
        }
    }

    private sealed record Waves(int Count) : UnivariateBasis(Count)
    {
        public override string Name => "Fourier";

        public override Tensor Values(Tensor x)
        {
            // A cosine is a sine that is a quarter of a period ahead.
            var frequencies = Constants(Enumerable.Range(0, Count).Select(i => Math.PI * ((i + 1) / 2)), x);
            var phases = Constants(Enumerable.Range(0, Count).Select(i => i % 2 == 0 && i > 0 ? 0 : Math.PI / 2), x);
            return Tensor.Sin(x.ExpandDims(-1) * frequencies + phases);
        }
    }
}
