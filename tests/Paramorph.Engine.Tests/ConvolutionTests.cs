using Paramorph.Primitives;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

public class ConvolutionTests
{
    [Theory]
    [InlineData(ElementType.Int8, ElementType.Int32, 127)]
    [InlineData(ElementType.UInt8, ElementType.Int32, 255)]
    [InlineData(ElementType.Int32, ElementType.Int32, 3)]
    [InlineData(ElementType.Int64, ElementType.Int64, 3)]
    public void Products_of_8_bit_integers_are_summed_in_32_bits(ElementType type, ElementType expected, int value)
    {
        var y = Tensor.Convolve(Tensor.Full([1, 100, 2], value, type), Tensor.Full([1, 100, 1], value, type));
        Assert.Equal(new TensorType(expected, [1, 1, 2]), y.Type);
        Assert.Equal([100.0 * value * value, 100.0 * value * value], y.ToDoubles());
    }

    [Fact]
    public void Single_precision_stays_single() =>
        Assert.Equal(ElementType.Float32, Tensor.Convolve(Tensor.Ones([1, 1, 3]), Tensor.Ones([1, 1, 2])).ElementType);

    [Fact]
    public void A_kernel_of_one_element_is_a_product_of_matrices()
    {
        Tensor x = Case.Numbers([2, 3, 4]), w = Case.Numbers([5, 3, 1], seed: 1);
        Expect.Close(Tensor.MatMul(w.Squeeze(2), x), Tensor.Convolve(x, w), 1e-14);
    }

    [Fact]
    public void Groups_are_convolutions_side_by_side()
    {
        Tensor x = Case.Numbers([2, 6, 5, 4]), w = Case.Numbers([9, 2, 2, 3], seed: 1);
        var apart = Tensor.Concatenate([.. x.Split(3, 1).Zip(w.Split(3), (a, b) => Tensor.Convolve(a, b))], 1);
        Expect.Close(apart, Tensor.Convolve(x, w, new() { Groups = 3 }), 1e-14);
    }

    [Fact]
    public void Same_padding_gives_the_size_over_the_stride_rounded_up()
    {
        foreach (var at in Plain.Places(6, 4, 3, 3))
        {
            var (size, kernel, stride, dilation) = (at[0] + 1, at[1] + 1, at[2] + 1, at[3] + 1);
            var y = Tensor.Convolve(Tensor.Ones([1, 1, size]), Tensor.Ones([1, 1, kernel]), new() { Stride = [stride], Padding = Padding.Same, Dilation = [dilation] });
            Assert.Equal((size + stride - 1) / stride, y.Shape[2]);
        }
    }

    [Fact]
    public void Transposed_with_same_padding_gives_the_size_times_the_stride()
    {
        foreach (var at in Plain.Places(4, 4, 4, 3))
        {
            var (size, kernel, stride, dilation) = (at[0] + 1, at[1] + 1, at[2] + 1, at[3] + 1);
            var options = new ConvolutionOptions { Stride = [stride], Padding = Padding.Same, Dilation = [dilation] };
            var y = Tensor.ConvolveTransposed(Tensor.Ones([1, 1, size]), Tensor.Ones([1, 1, kernel]), options);
            Assert.Equal(size * stride, y.Shape[2]);
        }
    }

    [Fact]
    public void The_transposed_convolution_is_the_transpose()
    {
        Tensor w = Case.Numbers([4, 3, 3, 2], seed: 1), x = Case.Numbers([2, 6, 7, 6]), y = Case.Numbers([2, 4, 3, 5], seed: 2);
        var options = new ConvolutionOptions { Stride = [3, 1], Padding = Padding.Of((1, 1), (0, 1)), Dilation = [1, 2], Groups = 2 };
        var forward = Tensor.Convolve(x, w, options);
        Assert.Equal(y.Shape, forward.Shape);
        // 7 with padding is 9, of which a kernel of 3 by 3 reaches all: nothing is left over; the second axis has stride 1.
        var backward = Tensor.ConvolveTransposed(y, w, options);
        Assert.Equal(x.Shape, backward.Shape);
        Assert.Equal((forward * y).Sum().Item(), (x * backward).Sum().Item(), 1e-12);
    }

