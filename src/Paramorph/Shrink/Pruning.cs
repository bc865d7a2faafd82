using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>Which weights of a model to keep: trees like the model that hold booleans, for <see cref="Mask"/>.</summary>
public static class Pruning
{
    /// <summary>
    /// Keeps the weights of largest modulus. One threshold holds for all leaves that are meant. (Han, Pool, Tran and Dally, "Learning both Weights and
    /// Connections for Efficient Neural Networks", 2015.)
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="fraction">The part of the weights that goes, 0 to 1.</param>
    /// <param name="where">The leaves of which weights go; by default all matrices.</param>
    /// <returns>False where a weight goes.</returns>
    public static TModel ByMagnitude<TModel>(TModel model, double fraction, LeafFilter? where = null)
        where TModel : ITree<TModel> => ByScore(model, fraction, where, leaf => Array.ConvertAll(leaf.AsType(ElementType.Float64).ToArray<double>(), Math.Abs));

    /// <summary>Keeps weights at random.</summary>
    /// <param name="key">The key.</param>
    /// <inheritdoc cref="ByMagnitude"/>
    public static TModel AtRandom<TModel>(Key key, TModel model, double fraction, LeafFilter? where = null)
        where TModel : ITree<TModel>
    {
        var next = 0;
        return ByScore(model, fraction, where, leaf => Sample.Uniform(key.Fold(next++), leaf.Shape, type: ElementType.Float64).ToArray<double>());
    }

    private static TModel ByScore<TModel>(TModel model, double fraction, LeafFilter? where, Func<Tensor, double[]> score)
        where TModel : ITree<TModel>
    {
        if (fraction is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "the part of the weights that goes lies between 0 and 1.");
        where ??= Leaves.Matrices;
        var (paths, leaves) = (Tree.Names(model), Tree.Leaves(model));
        double[]?[] scores = [.. leaves.Select((leaf, i) => where(paths[i], leaf) ? score(leaf) : null)];
        var kept = leaves.Select(leaf => Enumerable.Repeat(true, leaf.Count).ToArray()).ToArray();
        (int Leaf, int Element)[] all = [.. scores.SelectMany((values, leaf) => Enumerable.Range(0, values?.Length ?? 0).Select(element => (leaf, element)))];
        foreach (var (leaf, element) in all.OrderBy(place => scores[place.Leaf]![place.Element]).Take((int)Math.Round(fraction * all.Length))) kept[leaf][element] = false;
        return Tree.Rebuild(model, [.. leaves.Select((leaf, i) => Tensor.From(kept[i], leaf.Shape))]);
    }
}
