namespace Paramorph.Generators;

/// <summary>All that the emitter needs to know of a record marked [Tree], as values.</summary>
/// <param name="FileName">Name of the generated file.</param>
/// <param name="Namespace">The namespace, or null for the global one.</param>
/// <param name="Containers">Declarations of the types that the record is nested in, outermost first.</param>
/// <param name="Declaration">The record's own: <c>partial record Linear</c>.</param>
/// <param name="Self">Its full name.</param>
/// <param name="Place">Its place in a hierarchy.</param>
/// <param name="ShowsType">Whether the run-time type is part of the structure, since the declared one does not tell it.</param>
/// <param name="Interfaces">The interfaces <c>I : ITree&lt;I&gt;</c> that it stands behind.</param>
/// <param name="Members">Its own members in order.</param>
/// <param name="Arguments">What the constructor takes, when it must be called to set get-only members; otherwise empty.</param>
internal sealed record TreeModel(
    string FileName,
    string? Namespace,
    EquatableArray<string> Containers,
    string Declaration,
    string Self,
    TreePlace Place,
    bool ShowsType,
    EquatableArray<string> Interfaces,
    EquatableArray<TreeMember> Members,
    EquatableArray<TreeArgument> Arguments);

/// <summary>Whether others derive from a tree, and whether it derives from one.</summary>
internal enum TreePlace
{
    Alone,
    Base,
    Derived,
}

/// <summary>A property or field.</summary>
/// <param name="Name">As C# code writes it.</param>
/// <param name="Segment">As paths write it.</param>
/// <param name="IsSettable">Whether an initialiser can set it.</param>
/// <param name="Walk">How its value is walked.</param>
internal sealed record TreeMember(string Name, string Segment, bool IsSettable, Walk Walk);

/// <summary>A constructor's parameter and the member that it sets.</summary>
internal sealed record TreeArgument(string Parameter, string Member);

/// <summary>How a value of a type is walked.</summary>
internal abstract record Walk
{
    /// <summary>Not at all: it is carried over.</summary>
    public sealed record Static : Walk;

    /// <summary>A tensor or another tree, perhaps null.</summary>
    public sealed record Child : Walk;

    /// <summary>A value made of others. <see cref="Type"/> is its type without the question mark.</summary>
    public abstract record Compound(string Type, bool IsNullable) : Walk;

    /// <summary>An array or a list.</summary>
    public sealed record Sequence(string Type, bool IsNullable, SequenceKind Kind, string ElementType, Walk Element) : Compound(Type, IsNullable);

    /// <summary>A dictionary with string keys.</summary>
    public sealed record Dictionary(string Type, bool IsNullable, DictionaryKind Kind, string ValueType, Walk Value) : Compound(Type, IsNullable);

    /// <summary>A value tuple.</summary>
    public sealed record Tuple(string Type, bool IsNullable, EquatableArray<TreeMember> Items) : Compound(Type, IsNullable);
}

internal enum SequenceKind
{
    Array,
    List,
    ImmutableArray,
}

internal enum DictionaryKind
{
    Dictionary,
    Interface,
    ImmutableDictionary,
}
