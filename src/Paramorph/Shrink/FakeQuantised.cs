using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>
/// A weight that is computed with as what its codes stand for, while the number itself is learned: quantisation-aware training. Without training it is
/// post-training quantisation. (Gholami et al., "A Survey of Quantization Methods for Efficient Neural Network Inference", 2021, section III.G.)
/// </summary>
/// <param name="Weight">What gives the weight.</param>
/// <param name="Quantiser">How it is rounded; its scale is learned too.</param>
[Tree]
public sealed partial record FakeQuantised(IParametrisation<Tensor> Weight, Quantiser Quantiser) : IParametrisation<Tensor>
{
    /// <summary>The weight, rounded.</summary>
    public Tensor Materialise() => Quantiser.Round(Weight.Materialise());

    /// <summary>A model with rounded leaves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="quantisers">The quantiser of each leaf that is to be rounded, by its path as <see cref="Tree.Names"/> gives it.</param>
    /// <exception cref="ArgumentException">None of the paths is that of a leaf.</exception>
    public static Parametrised<TModel> Of<TModel>(TModel model, IReadOnlyDictionary<string, Quantiser> quantisers)
        where TModel : ITree<TModel> => Of(Parametrised.Of(model), quantisers);

    /// <inheritdoc cref="Of{TModel}(TModel, IReadOnlyDictionary{string, Quantiser})"/>
    public static Parametrised<TModel> Of<TModel>(Parametrised<TModel> model, IReadOnlyDictionary<string, Quantiser> quantisers)
        where TModel : ITree<TModel> =>
        model.With((path, _) => quantisers.ContainsKey(path), (path, weight) => new FakeQuantised(weight, quantisers[path]));

    /// <summary>Quantisers for the leaves of a model, by path.</summary>
    /// <param name="model">The model.</param>
    /// <param name="where">Which leaves; by default all matrices and kernels.</param>
    /// <param name="quantiser">The quantiser for a leaf of that path.</param>
    public static IReadOnlyDictionary<string, Quantiser> Quantisers<TModel>(TModel model, Func<string, Tensor, Quantiser> quantiser, LeafFilter? where = null)
        where TModel : ITree<TModel>
    {
        where ??= Leaves.Matrices;
        return Tree.Names(model).Zip(Tree.Leaves(model)).Where(leaf => where(leaf.First, leaf.Second)).ToDictionary(
            leaf => leaf.First, leaf => quantiser(leaf.First, leaf.Second), StringComparer.Ordinal);
    }
}
