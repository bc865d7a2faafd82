using System.CommandLine;
using System.CommandLine.Parsing;

namespace Paramorph.Cli;

/// <summary>What is wrong with a command line, for people: a value of the wrong type is told without the names of .NET's types.</summary>
internal static class ParseSentence
{
    /// <summary>The sentences, one an error; of what is unknown only the first, since what follows it belongs to it.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var errors = parsed.Errors.Where(error => parsed.UnmatchedTokens.Count == 0 || error.SymbolResult is not CommandResult).Select(Of);
        return Swallowed(parsed).Concat(parsed.UnmatchedTokens).FirstOrDefault() is { } unknown ? errors.Prepend(Unknown(unknown, parsed.CommandResult.Command)) : errors;
    }

    /// <summary>What looks like an option and was taken for one of several arguments.</summary>
    public static IEnumerable<string> Swallowed(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).Where(value => value.StartsWith("--", StringComparison.Ordinal));

    private static string Unknown(string word, Command command)
    {
        var names = command.Options.Select(option => option.Name).Concat(command.Subcommands.Select(own => own.Name));
        return $"{(command is RootCommand ? "there" : command.Name)} {(command is RootCommand ? "is no command" : "does not know")} {word}.{Nearest.Question(word, names)}";
    }

    private static string Of(ParseError error) => error.SymbolResult is OptionResult { Tokens: [.., var token] } result && error.Message.Contains("expected type", StringComparison.Ordinal)
        ? $"{result.Option.Name} takes {Values(Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType)}, not \"{token.Value}\"."
        : error.Message;

    private static string Values(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => string.Join(" or ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())),
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => FormattableString.Invariant($"a whole number up to {int.MaxValue:N0}"),
        TypeCode.Int64 => "a whole number",
        TypeCode.Double => "a number",
        _ => "another value",
    };
}
