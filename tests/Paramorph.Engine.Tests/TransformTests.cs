namespace Paramorph.Tests;

[Tree]
public sealed partial record Oscillator(Tensor Frequency, Tensor Damping, int Steps);

public class TransformTests
{
    private static readonly Tensor Matrix = Symmetric(4, 1);

    [Fact]
    public void A_gradient_has_the_type_of_its_record_and_its_static_fields()
    {
        var point = new Oscillator(Tensor.Scalar(2.0), Tensor.From(0.1, 0.2), 7);
        Oscillator gradient = Gradient.Of(point, p => p.Frequency * p.Frequency + (p.Damping * 3.0).Sum() * p.Steps);
        Assert.Equal(4, gradient.Frequency.Item());
        Assert.Equal([21.0, 21], gradient.Damping.ToDoubles());
        Assert.Equal(7, gradient.Steps);
    }

    [Fact]
    public void What_a_loss_does_not_depend_on_has_a_gradient_of_zeros()
    {
        var gradient = Gradient.Of(new TreeList<Tensor>(Tensor.Scalar(2.0), Tensor.From(1, 2), Tensor.Ones([2])), p => p[0] * 2.0 + p[1].Sum());
        Assert.Equal(2, gradient[0].Item());
        Assert.Equal(new TensorType(ElementType.Int32, [2]), gradient[1].Type);
        Assert.Equal([0.0, 0], gradient[1].ToDoubles());
        Assert.Equal([0.0, 0], gradient[2].ToDoubles());
    }

    [Fact]
    public void The_loss_and_what_else_the_function_returns_come_with_the_gradient()
    {
        var (value, gradient, extra) = ValueAndGradient.Of(Tensor.Scalar(3.0), x => (x * x, x + 1.0));
        Assert.Equal((9.0, 6.0, 4.0), (value.Item(), gradient.Item(), extra.Item()));
    }

    [Fact]
    public void The_gradient_of_an_unrolled_loop_is_that_of_a_scan()
    {
        var w = Case(3, 3, 2) * 0.5;
        Tensor Step(Tensor w, Tensor h, Tensor x) => Tensor.Tanh(h.Dot(w) + x);
        var inputs = Case(6, 3, 3);
        Tensor Unrolled(Tensor w) => Enumerable.Range(0, 6).Aggregate(Tensor.Zeros([3], ElementType.Float64), (h, i) => Step(w, h, inputs[i])).Sum();
        Tensor Scanned(Tensor w) => Control.Scan<Tensor, Tensor, TreeList<Tensor>>((h, x) => (Step(w, h, x), []), Tensor.Zeros([3], ElementType.Float64), inputs).Carry.Sum();
        Expect.Close(Gradient.Of(w, Unrolled), Gradient.Of(w, Scanned), 1e-14);
        Expect.Close(Hessian.Of(w, Unrolled), Hessian.Of(w, Scanned), 1e-13);
    }

    [Fact]
    public void A_batch_of_gradients_is_a_gradient_an_example()
    {
        var (model, x) = (Case(3, 2, 4), Case(5, 3, 5));
        static Tensor Loss(Tensor w, Tensor example) => Tensor.Square(Tensor.Tanh(example.Dot(w))).Sum();
        var each = Vmap.Of(example => Gradient.Of(model, w => Loss(w, example)), x);
        Expect.Close(Tensor.Stack([.. Enumerable.Range(0, 5).Select(i => Gradient.Of(model, w => Loss(w, x[i])))]), each, 1e-14);
        Expect.Close(Gradient.Of(model, w => Vmap.Of(example => Loss(w, example), x).Sum()), each.Sum(0), 1e-13);
    }

    [Fact]
    public void The_Hessian_of_a_quadratic_form_is_its_matrix()
    {
        static Tensor Form(Tensor x) => x.Dot(Matrix).Dot(x) * 0.5;
        var (x, v) = (Vector(4, 2), Vector(4, 3));
        Expect.Close(Matrix, Hessian.Of(x, Form), 1e-14);
        Expect.Close(Matrix.Dot(v), Hessian.VectorProduct(x, v, Form), 1e-14);
        Expect.Close(Matrix, Jacobian.Reverse(x, p => Gradient.Of(p, Form)), 1e-14);
    }

