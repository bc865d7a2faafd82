using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class BatchesTests
{
    private static readonly Batches Tens = new(Key.Of(1), 100, 10);

    [Fact]
    public void An_epoch_visits_every_example_once() =>
        Assert.Equal(Enumerable.Range(0, 100), Tens.Epoch(0).ToArray<int>().Order());

    [Fact]
    public void Epochs_have_orders_of_their_own() =>
        Assert.NotEqual(Tens.Epoch(0).ToArray<int>(), Tens.Epoch(1).ToArray<int>());

    [Fact]
    public void A_rest_that_fills_no_batch_is_left_out()
    {
        var batches = new Batches(Key.Of(2), 25, 10);
        Assert.Equal([2, 10], batches.Epoch(3).Shape);
        Assert.Equal(20, batches.Epoch(3).ToArray<int>().Distinct().Count());
    }

    [Fact]
    public void Batches_from_a_step_go_on_where_that_step_was()
    {
        var whole = Tens.From().Take(25).Select(b => b.ToArray<int>()).ToArray();
        var resumed = Tens.From(13).Take(12).Select(b => b.ToArray<int>());
        Assert.Equal(whole[13..], resumed);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(Key.Of(1), 5, 6).Epoch(0));
}
