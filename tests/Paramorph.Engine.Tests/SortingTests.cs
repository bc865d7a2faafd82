using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

public class SortingTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void NaN_is_above_all_numbers()
    {
        var x = Tensor.From(2, NaN, -Infinity, Infinity, NaN, 1);
        Assert.Equal([-Infinity, 1, 2, Infinity, NaN, NaN], x.Sort().ToDoubles());
        Assert.Equal([NaN, NaN, Infinity, 2, 1, -Infinity], x.Sort(isDescending: true).ToDoubles());
        var (values, indices) = x.TopK(1);
        Assert.Equal(x.Max().Item(), values[0].Item());
        Assert.Equal(x.ArgMax(0).Item(), indices[0].Item());
        Assert.Equal([2, 5, 0, 3, 1, 4], x.ArgSort().ToDoubles());
    }

    [Fact]
    public void Equal_elements_keep_their_order_in_both_directions()
    {
        var x = Tensor.From(1, 0, 1, 0, 1);
        Assert.Equal([1, 3, 0, 2, 4], x.ArgSort().ToDoubles());
        Assert.Equal([0, 2, 4, 1, 3], x.ArgSort(isDescending: true).ToDoubles());
        Assert.Equal([1, 0, 2], Tensor.From(0.0, -1.0, -0.0).ArgSort().ToDoubles());
    }

    [Fact]
    public void Integers_and_booleans_are_ordered()
    {
        Assert.Equal([long.MinValue, -1, long.MaxValue - 1, long.MaxValue], Tensor.From(long.MaxValue, -1, long.MinValue, long.MaxValue - 1).Sort().ToArray<long>());
        Assert.Equal([true, true, false], Tensor.From(true, false, true).Sort(isDescending: true).ToArray<bool>());
    }

    [Fact]
    public void Indices_reproduce_the_order()
    {
        var x = Case.Numbers([3, 4, 2]);
        for (var axis = 0; axis < 3; axis++) Expect.Close(x.Sort(axis), x.TakeAlong(x.ArgSort(axis), axis), 0);
    }

    [Fact]
    public void Later_keys_decide_ties_of_earlier_ones()
    {
        var sorted = Tensor.SortBy([Tensor.From(1, 0, 1, 0), Tensor.From(5.0, 4.0, 3.0, 6.0), Tensor.From(0, 1, 2, 3)], 2);
        Assert.Equal([0, 0, 1, 1], sorted[0].ToDoubles());
        Assert.Equal([4, 6, 3, 5], sorted[1].ToDoubles());
        Assert.Equal([1, 3, 2, 0], sorted[2].ToDoubles());
    }

    [Fact]
    public void The_largest_are_chosen_once_and_NaN_before_numbers()
    {
        var (values, indices) = Tensor.From(NaN, 3, 5, 5, 1).TopK(5);
        Assert.Equal([NaN, 5, 5, 3, 1], values.ToDoubles());
        Assert.Equal([0, 2, 3, 1, 4], indices.ToDoubles());
        Assert.Equal(ElementType.Int32, indices.ElementType);
        Assert.Equal([2, 0], Tensor.Ones([2, 3]).TopK(0).Values.Evaluate().Shape);
    }

    [Fact]
    public void The_derivative_goes_back_to_where_elements_came_from()
    {
        var x = Tensor.From(3.0, 1.0, 2.0);
        Assert.Equal([30, 10, 20], Gradient.Of(x, v => (v.Sort() * Tensor.From(10.0, 20.0, 30.0)).Sum()).ToDoubles());
        Assert.Equal([1, 0, 2], Gradient.Of(x, v => (v.TopK(2).Values * Tensor.From(1.0, 2.0)).Sum()).ToDoubles());
        Assert.Equal([0, 0, 1], Gradient.Of(x, v => v.Median()).ToDoubles());
    }

    [Fact]
    public void Quantiles_of_a_line_with_NaN_are_NaN()
    {
        var x = Tensor.From([1, NaN, 3, 1, 2, 3], [2, 3]);
        Assert.Equal([NaN, 2], x.Median().ToDoubles());
        Assert.Equal([NaN, 1], x.Quantile(0).ToDoubles());
        Assert.Equal(2.5, Tensor.From(1, 2, 3, 4).Median().Item());
        Assert.Equal(7, Tensor.From(7.0).Quantile(0.3).Item());
    }

    [Fact]
    public void Quantiles_hold_between_infinities() =>
        Assert.Equal([-Infinity, 1, Infinity], Tensor.From(-Infinity, 1, Infinity).Quantiles([0, 0.5, 1]).ToDoubles());

    [Fact]
    public void Nothing_is_in_order()
    {
        Assert.Equal([2, 0], Tensor.Ones([2, 0]).Sort().Evaluate().Shape);
        Assert.Equal([0, 3], Tensor.Ones([0, 3]).ArgSort().Evaluate().Shape);
    }

    [Fact]
    public void Mistakes_are_told_in_one_sentence()
    {
        Tensor x = Tensor.Ones([2, 3]), z = x.AsType(ElementType.Complex64);
        ErrorExpect.Sentence<ElementTypeException>(() => z.Sort(), "sort", "c64[2, 3]");
        ErrorExpect.Sentence<ElementTypeException>(() => z.TopK(1), "top_k", "c64[2, 3]");
        ErrorExpect.Sentence<ShapeException>(() => x.Sort(2), "sort", "axis 2");
        ErrorExpect.Sentence<ShapeException>(() => x.SortBy(Tensor.Ones([3])), "sort", "f32[3]", "f32[2, 3]");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.SortBy([x], 2), "sort", "2 keys of 1 operands");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.SortBy([x], 0), "sort", "0 keys");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.SortBy([], 1), "sort", "nothing");
        ErrorExpect.Sentence<ShapeException>(() => x.TopK(4), "top_k", "f32[2, 3]", "4 elements");
        ErrorExpect.Sentence<ShapeException>(() => x.Quantile(1.5), "quantile", "1.5");
        ErrorExpect.Sentence<ShapeException>(() => x.Quantile(NaN), "quantile", "NaN");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Ones([0]).Median(), "quantile", "f32[0]");
    }
}
