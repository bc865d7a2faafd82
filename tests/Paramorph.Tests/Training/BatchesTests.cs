using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class BatchesTests
{
    private static readonly TreePair<Tensor, Tensor> data = new(Tensor.Arange(10), Tensor.Arange(20).Reshape(10, 2));

    [Fact]
    public void An_epoch_visits_each_row_at_most_once_and_keeps_rows_together()
    {
        var batches = Batches.Shuffled(data, 3, Key.Of(1));
        var seen = new List<int>();
        for (var step = 0; step < 3; step++)
        {
            var (rows, pairs) = (batches.At(step).Item1.ToArray<int>(), batches.At(step).Item2.ToArray<int>());
            Assert.Equal(rows.SelectMany(row => (int[])[2 * row, 2 * row + 1]), pairs);
            seen.AddRange(rows);
        }
        Assert.Equal(9, seen.Distinct().Count());
    }

    [Fact]
    public void Any_order_of_calls_gives_the_same_batches()
    {
        var (forward, backward) = (Batches.Shuffled(data, 3, Key.Of(1)), Batches.Shuffled(data, 3, Key.Of(1)));
        var one = Enumerable.Range(0, 9).Select(step => forward.At(step).Item1.ToArray<int>()).ToArray();
        var other = Enumerable.Range(0, 9).Reverse().Select(step => backward.At(step).Item1.ToArray<int>()).Reverse().ToArray();
        Assert.Equal(one, other);
    }

    [Fact]
    public void Epochs_and_keys_differ()
    {
        int[] Epoch(long key, int epoch) => [.. Enumerable.Range(2 * epoch, 2).SelectMany(step => Batches.Shuffled(data, 5, Key.Of(key)).At(step).Item1.ToArray<int>())];
        Assert.NotEqual(Epoch(1, 0), Epoch(1, 1));
        Assert.NotEqual(Epoch(1, 0), Epoch(2, 0));
        Assert.Equal(Enumerable.Range(0, 10), Epoch(1, 0).Order());
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_one_clear_sentence() =>
        Assert.Contains("a batch of 11 cannot be taken from 10 rows", Assert.Throws<ShapeException>(() => Batches.Shuffled(data, 11, Key.Of(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_drawn_batch_is_that_of_its_step() => Assert.Equal(7, Batches.Drawn(step => Tensor.Scalar(step)).At(7).Item());
}
