using System.Collections;

namespace Paramorph;

/// <summary>
/// What trees share that differ in their leaves alone: the type, the paths, and the static values, compared by their <c>Equals</c> (arrays
/// and other structural values by their elements). Fit for a dictionary's key as long as nobody changes a static value in place.
/// </summary>
public sealed class TreeStructure : IEquatable<TreeStructure>
{
    private readonly Token[] tokens;
    private readonly int hash;
    private Matcher? spare;

    private TreeStructure(Type type, Token[] tokens)
    {
        Type = type;
        this.tokens = tokens;
        var hash = new HashCode();
        hash.Add(type);
        foreach (var token in tokens) hash.Add(token);
        this.hash = hash.ToHashCode();
    }

    private enum Kind : byte
    {
        Enter,
        Exit,
        Leaf,
        Static,
    }

    /// <summary>The declared type of the tree.</summary>
    public Type Type { get; }

    /// <summary>Number of leaves.</summary>
    public int LeafCount => tokens.Count(token => token.Kind == Kind.Leaf);

    internal static TreeStructure Of<T>(T tree)
        where T : ITree<T>
    {
        var recorder = new Recorder();
        tree.Visit(recorder);
        return new(typeof(T), [.. recorder.Tokens]);
    }

    /// <summary>Whether this is the structure of <paramref name="tree"/>; allocates nothing, unlike making the tree's own structure.</summary>
    public bool Describes<T>(T tree)
        where T : ITree<T>
    {
        if (typeof(T) != Type) return false;
        var matcher = Interlocked.Exchange(ref spare, null) ?? new Matcher(tokens);
        matcher.Start();
        tree.Visit(matcher);
        var matches = matcher.Matched;
        spare = matcher;
        return matches;
    }

    /// <summary>One sentence on the first place where two structures differ, or null when they are equal.</summary>
    /// <param name="other">The structure to compare with.</param>
    /// <param name="otherName">What the sentence calls the other tree; this one is "the first".</param>
    public string? Difference(TreeStructure other, string otherName = "second")
    {
        if (Type != other.Type) return $"The trees differ: the first is {TypeName.Of(Type)}, the {otherName} {TypeName.Of(other.Type)}.";
        var path = new TreePath();
        var at = 0;
        while (at < tokens.Length && at < other.tokens.Length && tokens[at] == other.tokens[at])
        {
            if (tokens[at].Kind == Kind.Enter) path.Enter(tokens[at].Segment);
            if (tokens[at].Kind == Kind.Exit) path.Exit();
            at++;
        }
        if (at == tokens.Length && at == other.tokens.Length) return null;

        var place = Place(other, at);
        if (place is { } segment) path.Enter(segment);
        var where = path.ToString() is { Length: > 0 } text ? text : "the root";
        return $"The trees differ at {where}: the first has {Show(at, place)}, the {otherName} has {other.Show(at, place)}.";
    }

    /// <inheritdoc/>
    public bool Equals(TreeStructure? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && Type == other.Type && tokens.AsSpan().SequenceEqual(other.tokens));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeStructure);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    internal void RequireSame(TreeStructure other, string otherName)
    {
        if (!Equals(other)) throw new TreeException(Difference(other, otherName)!);
    }

    /// <summary>The member or element where the difference at a token lies: the earlier one, when each side has one that the other lacks.</summary>
    private PathSegment? Place(TreeStructure other, int at)
    {
        if (SegmentAt(at) is not { } mine) return other.SegmentAt(at);
        if (other.SegmentAt(at) is not { } theirs) return mine;
        return PathSegment.Compare(mine, theirs) <= 0 ? mine : theirs;
    }

    private PathSegment? SegmentAt(int at) =>
        at < tokens.Length && tokens[at].Kind is (Kind.Enter or Kind.Static) ? tokens[at].Segment : (PathSegment?)null;

    private string Show(int at, PathSegment? place)
    {
        if (place is not null && SegmentAt(at) != place) return "nothing";
        return at == tokens.Length ? "nothing" : tokens[at] switch
        {
            { Kind: Kind.Enter } => tokens[at + 1].Kind == Kind.Leaf ? "a tensor" : "a tree",
            { Kind: Kind.Leaf } => "a tensor",
            { Kind: Kind.Static, Value: var value } => Show(value),
            _ => "nothing",
        };
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        Type type => TypeName.Of(type),
        Array array => $"[{string.Join(", ", array.Cast<object?>().Select(Show))}]",
        _ => value.ToString() ?? TypeName.Of(value.GetType()),
    };

    private static bool Same<T>(T a, T b) =>
        EqualityComparer<T>.Default.Equals(a, b)
        || (a is IStructuralEquatable structural && structural.Equals(b, StructuralComparisons.StructuralEqualityComparer));

    /// <summary>One call that the visitor got.</summary>
    private readonly record struct Token(Kind Kind, PathSegment Segment = default, object? Value = null)
    {
        public bool Equals(Token other) => Kind == other.Kind && Segment == other.Segment && Same(Value, other.Value);

        // Structural values are equal by their elements but may hash by their identity.
        public override int GetHashCode() => HashCode.Combine(Kind, Segment, Value is IStructuralEquatable ? null : Value);
    }

    private sealed class Recorder : ITreeVisitor
    {
        public List<Token> Tokens { get; } = [];

        public void Enter(PathSegment segment) => Tokens.Add(new(Kind.Enter, segment));

        public void Exit() => Tokens.Add(new(Kind.Exit));

        public void Leaf(Tensor leaf) => Tokens.Add(new(Kind.Leaf));

        public void Static<T>(PathSegment segment, T value) => Tokens.Add(new(Kind.Static, segment, value));
    }

    /// <summary>Compares the calls that it gets with recorded ones.</summary>
    private sealed class Matcher(Token[] tokens) : ITreeVisitor
    {
        private int next;
        private bool same;

        public bool Matched => same && next == tokens.Length;

        public void Start()
        {
            next = 0;
            same = true;
        }

        public void Enter(PathSegment segment) => same = Next(Kind.Enter) && tokens[next++].Segment == segment;

        public void Exit() => same = Next(Kind.Exit) && next++ >= 0;

        public void Leaf(Tensor leaf) => same = Next(Kind.Leaf) && next++ >= 0;

        public void Static<T>(PathSegment segment, T value) =>
            same = Next(Kind.Static) && tokens[next].Segment == segment && Equal(tokens[next++].Value, value);

        private static bool Equal<T>(object? recorded, T value) => recorded is T same ? Same(same, value) : recorded is null && value is null;

        private bool Next(Kind kind) => same && next < tokens.Length && tokens[next].Kind == kind;
    }
}
