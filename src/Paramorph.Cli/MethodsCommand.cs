using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Methods;
using Paramorph.Problems;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Lists the methods.</summary>
internal static class MethodsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "One method, with its hyperparameters.", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<string?>("--problem") { Description = "Only those for a kind of problem." };
        var format = SharedOptions.Format();
        var command = new Command("methods", "Lists the methods that fit knows: what each is, for which problems, and its hyperparameters.") { name, kind, format };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(kind) is { } text ? ProblemKind.Named(text).Name : null;
            Method[] methods = parsed.GetValue(name) is { } one ? [Catalogues.MethodOf(one)] : [.. Catalogues.Methods.Where(method => asked is null || method.Kinds.Contains(asked))];
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize([.. methods.Select(MethodItem.Of)], MethodsJson.Default.MethodItemArray));
            else Print(methods, isDetailed: parsed.GetValue(name) is not null, asked);
            return ExitCode.Held;
        });
        return command;
    }

    private static void Print(Method[] methods, bool isDetailed, string? kind)
    {
        if (isDetailed)
        {
            var method = methods[0];
            AnsiConsole.MarkupLine($"[bold]{Markup.Escape(method.Name)}[/]  {Markup.Escape(method.Meaning)}");
            if (method.GoodAt.Length > 0) AnsiConsole.WriteLine($"Good at {method.GoodAt}.");
            if (method.Paper is { } paper) AnsiConsole.WriteLine(paper);
            AnsiConsole.WriteLine($"For {string.Join(", ", method.Kinds)}{(method.IsAutomatic ? "" : "; tried only when it is named")}.");
            var parameters = new Table().Border(TableBorder.Simple).AddColumn("hyperparameter").AddColumn(new TableColumn("usual").RightAligned()).AddColumn("range of the search").AddColumn("meaning");
            foreach (var parameter in method.Hyperparameters)
                parameters.AddRow(parameter.Name, Markup.Escape(parameter.Text(parameter.Default)), Markup.Escape(parameter.Range), Markup.Escape(parameter.Meaning));
            AnsiConsole.Write(parameters);
            return;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("method").NoWrap()).AddColumn("what it is").AddColumn("good at").AddColumn("for");
        foreach (var method in methods)
            table.AddRow(Markup.Escape(method.Name), Markup.Escape(method.Meaning), Markup.Escape(method.GoodAt), string.Join(", ", method.Kinds));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{methods.Length} methods{(kind is null ? "" : $" for {kind}")}. paramorph methods NAME tells more; paramorph fit DATA --method NAME uses one.");
        if (kind is not null) return;
        AnsiConsole.WriteLine("Kinds of problems:");
        foreach (var problem in ProblemKind.All.Values.OrderBy(problem => problem.Name, StringComparer.Ordinal)) AnsiConsole.WriteLine($"  {problem.Name,-22} {problem.Meaning}");
    }
}

/// <summary>A method in the list.</summary>
internal sealed record MethodItem(string Name, string Meaning, string GoodAt, string? Paper, bool IsAutomatic, IReadOnlyList<string> Kinds, IReadOnlyList<HyperparameterItem> Hyperparameters)
{
    public static MethodItem Of(Method method) => new(
        method.Name, method.Meaning, method.GoodAt, method.Paper, method.IsAutomatic, method.Kinds,
        [.. method.Hyperparameters.Select(parameter => new HyperparameterItem(parameter.Name, parameter.Meaning, parameter.Text(parameter.Default), parameter.Range))]);
}

/// <summary>A hyperparameter in the list.</summary>
internal sealed record HyperparameterItem(string Name, string Meaning, string Usual, string Range);

/// <summary>How the list looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MethodItem[]))]
internal sealed partial class MethodsJson : JsonSerializerContext;
