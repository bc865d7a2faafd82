namespace Paramorph.Compiler;

/// <summary>The first and the last indices of an axis, one after the other: what is kept of a truncated spectrum.</summary>
/// <param name="Low">Number of first indices kept.</param>
/// <param name="High">Number of last indices kept.</param>
/// <param name="Length">Size of the whole axis.</param>
internal readonly record struct Band(int Low, int High, int Length)
{
    /// <summary>Number of indices kept.</summary>
    public int Count => Low + High;

    /// <summary>Whether nothing is left out.</summary>
    public bool IsWhole => Count == Length;

    /// <summary>All indices.</summary>
    public static Band Whole(int length) => new(length, 0, length);

    /// <summary>The smallest band that holds all marked indices, and index 0, which transforms always have.</summary>
    /// <param name="isUsed">The marks.</param>
    /// <param name="onlyLow">Whether the band must not have a high part.</param>
    public static Band Around(bool[] isUsed, bool onlyLow)
    {
        if (onlyLow) return new(Math.Max(1, Array.LastIndexOf(isUsed, true) + 1), 0, isUsed.Length);
        var gap = (Start: isUsed.Length, Size: 0);
        for (int i = 1, start = 1; i < isUsed.Length; i++)
        {
            if (isUsed[i]) start = i + 1;
            else if (i + 1 - start > gap.Size) gap = (start, i + 1 - start);
        }
        return new(gap.Start, isUsed.Length - gap.Start - gap.Size, isUsed.Length);
    }

    /// <summary>Number of kept indices below an index.</summary>
    public int Before(int index) => Math.Min(index, Low) + Math.Max(0, index - (Length - High));

    /// <summary>What the band keeps of a part of the axis, with indices counted from where the part begins.</summary>
    public Band Within(int start, int count)
    {
        var part = new Band(Math.Clamp(Low - start, 0, count), Math.Clamp(start + count - (Length - High), 0, count), count);
        return part.IsWhole ? Whole(count) : part;
    }

    /// <summary>Marks of the kept indices.</summary>
    public bool[] Marks()
    {
        var marks = new bool[Length];
        marks.AsSpan(0, Low).Fill(true);
        marks.AsSpan(Length - High).Fill(true);
        return marks;
    }

    /// <summary>The number of indices kept at either end.</summary>
    public override string ToString() => High == 0 ? $"{Low} of {Length}" : $"{Low} and {High} of {Length}";
}
