using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static readonly Tensor Ids = Tensor.From(2, 0, 2, 4, 0, 2);

    private static IEnumerable<Case> Composed => [.. Functions, .. Activations, .. LogSums, .. Norms, .. Arrangements, .. Segments, .. Einsums, .. Geometry, .. Splines, .. Samples];

    private static IEnumerable<Case> Functions =>
    [
        Elementwise("asinh", Tensor.Asinh, Math.Asinh, -3, 3),
        Elementwise("acosh", Tensor.Acosh, Math.Acosh, 1.1, 9),
        Elementwise("atanh", Tensor.Atanh, Math.Atanh, -0.9, 0.9),
        Elementwise("sinc", Tensor.Sinc, Trig.Sinc, -2, 2) with { Label = "pi" , Truth = x => [Map(x[0], v => v == 0 ? 1 : Math.Sin(Math.PI * v) / (Math.PI * v))] },
        Elementwise("logit", Tensor.Logit, x => Math.Log(x / (1 - x)), 0.05, 0.95),
        Elementwise("heaviside", x => Tensor.Heaviside(x), x => x < 0 ? 0 : x > 0 ? 1 : 0.5, -1, 1.3),
        Elementwise("j0", Bessel.J0, x => BesselIntegral(0, x), -40, 40),
        Elementwise("j1", Bessel.J1, x => BesselIntegral(1, x), -40, 40),
        Elementwise("i0", Bessel.I0, SpecialFunctions.BesselI0, -4, 4) with { Tolerance = 1e-11 },
        Elementwise("i1", Bessel.I1, SpecialFunctions.BesselI1, -4, 4) with { Tolerance = 1e-11 },
        new("xlogy", "", x => [Tensor.Xlogy(x[0], x[1])], Case.Numbers([5]), Case.Numbers([5], 0.2, 3, 1)) { Truth = x => [Map(x[0], x[1], (a, b) => a * Math.Log(b))] },
        new("polynomial", "", x => [Tensor.Polynomial(x[0], x[1])], Case.Numbers([4]), Case.Numbers([2, 3], seed: 1))
        {
            Truth = x => [Map(x[1], v => MathNet.Numerics.Polynomial.Evaluate(v, x[0].ToDoubles()))],
        },
        new("polynomial", "constant", x => [Tensor.Polynomial(x[0], x[1])], Case.Numbers([1]), Case.Numbers([3], seed: 1)) { Truth = x => [Map(x[1], _ => x[0].Item())] },
        new("from_polar", "", x => [Tensor.FromPolar(x[0], x[1])], Case.Numbers([4], 0.5, 2), Case.Numbers([4], -3, 3, 1))
        {
            Truth = x => [Tensor.From<System.Numerics.Complex>([.. x[0].ToDoubles().Zip(x[1].ToDoubles(), System.Numerics.Complex.FromPolarCoordinates)], [4])],
        },
        new("angle", "", x => [Tensor.Angle(x[0])], Case.Complexes([6]))
        {
            Truth = x => [Tensor.From<double>([.. x[0].ToArray<System.Numerics.Complex>().Select(z => z.Phase)], [6])],
        },
    ];

    private static IEnumerable<Case> Activations =>
    [
        Elementwise("relu", Tensor.Relu, x => Math.Max(x, 0), -1, 1.1),
        Elementwise("relu6", Tensor.Relu6, x => Math.Clamp(x, 0, 6), -5, 9.3),
        Elementwise("leaky_relu", x => Tensor.LeakyRelu(x, 0.1), x => x > 0 ? x : 0.1 * x, -1, 1.1),
        Elementwise("elu", x => Tensor.Elu(x, 1.5), x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1), -2, 2.1),
        Elementwise("selu", Tensor.Selu, x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)), -2, 2.1),
        Elementwise("softplus", Tensor.Softplus, x => Math.Log(1 + Math.Exp(x)), -5, 5),
        Elementwise("log_sigmoid", Tensor.LogSigmoid, x => -Math.Log(1 + Math.Exp(-x)), -5, 5),
        Elementwise("gelu", Tensor.Gelu, x => x * Normal.CDF(0, 1, x), -4, 4),
        Elementwise("gelu_tanh", Tensor.GeluTanh, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))), -4, 4),
        Elementwise("silu", Tensor.Silu, x => x / (1 + Math.Exp(-x)), -4, 4),
        Elementwise("mish", Tensor.Mish, x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))), -4, 4),
        Elementwise("softsign", Tensor.Softsign, x => x / (1 + Math.Abs(x)), -2, 2.1),
        Elementwise("hard_sigmoid", Tensor.HardSigmoid, x => Math.Clamp((x + 3) / 6, 0, 1), -5, 5.1),
        Elementwise("hard_tanh", Tensor.HardTanh, x => Math.Clamp(x, -1, 1), -2, 2.1),
        Elementwise("hard_swish", Tensor.HardSwish, x => x * Math.Clamp((x + 3) / 6, 0, 1), -5, 5.1),
        new("swish", "", x => [Tensor.Swish(x[0], x[1])], Case.Numbers([5], -3, 3), Case.Numbers([], 1, 2)) { Truth = x => [Map(x[0], v => v / (1 + Math.Exp(-x[1].Item() * v)))] },
    ];

    private static IEnumerable<Case> LogSums =>
    [
        new("log_add_exp", "", x => [Tensor.LogAddExp(x[0], x[1])], Case.Numbers([5], -3, 3), Case.Numbers([5], -2, 2, 1))
        {
            Truth = x => [Map(x[0], x[1], (a, b) => Math.Log(Math.Exp(a) + Math.Exp(b)))],
        },
        new("log_add_exp", "of equal numbers", x => [Tensor.LogAddExp(x[0], x[0] * x[1])], Case.Numbers([5], -3, 3), Tensor.Scalar(1.0)) { Truth = x => [x[0] + Math.Log(2)] },
        new("log_sum_exp", "", x => [x[0].LogSumExp(1)], Case.Numbers([2, 4, 3], -3, 3)) { Truth = x => [Tensor.Log(Tensor.Exp(x[0]).Sum(1))] },
        new("log_sum_exp", "of all", x => [x[0].LogSumExp()], Case.Numbers([2, 3], -3, 3)) { Truth = x => [Tensor.Scalar(Math.Log(x[0].ToDoubles().Sum(Math.Exp)))] },
        new("softmax", "", x => [x[0].Softmax(1)], Case.Numbers([2, 4, 3], -3, 3)) { Truth = x => [Tensor.Exp(x[0]) / Tensor.Exp(x[0]).Sum(1).ExpandDims(1)] },
        new("log_softmax", "", x => [x[0].LogSoftmax()], Case.Numbers([2, 4], -3, 3)) { Truth = x => [Tensor.Log(Tensor.Exp(x[0]) / Tensor.Exp(x[0]).Sum(-1).ExpandDims(-1))] },
        new("cumulative_log_sum_exp", "", x => [x[0].CumulativeLogSumExp(0)], Case.Numbers([5, 2], -3, 3)) { Truth = x => [Tensor.Log(Tensor.Exp(x[0]).CumulativeSum(0))] },
        new("cumulative_log_sum_exp", "reversed", x => [x[0].CumulativeLogSumExp(-1, true)], Case.Numbers([2, 3], -3, 3))
        {
            Truth = x => [Tensor.Log(Tensor.Exp(x[0]).CumulativeSum(1, true))],
        },
    ];

    private static IEnumerable<Case> Norms =>
    [
        .. new[] { 2, 1, 3.5, 0.5, -2, double.PositiveInfinity, double.NegativeInfinity, 0 }.Select(order =>
            new Case("norm", $"of order {order}", x => [x[0].Norm(order, 1)], Case.Numbers([2, 3], -1, 1.3))
            {
                Truth = x => [Tensor.From<double>([.. Rows(x[0]).Select(row => PNorm(row, order))], [2])],
                IsDifferentiable = order != 0,
            }),
        new("norm", "of complex numbers", x => [x[0].Norm()], Case.Complexes([2, 2])) { Truth = x => [Tensor.Scalar(Math.Sqrt(x[0].ToArray<System.Numerics.Complex>().Sum(z => z.Magnitude * z.Magnitude)))] },
        new("normalise", "", x => [x[0].Normalise(2, 1e-12, 1)], Case.Numbers([2, 3])) { Truth = x => [Tensor.From<double>([.. Rows(x[0]).SelectMany(row => row.Select(v => v / PNorm(row, 2)))], [2, 3])] },
    ];

    private static IEnumerable<Case> Arrangements =>
    [
        new("one_hot", "", x => [Tensor.OneHot(x[0], 4, ElementType.Float64)], Tensor.From(2, 0, 3, -1))
        {
            IsDifferentiable = false,
            Truth = _ => [Tensor.From(new double[,] { { 0, 0, 1, 0 }, { 1, 0, 0, 0 }, { 0, 0, 0, 1 }, { 0, 0, 0, 0 } })],
        },
        new("tile", "of four axes", x => [x[0].Tile(2, 3, 2, 2)], Case.Numbers([2, 2, 1, 3]))
        {
            Truth = x => [Built([4, 6, 2, 6], at => x[0].ToDoubles()[at[0] % 2 * 6 + at[1] % 2 * 3 + at[3] % 3])],
        },
        new("tile", "", x => [x[0].Tile(2, 1, 3)], Case.Numbers([2, 3])) { Truth = x => [Built([2, 2, 9], at => x[0].ToDoubles()[at[1] * 3 + at[2] % 3])] },
        new("repeat", "of elements", x => [x[0].Repeat(2, 0)], Case.Numbers([2, 3])) { Truth = x => [Built([4, 3], at => x[0].ToDoubles()[at[0] / 2 * 3 + at[1]])] },
        new("tril", "", x => [x[0].Tril(-1)], Case.Numbers([2, 3, 4])) { Truth = x => [Built([2, 3, 4], at => at[2] <= at[1] - 1 ? x[0].ToDoubles()[at[0] * 12 + at[1] * 4 + at[2]] : 0)] },
        new("triu", "", x => [x[0].Triu(1)], Case.Numbers([3, 4])) { Truth = x => [Built([3, 4], at => at[1] >= at[0] + 1 ? x[0].ToDoubles()[at[0] * 4 + at[1]] : 0)] },
        new("vander", "", x => [Tensor.Vander(x[0], 4)], Case.Numbers([3])) { Truth = x => [Built([3, 4], at => Math.Pow(x[0].ToDoubles()[at[0]], at[1]))] },
        new("kron", "", x => [Tensor.Kron(x[0], x[1])], Case.Numbers([2, 3]), Case.Numbers([3, 2], seed: 1))
        {
            Truth = x => [Built([6, 6], at => x[0].ToDoubles()[at[0] / 3 * 3 + at[1] / 2] * x[1].ToDoubles()[at[0] % 3 * 2 + at[1] % 2])],
        },
        new("cross", "", x => [Tensor.Cross(x[0], x[1])], Case.Numbers([2, 3]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Built([2, 3], at =>
            {
                double[] a = Rows(x[0])[at[0]], b = x[1].ToDoubles();
                var (i, j) = ((at[1] + 1) % 3, (at[1] + 2) % 3);
                return a[i] * b[j] - a[j] * b[i];
            })],
        },
        new("search_sorted", "", x => [Tensor.SearchSorted(x[0], x[1]), Tensor.SearchSorted(x[0], x[1], true)], Tensor.From(-1.0, 0, 0, 0.5, 2), Tensor.From(new double[,] { { -2, -1, 0 }, { 0.2, 2, 3 } }))
        {
            IsDifferentiable = false,
            Truth = _ => [Tensor.From(new[,] { { 0, 0, 1 }, { 3, 4, 5 } }), Tensor.From(new[,] { { 0, 1, 3 }, { 3, 5, 5 } })],
        },
        new("search_sorted", "in a batch", x => [Tensor.SearchSorted(x[0], x[1])], Tensor.From(new double[,] { { 0, 1, 2, 3 }, { 0, 0, 1, 4 } }), Tensor.From(new double[,] { { 2.5, 0.5, 9 } }))
        {
            IsDifferentiable = false,
            Truth = _ => [Tensor.From(new[,] { { 3, 1, 4 }, { 3, 2, 4 } })],
        },
        new("histogram", "", x => [x[0].Histogram(Tensor.From(0.0, 1, 2, 4))], Tensor.From(-1.0, 0, 0.5, 1, 2, 3.9, 4, 4.1))
        {
            IsDifferentiable = false,
            Truth = _ => [Tensor.From(2, 1, 3)],
        },
    ];

    private static IEnumerable<Case> Segments =>
    [
        new("segment_sum", "", x => [Segment.Sum(x[0], x[1], 5)], Case.Numbers([6, 2]), Ids) { Truth = x => [Segmented(x[0], s => s.Sum(), 0)] },
        new("segment_mean", "", x => [Segment.Mean(x[0], x[1], 5)], Case.Numbers([6, 2]), Ids) { Truth = x => [Segmented(x[0], s => s.Average(), 0)] },
        // Empty segments are infinite, which no difference can follow: derivatives are checked where there are none.
        new("segment_max", "", x => [Segment.Max(x[0], x[1], 5)], Case.Numbers([6, 2]), Ids) { Truth = x => [Segmented(x[0], s => s.Max(), double.NegativeInfinity)], IsDifferentiable = false },
        new("segment_max", "without empty ones", x => [Segment.Max(x[0], x[1], 5).Take(Tensor.From(0, 2, 4))], Case.Numbers([6, 2]), Ids),
        new("segment_min", "", x => [Segment.Min(x[0], x[1], 5)], Case.Numbers([6, 2]), Ids) { Truth = x => [Segmented(x[0], s => s.Min(), double.PositiveInfinity)], IsDifferentiable = false },
        new("segment_softmax", "", x => [Segment.Softmax(x[0], x[1], 5)], Case.Numbers([6, 2], -2, 2), Ids)
        {
            Truth = x => [Tensor.Exp(x[0]) / Segmented(Tensor.Exp(x[0]), s => s.Sum(), 0).Take(Ids)],
        },
    ];

    private static IEnumerable<Case> Einsums =>
    [
        Einsum("ij,jk->ik", [2, 3], [3, 4]),
        Einsum("ij,jk", [2, 3], [3, 4]),
        Einsum("bik,kj->bij", [2, 3, 2], [2, 3]),
        Einsum("bik , bkj -> ijb", [2, 3, 2], [2, 2, 3]),
        Einsum("ii->i", [3, 3]),
        Einsum("ii", [3, 3]),
        Einsum("iij->ji", [2, 2, 3]),
        Einsum("iii->i", [2, 2, 2]),
        Einsum("ijk->j", [2, 3, 2]),
        Einsum("ba", [2, 3]),
        Einsum("i,j->ij", [2], [3]),
        Einsum("i,i->", [3], [3]),
        Einsum("ij,ij->ji", [2, 3], [2, 3]),
        Einsum("ij,k->", [2, 2], [3]),
        Einsum("ab,bc,cd->ad", [2, 3], [3, 2], [2, 4]),
        Einsum("ai,bi,ci->abc", [2, 3], [2, 3], [2, 3]),
        Einsum("ii,ij->j", [2, 2], [2, 3]),
        new("einsum", "...ij,...jk->...ik", x => [Paramorph.Einsum.Of("...ij,...jk->...ik", x)], Case.Numbers([2, 1, 2, 3]), Case.Numbers([3, 3, 2], seed: 1))
        {
            Truth = x => [Tensor.MatMul(x[0], x[1])],
        },
        new("einsum", "i...,j...", x => [Paramorph.Einsum.Of("i...,j...", x)], Case.Numbers([2, 3]), Case.Numbers([2, 3], seed: 1))
        {
            Truth = x => [Built([3, 2, 2], at => x[0].ToDoubles()[at[1] * 3 + at[0]] * x[1].ToDoubles()[at[2] * 3 + at[0]])],
        },
    ];

    private static IEnumerable<Case> Geometry =>
    [
        new("attention", "", x => [Attention.ScaledDotProduct(x[0], x[1], x[2])], Case.Numbers([2, 3, 4]), Case.Numbers([2, 5, 4], seed: 1), Case.Numbers([2, 5, 2], seed: 2))
        {
            Truth = x => [Attended(x, (_, _) => true)],
        },
        new("attention", "causal", x => [Attention.ScaledDotProduct(x[0], x[1], x[2], isCausal: true)], Case.Numbers([2, 3, 4]), Case.Numbers([2, 5, 4], seed: 1), Case.Numbers([2, 5, 2], seed: 2))
        {
            Truth = x => [Attended(x, (q, k) => k <= q + 2)],
        },
        new("attention", "masked", x => [Attention.ScaledDotProduct(x[0], x[1], x[2], x[3])], Case.Numbers([2, 2, 4]), Case.Numbers([2, 2, 4], seed: 1), Case.Numbers([2, 2, 2], seed: 2), Tensor.From(new[,] { { true, true }, { false, false } }))
        {
            Truth = x => [Attended(x, (q, _) => q == 0)],
        },
        new("squared_euclidean", "", x => [Distance.SquaredEuclidean(x[0], x[1])], Case.Numbers([3, 2]), Case.Numbers([4, 2], seed: 1))
        {
            Truth = x => [Built([3, 4], at => MathNet.Numerics.Distance.SSD(Rows(x[0])[at[0]], Rows(x[1])[at[1]]))],
        },
        new("euclidean", "", x => [Distance.Euclidean(x[0], x[1])], Case.Numbers([2, 3, 2]), Case.Numbers([2, 2, 2], seed: 1))
        {
            Truth = x => [Built([2, 3, 2], at => MathNet.Numerics.Distance.Euclidean(Rows(x[0][at[0]])[at[1]], Rows(x[1][at[0]])[at[2]]))],
        },
        new("cosine", "", x => [Distance.Cosine(x[0], x[1])], Case.Numbers([3, 2]), Case.Numbers([4, 2], seed: 1))
        {
            Truth = x => [Built([3, 4], at => MathNet.Numerics.Distance.Cosine(Rows(x[0])[at[0]], Rows(x[1])[at[1]]))],
        },
        .. Enum.GetValues<Boundary>().SelectMany(boundary => (Case[])
        [
            new("interpolate_linear", $"on a line, {boundary}", x => [Interpolate.Linear(x[0], x[1], boundary)], Case.Numbers([4]), Case.Numbers([12, 1], -3, 6.1, 1)) { Truth = x => [Interpolated(x[0], x[1], boundary)] },
            new("interpolate_linear", $"in space, {boundary}", x => [Interpolate.Linear(x[0], x[1], boundary)], Case.Numbers([2, 3, 2, 4]), Case.Numbers([2, 5, 3], -3, 6.1, 1)) { Truth = x => [Interpolated(x[0], x[1], boundary)] },
            new("interpolate_nearest", $"in a plane, {boundary}", x => [Interpolate.Nearest(x[0], x[1], boundary)], Case.Numbers([2, 3, 4]), Case.Numbers([9, 2], -3, 6.1, 1))
            {
                Truth = x => [Interpolated(x[0], Tensor.Floor(x[1] + 0.5), boundary)],
            },
        ]),
    ];

    private static IEnumerable<Case> Splines =>
    [
        .. Enumerable.Range(0, 5).Select(degree => new Case(
            "b_spline", $"of degree {degree}", x => [BSpline.Basis(x[0], x[1], degree)], Case.Numbers([7], -0.9, 0.85), BSpline.UniformKnots(-1, 1, 4, degree, ElementType.Float64) * 1.03)
        {
            Truth = x => [Built([7, 4 + degree], at => CoxDeBoor(x[1].ToDoubles(), at[1], degree, x[0].ToDoubles()[at[0]]))],
        }),
        new("b_spline", "with repeated knots", x => [BSpline.Basis(x[0], x[1], 2)], Case.Numbers([2, 5], 0.05, 2.9), Tensor.From(0.0, 0, 0, 1, 1, 2.5, 3, 3, 3))
        {
            Truth = x => [Built([2, 5, 6], at => CoxDeBoor(x[1].ToDoubles(), at[2], 2, x[0].ToDoubles()[at[0] * 5 + at[1]]))],
            // Knots that coincide cannot be moved apart by a difference.
            IsDifferentiable = false,
        },
        new("b_spline", "with coefficients", x => [BSpline.Evaluate(x[0], BSpline.ClampedKnots(0, 3, 3, 3, ElementType.Float64), x[1], 3)], Case.Numbers([7], 0.1, 2.8), Case.Numbers([6, 2], seed: 1))
        {
            Truth = x => [Built([7, 2], at => Enumerable.Range(0, 6).Sum(i => CoxDeBoor([0, 0, 0, 0, 1, 2, 3, 3, 3, 3], i, 3, x[0].ToDoubles()[at[0]]) * x[1].ToDoubles()[i * 2 + at[1]]))],
        },
    ];

    private static IEnumerable<Case> Samples =>
    [
        new("random_bits", "", x => [Sample.Bits(new Key(x[0]), [3]), Sample.Bits(new Key(x[0]), [3], ElementType.Int64)], Tensor.From(5, 7)) { IsDifferentiable = false },
        new("sample_uniform", "", x => [Sample.Uniform(Key.Of(1), [3], x[0], x[1], ElementType.Float64)], Case.Numbers([3]), Case.Numbers([3], 2, 3, 1)),
        new("sample_truncated_normal", "", x => [Sample.TruncatedNormal(Key.Of(1), [3], x[0], x[1], ElementType.Float64)], Case.Numbers([3], -2, -1), Case.Numbers([3], 1, 2, 1)),
    ];

    private static Tensor Map(Tensor x, Func<double, double> f) => Tensor.From<double>([.. x.ToDoubles().Select(f)], x.Shape);

    private static Tensor Map(Tensor x, Tensor y, Func<double, double, double> f) => Tensor.From<double>([.. x.ToDoubles().Zip(y.ToDoubles(), f)], x.Shape);

    private static double[][] Rows(Tensor x) => [.. x.ToDoubles().Chunk(x.Shape[^1])];

    /// <summary>A tensor computed place by place.</summary>
    private static Tensor Built(Shape shape, Func<int[], double> element)
    {
        var elements = new double[shape.ElementCount];
        var at = new int[shape.Rank];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = element(at);
            for (var a = shape.Rank - 1; a >= 0 && ++at[a] == shape[a]; a--) at[a] = 0;
        }
        return Tensor.From(elements, shape);
    }

    private static double PNorm(double[] x, double order) => order switch
    {
        0 => x.Count(v => v != 0),
        double.PositiveInfinity => x.Max(Math.Abs),
        double.NegativeInfinity => x.Min(Math.Abs),
        _ => Math.Pow(x.Sum(v => Math.Pow(Math.Abs(v), order)), 1 / order),
    };

    /// <summary>Bessel's integral, by the rule of Simpson on a fine grid.</summary>
    private static double BesselIntegral(int order, double x) =>
        MathNet.Numerics.Integration.GaussLegendreRule.Integrate(t => Math.Cos(order * t - x * Math.Sin(t)), 0, Math.PI, 128) / Math.PI;

    private static Tensor Segmented(Tensor x, Func<double[], double> reduce, double empty) => Built([5, x.Shape[1]], at =>
    {
        double[] segment = [.. Rows(x).Where((_, i) => Ids.ToArray<int>()[i] == at[0]).Select(r => r[at[1]])];
        return segment.Length == 0 ? empty : reduce(segment);
    });

    /// <summary>An equation without ellipsis, whose truth is the sum over all values of all labels.</summary>
    private static Case Einsum(string equation, params int[][] shapes) =>
        new("einsum", equation, x => [Paramorph.Einsum.Of(equation, x)], [.. shapes.Select((s, i) => Case.Numbers([.. s], seed: i))])
        {
            Truth = x =>
            {
                var parts = equation.Replace(" ", "").Split("->");
                var inputs = parts[0].Split(',');
                var output = parts.Length > 1 ? parts[1] : string.Concat(parts[0].Replace(",", "").GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order());
                var size = inputs.SelectMany((labels, i) => labels.Select((l, a) => (l, shapes[i][a]))).DistinctBy(p => p.l).ToDictionary(p => p.l, p => p.Item2);
                string summed = string.Concat(size.Keys.Except(output));
                return [Built([.. output.Select(l => size[l])], at =>
                {
                    Shape range = [.. summed.Select(l => size[l])];
                    var sum = 0.0;
                    Built(range, inner =>
                    {
                        int Value(char l) => output.Contains(l) ? at[output.IndexOf(l)] : inner[summed.IndexOf(l)];
                        sum += inputs.Select((labels, i) => x[i].ToDoubles()[labels.Aggregate(0, (index, l) => index * size[l] + Value(l))]).Aggregate(1.0, (p, v) => p * v);
                        return 0;
                    });
                    return sum;
                })];
            },
        };

    private static Tensor Attended(Tensor[] x, Func<int, int, bool> sees)
    {
        var (queries, keys) = (x[0].Shape[1], x[1].Shape[1]);
        return Built([x[0].Shape[0], queries, x[2].Shape[2]], at =>
        {
            var query = Rows(x[0][at[0]])[at[1]];
            double[] weights = [.. Rows(x[1][at[0]]).Select((key, k) => sees(at[1], k) ? Math.Exp(query.Zip(key, (a, b) => a * b).Sum() / Math.Sqrt(query.Length)) : 0)];
            return weights.Sum() == 0 ? 0 : Rows(x[2][at[0]]).Select((v, k) => weights[k] * v[at[2]]).Sum() / weights.Sum();
        });
    }

    /// <summary>The interpolant as the sum over all grid points, extended beyond the grid, of values times hats.</summary>
    private static Tensor Interpolated(Tensor values, Tensor coordinates, Boundary boundary)
    {
        var d = coordinates.Shape[^1];
        var (channels, grid, points) = (values.Shape[..^d], values.Shape[^d..], coordinates.Shape[..^1]);
        var (v, c) = (values.ToDoubles(), Rows(coordinates));
        return Built([.. channels, .. points], at =>
        {
            var channel = at[..channels.Rank].Select((p, a) => (p, a)).Aggregate(0, (index, t) => index * channels[t.a] + t.p);
            var point = at[channels.Rank..].Select((p, a) => (p, a)).Aggregate(0, (index, t) => index * points[t.a] + t.p);
            return Along(0, channel);

            double Along(int axis, int offset)
            {
                if (axis == d) return v[offset];
                var sum = 0.0;
                for (var i = -20; i <= 20; i++)
                {
                    var weight = Math.Max(0, 1 - Math.Abs(c[point][axis] - i));
                    var n = grid[axis];
                    var inside = boundary == Boundary.Periodic ? ((i % n) + n) % n : Math.Clamp(i, 0, n - 1);
                    if (weight == 0 || (boundary == Boundary.Zero && inside != i)) continue;
                    sum += weight * Along(axis + 1, offset * n + inside);
                }
                return sum;
            }
        });
    }

    /// <summary>The recursion as in the books.</summary>
    private static double CoxDeBoor(double[] knots, int i, int degree, double x)
    {
        if (degree == 0) return knots[i] <= x && x < knots[i + 1] ? 1 : 0;
        var (rise, fall) = (knots[i + degree] - knots[i], knots[i + degree + 1] - knots[i + 1]);
        return (rise == 0 ? 0 : (x - knots[i]) / rise * CoxDeBoor(knots, i, degree - 1, x))
            + (fall == 0 ? 0 : (knots[i + degree + 1] - x) / fall * CoxDeBoor(knots, i + 1, degree - 1, x));
    }
}
