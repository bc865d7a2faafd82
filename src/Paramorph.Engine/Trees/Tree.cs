namespace Paramorph;

/// <summary>Functions on trees: values whose leaves are tensors.</summary>
public static class Tree
{
    /// <summary>The leaves in order.</summary>
    public static Tensor[] Leaves<T>(T tree)
        where T : ITree<T>
    {
        var leaves = new List<Tensor>();
        Leaves(tree, leaves);
        return [.. leaves];
    }

    /// <summary>Adds the leaves, in order, to <paramref name="destination"/>.</summary>
    public static void Leaves<T>(T tree, ICollection<Tensor> destination)
        where T : ITree<T> => tree.Visit(new LeafVisitor(destination));

    /// <summary>The paths of the leaves in order: <c>layers[0].weight</c>, <c>heads["policy"].bias</c>, <c>moments.item1</c>.</summary>
    public static string[] Names<T>(T tree)
        where T : ITree<T>
    {
        var visitor = new NameVisitor();
        tree.Visit(visitor);
        return [.. visitor.Names];
    }

    /// <summary>What two trees share that differ in their leaves alone.</summary>
    public static TreeStructure Structure<T>(T tree)
        where T : ITree<T> => TreeStructure.Of(tree);

    /// <summary>The tree with the structure and the static values of <paramref name="prototype"/> and other leaves.</summary>
    /// <exception cref="TreeException">There are more or fewer leaves than the prototype has.</exception>
    public static T Rebuild<T>(T prototype, ReadOnlySpan<Tensor> leaves)
        where T : ITree<T>
    {
        var next = 0;
        var reader = new TreeReader(leaves, ref next, typeof(T));
        var tree = prototype.Rebuild(reader);
        reader.RequireEnd();
        return tree;
    }

    /// <summary>The tree whose leaves are <paramref name="f"/> of the leaves.</summary>
    public static T Map<T>(T tree, Func<Tensor, Tensor> f)
        where T : ITree<T> => Rebuild(tree, Array.ConvertAll(Leaves(tree), leaf => f(leaf)));

    /// <summary>The tree whose leaves are <paramref name="f"/> of the paths and the leaves.</summary>
    public static T Map<T>(T tree, Func<string, Tensor, Tensor> f)
        where T : ITree<T> => Rebuild(tree, [.. Names(tree).Zip(Leaves(tree), f)]);

    /// <summary>The tree whose leaves are <paramref name="f"/> of the leaves in the same places of two trees.</summary>
    /// <exception cref="TreeException">The structures differ; the message says where.</exception>
    public static T Zip<T>(T first, T second, Func<Tensor, Tensor, Tensor> f)
        where T : ITree<T>
    {
        Structure(first).RequireSame(Structure(second), "second");
        return Rebuild(first, [.. Leaves(first).Zip(Leaves(second), f)]);
    }

    /// <summary>The tree whose leaves are <paramref name="f"/> of the leaves in the same places of three trees.</summary>
    /// <exception cref="TreeException">The structures differ; the message says where.</exception>
    public static T Zip<T>(T first, T second, T third, Func<Tensor, Tensor, Tensor, Tensor> f)
        where T : ITree<T>
    {
        var structure = Structure(first);
        structure.RequireSame(Structure(second), "second");
        structure.RequireSame(Structure(third), "third");
        return Rebuild(first, [.. Leaves(first).Zip(Leaves(second), Leaves(third)).Select(leaves => f(leaves.First, leaves.Second, leaves.Third))]);
    }

    private sealed class LeafVisitor(ICollection<Tensor> leaves) : ITreeVisitor
    {
        public void Enter(PathSegment segment)
        {
        }

        public void Exit()
        {
        }

        public void Leaf(Tensor leaf) => leaves.Add(leaf);

        public void Static<T>(PathSegment segment, T value)
        {
        }
    }

    private sealed class NameVisitor : ITreeVisitor
    {
        private readonly TreePath path = new();

        public List<string> Names { get; } = [];

        public void Enter(PathSegment segment) => path.Enter(segment);

        public void Exit() => path.Exit();

        public void Leaf(Tensor leaf) => Names.Add(path.ToString());

        public void Static<T>(PathSegment segment, T value)
        {
        }
    }
}
