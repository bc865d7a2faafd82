using System.CommandLine;

namespace Paramorph.Cli;

/// <summary>For whom output is written.</summary>
internal enum OutputFormat
{
    /// <summary>People.</summary>
    Text,

    /// <summary>Programs: one JSON value on standard output, everything else on standard error.</summary>
    Json,
}

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<OutputFormat> Format() => new("--format") { Description = "Text for people, or json: one JSON value on standard output." };
}
