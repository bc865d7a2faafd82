using Paramorph.Primitives;

namespace Paramorph;

/// <summary>Loops and choices as parts of a computation. What a body uses from outside it is an input of the loop, with a derivative.</summary>
public static class Control
{
    /// <summary>Runs a body once for each slice of a sequence and stacks what it gives.</summary>
    /// <typeparam name="TCarry">The tree that is handed from step to step.</typeparam>
    /// <typeparam name="TSlices">The tree of sequences; each leaf is [length, ...].</typeparam>
    /// <typeparam name="TResult">The tree of results of a step.</typeparam>
    /// <param name="body">From the carry and a slice of each sequence to the next carry, of the same types, and a result.</param>
    /// <param name="initial">The carry before the first step.</param>
    /// <param name="sequences">What is sliced along its first axis.</param>
    /// <param name="isReverse">Whether the steps go from the last slice to the first; results stay at the places of their slices.</param>
    /// <param name="rematerialise">Whether the reverse derivative computes the body again instead of keeping what it needs of every step.</param>
    /// <returns>The last carry, and the results with a leading axis of the length.</returns>
    /// <exception cref="ShapeException">Sequences differ in length, or the body changes the types of the carry.</exception>
    public static (TCarry Carry, TResult Results) Scan<TCarry, TSlices, TResult>(
        Func<TCarry, TSlices, (TCarry Carry, TResult Result)> body, TCarry initial, TSlices sequences, bool isReverse = false, bool rematerialise = false)
        where TCarry : ITree<TCarry>
        where TSlices : ITree<TSlices>
        where TResult : ITree<TResult>
    {
        var leaves = Tree.Leaves(sequences);
        if (leaves.Length == 0) throw new ShapeException("scan: there is no sequence to take the length from: use Repeat.");
        if (leaves[0].Rank == 0) throw new ShapeException($"scan: a sequence {leaves[0].Type} must have slices along a first axis.");
        return Run(body, initial, sequences, leaves, leaves[0].Shape[0], isReverse, rematerialise);
    }

    /// <summary>Runs a body a fixed number of times.</summary>
    /// <param name="count">How often.</param>
    /// <param name="body">From the number of the step, an i32 scalar, and the carry to the next carry, of the same types.</param>
    /// <param name="initial">The carry before the first step.</param>
    /// <param name="rematerialise">Whether the reverse derivative computes the body again instead of keeping what it needs of every step.</param>
    /// <returns>The last carry.</returns>
    public static TCarry Repeat<TCarry>(int count, Func<Tensor, TCarry, TCarry> body, TCarry initial, bool rematerialise = false)
        where TCarry : ITree<TCarry>
    {
        var steps = Tensor.Arange(count);
        return Run<TCarry, Tensor, TreeList<Tensor>>((c, i) => (body(i, c), []), initial, steps, [steps], count, false, rematerialise).Carry;
    }

    /// <summary>Runs a body while a condition on the carry holds. It has a forward derivative but no reverse one.</summary>
    /// <param name="condition">One bool of the carry.</param>
    /// <param name="body">From the carry to the next carry, of the same types.</param>
    /// <param name="initial">The carry before the first step.</param>
    public static TCarry While<TCarry>(Func<TCarry, Tensor> condition, Func<TCarry, TCarry> body, TCarry initial)
        where TCarry : ITree<TCarry>
    {
        var outputs = Primitives.While.Build(
            leaves => condition(Tree.Rebuild(initial, leaves)), leaves => Next(initial, body(Tree.Rebuild(initial, leaves))), Tree.Leaves(initial));
        return Tree.Rebuild(initial, outputs);
    }

    /// <summary>One of two branches; only the chosen one runs, except in a batch of conditions, where both do.</summary>
    /// <param name="condition">One bool.</param>
    /// <param name="then">What is computed when it holds.</param>
    /// <param name="otherwise">What is computed when it does not; a tree of the same structure and types.</param>
    public static T Cond<T>(Tensor condition, Func<T> then, Func<T> otherwise)
        where T : ITree<T>
    {
        T? prototype = default;
        var outputs = Primitives.Cond.Build(
            condition,
            () => Tree.Leaves(prototype = then()),
            () =>
            {
                var other = otherwise();
                Tree.Structure(prototype!).RequireSame(Tree.Structure(other), "other branch of the cond");
                return Tree.Leaves(other);
            });
        return Tree.Rebuild(prototype!, outputs);
    }

    private static (TCarry Carry, TResult Results) Run<TCarry, TSlices, TResult>(
        Func<TCarry, TSlices, (TCarry Carry, TResult Result)> body, TCarry initial, TSlices sequences, Tensor[] leaves, int length, bool isReverse, bool rematerialise)
        where TCarry : ITree<TCarry>
        where TSlices : ITree<TSlices>
        where TResult : ITree<TResult>
    {
        TResult? prototype = default;
        var (last, results) = Primitives.Scan.Build(
            (carry, slices) =>
            {
                var (next, result) = body(Tree.Rebuild(initial, carry), Tree.Rebuild(sequences, slices));
                prototype = result;
                return (Next(initial, next), Tree.Leaves(result));
            },
            Tree.Leaves(initial), leaves, length, isReverse, rematerialise);
        return (Tree.Rebuild(initial, last), Tree.Rebuild(prototype!, results));
    }

    /// <summary>The leaves of a carry after a step, which must have the structure and the static values of the carry before.</summary>
    private static Tensor[] Next<TCarry>(TCarry before, TCarry after)
        where TCarry : ITree<TCarry>
    {
        Tree.Structure(before).RequireSame(Tree.Structure(after), "carry after a step of the loop");
        return Tree.Leaves(after);
    }
}
