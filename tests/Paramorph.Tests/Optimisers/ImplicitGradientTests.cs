using Paramorph.Optimisers;

namespace Paramorph.Tests.Optimisers;

/// <summary>On ridge regression with a decay for each weight, whose minimiser is in closed form.</summary>
public sealed class ImplicitGradientTests
{
    private const int Rows = 12, Weights = 4;

    private static readonly Tensor x = Sample.Normal(Key.Of(1), [Rows, Weights], ElementType.Float64).Evaluate(), y = Sample.Normal(Key.Of(2), [Rows], ElementType.Float64).Evaluate();
    private static readonly Tensor other = Sample.Normal(Key.Of(3), [Rows, Weights], ElementType.Float64).Evaluate(), answers = Sample.Normal(Key.Of(4), [Rows], ElementType.Float64).Evaluate();
    private static readonly Tensor logarithms = Tensor.From(-1.0, 0.5, 0.2, -0.3);

    [Fact]
    public void With_many_terms_it_is_the_derivative_of_the_loss_of_the_minimiser()
    {
        const double Step = 1e-5;
        var gradient = ImplicitGradient.Of(Minimiser(logarithms), logarithms, Training, Validation, terms: 400, rate: 0.2).ToDoubles();
        for (var i = 0; i < Weights; i++)
        {
            var direction = Step * Tensor.Equal(Tensor.Arange(Weights), i).AsType(ElementType.Float64);
            var expected = (Validation(Minimiser(logarithms + direction)).Item() - Validation(Minimiser(logarithms - direction)).Item()) / (2 * Step);
            Assert.Equal(expected, gradient[i], 7);
        }
        Assert.Contains(gradient, value => Math.Abs(value) > 1e-3);
    }

    [Fact]
    public void Fewer_terms_are_the_sum_cut_off()
    {
        var (w, hessian) = (Minimiser(logarithms), Hessian(logarithms));
        var v = Gradient.Of(w, Validation);
        var identity = Tensor.Eye(Weights, ElementType.Float64);
        var sum = identity + (identity - 0.2 * hessian) + Tensor.MatMul(identity - 0.2 * hessian, identity - 0.2 * hessian);
        // The derivative of the training gradient in a logarithm is the decay times the weight.
        var expected = -0.2 * Tensor.MatMul(sum, v.ExpandDims(-1)).Squeeze(-1) * Tensor.Exp(logarithms) * w;
        Numbers.Close(expected.ToDoubles(), ImplicitGradient.Of(w, logarithms, Training, Validation, terms: 2, rate: 0.2).ToDoubles(), 1e-12);
    }

    [Fact]
    public void The_exact_gradient_is_that_of_the_closed_form()
    {
        var w = Minimiser(logarithms);
        var (gradient, curvature) = ImplicitGradient.Exact(w, logarithms, Training, Validation);
        var solved = LinearAlgebra.Solve(Hessian(logarithms), Gradient.Of(w, Validation).ExpandDims(-1)).Squeeze(-1);
        Numbers.Close((-solved * Tensor.Exp(logarithms) * w).ToDoubles(), gradient.ToDoubles(), 1e-12);
        Assert.Equal(LinearAlgebra.Eigh(Hessian(logarithms)).Values.ToDoubles()[^1], curvature, 1e-12);
    }

    private static Tensor Training(Tensor w, Tensor logarithms) => 0.5 * Tensor.Square(x.Dot(w) - y).Mean() + 0.5 * (Tensor.Exp(logarithms) * Tensor.Square(w)).Sum();

    private static Tensor Validation(Tensor w) => 0.5 * Tensor.Square(other.Dot(w) - answers).Mean();

    private static Tensor Hessian(Tensor logarithms) => Tensor.MatMul(x.T, x) / Rows + Tensor.Exp(logarithms).ExpandDims(-1) * Tensor.Eye(Weights, ElementType.Float64);

    private static Tensor Minimiser(Tensor logarithms) => LinearAlgebra.Solve(Hessian(logarithms), Tensor.MatMul(x.T, y.ExpandDims(-1)) / Rows).Squeeze(-1).Evaluate();
}
