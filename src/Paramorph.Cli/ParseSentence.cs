using System.CommandLine.Parsing;

namespace Paramorph.Cli;

/// <summary>What is wrong with a command line, for people: a value of the wrong type is told without the names of .NET's types.</summary>
internal static class ParseSentence
{
    public static string Of(ParseError error) => error.SymbolResult is OptionResult { Tokens: [.., var token] } result && error.Message.Contains("expected type", StringComparison.Ordinal)
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
