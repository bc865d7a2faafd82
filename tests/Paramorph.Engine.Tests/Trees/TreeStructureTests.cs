using static Paramorph.Tests.Trees.Samples;

namespace Paramorph.Tests.Trees;

public sealed class TreeStructureTests
{
    private static readonly Func<Tensor, Tensor> Identity = x => x;

    [Fact]
    public void Trees_that_differ_in_their_leaves_have_one_structure()
    {
        var a = Tree.Structure(Mlp());
        var b = Tree.Structure(Mlp());

        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Null(a.Difference(b));
    }

    [Fact]
    public void A_structure_counts_its_leaves() => Assert.Equal(4, Tree.Structure(Mlp()).LeafCount);

    public static TheoryData<string, string> Differences => new()
    {
        { "width", "The trees differ at width: the first has 8, the second has 9." },
        { "name", "The trees differ at name: the first has \"small\", the second has \"large\"." },
        { "bias", "The trees differ at hidden.bias: the first has a tensor, the second has null." },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_static_value_or_a_missing_leaf_makes_another_structure(string member, string sentence)
    {
        var other = member switch
        {
            "width" => Mlp() with { Width = 9 },
            "name" => Mlp() with { Name = "large" },
            _ => Mlp() with { Hidden = new(Leaf(), null) },
        };
        AssertDiffer(Mlp(), other, sentence);
    }

    [Fact]
    public void Lengths_of_lists_are_part_of_the_structure() => AssertDiffer(
        Stack(["a"], 1), Stack(["a"], 2), "The trees differ at layers[1]: the first has nothing, the second has a tree.");

    [Fact]
    public void Keys_are_part_of_the_structure()
    {
        AssertDiffer(Stack(["a", "b"], 0), Stack(["b"], 0), "The trees differ at heads[\"a\"]: the first has a tree, the second has nothing.");
        AssertDiffer(Stack(["b"], 0), Stack(["a"], 0), "The trees differ at heads[\"a\"]: the first has nothing, the second has a tree.");
    }

    [Fact]
    public void The_order_of_insertion_of_keys_is_not() => Assert.Equal(Tree.Structure(Stack(["a", "b"], 1)), Tree.Structure(Stack(["b", "a"], 1)));

    [Fact]
    public void The_declared_type_is_part_of_the_structure()
    {
        var difference = Tree.Structure(new TreeList<Tensor>(Leaf())).Difference(Tree.Structure(Leaf()));

        Assert.Equal("The trees differ: the first is TreeList<Tensor>, the second Tensor.", difference);
    }

    [Fact]
    public void The_type_behind_an_interface_is_part_of_the_structure() => AssertDiffer<TreeList<IBlock>>(
        [new Dense(Leaf())], [new Scale(Leaf())], "The trees differ at [0].GetType(): the first has Dense, the second has Scale.");

    [Fact]
    public void The_type_behind_a_base_is_part_of_the_structure() => AssertDiffer<Shape2>(
        new Circle(Leaf(), Leaf()), new Ring(Leaf(), Leaf(), Leaf()), "The trees differ at GetType(): the first has Circle, the second has Ring.");

    [Fact]
    public void Static_arrays_are_compared_by_their_elements()
    {
        Assert.Equal(Tree.Structure(new Sizes(Leaf(), [1, 2], [3])), Tree.Structure(new Sizes(Leaf(), [1, 2], [3])));
        AssertDiffer(
            new Sizes(Leaf(), [1, 2], []),
            new Sizes(Leaf(), [1, 3], []),
            "The trees differ at strides: the first has [1, 2], the second has [1, 3].");
    }

    [Fact]
    public void A_structure_describes_the_trees_that_have_it()
    {
        var structure = Tree.Structure(Mlp());

        Assert.True(structure.Describes(Mlp()));
        Assert.False(structure.Describes(Mlp() with { Name = null! }));
        Assert.False(structure.Describes(Leaf()));
        Assert.True(structure.Describes(Mlp()));
    }

    [Fact]
    public void Describing_a_tree_allocates_nothing()
    {
        var structure = Tree.Structure(Mlp());
        var mlp = Mlp();
        structure.Describes(mlp);

        Assert.Equal(0, Allocations.Least(() => structure.Describes(mlp)));
    }

    private static Mlp Mlp() => new(Layer(), Layer(), Identity, 8, "small");

    private static Stack Stack(string[] heads, int layers) =>
        new([.. Enumerable.Range(0, layers).Select(_ => Layer())], heads.ToDictionary(head => head, _ => Layer()));

    private static void AssertDiffer<T>(T first, T second, string sentence)
        where T : ITree<T>
    {
        var structure = Tree.Structure(first);

        Assert.NotEqual(structure, Tree.Structure(second));
        Assert.False(structure.Describes(second));
        Assert.Equal(sentence, structure.Difference(Tree.Structure(second)));
    }
}
