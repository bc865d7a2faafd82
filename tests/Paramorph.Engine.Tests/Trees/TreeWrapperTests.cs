using static Paramorph.Tests.Trees.Samples;

namespace Paramorph.Tests.Trees;

public sealed class TreeWrapperTests
{
    [Fact]
    public void A_list_is_a_tree_and_equal_by_its_elements()
    {
        Linear[] layers = [Layer(), Layer()];
        TreeList<Linear> list = layers;

        Assert.Equal(["[0].weight", "[0].bias", "[1].weight", "[1].bias"], Tree.Names(list));
        Assert.Equal(list, Tree.Rebuild(list, Tree.Leaves(list)));
        Assert.Equal(list.GetHashCode(), new TreeList<Linear>(layers).GetHashCode());
        Assert.NotEqual(list, [Layer()]);
    }

    [Fact]
    public void A_dictionary_is_a_tree_in_the_order_of_its_keys()
    {
        TreeDictionary<Linear> heads = new Dictionary<string, Linear> { ["value"] = new(Leaf(), null), ["Policy"] = Layer() };

        Assert.Equal(["[\"Policy\"].weight", "[\"Policy\"].bias", "[\"value\"].weight"], Tree.Names(heads));
        Assert.Equal(heads, Tree.Rebuild(heads, Tree.Leaves(heads)));
        Assert.Equal(heads.GetHashCode(), new TreeDictionary<Linear>(heads).GetHashCode());
        Assert.NotEqual(heads, Tree.Map(heads, _ => Leaf()));
    }

    [Fact]
    public void Tuples_become_trees_and_come_back()
    {
        Tensor a = Leaf(), b = Leaf(), c = Leaf();
        TreePair<Tensor, Linear> pair = (a, Layer());
        TreeTriple<Tensor, Tensor, Tensor> triple = (a, b, c);
        TreeQuad<Tensor, Tensor, Tensor, Tensor> quad = (a, b, c, a);
        (Tensor, Tensor, Tensor) back = triple;

        Assert.Equal(["item1", "item2.weight", "item2.bias"], Tree.Names(pair));
        Assert.Equal(pair, Tree.Rebuild(pair, Tree.Leaves(pair)));
        Assert.Equal((a, b, c), back);
        Assert.Equal([a, b, c, a], Tree.Leaves(quad));
        Assert.Equal(quad, Tree.Rebuild(quad, Tree.Leaves(quad)));
    }
}
