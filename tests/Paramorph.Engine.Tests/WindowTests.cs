using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

public class WindowTests
{
    [Fact]
    public void A_window_over_everything_is_a_reduction()
    {
        var x = Case.Numbers([2, 3, 4]);
        Expect.Close(x.Mean(1, 2), x.AveragePool([3, 4]).Squeeze(1, 2), 1e-14);
        Expect.Close(x.Max(1, 2), x.MaxPool([3, 4]).Squeeze(1, 2), 0);
        Expect.Close(x.Min(1, 2), x.MinPool([3, 4]).Squeeze(1, 2), 0);
        Expect.Close(x.Sum(1, 2), x.SumPool([3, 4]).Squeeze(1, 2), 1e-14);
    }

    [Fact]
    public void The_first_of_equal_elements_gets_the_derivative()
    {
        var x = Tensor.From(1.0, 2.0, 2.0, 1.0);
        Assert.Equal([0, 1, 0, 0], Gradient.Of(x, v => v.MaxPool([4]).Sum()).ToDoubles());
        Assert.Equal([1, 0, 0, 0], Gradient.Of(x, v => v.MinPool([4]).Sum()).ToDoubles());
    }

    [Fact]
    public void An_element_gets_the_derivatives_of_all_windows_whose_extreme_it_is() =>
        Assert.Equal([1, 2, 0, 2], Gradient.Of(Tensor.From(0.0, 9.0, 1.0, 2.0), x => x.MaxPool([2], [1], 1).Sum()).ToDoubles());

    [Fact]
    public void Extremes_stand_where_the_indices_say()
    {
        Tensor x = Case.Numbers([2, 5, 4]), flat = x.Reshape(2, 20);
        Expect.Close(x.MaxPool([3, 2], [1], 1), flat.TakeAlong(x.ArgMaxPool([3, 2], [1], 1).Reshape(2, -1), 1).Reshape(2, 5, 5), 0);
        Expect.Close(x.MinPool([3, 2], [1], 1), flat.TakeAlong(x.ArgMinPool([3, 2], [1], 1).Reshape(2, -1), 1).Reshape(2, 5, 5), 0);
    }

    [Fact]
    public void Transposes_are_exact_for_all_geometries()
    {
        var random = new Random(4);
        for (var trial = 0; trial < 60; trial++)
        {
            var window = new Window([0], [random.Next(1, 4)], [random.Next(1, 5)], [random.Next(-2, 4)], [random.Next(-2, 4)], [random.Next(1, 3)]);
            Tensor Sum(Tensor v) => Tensor.Bind(new WindowReduce(ReductionKind.Sum, window), v)[0];
            var x = Case.Numbers([random.Next(9, 14)], seed: trial);
            var c = Case.Numbers(Sum(x).Shape, seed: trial + 100);
            var gradient = Gradient.Of(x, v => (Sum(v) * c).Sum());
            Assert.Equal((Sum(x) * c).Sum().Item(), (gradient * x).Sum().Item(), 1e-12);
        }
    }

    [Fact]
    public void NaN_is_an_extreme_of_every_window_that_holds_it()
    {
        var x = Tensor.From(1, double.NaN, 3, 4);
        Assert.Equal([double.NaN, double.NaN, 4], x.MaxPool([2], [1]).ToDoubles());
        Assert.Equal([double.NaN, double.NaN, 3], x.MinPool([2], [1]).ToDoubles());
        Assert.Equal([1, 1, 3], Tensor.Bind(new WindowArgReduce(true, new([0], [2], [1], [0], [0], [1])), x)[0].ToDoubles());
    }

    [Fact]
    public void Integers_have_extremes_and_sums()
    {
        var x = Tensor.From(3, -5, 7, 2);
        Assert.Equal([3, 7, 2], x.MaxPool([2], padding: 1).ToDoubles());
        Assert.Equal([3, -5, 2], x.MinPool([2], padding: 1).ToDoubles());
        Assert.Equal([3, 2, 2], x.SumPool([2], padding: 1).ToDoubles());
        Assert.Equal(Tensor.From(-1f, 4.5f).ToArray<float>(), x.AveragePool([2]).ToArray<float>());
    }

