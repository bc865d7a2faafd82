namespace Paramorph.Tests;

public class ControlTests
{
    private static readonly Tensor Sequence = Tensor.From(0.1, 0.2, 0.3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Derivatives_of_a_scan_are_those_of_the_unrolled_loop(bool rematerialise)
    {
        Tensor Looped(Tensor w)
        {
            var (carry, squares) = Control.Scan<Tensor, Tensor, Tensor>(
                (c, x) => Tensor.Tanh(c * w + x) is var next ? (next, next * next) : default, Tensor.Scalar(0.5), Sequence, rematerialise: rematerialise);
            return carry + squares.Sum();
        }
        var w = Tensor.Scalar(0.7);
        Assert.Equal(Gradient.Of(w, Unrolled).Item(), Gradient.Of(w, Looped).Item(), 1e-12);
        Assert.Equal(Hessian.Of(w, Unrolled).Item(), Hessian.Of(w, Looped).Item(), 1e-12);
        Assert.Equal(Jvp.Of(w, 1.0, Unrolled).Tangent.Item(), Jvp.Of(w, 1.0, Looped).Tangent.Item(), 1e-12);
        var many = Tensor.From(0.1, 0.9);
        Expect.Close(Tensor.Stack([Gradient.Of(many[0], Unrolled), Gradient.Of(many[1], Unrolled)]), Vmap.Of(v => Gradient.Of(v, Looped), many), 1e-12);
    }

    [Fact]
    public void A_scan_has_a_derivative_in_what_its_body_uses_from_outside_even_when_that_has_a_value()
    {
        var outer = Tensor.From(0.3, -0.4).Evaluate();
        Tensor Loss(Tensor w)
        {
            var scaled = w * 2.0;
            return Control.Scan<Tensor, Tensor, TreeList<Tensor>>((c, x) => (c * scaled + x * outer, []), outer, Sequence).Carry.Sum();
        }
        Tensor Loop(Tensor w) => Enumerable.Range(0, 3).Aggregate(outer, (c, i) => c * (w * 2.0) + Sequence[i] * outer).Sum();
        var w = Tensor.From(0.5, 0.6);
        Expect.Close(Gradient.Of(w, Loop), Gradient.Of(w, Loss), 1e-14);
        Expect.Close(Gradient.Of(w, Loop), Gradient.Of(w, v => { v.Evaluate(); return Loss(v); }), 1e-14);
    }

    [Fact]
    public void A_scan_of_no_steps_returns_its_start_and_passes_the_derivative_through()
    {
        var nothing = Tensor.Zeros([0, 2], ElementType.Float64);
        Tensor Loss(Tensor start) => Control.Scan<Tensor, Tensor, Tensor>((c, x) => (c * x, c), start, nothing).Carry.Sum();
        Assert.Equal([1.0, 1], Gradient.Of(Tensor.From(1.0, 2), Loss).ToDoubles());
        Assert.Equal([0, 2], Control.Scan<Tensor, Tensor, Tensor>((c, x) => (c * x, c), Tensor.From(1.0, 2), nothing).Results.Shape);
        Assert.Equal(3.0, Control.Repeat(0, (_, c) => c * 2.0, Tensor.Scalar(3.0)).Item());
    }

    [Fact]
    public void A_loop_ends_for_each_example_when_its_own_condition_does()
    {
        // Collatz steps of each number.
        static TreePair<Tensor, Tensor> Count(Tensor n) => Control.While<TreePair<Tensor, Tensor>>(
            s => Tensor.Greater(s.Item1, 1),
            s => new(Tensor.Where(Tensor.Equal(s.Item1 % 2, 0), Tensor.FloorDivide(s.Item1, 2), s.Item1 * 3 + 1), s.Item2 + 1),
            new(n, Tensor.Scalar(0)));
        Assert.Equal([0, 1, 7, 2, 5, 8, 16], Vmap.Of(Count, Tensor.From(1, 2, 3, 4, 5, 6, 7)).Item2.ToArray<int>());
        Assert.Equal(111, Count(Tensor.Scalar(27)).Item2.Item());
    }

    [Fact]
    public void A_loop_has_a_forward_derivative()
    {
        // Newton's iteration for the square root.
        static Tensor Root(Tensor a) => Control.While(y => Tensor.Abs(y * y - a) > 1e-13, y => (y + a / y) * 0.5, Tensor.Scalar(1.5));
        var (value, tangent) = Jvp.Of(Tensor.Scalar(2.0), 1.0, Root);
        Assert.Equal(Math.Sqrt(2), value.Item(), 1e-13);
        Assert.Equal(0.5 / Math.Sqrt(2), tangent.Item(), 1e-6);
        var many = Tensor.From(1.5, 2, 4);
        Expect.Close(Tensor.Sqrt(many), Vmap.Of(Root, many), 1e-12);
        Expect.Close(0.5 / Tensor.Sqrt(many), Vmap.Of(a => Jvp.Of(a, 1.0, Root).Tangent, many), 1e-5);
        Expect.Close(0.5 / Tensor.Sqrt(many), Jvp.Of(many, Tensor.OnesLike(many), m => Vmap.Of(Root, m)).Tangent, 1e-5);
    }

    [Fact]
    public void A_loop_has_no_reverse_derivative_and_says_so()
    {
        var error = Assert.Throws<TransformException>(() => Gradient.Of(Tensor.Scalar(2.0), x => Control.While(y => y < 10.0, y => y * x, x)));
        Assert.Equal("while: there is no reverse derivative, since the number of steps is not known: use Scan, or a forward derivative (Jvp).", error.Message);
    }

    [Fact]
    public void Only_the_branch_that_is_chosen_runs()
    {
        var ran = new List<string>();
        Tensor Branch(string name, Tensor x) => Foreign.Call(name, v => { ran.Add(name); return v; }, [x.Type], x)[0];
        var x = Tensor.Scalar(1.0);
        Assert.Equal(2, Control.Cond(x > 0.0, () => Branch("then", x) * 2.0, () => Branch("else", x) * 3.0).Item());
        Assert.Equal(["then"], ran);
    }

    [Fact]
    public void A_branch_keeps_its_work_to_itself_in_derivatives_and_batches_too()
    {
        static Tensor F(Tensor x, Tensor condition) => Control.Cond(condition, () => Tensor.Sin(x) * x, () => Tensor.Exp(x));
        static string[] Outside(Func<Tensor[], Tensor> function) =>
            [.. Computation.Trace("f", t => [function(t)], [new(ElementType.Float64, [3]), new(ElementType.Bool, [])]).Operations.Select(o => o.Primitive.Name)];
        Assert.Equal(["cond"], Outside(t => F(t[0], t[1])));
        foreach (var derivative in new Func<Tensor[], Tensor>[]
        {
            t => Gradient.Of(t[0], x => F(x, t[1]).Sum()), t => Jvp.Of(t[0], t[0], x => F(x, t[1])).Tangent, t => Vmap.Of(x => F(x, t[1]), t[0]),
        })
        {
            Assert.Contains("cond", Outside(derivative));
            Assert.DoesNotContain(Outside(derivative), name => name is "sin" or "cos" or "exp");
        }
    }

    [Fact]
    public void A_rematerialised_function_is_computed_again_by_its_derivative()
    {
        var computation = Computation.Trace(
            "f", t => [Gradient.Of(t[0], x => Remat.Of(() => Tensor.Sin(Tensor.Exp(x))).Sum())], [new(ElementType.Float64, [3])]);
        var again = Assert.Single(computation.Operations, o => o.Primitive.Name == "remat").Primitive.Bodies[0];
        Assert.Equal(["exp", "cos"], again.Operations.Select(o => o.Primitive.Name).Where(n => n is "exp" or "sin" or "cos"));
        Assert.DoesNotContain(computation.Operations, o => o.Primitive.Name is "exp" or "sin" or "cos");
    }

    [Fact]
    public void A_custom_derivative_may_use_constants_that_are_not_computed_yet()
    {
        var factor = Tensor.From(1.0, 2) * 3.0;
        Tensor F(Tensor x) => CustomDerivative.OfTangents<Tensor, Tensor>(x, z => Tensor.Sin(z) * factor, (z, _, t) => Tensor.Cos(z) * factor * t);
        var x = Tensor.From(new[,] { { 0.1, 0.2 }, { 0.3, 0.4 } });
        Expect.Close(Tensor.Sin(x) * Tensor.From(3.0, 6), Vmap.Of(F, x), 1e-15);
    }

    [Fact]
    public void A_choice_for_each_example_and_its_derivatives_are_those_of_a_loop()
    {
        static Tensor Piecewise(Tensor x) => Control.Cond(x.Sum() > 0.0, () => Tensor.Sin(x) * x, () => x * x * x).Sum();
        var x = Tensor.From(new[,] { { 0.5, 0.2 }, { -0.5, 0.1 }, { 2.0, -1 } });
        Tensor[] rows = [x[0], x[1], x[2]];
        Expect.Close(Tensor.Stack([.. rows.Select(Piecewise)]), Vmap.Of(Piecewise, x), 1e-14);
        Expect.Close(Tensor.Stack([.. rows.Select(r => Gradient.Of(r, Piecewise))]), Vmap.Of(r => Gradient.Of(r, Piecewise), x), 1e-14);
        Expect.Close(Tensor.Stack([.. rows.Select(r => Gradient.Of(r, Piecewise))]), Gradient.Of(x, m => Vmap.Of(Piecewise, m).Sum()), 1e-14);
        Expect.Close(Tensor.Stack([.. rows.Select(r => Hessian.Of(r, Piecewise))]), Vmap.Of(r => Hessian.Of(r, Piecewise), x), 1e-14);
    }

    [Fact]
    public void A_condition_that_is_shared_stays_one_choice_in_a_batch()
    {
        var condition = Tensor.Scalar(3.0) > 2.0;
        var computation = Computation.Trace("f", t => [Vmap.Of(x => Control.Cond(t[1], () => x * 2.0, () => x * 3.0), t[0])], [new(ElementType.Float64, [4]), condition.Type]);
        Assert.Contains("cond", computation.Operations.Select(o => o.Primitive.Name));
        Assert.Equal([2.0, 4, 6, 8], computation.Apply(Tensor.From(1.0, 2, 3, 4), condition)[0].ToDoubles());
    }

    [Fact]
    public void An_associative_scan_of_affine_maps_is_the_recurrence()
    {
        // Each step is y = a y + b; steps compose to a step.
        static Tensor Recurrence(Tensor a, Tensor b) => AssociativeScan.Of([a, b], (f, g) => [f[0] * g[0], g[0] * f[1] + g[1]], -1)[1];
        Tensor a = Tensor.From(0.5, -0.3, 0.9, 1.1, 0.2), b = Tensor.From(1.0, 2, -1, 0.5, 3);
        Tensor Looped(Tensor rate, Tensor input) =>
            Control.Scan<Tensor, TreePair<Tensor, Tensor>, Tensor>((y, s) => s.Item1 * y + s.Item2 is var next ? (next, next) : default, Tensor.Scalar(0.0), new(rate, input)).Results;
        Expect.Close(Looped(a, b), Recurrence(a, b), 1e-14);
        var (one, other) = (Gradient.Of(a, b, (r, i) => Tensor.Sin(Looped(r, i)).Sum()), Gradient.Of(a, b, (r, i) => Tensor.Sin(Recurrence(r, i)).Sum()));
        Expect.Close(one.First, other.First, 1e-13);
        Expect.Close(one.Second, other.Second, 1e-13);
    }

    [Fact]
    public void The_users_derivative_is_used_in_both_modes_whichever_is_stated()
    {
        // Three times the truth, so that it cannot be the function's own.
        static Tensor Forward(Tensor x) => CustomDerivative.OfTangents<Tensor, Tensor>(x, Tensor.Sin, (z, _, t) => 3.0 * Tensor.Cos(z) * t);
        static Tensor Reverse(Tensor x) => CustomDerivative.OfCotangents<Tensor, Tensor>(x, Tensor.Sin, (z, _, c) => 3.0 * Tensor.Cos(z) * c);
        var x = Tensor.From(0.3, 0.7);
        foreach (var f in new Func<Tensor, Tensor>[] { Forward, Reverse })
        {
            Expect.Close(Tensor.Sin(x), f(x), 0);
            Expect.Close(3.0 * Tensor.Cos(x), Gradient.Of(x, p => f(p).Sum()), 1e-15);
            Expect.Close(3.0 * Tensor.Cos(x), Jvp.Of(x, Tensor.OnesLike(x), f).Tangent, 1e-15);
            Expect.Close(3.0 * Tensor.Cos(x), Vmap.Of(p => Gradient.Of(p, f), x), 1e-15);
            Expect.Close(3.0 * Tensor.Cos(x), Gradient.Of(x, m => Vmap.Of(f, m).Sum()), 1e-15);
            // The second derivative is that of the rule.
            Expect.Close(-3.0 * Tensor.Sin(x), Vmap.Of(p => Hessian.Of(p, f), x), 1e-15);
            Expect.Close(-3.0 * Tensor.Sin(x), Vmap.Of(p => Gradient.Of(p, q => Gradient.Of(q, f)), x), 1e-15);
        }
    }

    [Fact]
    public void The_users_reverse_rule_in_complex_numbers_takes_and_gives_what_a_pull_does()
    {
        static Tensor Square(Tensor z) => CustomDerivative.OfCotangents<Tensor, Tensor>(z, w => w * w, (w, _, c) => Tensor.Conjugate(2.0 * w) * c);
        var (z, c) = (Tensor.Complex(Tensor.From(1.0, -2), Tensor.From(0.5, 3)), Tensor.Complex(Tensor.From(0.3, 1), Tensor.From(-1.0, 2)));
        Expect.Close(Vjp.Of(z, w => w * w).Pull(c), Vjp.Of(z, Square).Pull(c), 1e-15);
        Expect.Close(Jvp.Of(z, c, w => w * w).Tangent, Jvp.Of(z, c, Square).Tangent, 1e-15);
    }

    [Fact]
    public void The_users_derivative_may_have_integer_inputs_and_outputs()
    {
        static Tensor Loss(Tensor x)
        {
            var pair = CustomDerivative.OfTangents<TreePair<Tensor, Tensor>, TreePair<Tensor, Tensor>>(
                new(x, Tensor.Scalar(2)), p => new(p.Item1 * p.Item2, p.Item2 + 1), (p, _, t) => new(t.Item1 * p.Item2, Tensor.ZerosLike(p.Item2)));
            return pair.Item1 * pair.Item2;
        }
        Assert.Equal(6, Gradient.Of(Tensor.Scalar(5.0), Loss).Item());
        Assert.Equal(6, Jvp.Of(Tensor.Scalar(5.0), 1.0, Loss).Tangent.Item());
    }

    [Fact]
    public void An_opaque_function_runs_for_each_example_and_has_the_derivative_that_is_stated()
    {
        var calls = 0;
        Tensor Opaque(Tensor x) => Foreign.Call("sine", v => { calls++; return [Tensor.From(v[0].ToDoubles().Select(Math.Sin).ToArray(), v[0].Shape)]; }, [x.Type], x)[0];
        Tensor Stated(Tensor x) => CustomDerivative.OfTangents<Tensor, Tensor>(x, Opaque, (z, _, t) => Tensor.Cos(z) * t);
        var x = Tensor.From(new[,] { { 0.1, 0.2 }, { 0.3, 0.4 }, { 0.5, 0.6 } });
        Expect.Close(Tensor.Sin(x), Vmap.Of(Opaque, x), 0);
        Assert.Equal(3, calls);
        Expect.Close(Tensor.Cos(x), Gradient.Of(x, m => Vmap.Of(Stated, m).Sum()), 1e-15);
        var error = Assert.Throws<TransformException>(() => Gradient.Of(x, m => Opaque(m).Sum()));
        Assert.Equal("foreign_call sine: an opaque function has no derivative: state one with CustomDerivative, or cut it off with StopGradient.", error.Message);
        Assert.Equal(new double[6], Gradient.Of(x, m => Tensor.StopGradient(Opaque(Tensor.StopGradient(m))).Sum()).ToDoubles());
    }

    [Fact]
    public void A_stopped_gradient_is_zero_in_both_modes()
    {
        static Tensor F(Tensor x) => x * Tensor.StopGradient(x * x);
        Assert.Equal(4, Gradient.Of(Tensor.Scalar(2.0), F).Item());
        Assert.Equal(4, Jvp.Of(Tensor.Scalar(2.0), 1.0, F).Tangent.Item());
        Assert.Equal([4.0, 9], Vmap.Of(x => Gradient.Of(x, F), Tensor.From(2.0, 3)).ToDoubles());
    }

    private static Tensor Unrolled(Tensor w)
    {
        Tensor carry = Tensor.Scalar(0.5), sum = Tensor.Scalar(0.0);
        for (var i = 0; i < 3; i++)
        {
            carry = Tensor.Tanh(carry * w + Sequence[i]);
            sum += carry * carry;
        }
        return carry + sum;
    }
}
