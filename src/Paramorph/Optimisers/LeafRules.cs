using Paramorph.Parameters;

namespace Paramorph.Optimisers;

/// <summary>An optimiser's rule for one leaf.</summary>
/// <param name="parameter">The leaf.</param>
/// <param name="gradient">The gradient in it, of the same type.</param>
/// <param name="slots">What is remembered of it, in the order in which the slots are named.</param>
/// <returns>The next value of the leaf, and of each slot.</returns>
internal delegate (Tensor Parameter, Tensor[] Slots) LeafRule(Tensor parameter, Tensor gradient, Tensor[] slots);

/// <summary>Optimisers that treat each leaf alone, from their rule for one.</summary>
internal static class LeafRules
{
    /// <summary>A state with slots of zeros.</summary>
    /// <param name="model">The model.</param>
    /// <param name="slots">Names of the slots, each with its start for a leaf.</param>
    public static OptimiserState<TModel> Start<TModel>(TModel model, params ReadOnlySpan<(string Name, Func<Tensor, Tensor> Start)> slots)
        where TModel : ITree<TModel>
    {
        var trees = new Dictionary<string, TModel>();
        foreach (var (name, start) in slots) trees.Add(name, Slot(model, start));
        return new(Tensor.Scalar(0L), Tensor.Scalar(1.0), trees);
    }

    /// <summary>A tree of the model's structure: a function of each leaf that is trained, and the scalar 0 for each other.</summary>
    public static TModel Slot<TModel>(TModel model, Func<Tensor, Tensor> start)
        where TModel : ITree<TModel> => Tree.Map(model, leaf => leaf.ElementType.IsDifferentiable() ? start(leaf) : Tensor.Scalar(0));

    /// <summary>One step: the rule for each leaf that has a derivative, and nothing for the others.</summary>
    /// <exception cref="TreeException">The gradient or a slot is of another structure than the model, or a slot is missing.</exception>
    public static (TModel Model, OptimiserState<TModel> State) Update<TModel>(
        TModel model, TModel gradient, OptimiserState<TModel> state, string[] names, LeafRule rule)
        where TModel : ITree<TModel>
    {
        var next = Tree.Leaves(model);
        var gradients = LeavesLike(model, gradient, "gradient");
        var slots = Array.ConvertAll(names, name => LeavesLike(model, Find(state, name), name));
        for (var i = 0; i < next.Length; i++)
        {
            if (!next[i].ElementType.IsDifferentiable()) continue;
            (next[i], var remembered) = rule(next[i], gradients[i], Array.ConvertAll(slots, leaves => leaves[i]));
            for (var k = 0; k < slots.Length; k++) slots[k][i] = remembered[k];
        }
        var trees = state.Slots.ToDictionary();
        for (var k = 0; k < names.Length; k++) trees[names[k]] = Tree.Rebuild(model, slots[k]);
        return (Tree.Rebuild(model, next), state with { Step = state.Step + 1, Slots = trees });
    }

    /// <summary>The learning rate of this step: f64, a scalar.</summary>
    public static Tensor Rate<TModel>(Schedule schedule, OptimiserState<TModel> state)
        where TModel : ITree<TModel> => schedule.At(state.Step) * state.RateFactor;

    /// <summary>The number of this step, from 1: f64, a scalar.</summary>
    public static Tensor Count<TModel>(OptimiserState<TModel> state)
        where TModel : ITree<TModel> => (state.Step + 1).AsType(ElementType.Float64);

    /// <summary>
    /// Decoupled weight decay beside an update: the next leaf minus decay times the leaf before, for those that are meant. (Loshchilov and Hutter, "Decoupled
    /// Weight Decay Regularization", 2019, Algorithm 2.)
    /// </summary>
    /// <param name="model">The model before the update.</param>
    /// <param name="next">The model after it.</param>
    /// <param name="decay">Rate times decay: f64, a scalar.</param>
    /// <param name="where">Which leaves decay.</param>
    public static TModel Decay<TModel>(TModel model, TModel next, Tensor decay, LeafFilter where)
        where TModel : ITree<TModel> =>
        Choose(
            Chosen(model, Leaves.All.And(where)),
            Tree.Zip(model, next, (before, after) => before.ElementType.IsDifferentiable() ? after - decay.For(before) * before : after),
            next);

    /// <summary>For each leaf, whether it is meant.</summary>
    public static bool[] Chosen<TModel>(TModel model, LeafFilter where)
        where TModel : ITree<TModel> => [.. Tree.Names(model).Zip(Tree.Leaves(model), (path, leaf) => where(path, leaf))];

    /// <summary>The leaves of one tree where they are chosen, of the other elsewhere.</summary>
    public static TModel Choose<TModel>(bool[] isChosen, TModel chosen, TModel others)
        where TModel : ITree<TModel> =>
        Tree.Rebuild(others, [.. Tree.Leaves(chosen).Zip(Tree.Leaves(others), isChosen).Select(leaf => leaf.Third ? leaf.First : leaf.Second)]);

    /// <summary>A scalar in the precision of a leaf.</summary>
    public static Tensor For(this Tensor scalar, Tensor leaf) => scalar.AsType(leaf.ElementType.RealType());

    /// <summary>|x|² of real and complex elements, real.</summary>
    public static Tensor SquaredModulus(Tensor x) =>
        x.ElementType.IsComplex() ? Tensor.Square(Tensor.Real(x)) + Tensor.Square(Tensor.Imaginary(x)) : Tensor.Square(x);

    /// <summary>Zeros of the real type of a leaf.</summary>
    public static Tensor RealZeros(Tensor leaf) => Tensor.Zeros(leaf.Shape, leaf.ElementType.RealType());

    /// <summary>The slot of a name.</summary>
    public static TModel Find<TModel>(OptimiserState<TModel> state, string name)
        where TModel : ITree<TModel> => state.Slots.TryGetValue(name, out var slot) ? slot : throw new TreeException(
            $"The optimiser's state has no slot \"{name}\", only {string.Join(", ", state.Slots.Keys.Select(key => $"\"{key}\""))}: start it with the optimiser that updates it.");

    private static Tensor[] LeavesLike<TModel>(TModel model, TModel other, string name)
        where TModel : ITree<TModel> =>
        Tree.Structure(model).Difference(Tree.Structure(other), name) is { } difference ? throw new TreeException(difference) : Tree.Leaves(other);
}