    [Theory]
    [InlineData(ReductionKind.Any, new[] { true, true, false })]
    [InlineData(ReductionKind.All, new[] { true, false, false })]
    public void Booleans_are_joined(ReductionKind kind, bool[] expected)
    {
        var y = Tensor.Bind(new WindowReduce(kind, new([0], [2], [1], [0], [0], [1])), Tensor.From(true, true, false, false))[0];
        Assert.Equal(expected, y.ToArray<bool>());
    }

    [Fact]
    public void Products_have_values_but_no_derivative()
    {
        var window = new WindowReduce(ReductionKind.Product, new([0], [2], [1], [1], [0], [1]));
        Assert.Equal([2, 6, 12], Tensor.Bind(window, Tensor.From(2.0, 3.0, 4.0))[0].ToDoubles());
        Assert.Throws<TransformException>(() => Gradient.Of(Tensor.From(2.0, 3.0), x => Tensor.Bind(window, x)[0].Sum()));
    }

    [Fact]
    public void A_convolution_is_a_product_with_patches()
    {
        Tensor x = Case.Numbers([2, 3, 5, 4]), w = Case.Numbers([4, 3, 2, 3], seed: 1);
        var patches = x.Unfold([2, 3], [2, 1], 1).Reshape(2, 3 * 2 * 3, -1);
        var expected = Tensor.Convolve(x, w, new() { Stride = [2, 1], Padding = 1 });
        Expect.Close(expected, Tensor.MatMul(w.Reshape(4, -1), patches).ReshapeTo(expected.Shape), 1e-14);
    }

    [Fact]
    public void Folding_patches_counts_how_often_an_element_is_held() =>
        Assert.Equal([1, 2, 3, 2, 1], Tensor.Ones([5]).Unfold([3]).Fold([5], [3]).ToDoubles());

    [Fact]
    public void Patches_keep_infinities_apart() =>
        Assert.Equal([1, double.PositiveInfinity, double.PositiveInfinity, 2], Tensor.From(1, double.PositiveInfinity, 2).Unfold([2]).T.ToDoubles());

    [Fact]
    public void Without_elements_there_are_empty_results_and_gradients()
    {
        var x = Tensor.Zeros([0, 4]);
        Assert.Equal([0, 2], x.MaxPool([2]).Evaluate().Shape);
        Assert.Equal([0, 4], Gradient.Of(x, v => v.MaxPool([2]).Sum() + v.AveragePool([2]).Sum()).Evaluate().Shape);
        Assert.Equal([0, 2, 3], x.Unfold([2]).Evaluate().Shape);
    }

    [Fact]
    public void Mistakes_are_told_in_one_sentence()
    {
        var x = Tensor.Ones([2, 4]);
        ErrorExpect.Sentence<ShapeException>(() => x.MaxPool([5]), "window_max", "spans 5", "axis 1 of f32[2, 4]");
        ErrorExpect.Sentence<ShapeException>(() => x.MaxPool([2], [1], 2), "window_max", "window 0 along axis 1", "nothing but padding");
        ErrorExpect.Sentence<ShapeException>(() => x.MaxPool([]), "max_pool", "f32[2, 4]");
        ErrorExpect.Sentence<ShapeException>(() => x.MaxPool([1, 1, 1]), "max_pool", "3 axes");
        ErrorExpect.Sentence<ShapeException>(() => x.AveragePool([0]), "average_pool", "window 0");
        ErrorExpect.Sentence<ShapeException>(() => x.AveragePool([2], [1, 1]), "average_pool", "stride");
        ErrorExpect.Sentence<ShapeException>(() => x.Unfold([9]), "unfold", "spans 9");
        ErrorExpect.Sentence<ShapeException>(() => x.Fold([4], [2]), "fold", "f32[2, 4]", "f32[2, 3]");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Ones([3]).Fold([4], [2]), "fold", "[..., window..., places...]");
        ErrorExpect.Sentence<ElementTypeException>(() => x.AsType(ElementType.Int32).Fold([4], [2]), "fold", "i32[2, 4]");
        ErrorExpect.Sentence<ElementTypeException>(() => x.AsType(ElementType.Complex64).MaxPool([2]), "window_max", "c64[2, 4]");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Bind(new WindowReduce(ReductionKind.Sum, new([1, 0], [1, 1], [1, 1], [0, 0], [0, 0], [1, 1])), x), "window_sum", "increasing");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Bind(new WindowReduce(ReductionKind.Sum, new([1], [1], [], [0], [0], [1])), x), "window_sum", "strides=[]");
    }
}
