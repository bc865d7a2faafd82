using Paramorph.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class ConvolutionTests
{
    /// <summary>A case: sizes of input, outputs, kernel, and how it slides.</summary>
    private sealed record Case(int Channels, int[] Sizes, int Outputs, int[] Kernel, int[] Stride, (int Low, int High)[] Padding, int[] Dilation, int Groups = 1);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["1d"] = new(2, [7], 3, [3], [1], [(0, 0)], [1]),
        ["1d strided, dilated, padded"] = new(2, [9], 4, [3], [2], [(2, 1)], [2]),
        ["2d"] = new(2, [5, 4], 3, [3, 2], [1, 1], [(0, 0), (0, 0)], [1, 1]),
        ["2d strided in groups"] = new(4, [5, 6], 6, [3, 3], [2, 1], [(1, 1), (0, 2)], [1, 2], 2),
        ["2d depthwise"] = new(3, [4, 5], 3, [3, 3], [1, 1], [(1, 1), (1, 1)], [1, 1], 3),
        ["3d"] = new(2, [3, 4, 3], 2, [2, 3, 2], [1, 2, 1], [(1, 0), (1, 1), (0, 0)], [1, 1, 2]),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_convolution_sums_the_kernel_over_each_place(string name)
    {
        var c = Cases[name];
        var layer = Layer(c, PaddingMode.Zero, Padding.Of(c.Padding));
        var x = Numbers([2, c.Channels, .. c.Sizes]);
        Agree(Convolved(c, layer, x, isPeriodic: false), layer, x, (m, x) => m.Call(x));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_circular_convolution_goes_on_at_the_other_end(string name)
    {
        var c = Cases[name];
        var layer = Layer(c, PaddingMode.Circular, Padding.Of(c.Padding));
        var x = Numbers([2, c.Channels, .. c.Sizes]);
        Agree(Convolved(c, layer, x, isPeriodic: true), layer, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void A_circular_convolution_of_the_same_size_commutes_with_shifts()
    {
        var layer = Convolution.Create(Key.Of(1), 2, 3, [3, 5], paddingMode: PaddingMode.Circular, type: ElementType.Float64);
        var x = Numbers(2, 6, 7);
        Expect.Close(layer.Call(x).Roll(2, 1).Roll(3, 2), layer.Call(x.Roll(2, 1).Roll(3, 2)), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_transposed_convolution_spreads_each_element_by_the_kernel(string name)
    {
        var c = Cases[name];
        // The convolution's input sizes are the result's; its weights [outputs, channels / groups, kernel...] take outputs and give channels.
        var options = new ConvolutionOptions { Stride = [.. c.Stride], Padding = Padding.Of(c.Padding), Dilation = [.. c.Dilation], Groups = c.Groups };
        var layer = new ConvolutionTransposed(Numbers([c.Outputs, c.Channels / c.Groups, .. c.Kernel]), Numbers(c.Channels), options);
        var small = Places(c);
        var x = Numbers([2, c.Outputs, .. small]);
        int[] sizes = [.. small.Select((n, a) => (n - 1) * c.Stride[a] - c.Padding[a].Low - c.Padding[a].High + c.Dilation[a] * (c.Kernel[a] - 1) + 1)];
        var (weight, input, bias) = (Elements(layer.Weight), Elements(x), Elements(layer.Bias!));
        var perGroup = (Outputs: c.Outputs / c.Groups, Channels: c.Channels / c.Groups);
        var result = new Dictionary<string, double>();
        foreach (var at in All([2, c.Outputs, .. small]))
        {
            foreach (var k in All([perGroup.Channels, .. c.Kernel]))
            {
                int[] to = [.. small.Select((_, a) => at[a + 2] * c.Stride[a] + k[a + 1] * c.Dilation[a] - c.Padding[a].Low)];
                var place = string.Join(",", [at[0], at[1] / perGroup.Outputs * perGroup.Channels + k[0], .. to]);
                result[place] = result.GetValueOrDefault(place) + input(at) * weight([at[1], .. k]);
            }
        }
        var expected = Fill([2, c.Channels, .. sizes], at => result.GetValueOrDefault(string.Join(",", at)) + bias([at[1]]));
        Agree(expected, layer, x, (m, x) => m.Call(x));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void The_adjoint_has_the_same_inner_products(int groups, int dilation)
    {
        var layer = Convolution.Create(Key.Of(1), 4, 6, [3, 3], new() { Padding = Padding.Same, Groups = groups, Dilation = [dilation] }, hasBias: false, type: ElementType.Float64);
        Tensor Random(int seed, int channels) => Sample.Normal(Key.Of(seed), [2, channels, 7, 5], ElementType.Float64).Evaluate();
        var (x, y) = (Random(2, 4), Random(3, 6));
        Expect.Close((layer.Call(x) * y).Sum(), (x * layer.Adjoint(y)).Sum(), 1e-10);
    }

    [Fact]
    public void A_stride_has_no_adjoint() =>
        Assert.Contains("stride 1", Assert.Throws<ShapeException>(() => Convolution.Create(Key.Of(1), 1, 2, [3], new() { Stride = [2] }).Adjoint(Tensor.Ones([2, 4]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Leading_axes_are_a_batch()
    {
        var layer = Convolution.Create(Key.Of(1), 2, 3, [3, 3], type: ElementType.Float64);
        var x = Numbers(2, 3, 2, 4, 5);
        var together = layer.Call(x);
        Assert.Equal("[2, 3, 3, 4, 5]", together.Shape.ToString());
        Expect.Close(layer.Call(x[1, 2]), together[1, 2], 1e-13);
    }

    [Fact]
    public void Same_padding_keeps_sizes_and_a_stride_divides_them()
    {
        Assert.Equal("[4, 9, 8]", Convolution.Create(Key.Of(1), 2, 4, [3, 4]).Call(Tensor.Ones([2, 9, 8])).Shape.ToString());
        var strided = Convolution.Create(Key.Of(1), 2, 4, [3, 3], new() { Stride = [2], Padding = Padding.Same }, PaddingMode.Circular);
        Assert.Equal("[4, 5, 4]", strided.Call(Tensor.Ones([2, 9, 8])).Shape.ToString());
    }

    [Fact]
    public void A_depthwise_convolution_has_one_kernel_a_channel()
    {
        var layer = Convolution.Depthwise(Key.Of(1), 6, [3, 3]);
        Assert.Equal("[6, 1, 3, 3]", layer.Weight.Shape.ToString());
        Assert.Equal("[6, 5, 5]", layer.Call(Tensor.Ones([6, 5, 5])).Shape.ToString());
    }

    [Fact]
    public void Other_channels_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Convolution.Create(Key.Of(1), 3, 4, [3, 3]).Call(Tensor.Ones([2, 9, 8])));
        Assert.Equal("convolution: f32[2, 9, 8] does not enter: the input must be [..., 3, n1, n2], 3 being its channels.", error.Message);
    }

    [Fact]
    public void Groups_that_do_not_divide_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Convolution.Create(Key.Of(1), 3, 4, [3], new() { Groups = 2 }));
        Assert.Equal("convolution: 3 channels and 4 outputs do not divide into 2 groups: all are 1 or more, and divide.", error.Message);
    }

    private static Convolution Layer(Case c, PaddingMode mode, Padding padding) => new(
        Numbers([c.Outputs, c.Channels / c.Groups, .. c.Kernel]), Numbers(c.Outputs),
        new() { Stride = [.. c.Stride], Padding = padding, Dilation = [.. c.Dilation], Groups = c.Groups }, mode);

    private static int[] Places(Case c) =>
        [.. c.Sizes.Select((n, a) => (n + c.Padding[a].Low + c.Padding[a].High - c.Dilation[a] * (c.Kernel[a] - 1) - 1) / c.Stride[a] + 1)];

    private static Tensor Convolved(Case c, Convolution layer, Tensor x, bool isPeriodic)
    {
        var (weight, input, bias) = (Elements(layer.Weight), Elements(x), Elements(layer.Bias!));
        var (outputs, channels) = (c.Outputs / c.Groups, c.Channels / c.Groups);
        return Fill([2, c.Outputs, .. Places(c)], at =>
        {
            var sum = bias([at[1]]);
            foreach (var k in All([channels, .. c.Kernel]))
            {
                int[] from = [.. c.Sizes.Select((_, a) => at[a + 2] * c.Stride[a] + k[a + 1] * c.Dilation[a] - c.Padding[a].Low)];
                if (isPeriodic) from = [.. from.Select((p, a) => (p % c.Sizes[a] + c.Sizes[a]) % c.Sizes[a])];
                if (from.Where((p, a) => p < 0 || p >= c.Sizes[a]).Any()) continue;
                sum += input([at[0], at[1] / outputs * channels + k[0], .. from]) * weight([at[1], .. k]);
            }
            return sum;
        });
    }
}
