using System.Text;

namespace Paramorph.Formats;

/// <summary>The texts that stand for missing values.</summary>
internal sealed class MissingMarkers
{
    private readonly byte[][] markers;
    private readonly bool[] isFirst = new bool[256];
    private readonly int empty;

    public MissingMarkers(IReadOnlyList<string> texts)
    {
        Texts = texts;
        markers = [.. texts.Select(Encoding.UTF8.GetBytes)];
        empty = Array.FindIndex(markers, marker => marker.Length == 0);
        foreach (var marker in markers)
            if (marker.Length > 0) isFirst[marker[0]] = true;
    }

    /// <summary>The texts, by the numbers that <see cref="IndexOf"/> gives.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Which marker a field is; negative for none.</summary>
    public int IndexOf(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty) return empty;
        if (!isFirst[field[0]]) return -1;
        for (var i = 0; i < markers.Length; i++)
            if (field.SequenceEqual(markers[i])) return i;
        return -1;
    }
}
