using Paramorph.Layers;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class ChannelGroupTests
{
    private static readonly Sequential network = new(
    [
        Convolution.Create(Key.Of(1), 2, 6, [3, 3], type: ElementType.Float64), new Elementwise(Activation.Relu),
        Convolution.Create(Key.Of(2), 6, 5, [3, 3], type: ElementType.Float64), new Elementwise(Activation.Relu), new GlobalPooling(2),
        Linear.Create(Key.Of(3), 5, 3, bias: Initialiser.Normal(1), type: ElementType.Float64),
    ]);

    private static readonly ChannelGroup first = new([new("layers[0].weight", 0), new("layers[0].bias", 0), new("layers[2].weight", 1, IsInput: true)]);
    private static readonly ChannelGroup second = new([new("layers[2].weight", 0), new("layers[2].bias", 0), new("layers[5].weight", 0, IsInput: true)]);
    private static readonly Tensor images = Sample.Normal(Key.Of(4), [3, 2, 5, 5], ElementType.Float64).Evaluate();

    [Fact]
    public void Channels_in_another_order_leave_the_function_as_it_is()
    {
        var ordered = second.Take(first.Take(network, [3, 1, 5, 0, 2, 4]), [4, 3, 1, 0, 2]);
        Expect.Close(network.Call(images), ordered.Call(images), 1e-13);
    }

    [Fact]
    public void Channels_in_smooth_order_leave_the_function_as_it_is()
    {
        var ordered = first.Take(network, first.SmoothOrder(network));
        Expect.Close(network.Call(images), ordered.Call(images), 1e-13);
    }

    [Fact]
    public void The_smooth_order_has_no_more_variation_than_the_present_one()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            TreeList<Tensor> points = [Sample.Normal(Key.Of(seed), [9, 2], ElementType.Float64).Evaluate()];
            var group = new ChannelGroup([new("[0]", 0)]);
            Assert.InRange(group.TotalVariation(group.Take(points, group.SmoothOrder(points))), 0, group.TotalVariation(points));
        }
    }

    [Fact]
    public void The_smooth_order_is_nearly_the_best_of_all_orders()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            TreeList<Tensor> points = [Sample.Normal(Key.Of(seed), [7, 2], ElementType.Float64).Evaluate()];
            var group = new ChannelGroup([new("[0]", 0)]);
            var best = Orders([0, 1, 2, 3, 4, 5, 6]).Min(order => Variation(points[0], order));
            Assert.InRange(group.TotalVariation(group.Take(points, group.SmoothOrder(points))), best - 1e-12, 1.02 * best);
        }
    }

    [Fact]
    public void Points_of_a_line_come_in_their_order()
    {
        TreeList<Tensor> points = [Tensor.From(0.7, 0.1, 0.9, 0.3, 0.0, 0.5)];
        var group = new ChannelGroup([new("[0]", 0)]);
        var order = group.SmoothOrder(points);
        Assert.Equal(0.9, group.TotalVariation(group.Take(points, order)), 12);
    }

    [Fact]
    public void Variation_is_the_sum_over_all_places_of_a_channel()
    {
        TreeList<Tensor> places = [Tensor.From(new[,] { { 1.0, 2 }, { 4, 0 } }), Tensor.From(new[,] { { 5.0, 9 }, { 1, 1 } })];
        Assert.Equal(3 + 2 + 4 + 0, new ChannelGroup([new("[0]", 0), new("[1]", 1)]).TotalVariation(places));
    }

    [Fact]
    public void Groups_are_put_in_order_one_by_one()
    {
        var before = first.TotalVariation(network);
        var moved = second.Take(network, [4, 0, 3, 1, 2]);
        Assert.Equal(before, first.TotalVariation(moved), 10);
    }

    [Fact]
    public void Fewer_channels_make_a_narrower_network()
    {
        var narrow = first.Take(network, [5, 2]);
        Assert.Equal(2, first.Width(narrow));
        Assert.Equal([3, 3], narrow.Call(images).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Norms_are_those_of_the_kernels_that_give_a_channel()
    {
        var weights = ((Convolution)network.Layers[0]).Weight.ToDoubles().Chunk(18).Select(kernel => kernel.Sum(Math.Abs));
        Assert.Equal(weights, first.Norms(network));
    }

    [Fact]
    public void A_place_that_is_not_there_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new ChannelGroup([new("layers[9].weight", 0)]).Width(network));
        Assert.StartsWith("channels: there is no axis 0 of layers[9].weight; there are layers[0].weight f64[6, 2, 3, 3], ", error.Message, StringComparison.Ordinal);
    }

    private static double Variation(Tensor points, int[] order)
    {
        var values = points.ToDoubles().Chunk(2).ToArray();
        return Enumerable.Range(1, order.Length - 1).Sum(i => Math.Abs(values[order[i]][0] - values[order[i - 1]][0]) + Math.Abs(values[order[i]][1] - values[order[i - 1]][1]));
    }

    private static IEnumerable<int[]> Orders(int[] items) =>
        items.Length == 1 ? [items] : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
