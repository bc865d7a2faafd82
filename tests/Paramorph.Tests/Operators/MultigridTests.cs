using Paramorph.Layers;
using Paramorph.Operators;
using Paramorph.Tests.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Operators;

public class MultigridTests
{
    public static TheoryData<PaddingMode> Edges => [PaddingMode.Zero, PaddingMode.Circular, PaddingMode.Symmetric];

    [Theory]
    [MemberData(nameof(Edges))]
    public void A_cycle_is_the_sum_over_its_levels(PaddingMode edge)
    {
        var cycle = MultigridCycle.Create(Key.Of(1), 2, 3, [1, 2], [1], edge, type: ElementType.Float64);
        var f = Numbers(2, 2, 4, 6);
        Tensor Local(Convolution layer, Tensor x) => Tensor.Convolve(x.Pad(edge, [(1, 1), (1, 1)]), layer.Weight, layer.Options with { Padding = Padding.Valid });
        var u = Local(cycle.Before[0], f);
        var coarser = cycle.Coarser!;
        var g = Local(cycle.Restriction!, f - Local(cycle.Operator!, u));
        var v = Local(coarser.Before[0], g);
        v += Local(coarser.Before[1], g - Local(coarser.Operator!, v));
        // The transposed convolution of a grid with one place of its surroundings on each side, without what lies outside.
        u += Tensor.ConvolveTransposed(v.Pad(edge, [(1, 1), (1, 1)]), cycle.Prolongation!.Weight, new() { Stride = [2], Padding = 3 });
        u += Local(cycle.After[0], f - Local(cycle.Operator!, u));
        Agree(u, cycle, f, (c, x) => c.Call(x), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void A_cycle_equals_its_matrix(PaddingMode edge)
    {
        var cycle = MultigridCycle.Create(Key.Of(2), 1, 1, [2, 1, 1], [1, 0], edge, type: ElementType.Float64);
        // Row p is what the unit function of place p becomes.
        var matrix = cycle.Call(Tensor.Eye(64, ElementType.Float64).Reshape(64, 1, 8, 8)).Reshape(64, 64);
        var x = Numbers(3, 1, 8, 8);
        Expect.Close(x.Reshape(3, 64).Dot(matrix), cycle.Call(x).Reshape(3, 64), 1e-12);
    }

    [Fact]
    public void A_periodic_cycle_commutes_with_shifts_by_a_place_of_its_coarsest_grid()
    {
        var cycle = MultigridCycle.Create(Key.Of(3), 2, 2, [1, 1, 1], [1, 1], PaddingMode.Circular, type: ElementType.Float64);
        var x = Numbers(1, 2, 8, 12);
        Expect.Close(cycle.Call(x).Roll(4, -1).Roll(-4, -2), cycle.Call(x.Roll(4, -1).Roll(-4, -2)), 1e-12);
        Assert.True(Tensor.Square(cycle.Call(x).Roll(2, -1) - cycle.Call(x.Roll(2, -1))).Sum().Item() > 1e-6);
    }

    [Fact]
    public void A_cycle_that_pads_with_zeros_sees_a_function_that_vanishes_outside()
    {
        // On a grid with a frame of zeros the same cycle with periodic ends gives the same, as long as nothing has gone once round.
        var inner = MultigridCycle.Create(Key.Of(4), 1, 1, [1], type: ElementType.Float64);
        var framed = inner with { Before = [inner.Before[0] with { PaddingMode = PaddingMode.Circular }] };
        var x = Numbers(1, 1, 6, 6);
        Expect.Close(inner.Call(x), framed.Call(x.Pad(PaddingMode.Zero, [(1, 1), (1, 1)]))[.., .., 1..7, 1..7], 1e-12);
    }

    [Fact]
    public void Axes_of_odd_sizes_are_halved_upward()
    {
        var cycle = MultigridCycle.Create(Key.Of(5), 1, 2, [1, 1, 2]);
        Assert.Equal("[3, 2, 11, 7]", cycle.Call(Tensor.Ones([3, 1, 11, 7])).Shape.ToString());
    }

    [Fact]
    public void A_periodic_axis_of_odd_size_is_refused()
    {
        var cycle = MultigridCycle.Create(Key.Of(6), 1, 1, [1, 1], paddingMode: PaddingMode.Circular);
        var error = Assert.Throws<ShapeException>(() => cycle.Call(Tensor.Ones([1, 1, 8, 7])));
        Assert.Equal("multigrid cycle: f32[1, 1, 8, 7] is not halved: on a periodic grid each of its 2 spatial sizes must be even.", error.Message);
    }

    [Theory]
    [InlineData(PaddingMode.Zero, 0.6)]
    [InlineData(PaddingMode.Circular, 0.35)]
    public void With_the_weights_of_classical_multigrid_a_cycle_contracts_the_error_of_Poissons_equation(PaddingMode padding, double bound)
    {
        // Zeros lie one place outside on every level, so that of a coarser one not at the edge but half a place off: that costs some of the contraction.
        const int N = 32;
        var cycle = Classical(4, padding);
        var error = Numbers(1, 1, N, N);
        if (padding == PaddingMode.Circular) error = (error - error.Mean()).Evaluate();
        var improve = Compile.Of((Tensor e) => e - cycle.Call(cycle.Operator!.Call(e)));
        double Length(Tensor e) => Math.Sqrt(Tensor.Square(padding == PaddingMode.Circular ? e - e.Mean() : e).Sum().Item());
        for (var i = 0; i < 4; i++) error = improve(error);
        var next = improve(error);
        Assert.InRange(Length(next) / Length(error), 0, bound);
    }

    [Fact]
    public void A_network_of_cycles_applies_them_layer_by_layer()
    {
        var net = MultigridNeuralOperator.Create(Key.Of(7), 2, 1, width: 3, layers: 2, [1, 1], type: ElementType.Float64);
        var x = Numbers(2, 2, 4, 4);
        Tensor Everywhere(Convolution layer, Tensor t) => ChannelMix(t, layer.Weight.Reshape(layer.Weight.Shape[0], layer.Weight.Shape[1]));
        static Tensor ChannelMix(Tensor t, Tensor weight) => Tensor.Contract(t, weight, [1], [1]).MoveAxis(-1, 1);
        Tensor Bias(int layer, Tensor t) => Everywhere(net.Biases[layer], t) + net.Biases[layer].Bias!.Reshape(1, 3, 1, 1);
        var y = Tensor.Gelu(net.Cycles[0].Call(x) + Bias(0, x));
        y = Tensor.Gelu(net.Cycles[1].Call(y) + Bias(1, y));
        Agree(Everywhere(net.Output, y), net, x, (m, x) => m.Call(x), 1e-12);
    }

    /// <summary>The five-point formula, damped Jacobi steps, full weighting and bilinear interpolation on every level.</summary>
    private static MultigridCycle Classical(int levels, PaddingMode padding)
    {
        Convolution Kernel(double[] weights, int stride = 1) =>
            new(Tensor.From(weights, [1, 1, 3, 3]), null, new() { Stride = [stride], Padding = 1 }, padding);
        // Each level has twice the spacing: h^2 of the residual grows by 4 while the formula stays.
        var restriction = Kernel([.. new double[] { 1, 2, 1, 2, 4, 2, 1, 2, 1 }.Select(w => w / 4)], stride: 2);
        var jacobi = Kernel([0, 0, 0, 0, 0.8 / 4, 0, 0, 0, 0]);
        double[] line = [0.5, 1, 0.5, 0];
        double[] bilinear = [.. line.SelectMany(a => line.Select(b => a * b))];
        var prolongation = new ConvolutionTransposed(
            Tensor.From(bilinear, [1, 1, 4, 4]), null, new() { Stride = [2], Padding = padding == PaddingMode.Zero ? 1 : 3 });
        var operation = Kernel([0, -1, 0, -1, 4, -1, 0, -1, 0]);
        return levels == 1
            ? new(operation, [jacobi, jacobi], null, null, null, [])
            : new(operation, [jacobi, jacobi], restriction, Classical(levels - 1, padding), prolongation, [jacobi, jacobi]);
    }
}
