namespace Paramorph.Formats;

/// <summary>
/// A file that cannot be read for what it holds: it is damaged, cut off, of another format, of a kind that is not supported, or beyond the limits. What the
/// operating system refuses (no such file, no permission) stays an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
/// <param name="path">The file; <c>stream</c> for a stream without a name.</param>
/// <param name="place">Where in the file: a line and column, a byte, a field. Empty when the file as a whole is meant.</param>
/// <param name="problem">What is wrong there, and what would be right.</param>
/// <param name="cause">What a decoder below threw.</param>
public sealed class UnreadableFileException(string path, string place, string problem, Exception? cause = null)
    : Exception(place.Length == 0 ? $"{path}: {problem}" : $"{path}: {place}: {problem}", cause)
{
    /// <summary>The file; <c>stream</c> for a stream without a name.</summary>
    public string Path { get; } = path;

    /// <summary>Where in the file: a line and column, a byte, a field. Empty when the file as a whole is meant.</summary>
    public string Place { get; } = place;

    /// <summary>What is wrong there, without the path and the place.</summary>
    public string Problem { get; } = problem;

    /// <summary>Whether the content is sound, but of a kind that is not read.</summary>
    internal bool IsOtherKind { get; init; }
}
