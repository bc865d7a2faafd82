using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>How much gradients differ from batch to batch.</summary>
public static class GradientSpread
{
    /// <summary>
    /// The variance of the length of the gradient over some batches, as a part of its squared mean: a relative measure, by which a network that has stopped learning is not steady for its small gradients.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">[batches, ...].</param>
    /// <param name="key">Folded by the number of the batch, the key of its loss.</param>
    /// <param name="loss">From a model, a batch and a key to one real number.</param>
    public static Tensor OfLength<TModel>(TModel model, Tensor batches, Key key, Func<TModel, Tensor, Key, Tensor> loss)
        where TModel : ITree<TModel>
    {
        var lengths = Vmap.Of((Tensor batch, Tensor number) => ClippedByNorm.Norm(Gradient.Of(model, m => loss(m, batch, key.Fold(number)))), batches, Tensor.Arange(batches.Shape[0]));
        return Tensor.Square(lengths - lengths.Mean()).Mean() / Tensor.Square(lengths.Mean());
    }
}