    [Fact]
    public void Forward_and_reverse_Jacobians_are_the_closed_form()
    {
        // Spherical coordinates.
        static Tensor Spherical(Tensor p) => Tensor.Stack([p[0] * Tensor.Sin(p[1]) * Tensor.Cos(p[2]), p[0] * Tensor.Sin(p[1]) * Tensor.Sin(p[2]), p[0] * Tensor.Cos(p[1])]);
        double r = 1.3, a = 0.7, b = -0.4;
        var (sa, ca, sb, cb) = (Math.Sin(a), Math.Cos(a), Math.Sin(b), Math.Cos(b));
        var expected = Tensor.From(new[,] { { sa * cb, r * ca * cb, -r * sa * sb }, { sa * sb, r * ca * sb, r * sa * cb }, { ca, -r * sa, 0 } });
        var point = Tensor.From(r, a, b);
        Expect.Close(expected, Jacobian.Forward(point, Spherical), 1e-15);
        Expect.Close(expected, Jacobian.Reverse(point, Spherical), 1e-15);
    }

    [Fact]
    public void A_Jacobian_has_the_axes_of_the_output_and_then_of_the_input()
    {
        var x = Case(2, 3, 6);
        static Tensor F(Tensor m) => Tensor.Stack([m.Sum(0), m.Product(0)]).Reshape(1, 2, 3);
        Assert.Equal([1, 2, 3, 2, 3], Jacobian.Forward(x, F).Shape);
        Expect.Close(Jacobian.Forward(x, F), Jacobian.Reverse(x, F), 1e-14);
    }

    [Fact]
    public void Derivatives_nest_without_confusion_of_perturbations()
    {
        // d/dx (x d/dy (x + y)) = 1 in every mix of modes.
        static Tensor Reverse(Tensor at, Func<Tensor, Tensor> f) => Gradient.Of(at, f);
        static Tensor Forward(Tensor at, Func<Tensor, Tensor> f) => Jvp.Of(at, Tensor.OnesLike(at), f).Tangent;
        foreach (var outer in new[] { Reverse, (Func<Tensor, Func<Tensor, Tensor>, Tensor>)Forward })
        {
            foreach (var inner in new[] { Reverse, (Func<Tensor, Func<Tensor, Tensor>, Tensor>)Forward })
            {
                Assert.Equal(1, outer(Tensor.Scalar(1.0), x => x * inner(Tensor.Scalar(1.0), y => x + y)).Item());
                // Both derivatives at the same tensor: d/dx (x d/dy (x y) at y = x) = 2 x.
                Assert.Equal(6, outer(Tensor.Scalar(3.0), x => x * inner(x, y => x * y)).Item());
                // d/dx (d/dy (x y^2) at y = x) = d/dx 2 x^2.
                Assert.Equal(12, outer(Tensor.Scalar(3.0), x => inner(x, y => x * y * y)).Item());
            }
        }
    }

    [Fact]
    public void A_gradient_of_a_batch_of_gradients_is_that_of_a_loop()
    {
        var x = Vector(4, 7);
        static Tensor Inner(Tensor p) => Tensor.Sin(p * p);
        var nested = Gradient.Of(x, v => Tensor.Square(Vmap.Of(p => Gradient.Of(p, Inner), v)).Sum());
        // With f' = 2 p cos p^2 the gradient of f'^2 is 2 f' f''.
        var first = 2.0 * x * Tensor.Cos(x * x);
        var second = 2.0 * Tensor.Cos(x * x) - 4.0 * x * x * Tensor.Sin(x * x);
        Expect.Close(2.0 * first * second, nested, 1e-13);
    }

    [Fact]
    public void Batches_nest_along_different_axes()
    {
        var (a, b) = (Case(3, 4, 8), Case(4, 5, 9));
        var product = Vmap.Of(row => Vmap.Of(column => (row * column).Sum(), b, inAxis: 1), a);
        Expect.Close(a.Dot(b), product, 1e-14);
        var turned = Vmap.Of(row => Vmap.Of(column => (row * column).Sum(), b, inAxis: -1), a, outAxis: 1);
        Expect.Close(a.Dot(b).T, turned, 1e-14);
        Expect.Close(Case(2, 3, 1).T, Vmap.Of(x => x, Case(2, 3, 1), inAxis: 1), 0);
    }

    [Fact]
    public void Forward_over_a_pull_is_a_Hessian_vector_product()
    {
        var (x, v) = (Vector(3, 10), Vector(3, 11));
        static Tensor F(Tensor p) => (Tensor.Exp(p) * p.CumulativeSum(0)).Sum();
        var expected = Hessian.VectorProduct(x, v, F);
        Expect.Close(expected, Jvp.Of(x, v, p => Vjp.Of(p, F).Pull(1.0)).Tangent, 1e-13);
        Expect.Close(expected, Vjp.Of(x, p => Jvp.Of(p, v, F).Tangent).Pull(1.0), 1e-13);
        Expect.Close(expected, Hessian.Of(x, F).Dot(v), 1e-13);
    }