    [Fact]
    public void Transposes_are_exact_for_all_geometries()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 60; trial++)
        {
            var groups = random.Next(1, 4);
            var convolution = new Convolution(
                [random.Next(1, 4)], [random.Next(-1, 4)], [random.Next(-1, 4)], [random.Next(1, 4)], [random.Next(1, 3)], groups);
            Tensor x = Case.Numbers([2, 2 * groups, random.Next(4, 8)], seed: trial), w = Case.Numbers([groups, 2, random.Next(1, 3)], seed: trial + 100);
            var y = Tensor.Bind(convolution, x, w)[0];
            var c = Case.Numbers(y.Shape, seed: trial + 200);
            var gradient = Gradient.Of(x, w, (a, b) => (Tensor.Bind(convolution, a, b)[0] * c).Sum());
            // Of a bilinear form, both partial derivatives times their argument are the form itself.
            var form = (y * c).Sum().Item();
            Assert.Equal(form, (gradient.First * x).Sum().Item(), 1e-12);
            Assert.Equal(form, (gradient.Second * w).Sum().Item(), 1e-12);
            var (dx, dw) = (Case.Numbers(x.Shape, seed: trial + 300), Case.Numbers(w.Shape, seed: trial + 400));
            Assert.Equal((Tensor.Bind(convolution, dx, w)[0] * c).Sum().Item(), (gradient.First * dx).Sum().Item(), 1e-12);
            Assert.Equal((Tensor.Bind(convolution, x, dw)[0] * c).Sum().Item(), (gradient.Second * dw).Sum().Item(), 1e-12);
        }
    }

    [Fact]
    public void Gradients_of_single_examples_agree_with_a_loop()
    {
        Tensor x = Case.Numbers([3, 1, 4, 5]), w = Case.Numbers([2, 2, 2], seed: 1);
        Tensor Loss(Tensor one, Tensor weights) =>
            Tensor.Square(Tensor.Convolve(one, weights, new() { Stride = [2], Padding = 1, Groups = 2 })).Sum();
        var together = Vmap.Of(one => Gradient.Of(w, v => Loss(one, v)), x);
        Expect.Close(Tensor.Stack([.. Enumerable.Range(0, 3).Select(i => Gradient.Of(w, v => Loss(x[i], v)))]), together, 1e-13);
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result_and_zero_gradients()
    {
        Tensor x = Tensor.Zeros([0, 2, 4]), w = Tensor.Ones([3, 2, 2]);
        Assert.Equal([0, 3, 3], Tensor.Convolve(x, w).Evaluate().Shape);
        var gradient = Gradient.Of(x, w, (a, b) => Tensor.Convolve(a, b).Sum());
        Assert.Equal([0, 2, 4], gradient.First.Shape);
        Assert.All(gradient.Second.ToDoubles(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void The_cost_counts_multiplications_and_additions()
    {
        var y = Tensor.Convolve(Tensor.Ones([2, 4, 6]), Tensor.Ones([8, 2, 3]), new() { Groups = 2 });
        Assert.Equal(2L * (2 * 3) * (2 * 8 * 4), y.Source!.Cost().Flops);
    }

    [Fact]
    public void Mistakes_are_told_in_one_sentence()
    {
        Tensor x = Tensor.Ones([1, 3, 8]), w = Tensor.Ones([4, 3, 3]);
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, Tensor.Ones([4, 2, 3])), "convolution", "3 channels", "f32[4, 2, 3]");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, Tensor.Ones([4, 1, 3]), new() { Groups = 3 }), "convolution", "4 outputs", "3 groups");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, Tensor.Ones([4, 3, 9])), "convolution", "axis 2", "spans 9", "has 8");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, Tensor.Ones([4, 3, 0])), "convolution", "axis 2", "a kernel has elements");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, Tensor.Ones([4, 3])), "convolve", "one to three spatial axes");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, w, new() { Stride = [1, 2] }), "convolve", "stride", "2 numbers for 1 axes");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, w, new() { Stride = [0] }), "convolve", "stride 0");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, w, new() { Groups = 0 }), "convolution", "1 or more");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Convolve(x, w, new() { Padding = Padding.Of((1, 1), (2, 2)) }), "convolve", "2 pairs");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.ConvolveTransposed(x, w), "convolve_transposed", "3 channels", "take 4");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.ConvolveTransposed(Tensor.Ones([1, 4, 8]), w, null, [1, 2]), "convolve_transposed", "output padding");
        ErrorExpect.Sentence<ElementTypeException>(() => Tensor.Convolve(x, w.AsType(ElementType.Float64)), "convolve", "f32 and f64");
        ErrorExpect.Sentence<ElementTypeException>(
            () => Tensor.Convolve(x.AsType(ElementType.Bool), w.AsType(ElementType.Bool)), "convolution", "one numeric element type");
    }
}
