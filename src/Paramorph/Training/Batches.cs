namespace Paramorph.Training;

/// <summary>The usual batches.</summary>
public static class Batches
{
    /// <summary>The same data at each step.</summary>
    public static IBatches<TBatch> Whole<TBatch>(TBatch data)
        where TBatch : ITree<TBatch> => new Constant<TBatch>(data);

    private sealed class Constant<TBatch>(TBatch data) : IBatches<TBatch>
        where TBatch : ITree<TBatch>
    {
        public TBatch At(long step) => data;
    }
}