    [Fact]
    public void A_pull_may_be_called_often_and_late_and_inside_other_transforms()
    {
        var x = Vector(3, 12);
        var (value, pull) = Vjp.Of(x, p => Tensor.Sin(p) * p.Sum());
        value.Evaluate();
        var jacobian = Jacobian.Forward(x, p => Tensor.Sin(p) * p.Sum());
        GC.Collect();
        for (var i = 0; i < 3; i++) Expect.Close(jacobian[i], pull(Tensor.Eye(3, ElementType.Float64)[i]), 1e-14);
        Expect.Close(jacobian, Vmap.Of(pull, Tensor.Eye(3, ElementType.Float64)), 1e-14);
        Expect.Close(jacobian.Sum(1), Gradient.Of(Tensor.Zeros([3], ElementType.Float64), c => pull(c).Sum()), 1e-14);
    }

    [Fact]
    public void A_pull_inside_a_gradient_stays_connected_to_it()
    {
        static Tensor F(Tensor x)
        {
            var (value, pull) = Vjp.Of(x, p => p * p * p);
            value.Evaluate();
            return pull(1.0) * value;
        }
        // 3 x^2 x^3 = 3 x^5
        Assert.Equal(15 * 16, Gradient.Of(Tensor.Scalar(2.0), F).Item(), 1e-12);
        Assert.Equal(60 * 8, Hessian.Of(Tensor.Scalar(2.0), F).Item(), 1e-12);
    }

    [Fact]
    public void A_Hessian_goes_over_a_scan_and_a_batch()
    {
        static Tensor Energy(Tensor q) => Control.Scan<Tensor, Tensor, Tensor>((c, x) => (x, Tensor.Square(Tensor.Sin(x - c))), Tensor.Scalar(0.0), q).Results.Sum();
        static Tensor Closed(Tensor q) => Tensor.Square(Tensor.Sin(q - Tensor.Concatenate([Tensor.Zeros([1], ElementType.Float64), q.SliceAxis(0, 0, 3)]))).Sum();
        var q = Vector(4, 13);
        Expect.Close(Hessian.Of(q, Closed), Hessian.Of(q, Energy), 1e-14);
        var many = Case(2, 4, 14);
        Expect.Close(Vmap.Of(p => Hessian.Of(p, Closed), many), Vmap.Of(p => Hessian.Of(p, Energy), many), 1e-14);
    }

    [Fact]
    public void A_solver_of_a_pendulum_differentiates_through()
    {
        // Ten steps of the classical Runge-Kutta method; the state is (angle, velocity), the parameter the length.
        static Tensor End(Tensor length, Tensor start)
        {
            const double h = 0.1;
            Tensor Rate(Tensor s) => Tensor.Stack([s[1], Tensor.Sin(s[0]) * -9.81 / length]);
            return Control.Repeat(10, (_, s) =>
            {
                var k1 = Rate(s);
                var k2 = Rate(s + k1 * (h / 2));
                var k3 = Rate(s + k2 * (h / 2));
                var k4 = Rate(s + k3 * h);
                return s + (k1 + k2 * 2.0 + k3 * 2.0 + k4) * (h / 6);
            }, start)[0];
        }
        var (length, start) = (Tensor.Scalar(1.2), Tensor.From(0.8, -0.1));
        var (dLength, dStart) = Gradient.Of(length, start, End);
        const double step = 1e-5;
        Assert.Equal((End(length + step, start) - End(length - step, start)).Item() / (2 * step), dLength.Item(), 1e-8);
        for (var i = 0; i < 2; i++)
        {
            var nudge = Tensor.Eye(2, ElementType.Float64)[i] * step;
            Assert.Equal((End(length, start + nudge) - End(length, start - nudge)).Item() / (2 * step), dStart[i].Item(), 1e-8);
        }
        Expect.First(x => [End(x[0], x[1])], [length, start], 1e-8);
    }

