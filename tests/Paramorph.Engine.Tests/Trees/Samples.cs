using System.Collections.Immutable;

namespace Paramorph.Tests.Trees;

/// <summary>Records of every shape that a tree may have, and leaves to tell apart.</summary>
internal static partial class Samples
{
    /// <summary>A leaf that equals no other.</summary>
    public static Tensor Leaf() => Tensor.From(1f);

    public static Linear Layer() => new(Leaf(), Leaf());

    [Tree]
    internal sealed partial record Linear(Tensor Weight, Tensor? Bias);

    [Tree]
    internal sealed partial record Mlp(Linear Hidden, Linear Output, Func<Tensor, Tensor> Activation, int Width, string Name);

    [Tree]
    internal sealed partial record Stack(IReadOnlyList<Linear> Layers, IReadOnlyDictionary<string, Linear> Heads);

    /// <summary>Every container, as a body of settable properties and fields.</summary>
    [Tree]
    internal sealed partial record Containers
    {
        public Tensor[] Array { get; init; } = [];

        public ImmutableArray<Tensor> Immutable { get; init; } = [];

        public List<Tensor> List { get; init; } = [];

        public IReadOnlyList<Tensor> Readable { get; init; } = [];

        public IList<Tensor> Writable { get; init; } = [];

        public Dictionary<string, Tensor> Dictionary { get; init; } = [];

        public IReadOnlyDictionary<string, Tensor> ReadableDictionary { get; init; } = new Dictionary<string, Tensor>();

        public IDictionary<string, Tensor> WritableDictionary { get; init; } = new Dictionary<string, Tensor>();

        public ImmutableDictionary<string, Tensor> ImmutableDictionary { get; init; } = ImmutableDictionary<string, Tensor>.Empty;

        public (Tensor Mean, Tensor Variance) Named { get; set; } = (Leaf(), Leaf());

        public (Tensor, int, Linear?) Mixed { get; set; } = (Leaf(), 3, null);

        public (Tensor, Tensor[])[][] Nested { get; init; } = [];

        public TreeList<Linear> Trees { get; init; } = [];
    }

    /// <summary>Every kind of value that may be missing.</summary>
    [Tree]
    internal sealed partial record Optional
    {
        public Tensor? Tensor { get; init; }

        public Tensor?[]? Array { get; init; }

        public ImmutableArray<Tensor?> Immutable { get; init; }

        public Dictionary<string, List<Tensor>?>? Dictionary { get; init; }

        public (Tensor, Tensor?)? Tuple { get; init; }

        public Span? Struct { get; init; }
    }

    [Tree]
    internal readonly partial record struct Span(Tensor Low, Tensor High);

    [Tree]
    internal partial record struct Mutable(Tensor Value)
    {
        public Tensor Field = Value;
    }

    [Tree]
    internal sealed partial record Box<T>(T Value, T[] Others)
        where T : ITree<T>;

    /// <summary>The tensors here are no leaves, the field is one.</summary>
    [Tree]
    internal sealed partial record Marked([Static] Tensor Grid, [property: Static] Tensor[] Frozen)
    {
        private Tensor scale = Leaf();

        public Tensor Doubled => scale;

        [Static]
        public Tensor Constant { get; } = Leaf();

        public Tensor Checked { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = Leaf();
    }

    /// <summary>A copy cannot set its members: the constructor must.</summary>
    [Tree]
    internal sealed partial record Constructed
    {
        private readonly Tensor[] gains;

        public Constructed(Tensor weight, int @class, Tensor[] gains)
        {
            Weight = weight;
            Class = @class;
            this.gains = gains;
        }

        public Tensor Weight { get; }

        public int Class { get; }

        public Tensor? Bias { get; init; }

        public int Note { get; set; }
    }

    /// <summary>What the generator cannot know is written by hand.</summary>
    internal sealed class Handwritten(Tensor value) : ITree<Handwritten>
    {
        public Tensor Value { get; } = value;

        void ITree<Handwritten>.Visit(ITreeVisitor visitor) => visitor.Child("value", Value);

        Handwritten ITree<Handwritten>.Rebuild(TreeReader leaves) => new(leaves.Read(Value));
    }

    [Tree]
    internal sealed partial record Chain(Tensor Value, Chain? Next, Handwritten? Other = null);

    internal interface IBlock : ITree<IBlock>;

    [Tree]
    internal sealed partial record Dense(Tensor Weight) : IBlock;

    [Tree]
    internal sealed partial record Residual(TreeList<IBlock> Blocks, IBlock[] More) : IBlock;

    [Tree]
    internal readonly partial record struct Scale(Tensor Weight) : IBlock;

    [Tree]
    internal abstract partial record Shape2(Tensor Origin)
    {
        private Tensor hidden = Leaf();

        public Tensor Hidden() => hidden;
    }

    [Tree]
    internal partial record Circle(Tensor Origin, Tensor Radius) : Shape2(Origin);

    [Tree]
    internal sealed partial record Ring(Tensor Origin, Tensor Radius, Tensor Inner) : Circle(Origin, Radius);

    [Tree]
    internal sealed partial record Sizes(Tensor Weight, int[] Strides, ImmutableArray<int> Pads);

    [Tree]
    internal sealed partial record Alike(Tensor DX, Tensor Dx, Tensor GRUCell, Tensor W1, Tensor @class);
}
