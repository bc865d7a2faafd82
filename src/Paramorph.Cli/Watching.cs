using System.CommandLine;

namespace Paramorph.Cli;

/// <summary>What programs that start long work, and watch it, may ask for.</summary>
internal sealed class Watching
{
    private readonly Option<ProgressFormat> progress = new("--progress") { Description = "Text for people, or json: one JSON object a line on standard error, for programs that watch." };
    private readonly Option<bool> untilInputEnds = new("--until-input-ends") { Description = "Ends at once when standard input does, so that the work does not outlive the program that started it; --resume goes on." };

    /// <summary>The options of the command line.</summary>
    public IEnumerable<Option> All => [progress, untilInputEnds];

    /// <summary>Heeds what was asked, and tells how progress is told.</summary>
    public ProgressFormat Begin(ParseResult parsed)
    {
        if (parsed.GetValue(untilInputEnds)) EndWithInput();
        return parsed.GetValue(progress);
    }

    private static void EndWithInput()
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> ignored = stackalloc byte[64];
            while (input.Read(ignored) > 0)
            {
                // Only the end says something.
            }
            Environment.Exit(ExitCode.Failure);
        })
        {
            IsBackground = true,
            Name = "input",
        };
        watcher.Start();
    }
}
