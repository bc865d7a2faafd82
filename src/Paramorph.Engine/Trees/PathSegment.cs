using System.Text;

namespace Paramorph;

/// <summary>One step of a path into a tree: a member's name, a position in a list, or a key of a dictionary.</summary>
public readonly record struct PathSegment
{
    private const int OfMember = -1;
    private const int OfKey = -2;
    private readonly string? text;
    private readonly int position;

    private PathSegment(string? text, int position)
    {
        this.text = text;
        this.position = position;
    }

    /// <summary>The member of a record, as in <c>hidden.weight</c>.</summary>
    public static PathSegment Member(string name) => new(name, OfMember);

    /// <summary>The place in a list, as in <c>layers[0]</c>.</summary>
    public static PathSegment Index(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return new(null, position);
    }

    /// <summary>The key in a dictionary, as in <c>heads["policy"]</c>.</summary>
    public static PathSegment Key(string key) => new(key, OfKey);

    /// <summary>A <see cref="Member"/>.</summary>
    public static implicit operator PathSegment(string name) => Member(name);

    /// <summary>An <see cref="Index"/>.</summary>
    public static implicit operator PathSegment(int position) => Index(position);

    /// <summary>The segment as it stands at the start of a path.</summary>
    public override string ToString()
    {
        var path = new StringBuilder();
        AppendTo(path);
        return path.ToString();
    }

    internal void AppendTo(StringBuilder path)
    {
        if (position == OfMember)
            path.Append(path.Length == 0 ? "" : ".").Append(text);
        else if (position == OfKey)
            path.Append("[\"").Append(text!.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append("\"]");
        else
            path.Append('[').Append(position).Append(']');
    }

    /// <summary>The order in which lists and dictionaries show their elements.</summary>
    internal static int Compare(PathSegment a, PathSegment b) =>
        a.position != b.position ? a.position.CompareTo(b.position) : string.CompareOrdinal(a.text, b.text);
}
