using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class NarrowingTaskTests
{
    private static readonly NarrowingTask task = NarrowingTask.Train(
        Key.Of(1), new("digits", Digits.Of(Key.Of(2), 200, 12, DigitStyle.Plain), Digits.Of(Key.Of(3), 1100, 12, DigitStyle.Plain), 10), width: 12, steps: 60);

    [Fact]
    public void The_network_has_learned() => Assert.True(task.Accuracy(task.Network) > 0.5);

    [Fact]
    public void Its_accuracy_in_parts_is_that_of_all_images() => Assert.Equal(task.Data.Judge(task.Network).Accuracy, task.Accuracy(task.Network), 1e-6);

    [Fact]
    public void All_channels_by_their_norms_are_the_same_network() => Assert.Equal(task.Accuracy(task.Network), task.Accuracy(task.Pruned(12)), 2e-3);

    [Fact]
    public void Pruned_channels_are_those_with_the_smallest_kernels()
    {
        double[] Norms(Sequential network) => [.. ((Convolution)network.Layers[3]).Weight.ToDoubles().Chunk(8 * 9).Select(kernel => kernel.Sum(Math.Abs))];
        Numbers.Close([.. Norms(task.Network).OrderDescending().Take(5)], Norms(task.Pruned(5)), 1e-6);
        Assert.Equal(5, NarrowingTask.Channels.Width(task.Pruned(5)));
    }

    [Fact]
    public void A_network_of_any_width_learns_from_its_batches()
    {
        var (network, trainer, batches) = (task.Create(Key.Of(4), 3), NarrowingTask.Trainer(30), task.Batches(Key.Of(5)));
        Assert.Equal(64, batches.At(0).Count);
        var run = trainer.Run(trainer.Start(network, Key.Of(6)), batches, new(30));
        Assert.True(run.Loss[^1].Value < run.Loss[0].Value);
        Assert.Equal(run.Loss[0].Value, NarrowingTask.Loss(network, batches.At(0)).Item(), 1e-5);
    }

    [Fact]
    public void A_picture_has_a_row_for_each_channel()
    {
        var picture = NarrowingTask.Draw(task.Pruned(5));
        Assert.Equal((2 * 8 * 9, 2 * 5), (picture.Width, picture.Height));
    }
}
