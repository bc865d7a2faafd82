namespace Paramorph.Tests;

public class TaylorTests
{
    private const int Order = 6;

    [Fact]
    public void Jets_of_exp_of_sin_match_the_closed_form()
    {
        // With s = sin x, c = cos x the derivatives of e^s are e^s times polynomials in s and c.
        foreach (var x in new[] { -1.3, 0.2, 0.9 })
        {
            var (s, c, e) = (Math.Sin(x), Math.Cos(x), Math.Exp(Math.Sin(x)));
            double[] expected =
            [
                e,
                e * c,
                e * (c * c - s),
                e * (c * c * c - 3 * s * c - c),
                e * (c * c * c * c - 6 * s * c * c - 4 * c * c + 3 * s * s + s),
                e * (Math.Pow(c, 5) - 10 * s * c * c * c - 10 * c * c * c + 15 * s * s * c + 15 * s * c + c),
            ];
            AssertClose(expected, Taylor.Derivatives(Tensor.Scalar(x), 1.0, 5, t => Tensor.Exp(Tensor.Sin(t))));
        }
    }

    [Fact]
    public void Jets_of_tanh_match_its_polynomial_recurrence()
    {
        // Each derivative of tanh is a polynomial in y = tanh x, and d/dx p(y) = p'(y) (1 - y^2).
        foreach (var x in new[] { -0.8, 0.1, 1.7 })
        {
            var y = Math.Tanh(x);
            double[] polynomial = [0, 1];
            var expected = new double[Order + 1];
            for (var k = 0; k <= Order; k++)
            {
                expected[k] = polynomial.Select((a, i) => a * Math.Pow(y, i)).Sum();
                var next = new double[polynomial.Length + 1];
                for (var i = 1; i < polynomial.Length; i++)
                {
                    next[i - 1] += i * polynomial[i];
                    next[i + 1] -= i * polynomial[i];
                }
                polynomial = next;
            }
            AssertClose(expected, Taylor.Derivatives(Tensor.Scalar(x), 1.0, Order, Tensor.Tanh));
        }
    }

