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

    /// <summary>B-splines of any degree on equal intervals, which sum to 1, as products of powers with a matrix. (Coffman and Chen, "MatrixKAN: parallelized Kolmogorov-Arnold network", 2025.)</summary>
    /// <param name="count">A degree more than there are intervals.</param>
    /// <param name="degree">0 or more.</param>
    /// <exception cref="ShapeException">There is no interval, or the degree is below 0.</exception>
    public static UnivariateBasis BSplines(int count, int degree) => new EqualSplines(Checked(count, degree + 1), degree);

    /// <summary>B-splines of any degree with knots anywhere, by the recursion of Cox and de Boor: they sum to 1 between the knots number degree and m - degree - 1 of m.</summary>
    /// <param name="knots">Ascending; degree + 1 more than there are splines.</param>
    /// <param name="degree">0 or more.</param>
    /// <exception cref="ShapeException">There are too few knots.</exception>
    public static UnivariateBasis BSplines(Sequence<double> knots, int degree) => new KnottedSplines(Checked(knots.Count - degree - 1, 1), knots, degree);

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

    /// <summary>The family on intervals each of which is divided into so many, or with as many times more functions; but for Gaussians it holds all functions of this one.</summary>
    /// <param name="factor">1 or more.</param>
    /// <exception cref="ShapeException">The factor is below 1.</exception>
    public UnivariateBasis Refined(int factor) => factor >= 1 ? Finer(factor) : throw new ShapeException($"univariate basis: a factor of {factor} refines nothing: it is 1 or more.");

    /// <summary>Places at which functions of the family differ unless they are the same: f64 [places].</summary>
    internal Tensor Places()
    {
        const int Each = 8;
        var ends = Intervals;
        return Tensor.From<double>([.. ends.Zip(ends.Skip(1)).SelectMany(pair => Enumerable.Range(0, Each).Select(i =>
            (pair.First + pair.Second - (pair.Second - pair.First) * Math.Cos((i + 0.5) * Math.PI / Each)) / 2))]);
    }

    /// <summary>The ends of intervals, in order, within each of which functions are smooth.</summary>
    private protected virtual IReadOnlyList<double> Intervals => Equal(Count);

    /// <inheritdoc cref="Refined"/>
    private protected abstract UnivariateBasis Finer(int factor);

    private static double[] Equal(int intervals) => [.. Enumerable.Range(0, intervals + 1).Select(i => -1 + 2.0 * i / intervals)];

    private static int Checked(int count, int least) =>
        count >= least ? count : throw new ShapeException($"univariate basis: {count} functions are too few: at least {least}.");

    private static Tensor Constants(IEnumerable<double> values, Tensor like) => Tensor.From<double>([.. values]).AsType(like.ElementType);

    private sealed record Splines(int Count) : UnivariateBasis(Count)
    {
        public override string Name => "B-spline";

        private protected override IReadOnlyList<double> Intervals => Equal(Count - 3);

        /// <remarks>
        /// On equal intervals all are shifts of ((2 - |t|)₊³ - 4 (1 - |t|)₊³) / 6, which takes a quarter of the arithmetic of the recursion in <see cref="BSpline"/>.
        /// </remarks>
        public override Tensor Values(Tensor x)
        {
            var interval = 2.0 / (Count - 3);
            var centres = Constants(Enumerable.Range(-1, Count).Select(i => -1 + i * interval), x);
            // The derivative begins at the place again, so that nothing of these functions is kept for it.
            return CustomDerivative.OfTangents((x.ExpandDims(-1) - centres) / interval, Cubic, (t, _, tangent) => tangent * Slope(t));
        }

        private static Tensor Cubic(Tensor t)
        {
            var (outer, inner) = Parts(t);
            return (outer * outer * outer - 4.0 * (inner * inner * inner)) / 6.0;
        }

        private static Tensor Slope(Tensor t)
        {
            var (outer, inner) = Parts(t);
            return Tensor.Sign(t) * (2.0 * inner * inner - 0.5 * outer * outer);
        }

        private static (Tensor Outer, Tensor Inner) Parts(Tensor t) => (Tensor.Relu(2.0 - Tensor.Abs(t)), Tensor.Relu(1.0 - Tensor.Abs(t)));

        private protected override UnivariateBasis Finer(int factor) => new Splines((Count - 3) * factor + 3);
    }

    private sealed record EqualSplines(int Count, int Degree) : UnivariateBasis(Count)
    {
        public override string Name => "B-spline";

        private protected override IReadOnlyList<double> Intervals => Equal(Count - Degree);

        public override Tensor Values(Tensor x) => BSpline.UniformBasis(x, -1, 1, Count - Degree, Degree);

        private protected override UnivariateBasis Finer(int factor) => new EqualSplines((Count - Degree) * factor + Degree, Degree);
    }

    private sealed record KnottedSplines(int Count, Sequence<double> Knots, int Degree) : UnivariateBasis(Count)
    {
        public override string Name => "B-spline";

        private protected override IReadOnlyList<double> Intervals => [.. Knots.Span[Degree..^Degree]];

        public override Tensor Values(Tensor x) => BSpline.Basis(x, Constants(Knots, x), Degree);

        private protected override UnivariateBasis Finer(int factor)
        {
            double[] knots = [.. Knots.Zip(Knots.Skip(1)).SelectMany(pair => Enumerable.Range(0, factor).Select(i => pair.First + (pair.Second - pair.First) * i / factor)), Knots[^1]];
            // Beyond the ends as many as before suffice.
            var spare = Degree * (factor - 1);
            return BSplines([.. knots[spare..^spare]], Degree);
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

        private protected override UnivariateBasis Finer(int factor) => new Bells((Count - 1) * factor + 1);
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

        private protected override UnivariateBasis Finer(int factor) => new Polynomials((Count - 1) * factor + 1);
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

        private protected override UnivariateBasis Finer(int factor) => new Wavelets(Count * factor);
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

        private protected override UnivariateBasis Finer(int factor) => new Waves(Count * factor);
    }
}
