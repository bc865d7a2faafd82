using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>
/// Networks of one structure side by side, as one model whose leaves have the axis of networks before their own: they share batches and a program, and each is trained as it would be alone.
/// <see cref="PopulationTrainer{TModel}"/> gives each its own randomness and rate instead.
/// </summary>
public static class Population
{
    /// <summary>Trees side by side.</summary>
    /// <param name="trees">Trees of one structure, one or more.</param>
    public static T Stack<T>(IReadOnlyList<T> trees)
        where T : ITree<T>
    {
        var leaves = trees.Select(Tree.Leaves).ToArray();
        return Tree.Rebuild(trees[0], [.. Enumerable.Range(0, leaves[0].Length).Select(i => Tensor.Stack([.. leaves.Select(of => of[i])]).Evaluate())]);
    }

    /// <summary>One of them.</summary>
    /// <param name="population">Trees side by side.</param>
    /// <param name="index">Which.</param>
    public static T Member<T>(T population, int index)
        where T : ITree<T> => Tree.Map(population, leaf => leaf[index].Evaluate());

    /// <summary>Trains all of them at once. The loss is the sum over networks, so an optimiser that treats each number by itself, as Adam does, does to each network what it would do to it alone.</summary>
    /// <param name="optimiser">Such an optimiser.</param>
    /// <param name="loss">From one network and a batch to one real number.</param>
    public static Trainer<TModel, TBatch> Trainer<TModel, TBatch>(IOptimiser optimiser, Func<TModel, TBatch, Tensor> loss)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch> => new(optimiser, (models, batch, _) => Vmap.Of((TModel model) => loss(model, batch), models).Sum());

    /// <summary>A measure of each of them [networks], compiled; over parts of data of one size the mean.</summary>
    /// <param name="measure">From one network and a part to one real number.</param>
    public static Func<TModel, IReadOnlyList<TBatch>, double[]> Judge<TModel, TBatch>(Func<TModel, TBatch, Tensor> measure)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var judge = Compile.Of((TModel models, TBatch part) => Vmap.Of((TModel model) => measure(model, part), models));
        return (models, parts) => Tensor.Stack([.. parts.Select(part => judge(models, part))]).AsType(ElementType.Float64).Mean(0).ToArray<double>();
    }
}
