using FsCheck;
using FsCheck.Fluent;

namespace Paramorph.Tests.Trees;

public sealed partial class TreePropertyTests
{
    [Fact]
    public void A_tree_rebuilt_from_its_own_leaves_is_itself() => Check.QuickThrowOnFailure(
        Prop.ForAll((int seed) =>
        {
            var tree = Grow(new System.Random(seed), depth: 4);
            return tree.Equals(Tree.Rebuild(tree, Tree.Leaves(tree)));
        }));

    [Fact]
    public void Every_leaf_has_a_name_of_its_own() => Check.QuickThrowOnFailure(
        Prop.ForAll((int seed) =>
        {
            var tree = Grow(new System.Random(seed), depth: 4);
            var names = Tree.Names(tree);
            return names.Length == Tree.Leaves(tree).Length && names.Distinct().Count() == names.Length;
        }));

    [Fact]
    public void Structures_are_equal_exactly_when_nothing_differs() => Check.QuickThrowOnFailure(
        Prop.ForAll((byte a, byte b) =>
        {
            var first = Grow(new System.Random(a % 8), depth: 2);
            var second = Grow(new System.Random(b % 8), depth: 2);
            var structure = Tree.Structure(first);
            var equal = structure.Equals(Tree.Structure(second));
            return structure.Describes(second) == equal && structure.Difference(Tree.Structure(second)) is null == equal;
        }));

    private static Branch Grow(System.Random random, int depth)
    {
        var twigs = depth == 0 ? 0 : random.Next(4);
        return new(
            random.Next(2) == 0 ? null : Samples.Leaf(),
            random.Next(3),
            new TreeList<Branch>([.. Enumerable.Range(0, twigs).Select(_ => Grow(random, depth - 1))]),
            random.Next(2) == 0 ? null : (Samples.Leaf(), random.Next(2) == 0 ? null : Samples.Leaf()));
    }

    [Tree]
    private sealed partial record Branch(Tensor? Value, int Number, TreeList<Branch> Twigs, (Tensor, Tensor?)? Pair);
}
