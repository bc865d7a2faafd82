namespace Paramorph.Problems;

/// <summary>A format that <see cref="DataContent.Read"/> is to read beside its own, such as one that needs a package of others.</summary>
/// <param name="Recognises">Whether the first bytes of a file, at most 128, are those of the format.</param>
/// <param name="Read">Reads a file of a path.</param>
public sealed record ContentReader(ContentReader.Recognition Recognises, Func<string, DataContent> Read)
{
    /// <summary>Whether a file is of a format.</summary>
    /// <param name="start">Its first bytes.</param>
    public delegate bool Recognition(ReadOnlySpan<byte> start);
}
