namespace Paramorph.Training;

/// <summary>What each step is trained on: a function of the step, so that a resumed run sees the same batches as one that was never interrupted.</summary>
/// <typeparam name="TBatch">A tree of tensors; batches of the same shapes share one compiled step.</typeparam>
public interface IBatches<TBatch>
    where TBatch : ITree<TBatch>
{
    /// <summary>The batch of a step.</summary>
    /// <param name="step">How many steps have been taken before, from 0; any order of calls gives the same batches.</param>
    TBatch At(long step);
}
