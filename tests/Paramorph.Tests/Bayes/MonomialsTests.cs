using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Tests.Methods;

namespace Paramorph.Tests.Bayes;

public sealed class MonomialsTests
{
    private static readonly Tensor points = Tensor.From(new[,] { { 2.0, 3, 5 }, { -1, 0.5, 2 } });

    [Fact]
    public void All_products_up_to_a_degree_appear_once()
    {
        Assert.Equal([2.0, 3, 5, 4, 6, 10, 9, 15, 25], Monomials.Of(3, 2, 2).Call(points)[0].ToDoubles());
        // Binomials: (3 + 4 over 4) less the constant.
        Assert.Equal(34, Monomials.Of(3, 4, 4).Factors.Shape[0]);
    }

    [Fact]
    public void Products_may_be_of_few_different_columns() => Assert.Equal([2.0, 3, 5, 4, 9, 25, 8, 27, 125], Monomials.Of(3, 3, 1).Call(points)[0].ToDoubles());

    [Fact]
    public void Columns_of_two_values_have_no_powers() => Assert.Equal([2.0, 3, 5, 6, 10, 9, 15, 25], Monomials.Of(3, 2, 2, [true, false, false]).Call(points)[0].ToDoubles());

    [Fact]
    public void The_degree_falls_before_products_are_too_many() => Assert.Equal(2, Monomials.Of(40, 5, 3).Factors.Shape[1]);

    [Fact]
    public void A_polynomial_is_found_exactly()
    {
        var x = Sample.Uniform(Key.Of(1), [60, 2], -1.0, 1.0, ElementType.Float64).Evaluate();
        var features = Monomials.Of(2, 3, 2).Call(x);
        var y = x[.., 0] * x[.., 1] * x[.., 1] - 2.0 * x[.., 0];
        var weights = LinearAlgebra.LeastSquares(features, y.ExpandDims(1));
        Assert.True(Tensor.Abs(features.Dot(weights).Squeeze(1) - y).Max().Item() < 1e-10);
    }

    [Fact]
    public void Inflation_of_two_features_follows_from_their_correlation()
    {
        var first = Sample.Normal(Key.Of(1), [500], ElementType.Float64).Evaluate();
        var second = 0.8 * first + 0.6 * Sample.Normal(Key.Of(2), [500], ElementType.Float64);
        var (a, b) = (first - first.Mean(), second - second.Mean());
        var square = (Tensor.Square((a * b).Sum()) / (Tensor.Square(a).Sum() * Tensor.Square(b).Sum())).Item();
        Assert.All(VarianceInflation.Of(Tensor.Stack([first, second, Tensor.Ones([500], ElementType.Float64)], 1)).ToDoubles(), value => Assert.Equal(1 / (1 - square), value, 6));
    }

    [Fact]
    public void Inflation_of_a_sum_of_the_others_has_no_bound()
    {
        var x = Sample.Normal(Key.Of(1), [100, 2], ElementType.Float64).Evaluate();
        Assert.True(VarianceInflation.Of(Tensor.Concatenate([x, x.Sum(1).ExpandDims(1)], 1)).Min().Item() > 1e6);
    }
}
