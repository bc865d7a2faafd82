using System.Collections.Immutable;
using static Paramorph.Tests.Trees.Samples;

namespace Paramorph.Tests.Trees;

/// <summary>The generated members, one kind of record member at a time.</summary>
public sealed class TreeRecordTests
{
    public static TheoryData<string, string[]> Kinds => new()
    {
        { "array", ["array[0]", "array[1]"] },
        { "immutable array", ["immutable[0]", "immutable[1]"] },
        { "list", ["list[0]"] },
        { "readable list", ["readable[0]"] },
        { "writable list", ["writable[0]"] },
        { "dictionary", ["dictionary[\"a\"]", "dictionary[\"b\"]"] },
        { "readable dictionary", ["readableDictionary[\"a\"]"] },
        { "writable dictionary", ["writableDictionary[\"a\"]"] },
        { "immutable dictionary", ["immutableDictionary[\"a\"]", "immutableDictionary[\"b\"]"] },
        { "nested", ["nested[0][0].item1", "nested[0][0].item2[0]", "nested[1][0].item1"] },
        { "trees", ["trees[0].weight", "trees[0].bias"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Containers_are_walked_and_rebuilt(string kind, string[] names)
    {
        Tensor a = Leaf(), b = Leaf();
        var empty = new Containers();
        var tree = kind switch
        {
            "array" => empty with { Array = [a, b] },
            "immutable array" => empty with { Immutable = [a, b] },
            "list" => empty with { List = [a] },
            "readable list" => empty with { Readable = [a] },
            "writable list" => empty with { Writable = [a] },
            "dictionary" => empty with { Dictionary = new() { ["b"] = b, ["a"] = a } },
            "readable dictionary" => empty with { ReadableDictionary = new Dictionary<string, Tensor> { ["a"] = a } },
            "writable dictionary" => empty with { WritableDictionary = new Dictionary<string, Tensor> { ["a"] = a } },
            "immutable dictionary" => empty with { ImmutableDictionary = empty.ImmutableDictionary.Add("b", b).Add("a", a) },
            "nested" => empty with { Nested = [[(a, [b])], [(a, [])]] },
            _ => empty with { Trees = [new(a, b)] },
        };

        Assert.Equal(names, Tree.Names(tree).Except(["named.mean", "named.variance", "mixed.item1"]));
        AssertRebuilds(tree);
    }

    [Fact]
    public void Tuples_are_named_by_their_elements_and_keep_their_static_ones()
    {
        var tree = new Containers { Mixed = (Leaf(), 5, new(Leaf(), null)) };

        Assert.Equal(["named.mean", "named.variance", "mixed.item1", "mixed.item3.weight"], Tree.Names(tree));
        Assert.Equal(5, Tree.Map(tree, _ => Leaf()).Mixed.Item2);
        AssertRebuilds(tree);
    }

    [Fact]
    public void A_rebuilt_dictionary_keeps_its_comparer()
    {
        var tree = new Containers { Dictionary = new(StringComparer.OrdinalIgnoreCase) { ["Policy"] = Leaf() } };

        Assert.True(Tree.Map(tree, leaf => leaf).Dictionary.ContainsKey("policy"));
    }

    [Fact]
    public void Rebuilding_leaves_the_prototype_alone()
    {
        var tree = new Containers { Array = [Leaf()], List = [Leaf()], Dictionary = new() { ["a"] = Leaf() } };
        var before = Tree.Leaves(tree);

        Tree.Map(tree, _ => Leaf());

        Assert.Equal(before, Tree.Leaves(tree));
    }

    [Fact]
    public void Missing_values_have_no_leaves()
    {
        var tree = new Optional();

        Assert.Empty(Tree.Names(tree));
        Assert.Equal(tree, Tree.Map(tree, _ => Leaf()));
    }

    [Fact]
    public void Nullable_values_that_are_there_have_leaves()
    {
        var tree = new Optional
        {
            Tensor = Leaf(),
            Array = [null, Leaf()],
            Immutable = [Leaf(), null],
            Dictionary = new() { ["a"] = null, ["b"] = [Leaf()] },
            Tuple = (Leaf(), null),
            Struct = new(Leaf(), Leaf()),
        };

        Assert.Equal(["tensor", "array[1]", "immutable[0]", "dictionary[\"b\"][0]", "tuple.item1", "struct.low", "struct.high"], Tree.Names(tree));
        AssertRebuilds(tree);
    }

    [Fact]
    public void Record_structs_are_trees()
    {
        AssertRebuilds(new Samples.Span(Leaf(), Leaf()));
        AssertRebuilds(new Mutable(Leaf()) { Field = Leaf() });
        Assert.Equal(["value", "field"], Tree.Names(new Mutable(Leaf())));
    }

    [Fact]
    public void A_generic_record_holds_any_tree()
    {
        AssertRebuilds(new Box<Tensor>(Leaf(), [Leaf()]));
        AssertRebuilds(new Box<Samples.Span>(new(Leaf(), Leaf()), [new(Leaf(), Leaf())]));
        Assert.Equal(
            ["value.value.weight", "value.value.bias", "others[0].value.weight"],
            Tree.Names(new Box<Box<Linear>>(new(Layer(), []), [new(new(Leaf(), null), [])])));
    }

    [Fact]
    public void Members_marked_static_are_carried_over()
    {
        var tree = new Marked(Leaf(), [Leaf()]);

        var mapped = Tree.Map(tree, _ => Leaf());

        Assert.Equal(["scale", "checked"], Tree.Names(tree));
        Assert.Same(tree.Grid, mapped.Grid);
        Assert.Same(tree.Frozen, mapped.Frozen);
        Assert.Same(tree.Constant, mapped.Constant);
        Assert.NotSame(tree.Doubled, mapped.Doubled);
    }

    [Fact]
    public void Get_only_members_are_set_by_the_constructor()
    {
        var tree = new Constructed(Leaf(), 7, [Leaf(), Leaf()]) { Bias = Leaf(), Note = 3 };

        var mapped = Tree.Map(tree, _ => Leaf());

        Assert.Equal(["gains[0]", "gains[1]", "weight", "bias"], Tree.Names(tree));
        Assert.Equal((7, 3), (mapped.Class, mapped.Note));
        AssertRebuilds(tree);
    }

    [Fact]
    public void A_record_holds_its_own_kind_and_trees_written_by_hand()
    {
        var tree = new Chain(Leaf(), new(Leaf(), new(Leaf(), null)), new(Leaf()));

        Assert.Equal(["value", "next.value", "next.next.value", "other.value"], Tree.Names(tree));
        AssertRebuilds(tree);
    }

    [Fact]
    public void Trees_behind_an_interface_keep_their_types()
    {
        var tree = new Residual([new Dense(Leaf()), new Scale(Leaf())], new[] { new Dense(Leaf()) });

        var mapped = Tree.Map(tree, _ => Leaf());

        Assert.Equal(["blocks[0].weight", "blocks[1].weight", "more[0].weight"], Tree.Names(tree));
        Assert.IsType<Dense>(mapped.Blocks[0]);
        Assert.IsType<Scale>(mapped.Blocks[1]);
        Assert.IsType<Dense[]>(mapped.More);
        AssertRebuilds<IBlock>(tree);
    }

    [Fact]
    public void Derived_records_show_the_members_of_their_base_first()
    {
        var tree = new Ring(Leaf(), Leaf(), Leaf());

        Assert.Equal(["origin", "hidden", "radius", "inner"], Tree.Names(tree));
        Assert.Equal(Tree.Leaves(tree), [tree.Origin, tree.Hidden(), tree.Radius, tree.Inner]);
        AssertRebuilds(tree);
        AssertRebuilds<Circle>(tree);
        AssertRebuilds<Shape2>(tree);
        Assert.IsType<Ring>(Tree.Map<Shape2>(tree, _ => Leaf()));
    }

    [Fact]
    public void Names_that_would_coincide_keep_their_case()
    {
        var tree = new Alike(Leaf(), Leaf(), Leaf(), Leaf(), Leaf());

        Assert.Equal(["DX", "Dx", "gruCell", "w1", "class"], Tree.Names(tree));
        AssertRebuilds(tree);
    }

    /// <summary>New leaves go in where the old ones were; the old ones again give the tree again.</summary>
    private static void AssertRebuilds<T>(T tree)
        where T : ITree<T>
    {
        var old = Tree.Leaves(tree);
        Tensor[] fresh = [.. old.Select(_ => Leaf())];

        var changed = Tree.Rebuild(tree, fresh);
        var back = Tree.Rebuild(changed, old);

        Assert.Equal(fresh, Tree.Leaves(changed));
        Assert.Equal(old, Tree.Leaves(back));
        Assert.Equal(Tree.Structure(tree), Tree.Structure(changed));
        Assert.IsType(tree.GetType(), changed);
    }
}
