namespace Paramorph.Server;

/// <summary>What is taken at most.</summary>
public static class Limits
{
    /// <summary>Bytes of a request that is no file.</summary>
    public const long RequestBytes = 256 * 1024;

    /// <summary>Bytes of a file of data, which goes to disk as it comes.</summary>
    public const long UploadBytes = 512L * 1024 * 1024;

    /// <summary>Streams of events that are open at a time.</summary>
    public const int EventStreams = 200;

    /// <summary>Runs and fits that wait.</summary>
    public const int WaitingRuns = 100;

    /// <summary>Rows of answers that are shown; a file has all.</summary>
    public const int ShownRows = 200;
}
