namespace Paramorph.Server;

/// <summary>Something that a person or a program asked of the page and that cannot be done; the message says why.</summary>
/// <param name="message">One sentence.</param>
/// <param name="status">The status of the answer.</param>
/// <param name="inner">What was thrown.</param>
public sealed class ServerException(string message, int status = 400, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The status of the answer.</summary>
    public int Status => status;
}
