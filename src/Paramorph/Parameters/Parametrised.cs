namespace Paramorph.Parameters;

/// <summary>Starts and ends the parametrisation of a model.</summary>
public static class Parametrised
{
    /// <summary>A model whose leaves are their own raw parameters, to be parametrised leaf by leaf with <see cref="Parametrised{TModel}"/>.</summary>
    public static Parametrised<TModel> Of<TModel>(TModel model)
        where TModel : ITree<TModel> => new(Tree.Map(model, Tensor.ZerosLike), [.. Tree.Leaves(model).Select(leaf => new Free(leaf))]);

    /// <summary>The plain model that a parametrisation has become, as values.</summary>
    public static TModel Merge<TModel>(IParametrisation<TModel> raw)
        where TModel : ITree<TModel> => Tree.Map(raw.Materialise(), leaf => leaf.Evaluate());

    /// <summary>A tensor that is its own raw parameter; its path is that of the leaf for which it stands.</summary>
    internal sealed record Free(Tensor Value) : IParametrisation<Tensor>
    {
        public Tensor Materialise() => Value;

        void ITree<IParametrisation<Tensor>>.Visit(ITreeVisitor visitor) => visitor.Leaf(Value);

        IParametrisation<Tensor> ITree<IParametrisation<Tensor>>.Rebuild(TreeReader leaves) => new Free(leaves.Next());
    }
}

/// <summary>
/// A model each of whose leaves is given by a parametrisation of its own. Leaves that are not parametrised keep their paths; the raw parameters of the
/// others stand below them: <c>hidden.weight.left</c>.
/// </summary>
/// <typeparam name="TModel">The model that it materialises.</typeparam>
public sealed class Parametrised<TModel> : IParametrisation<TModel>, ITree<Parametrised<TModel>>
    where TModel : ITree<TModel>
{
    // Structure, static values and types of the model; its leaves are zeros that nobody computes.
    private readonly TModel skeleton;
    private readonly IParametrisation<Tensor>[] leaves;

    internal Parametrised(TModel skeleton, IParametrisation<Tensor>[] leaves)
    {
        this.skeleton = skeleton;
        this.leaves = leaves;
    }

    /// <summary>The model of the present raw parameters.</summary>
    public TModel Materialise() => Tree.Rebuild(skeleton, Array.ConvertAll(leaves, leaf => leaf.Materialise()));

    /// <summary>The same with some leaves parametrised once more: the last parametrisation is the outermost.</summary>
    /// <param name="where">Which leaves of the model.</param>
    /// <param name="how">From what gives a leaf so far to what gives it from now on; it must keep shape and element type.</param>
    /// <exception cref="ArgumentException">No leaf is meant.</exception>
    /// <exception cref="ShapeException">A parametrisation changes the type of its leaf.</exception>
    public Parametrised<TModel> With(LeafFilter where, Func<IParametrisation<Tensor>, IParametrisation<Tensor>> how) => With(where, (_, leaf) => how(leaf));

    /// <param name="where">Which leaves of the model.</param>
    /// <param name="how">From the path of a leaf and what gives it so far to what gives it from now on; it must keep shape and element type.</param>
    /// <inheritdoc cref="With(LeafFilter, Func{IParametrisation{Tensor}, IParametrisation{Tensor}})"/>
    public Parametrised<TModel> With(LeafFilter where, Func<string, IParametrisation<Tensor>, IParametrisation<Tensor>> how)
    {
        var paths = Tree.Names(skeleton);
        var types = Tree.Leaves(skeleton);
        var changed = leaves.ToArray();
        for (var i = 0; i < changed.Length; i++)
            if (where(paths[i], types[i])) changed[i] = Checked(paths[i], types[i].Type, how(paths[i], leaves[i]));
        if (changed.SequenceEqual(leaves))
            throw new ArgumentException($"no leaf is meant; the leaves are {string.Join(", ", paths.Zip(types, (path, leaf) => $"{path} {leaf.Type}"))}.", nameof(where));
        return new(skeleton, changed);
    }

    /// <summary>The same with some leaves parametrised once more by what stands at the same place of another tree.</summary>
    /// <param name="other">A tree like the model.</param>
    /// <param name="where">Which leaves of the model.</param>
    /// <param name="how">From what gives a leaf so far, and the leaf of the other tree, to what gives it from now on.</param>
    /// <exception cref="TreeException">The structures differ.</exception>
    /// <inheritdoc cref="With(LeafFilter, Func{IParametrisation{Tensor}, IParametrisation{Tensor}})"/>
    public Parametrised<TModel> Zip(TModel other, LeafFilter where, Func<IParametrisation<Tensor>, Tensor, IParametrisation<Tensor>> how)
    {
        if (Tree.Structure(skeleton).Difference(Tree.Structure(other)) is { } difference) throw new TreeException(difference);
        var given = Tree.Names(other).Zip(Tree.Leaves(other)).ToDictionary(pair => pair.First, pair => pair.Second);
        return With(where, (path, leaf) => how(leaf, given[path]));
    }

    /// <inheritdoc/>
    public void Visit(ITreeVisitor visitor) => skeleton.Visit(new Substitution(visitor, leaves));

    /// <inheritdoc/>
    public Parametrised<TModel> Rebuild(TreeReader leaves)
    {
        var rebuilt = new IParametrisation<Tensor>[this.leaves.Length];
        for (var i = 0; i < rebuilt.Length; i++) rebuilt[i] = this.leaves[i].Rebuild(leaves);
        return new(skeleton, rebuilt);
    }

    IParametrisation<TModel> ITree<IParametrisation<TModel>>.Rebuild(TreeReader leaves) => Rebuild(leaves);

    private static IParametrisation<Tensor> Checked(string path, TensorType type, IParametrisation<Tensor> leaf)
    {
        var made = leaf.Materialise().Type;
        return made == type ? leaf : throw new ShapeException($"parametrise: {path} is {type}, but {leaf.GetType().Name} makes {made} of it: it must keep the type.");
    }

    /// <summary>Shows the model with, in the place of each leaf, the raw parameters that give it.</summary>
    private sealed class Substitution(ITreeVisitor visitor, IParametrisation<Tensor>[] leaves) : ITreeVisitor
    {
        private int next;

        public void Enter(PathSegment segment) => visitor.Enter(segment);

        public void Exit() => visitor.Exit();

        public void Leaf(Tensor leaf) => leaves[next++].Visit(visitor);

        public void Static<T>(PathSegment segment, T value) => visitor.Static(segment, value);
    }
}
