namespace Paramorph.Cli;

/// <summary>What the command tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All went well; of a run: the claim held.</summary>
    public const int Held = 0;

    /// <summary>Something failed.</summary>
    public const int Failure = 1;

    /// <summary>The command was used in a wrong way, the data do not fit, or a file or folder cannot be read or written.</summary>
    public const int WrongUse = 2;

    /// <summary>The claim did not hold, or the seeds did not decide.</summary>
    public const int NotHeld = 3;
}
