using System.CommandLine;
using System.CommandLine.Parsing;

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

    /// <summary>An option that takes the name of a file or folder, which is refused where it is empty, as a variable of a shell that is not set makes it.</summary>
    public static Option<T> Named<T>(this Option<T> option)
    {
        option.Validators.Add(result => Check(result, option.Name));
        return option;
    }

    /// <inheritdoc cref="Named{T}(Option{T})"/>
    public static Argument<T> Named<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => Check(result, argument.Name));
        return argument;
    }

    private static void Check(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"{name} is the name of a file or folder, and is empty here.");
    }
}
