using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;
using Paramorph.Methods;
using Paramorph.Problems;
using Spectre.Console;
using TableColumn = Paramorph.Formats.TableColumn;

namespace Paramorph.Cli;

/// <summary>What is understood of a file before anything is learned from it.</summary>
/// <param name="Problem">The kind of problem.</param>
/// <param name="Name">The name of the problem.</param>
/// <param name="Content">What the file holds.</param>
/// <param name="Understood">What was understood, and what was guessed.</param>
/// <param name="Targets">The columns that are predicted; none where the file is no table.</param>
/// <param name="Columns">The columns; none where the file is no table.</param>
/// <param name="Methods">The methods that suit.</param>
/// <param name="Kinds">The kinds of problem that could be made of the file, the likeliest first.</param>
internal sealed record UnderstoodData(
    string Problem, string Name, string Content, IReadOnlyList<string> Understood, IReadOnlyList<string> Targets, IReadOnlyList<UnderstoodColumn> Columns, IReadOnlyList<SuitedMethod> Methods,
    IReadOnlyList<string> Kinds)
{
    public static UnderstoodData Of(Problem problem, DataContent content) => new(
        problem.Kind, problem.Name, content.Description, problem.Understood,
        problem.Preparation is TablePreparation table ? table.Targets : [],
        content is DataContent.OfTable { Table.Columns: var columns } ? [.. columns.Select(UnderstoodColumn.Of)] : [],
        [.. Method.All.Where(method => method.Kinds.Contains(problem.Kind) && method.Unsuited(problem) is null).Select(method => new SuitedMethod(method.Name, method.Meaning, method.IsAutomatic))],
        [.. ProblemKind.All.Values.Select(kind => (kind.Name, Fitness: kind.Suits(content, new()))).Where(kind => kind.Fitness > 0 || kind.Name == problem.Kind).OrderByDescending(kind => kind.Fitness).Select(kind => kind.Name)]);

    public static void Tell(UnderstoodData data, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(data, UnderstoodJson.Default.UnderstoodData));
            return;
        }
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(data.Name)}[/], {data.Problem}: {Markup.Escape(data.Content)}");
        foreach (var note in data.Understood) AnsiConsole.WriteLine($"  {note}");
        AnsiConsole.WriteLine($"Methods that suit: {string.Join(", ", data.Methods.Select(method => method.IsAutomatic ? method.Name : $"{method.Name} (when named)"))}.");
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Examples">Its first values.</param>
internal sealed record UnderstoodColumn(string Name, ColumnType Type, int Missing, IReadOnlyList<string> Examples)
{
    public static UnderstoodColumn Of(TableColumn column)
    {
        string[] values = column is TableColumn.Text text
            ? [.. text.Values]
            : [.. ((TableColumn.Numeric)column).Values.ToDoubles().Select(value => double.IsNaN(value) ? "" : value.ToString("G6", CultureInfo.InvariantCulture))];
        return new(column.Name, ColumnCode.TypeOf(column), values.Count(value => value.Length == 0), [.. values.Where(value => value.Length > 0).Distinct().Take(3)]);
    }
}

/// <summary>A method that suits.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="IsAutomatic">Whether it is tried without being named.</param>
internal sealed record SuitedMethod(string Name, string Meaning, bool IsAutomatic);

/// <summary>How that looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(UnderstoodData))]
internal sealed partial class UnderstoodJson : JsonSerializerContext;