    public static TheoryData<string> Functions() => [.. Smooth.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Smooth = new()
    {
        ["sin(x) / (1 + x^2)"] = x => Tensor.Sin(x) / (1.0 + x * x),
        ["log(1 + exp x)"] = x => Tensor.Log(1.0 + Tensor.Exp(x)),
        ["sqrt(2 + cos x)"] = x => Tensor.Sqrt(2.0 + Tensor.Cos(x)),
        ["erf(x) sigmoid(x)"] = x => Tensor.Erf(x) * Tensor.Sigmoid(x),
        ["(1.5 + x)^2.5"] = x => Tensor.Power(1.5 + x, 2.5),
        ["tan atan asin"] = x => Tensor.Tan(x * 0.5) + Tensor.Atan(x) * Tensor.Asin(x * 0.5),
        ["atan2(x, 2 + x)"] = x => Tensor.Atan2(x, 2.0 + x),
        ["rsqrt, expm1, log1p"] = x => Tensor.Rsqrt(3.0 + x) * Tensor.Expm1(x) + Tensor.Log1p(x * x),
        ["sinh, cosh, lgamma"] = x => Tensor.Sinh(x) * Tensor.Cosh(x) + Tensor.Lgamma(x + 3.0),
        ["product and cumulative product"] = x => Tensor.Stack([x, x + 1.0, x * x]).Product() + Tensor.Stack([x, 2.0 * x, x + 1.0]).CumulativeProduct(0).Sum(),
        ["max of two"] = x => Tensor.Maximum(Tensor.Sin(x), x * x),
        ["a loop"] = x => Control.Repeat(4, (_, c) => Tensor.Sin(c * x) + 0.5 * c, x),
        ["a choice"] = x => Control.Cond(Tensor.Greater(x, 0.0), () => Tensor.Sin(x) * x, () => Tensor.Exp(x)),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Jets_agree_with_nested_forward_mode(string name)
    {
        var function = Smooth[name];
        var order = name.StartsWith('a') && !name.StartsWith("atan") ? 3 : 4;
        var x = Tensor.Scalar(0.37);
        var expected = new List<double>();
        var derivative = function;
        for (var k = 0; k <= order; k++)
        {
            expected.Add(derivative(x).Item());
            var current = derivative;
            derivative = t => Jvp.Of(t, Tensor.OnesLike(t), current).Tangent;
        }
        AssertClose([.. expected], Taylor.Derivatives(x, 1.0, order, function));
    }

    [Fact]
    public void Rows_of_a_network_have_their_own_derivatives()
    {
        var (w, v, x) = (Primitives.Case.Numbers([2, 5]), Primitives.Case.Numbers([5, 3], seed: 1), Primitives.Case.Numbers([4, 2], seed: 2));
        Tensor Network(Tensor p) => Tensor.Tanh(p.Dot(w)).Dot(v);
        var jets = Taylor.Derivatives(x, Tensor.From(1.0, 0.0), 2, Network);
        for (var n = 0; n < 4; n++)
        {
            var row = x[n];
            var second = Jacobian.Forward(row, p => Jacobian.Forward(p, Network))[.., 0, 0];
            Expect.Close(second, jets[2][n], 1e-11);
        }
    }

    [Fact]
    public void The_Laplacian_is_the_trace_of_the_Hessian()
    {
        var (w, v) = (Primitives.Case.Numbers([3, 6]), Primitives.Case.Numbers([6], seed: 1));
        Tensor Field(Tensor p) => Tensor.Sin(Tensor.Tanh(p.Dot(w))).Dot(v) / (2.0 + p.Sum(-1));
        var points = Primitives.Case.Numbers([5, 3], seed: 2);
        var (value, gradient, laplacian) = Taylor.Laplacian(points, Field);
        for (var n = 0; n < 5; n++)
        {
            var hessian = Hessian.Of(points[n], Field).ToDoubles();
            Assert.Equal(hessian[0] + hessian[4] + hessian[8], laplacian[n].Item(), 1e-11);
            Expect.Close(Gradient.Of(points[n], Field), gradient[.., n], 1e-11);
            Assert.Equal(Field(points[n]).Item(), value[n].Item(), 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_collapsed_sum_is_the_sum_over_directions(int order)
    {
        var directions = Primitives.Case.Numbers([4, 3], seed: 3);
        var point = Primitives.Case.Numbers([3], seed: 4);
        Tensor Function(Tensor p) => Tensor.Exp(Tensor.Sin(p).Sum()) * p / (2.0 + Tensor.Cos(p));
        var expected = Enumerable.Range(0, 4).Select(d => Taylor.Derivatives(point, directions[d], order, Function)).ToArray();
        var (_, lower, sum) = Taylor.SumOfDerivatives(point, directions, order, Function);
        Expect.Close(expected.Select(e => e[order]).Aggregate((a, b) => a + b), sum, 1e-11);
        for (var k = 1; k < order; k++) Expect.Close(Tensor.Stack([.. expected.Select(e => e[k])]), lower[k - 1], 1e-11);
    }

    [Fact]
    public void A_loss_on_jets_has_a_gradient()
    {
        var x = Primitives.Case.Numbers([6, 2]);
        Expect.Derivatives(
            p =>
            {
                var u = Taylor.Derivatives(x, Tensor.From(1.0, 0.0), 2, q => Tensor.Tanh(q.Dot(p[0])).Dot(p[1]));
                return [(u[2] + u[0] * u[1]).Sum()];
            },
            [Primitives.Case.Numbers([2, 4], seed: 1), Primitives.Case.Numbers([4, 1], seed: 2)]);
    }

    [Fact]
    public void A_batch_of_jets_agrees_with_a_loop() =>
        Expect.Batching(x => Taylor.Derivatives(x[0], x[1], 3, t => Tensor.Tanh(t * t) / (2.0 + t)), [Primitives.Case.Numbers([3]), Primitives.Case.Numbers([3], seed: 1)]);

    private static void AssertClose(double[] expected, Tensor[] actual)
    {
        for (var k = 0; k < expected.Length; k++)
            Assert.True(Math.Abs(expected[k] - actual[k].Item()) <= 1e-10 * Math.Max(1, Math.Abs(expected[k])), $"order {k}: {actual[k].Item():R} but should be {expected[k]:R}");
    }
}
