using Paramorph.Data;

namespace Paramorph.Training;

/// <summary>The usual batches.</summary>
public static class Batches
{
    /// <summary>The same data at each step.</summary>
    public static IBatches<TBatch> Whole<TBatch>(TBatch data)
        where TBatch : ITree<TBatch> => new Constant<TBatch>(data);

    /// <summary>
    /// Batches of rows in an order that is drawn anew for every epoch; the rows that fill no batch are left out, others in each epoch.
    /// </summary>
    /// <param name="data">A tree whose tensors are [n, ...].</param>
    /// <param name="size">Rows of a batch, at most n.</param>
    /// <param name="key">Draws the orders.</param>
    /// <exception cref="ShapeException">The tensors differ in n, or there are fewer rows than a batch holds.</exception>
    public static IBatches<TBatch> Shuffled<TBatch>(TBatch data, int size, Key key)
        where TBatch : ITree<TBatch> => new Rows<TBatch>(data, size, key);

    /// <summary>Batches that are made anew at each step, such as examples drawn from a distribution.</summary>
    /// <param name="draw">From the number of the step to its batch; the same number gives the same batch, of shapes that do not change.</param>
    public static IBatches<TBatch> Drawn<TBatch>(Func<long, TBatch> draw)
        where TBatch : ITree<TBatch> => new Function<TBatch>(draw);

    private sealed class Function<TBatch>(Func<long, TBatch> draw) : IBatches<TBatch>
        where TBatch : ITree<TBatch>
    {
        public TBatch At(long step) => draw(step);
    }

    private sealed class Constant<TBatch>(TBatch data) : IBatches<TBatch>
        where TBatch : ITree<TBatch>
    {
        public TBatch At(long step) => data;
    }

    private sealed class Rows<TBatch> : IBatches<TBatch>
        where TBatch : ITree<TBatch>
    {
        private readonly TBatch data;
        private readonly int size;
        private readonly int count;
        private readonly Key key;
        private readonly Func<TBatch, Tensor, TBatch> take = Compile.Of((TBatch data, Tensor rows) => Tree.Map(data, leaf => leaf.Take(rows)));
        private long epoch = -1;
        private int[] order = [];

        public Rows(TBatch data, int size, Key key)
        {
            var counts = Tree.Leaves(data).Select(leaf => leaf.Rank == 0 ? 0 : leaf.Shape[0]).Distinct().ToArray();
            if (counts.Length != 1) throw new ShapeException($"shuffled batches: the tensors have {string.Join(" and ", counts)} rows, but must have equally many.");
            if (size < 1 || size > counts[0]) throw new ShapeException($"shuffled batches: a batch of {size} cannot be taken from {counts[0]} rows.");
            (this.data, this.size, count, this.key) = (data, size, counts[0], key);
        }

        public TBatch At(long step)
        {
            var perEpoch = count / size;
            if (step / perEpoch != epoch)
            {
                epoch = step / perEpoch;
                order = new KeyRandom(key.Fold(epoch)).Permutation(count);
            }
            return take(data, Tensor.From(order.AsSpan((int)(step % perEpoch) * size, size), [size]));
        }
    }
}