    [Fact]
    public void A_complex_gradient_descends_and_is_the_conjugate_of_the_derivative()
    {
        var target = Tensor.Complex(Tensor.From(1.0, -2), Tensor.From(0.5, 3));
        Tensor Loss(Tensor z) => Tensor.Square(Tensor.Abs(z * z - target)).Sum();
        var z = Tensor.Complex(Tensor.From(0.7, 1), Tensor.From(0.1, -1.0));
        for (var i = 0; i < 400; i++) z = (z - Gradient.Of(z, Loss) * 0.02).Evaluate();
        Assert.True(Loss(z).Item() < 1e-12, $"the loss is {Loss(z).Item():R}");
        // Of |z|^2 it is 2 z, and of Re(c z) it is the conjugate of c.
        Expect.Close(2.0 * z, Gradient.Of(z, w => Tensor.Real(w * Tensor.Conjugate(w)).Sum()), 1e-14);
        Expect.Close(Tensor.Conjugate(target), Gradient.Of(z, w => Tensor.Real(target * w).Sum()), 1e-14);
    }

    [Fact]
    public void The_pull_of_a_complex_function_is_the_adjoint_of_its_derivative()
    {
        var random = new Random(4);
        static Tensor F(Tensor z) => Tensor.Exp(z) * Tensor.Conjugate(z) + Tensor.Complex(Tensor.Abs(z), Tensor.Imaginary(z));
        Tensor Noise() => Tensor.From<System.Numerics.Complex>([.. Enumerable.Range(0, 3).Select(_ => new System.Numerics.Complex(random.NextDouble(), random.NextDouble()))], [3]);
        var (z, t, c) = (Noise(), Noise(), Noise());
        var forward = Tensor.Real(Tensor.Conjugate(c) * Jvp.Of(z, t, F).Tangent).Sum().Item();
        var reverse = Tensor.Real(Tensor.Conjugate(Vjp.Of(z, F).Pull(c)) * t).Sum().Item();
        Assert.Equal(forward, reverse, 1e-14);
    }

    [Fact]
    public void Values_may_be_asked_for_while_a_gradient_is_taken()
    {
        var seen = new List<double>();
        Tensor Loss(Tensor x)
        {
            var y = x;
            // The C# loop depends on values.
            while (y.Item() < 10) y *= 2.0;
            seen.Add(y.Item());
            return y * y;
        }
        // y = 8 x, so the derivative is 128 x.
        Assert.Equal(128 * 1.5, Gradient.Of(Tensor.Scalar(1.5), Loss).Item());
        Assert.Equal(128, Hessian.Of(Tensor.Scalar(1.5), Loss).Item());
        Assert.All(seen, v => Assert.Equal(12, v));
    }

    [Fact]
    public void A_compiled_function_is_that_function_inside_and_outside_of_transforms()
    {
        static Tensor F(Tensor w, Tensor x) => Tensor.Tanh(x.Dot(w)).Sum();
        var compiled = Compile.Of<Tensor, Tensor, Tensor>(F);
        var (w, x) = (Case(3, 2, 1), Case(4, 3, 2));
        Expect.Close(F(w, x), compiled(w, x), 1e-15);
        Expect.Close(Gradient.Of(w, p => F(p, x)), Gradient.Of(w, p => compiled(p, x)), 1e-15);
        Expect.Close(Gradient.Of(w, p => F(p, x)), Compile.Of<Tensor, Tensor>(p => Gradient.Of(p, q => F(q, x)))(w), 1e-15);
        Expect.Close(Vmap.Of(row => F(w, row), x), Vmap.Of(row => compiled(w, row), x), 1e-15);
    }

    [Fact]
    public void A_function_is_traced_once_for_each_signature()
    {
        var traces = 0;
        var compiled = Compile.Of<Oscillator, Tensor>(o => { traces++; return o.Frequency * o.Steps; });
        Assert.Equal(14, compiled(new(Tensor.Scalar(2.0), Tensor.Zeros([1]), 7)).Item());
        Assert.Equal(21, compiled(new(Tensor.Scalar(3.0), Tensor.Zeros([1]), 7)).Item());
        Assert.Equal(1, traces);
        Assert.Equal(24, compiled(new(Tensor.Scalar(3.0), Tensor.Zeros([1]), 8)).Item());
        Assert.Equal(24, compiled(new(Tensor.Scalar(3.0f), Tensor.Zeros([1]), 8)).Item());
        Assert.Equal(24, compiled(new(Tensor.Scalar(3.0), Tensor.Zeros([2]), 8)).Item());
        Assert.Equal(4, traces);
    }

    private static Tensor Case(int rows, int columns, int seed) => Primitives.Case.Numbers([rows, columns], seed: seed);

    private static Tensor Vector(int count, int seed) => Primitives.Case.Numbers([count], seed: seed);

