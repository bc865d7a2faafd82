using static Paramorph.Tests.Trees.Samples;

namespace Paramorph.Tests.Trees;

public sealed class TreeTests
{
    private readonly Mlp mlp = new(Layer(), Layer(), x => x, 8, "small");

    [Fact]
    public void Leaves_come_in_the_order_of_the_members() =>
        Assert.Equal([mlp.Hidden.Weight, mlp.Hidden.Bias!, mlp.Output.Weight, mlp.Output.Bias!], Tree.Leaves(mlp));

    [Fact]
    public void Names_are_paths_of_members() =>
        Assert.Equal(["hidden.weight", "hidden.bias", "output.weight", "output.bias"], Tree.Names(mlp));

    [Fact]
    public void Names_hold_positions_and_keys()
    {
        var stack = new Stack([Layer(), new(Leaf(), null)], new Dictionary<string, Linear> { ["value \"v\""] = Layer(), ["policy"] = Layer() });

        Assert.Equal(
            [
                "layers[0].weight", "layers[0].bias", "layers[1].weight",
                "heads[\"policy\"].weight", "heads[\"policy\"].bias", "heads[\"value \\\"v\\\"\"].weight", "heads[\"value \\\"v\\\"\"].bias",
            ],
            Tree.Names(stack));
    }

    [Fact]
    public void A_tensor_is_a_tree_of_one_leaf_with_an_empty_name()
    {
        var leaf = Leaf();

        Assert.Equal([leaf], Tree.Leaves(leaf));
        Assert.Equal([""], Tree.Names(leaf));
    }

    [Fact]
    public void Rebuild_takes_the_leaves_and_keeps_what_is_static()
    {
        Tensor[] leaves = [Leaf(), Leaf(), Leaf(), Leaf()];

        var rebuilt = Tree.Rebuild(mlp, leaves);

        Assert.Equal(new Mlp(new(leaves[0], leaves[1]), new(leaves[2], leaves[3]), mlp.Activation, 8, "small"), rebuilt);
    }

    [Fact]
    public void Rebuild_with_too_few_leaves_says_so()
    {
        var error = Assert.Throws<TreeException>(() => Tree.Rebuild(mlp, [Leaf(), Leaf(), Leaf()]));

        Assert.Equal("Mlp needs more leaves than the 3 given: Tree.Names lists what it takes.", error.Message);
    }

    [Fact]
    public void Rebuild_with_too_many_leaves_says_so()
    {
        var box = new Box<Linear>(Layer(), []);

        var error = Assert.Throws<TreeException>(() => Tree.Rebuild(box, [Leaf(), Leaf(), Leaf()]));

        Assert.Equal("Box<Linear> takes 2 leaves, not the 3 given: Tree.Names lists them.", error.Message);
    }

    [Fact]
    public void Map_replaces_each_leaf_by_its_image()
    {
        var images = Tree.Leaves(mlp).ToDictionary(leaf => leaf, _ => Leaf());

        var mapped = Tree.Map(mlp, leaf => images[leaf]);

        Assert.Equal(Tree.Leaves(mlp).Select(leaf => images[leaf]), Tree.Leaves(mapped));
    }

    [Fact]
    public void Map_knows_the_path_of_each_leaf()
    {
        var zero = Leaf();

        var mapped = Tree.Map(mlp, (path, leaf) => path.EndsWith("bias", StringComparison.Ordinal) ? zero : leaf);

        Assert.Equal(mlp with { Hidden = mlp.Hidden with { Bias = zero }, Output = mlp.Output with { Bias = zero } }, mapped);
    }

    [Fact]
    public void Zip_pairs_the_leaves_of_two_trees()
    {
        var other = Tree.Map(mlp, _ => Leaf());
        var pairs = new List<(Tensor, Tensor)>();

        var zipped = Tree.Zip(mlp, other, (a, b) =>
        {
            pairs.Add((a, b));
            return b;
        });

        Assert.Equal(other, zipped);
        Assert.Equal(Tree.Leaves(mlp).Zip(Tree.Leaves(other)), pairs);
    }

    [Fact]
    public void Zip_of_three_trees_brings_their_leaves_together()
    {
        var second = Tree.Map(mlp, _ => Leaf());
        var third = Tree.Map(mlp, _ => Leaf());

        Assert.Equal(mlp, Tree.Zip(mlp, second, third, (a, _, _) => a));
        Assert.Equal(second, Tree.Zip(mlp, second, third, (_, b, _) => b));
        Assert.Equal(third, Tree.Zip(mlp, second, third, (_, _, c) => c));
    }

    [Fact]
    public void Zip_of_different_structures_names_the_place()
    {
        var other = mlp with { Output = new(Leaf(), null) };

        var second = Assert.Throws<TreeException>(() => Tree.Zip(mlp, other, (a, _) => a));
        var third = Assert.Throws<TreeException>(() => Tree.Zip(mlp, mlp, other, (a, _, _) => a));

        Assert.Equal("The trees differ at output.bias: the first has a tensor, the second has null.", second.Message);
        Assert.Equal("The trees differ at output.bias: the first has a tensor, the third has null.", third.Message);
    }
}
