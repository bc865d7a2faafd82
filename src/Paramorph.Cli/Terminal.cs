using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Consoles that write colours to terminals alone.</summary>
internal static class Terminal
{
    private const int WidthOfFiles = 140;

    /// <summary>A console on a stream.</summary>
    /// <param name="writer">The stream.</param>
    /// <param name="redirected">Whether it goes to a file or another program.</param>
    public static IAnsiConsole Of(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected) console.Profile.Width = WidthOfFiles;
        return console;
    }
}
