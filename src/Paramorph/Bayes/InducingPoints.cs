using Paramorph.Data;

namespace Paramorph.Bayes;

/// <summary>Values of a process at points, which are learned. (Titsias, "Variational learning of inducing variables in sparse Gaussian processes", 2009.)</summary>
/// <param name="Points">f64 [points, inputs].</param>
[Tree]
public sealed partial record InducingPoints(Tensor Points) : IInducingFeatures
{
    /// <inheritdoc/>
    public int Count => Points.Shape[0];

    /// <summary>Where learning begins: at some of the training inputs, or at all where there are fewer.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="x">f64 [n, inputs].</param>
    /// <param name="count">How many points.</param>
    public static InducingPoints Drawn(Key key, Tensor x, int count) =>
        new(x.Take(Tensor.From<int>([.. new KeyRandom(key).Permutation(x.Shape[0]).Take(count)])).Evaluate());

    /// <inheritdoc/>
    public Tensor Covariance(ICovariance kernel) => kernel.Between(Points, Points);

    /// <inheritdoc/>
    public Tensor With(ICovariance kernel, Tensor x) => kernel.Between(Points, x);
}