    private static Tensor Symmetric(int size, int seed)
    {
        var m = Case(size, size, seed);
        return (m + m.T).Evaluate();
    }

    private static readonly Tensor Places = Tensor.Linspace(-1, 1, 120, ElementType.Float64).Reshape(60, 2);
    private static readonly Tensor Weights = Tensor.Sin(Tensor.Arange(5 * 4, ElementType.Float64)).Evaluate();

    /// <summary>What is left of u + Δu for a network whose parameters are a vector.</summary>
    private static Tensor Residual(Tensor p)
    {
        var (_, gradient, laplacian) = Taylor.Laplacian(Places, x => Tensor.Tanh(x.Dot(p[..10].Reshape(2, 5)) + p[10..15]).Dot(p[15..20]));
        return laplacian + gradient[0] * Places[.., 1];
    }

    private static readonly Dictionary<string, Func<Tensor, Tensor>> ByRows = new()
    {
        ["a residual"] = Residual,
        ["several numbers a row"] = p => Tensor.Sin(Places * p[0]).Dot(p[..4].Reshape(2, 2)),
        ["rows along another axis"] = p => (Tensor.Tanh(p[..10].Reshape(5, 2).Dot(Places.T)) * Tensor.Exp(Places[.., 0])).T,
        ["rows of what the point alone makes"] = p => Tensor.Exp(Places[.., 0] * p[0]) - Tensor.Sin(p).Sum() * Places[.., 1],
        ["rows that meet in a mean"] = p => Tensor.Sin(Places.Dot(p[..2])) is var r ? r - r.Mean() : p,
        ["rows put together and apart"] = p => Tensor.Concatenate([Places * p[0], Tensor.Cos(Places * p[1])], 1).Reshape(60, 2, 2).Flip(2)[.., 1].Max(1),
    };

    public static TheoryData<string> RowNames() => [.. ByRows.Keys];

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_Jacobian_is_the_same_in_every_way(string name)
    {
        var expected = Jacobian.Forward(Weights, ByRows[name]);
        Expect.Close(expected, Jacobian.Reverse(Weights, ByRows[name]), 1e-13, name);
        Expect.Close(expected, Jacobian.ByRows(Weights, ByRows[name]), 1e-13, name);
        Expect.Close(expected, Jacobian.Of(Weights, ByRows[name]), 1e-13, name);
        Expect.Close(expected, Compile.Of((Tensor p) => Jacobian.Of(p, ByRows[name]))(Weights), 1e-13, $"{name}, compiled");
        Expect.First(x => [Jacobian.ByRows(x[0], ByRows[name])], [Weights], 1e-6);
    }

    [Fact]
    public void The_cheapest_way_to_a_Jacobian_is_found()
    {
        long Flops(Func<Tensor, Tensor> jacobian) => Computation.Of(jacobian, Weights).Cost.Flops;
        Assert.True(3 * Flops(p => Jacobian.Of(p, Residual)) < Flops(p => Jacobian.Forward(p, Residual)));
        Assert.Equal(Flops(p => Jacobian.ByRows(p, Residual)), Flops(p => Jacobian.Of(p, Residual)));
        Tensor Few(Tensor p) => Tensor.Sin(p).Reshape(2, 10).Sum(1);
        Assert.Equal(Flops(p => Jacobian.Reverse(p, Few)), Flops(p => Jacobian.Of(p, Few)));
        Tensor Many(Tensor p) => Tensor.Sin(p[..2].Sum() * Tensor.Linspace(0, 1, 50, ElementType.Float64)).CumulativeSum(0);
        Assert.Equal(Flops(p => Jacobian.Forward(p[..2], q => Many(q))), Flops(p => Jacobian.Of(p[..2], q => Many(q))));
    }

    [Fact]
    public void Parts_of_a_result_each_find_their_way()
    {
        Tensor Both(Tensor p) => Tensor.Concatenate([Residual(p), Tensor.Tanh(p).CumulativeSum(0)[..3]]);
        Expect.Close(Jacobian.Forward(Weights, Both), Jacobian.Of(Weights, Both), 1e-13);
        Expect.Close(Jacobian.Forward(Weights, Both), Compile.Of((Tensor p) => Jacobian.Of(p, Both))(Weights), 1e-13);
    }

    [Fact]
    public void Rows_that_meet_are_told() => ErrorExpect.Sentence<TransformException>(
        () => Jacobian.ByRows(Weights, p => Residual(p).CumulativeSum(0)), "jacobian", "f64[60]", "use Jacobian.Of");
}
