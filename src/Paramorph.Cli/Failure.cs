namespace Paramorph.Cli;

/// <summary>What is said when something happens that no part of the command expects.</summary>
internal static class Failure
{
    /// <summary>Says it in one sentence, keeps where it happened in a log file, and gives the exit code.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="arguments">What the command was asked.</param>
    /// <param name="error">Where to say it.</param>
    public static int Tell(Exception exception, IReadOnlyList<string> arguments, TextWriter error)
    {
        var message = exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        error.WriteLine($"paramorph: this should not have happened: {message}; {Kept(exception, arguments)}.");
        return ExitCode.Failure;
    }

    private static string Kept(Exception exception, IReadOnlyList<string> arguments)
    {
        var log = Path.Combine(Path.GetTempPath(), $"paramorph-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
        try
        {
            File.WriteAllText(log, $"paramorph {typeof(Failure).Assembly.GetName().Version} {string.Join(' ', arguments)}\n{Environment.OSVersion}, .NET {Environment.Version}\n\n{exception}\n");
            return $"please report it with {log}, which says where";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"and where could not be kept in {log}: {e.Message.TrimEnd('.')}";
        }
    }
}
