namespace Paramorph.Data;

/// <summary>
/// Shuffled epochs: every epoch visits all examples in an order of its own, cut into batches of one size; the rest of an epoch that fills no batch is
/// left out (and is another one in each epoch). An epoch depends on the key and its number alone, so training resumes anywhere. A batch is row numbers,
/// whose rows a compiled step gathers by <see cref="Tensor.Take"/>, so no data are copied outside of it.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Count">Number of examples.</param>
/// <param name="Size">Examples in a batch.</param>
public sealed record Batches(Key Key, int Count, int Size)
{
    /// <summary>Batches in an epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer examples than a batch holds.</exception>
    public int PerEpoch => Size > 0 && Size <= Count
        ? Count / Size
        : throw new ArgumentOutOfRangeException(nameof(Size), $"a batch of {Size} cannot be taken from {Count} examples: it holds 1 to {Count}.");

    /// <summary>All batches of an epoch, for a step that scans over them: i32 [batches, size].</summary>
    /// <param name="epoch">Its number, from 0 on.</param>
    public Tensor Epoch(int epoch) => Tensor.From(Order(epoch).AsSpan(0, PerEpoch * Size), [PerEpoch, Size]);

    /// <summary>The batches of an epoch one by one: i32 [size] each.</summary>
    /// <param name="epoch">Its number, from 0 on.</param>
    public IEnumerable<Tensor> Of(int epoch)
    {
        var order = Order(epoch);
        for (var batch = 0; batch < PerEpoch; batch++) yield return Tensor.From(order.AsSpan(batch * Size, Size), [Size]);
    }

    /// <summary>The batches of all epochs from the one that a step lies in, beginning with that step; without end.</summary>
    /// <param name="step">Steps done before.</param>
    public IEnumerable<Tensor> From(long step = 0)
    {
        for (var (epoch, skip) = ((int)(step / PerEpoch), (int)(step % PerEpoch)); ; epoch++, skip = 0)
            foreach (var batch in Of(epoch).Skip(skip)) yield return batch;
    }

    private int[] Order(int epoch) => new KeyRandom(Key.Fold(epoch)).Permutation(Count);
}
