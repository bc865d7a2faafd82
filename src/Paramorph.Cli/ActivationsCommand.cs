using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Neurons;
using Paramorph.Problems;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Lists the activations.</summary>
internal static class ActivationsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "One activation, with its parameters and a picture.", Arity = ArgumentArity.ZeroOrOne };
        var family = new Option<string?>("--family") { Description = $"Only those of a family: {string.Join(", ", Families)}." };
        var format = SharedOptions.Format();
        var command = new Command("activations", "Lists the activations of the literature: formula, parameters, range and source of each.") { name, family, format };
        command.SetAction(parsed =>
        {
            var (one, kin) = (parsed.GetValue(name), parsed.GetValue(family));
            if (kin is not null && !Families.Contains(kin)) throw new ProblemException($"there is no family {kin} of activations: there are {string.Join(", ", Families)}.");
            ActivationFunction[] functions = one is null
                ? [.. ActivationFunction.All.Where(function => kin is null || function.Family == kin)]
                : [ActivationFunction.All.FirstOrDefault(function => function.Name == one) ?? throw new ProblemException($"there is no activation {one}: paramorph activations names them.{Nearest.Question(one, ActivationFunction.All.Select(function => function.Name))}")];
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize([.. functions.Select(ActivationItem.Of)], ActivationsJson.Default.ActivationItemArray));
            else if (one is not null) Show(functions[0]);
            else List(functions);
            return ExitCode.Held;
        });
        return command;
    }

    private static IEnumerable<string> Families => ActivationFunction.All.Select(function => function.Family).Distinct();

    private static void List(ActivationFunction[] functions)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("activation").NoWrap()).AddColumn("family").AddColumn("formula").AddColumn("range").AddColumn("source");
        foreach (var function in functions) table.AddRow([function.Name, function.Family, Markup.Escape(function.Formula), function.Range, Markup.Escape(function.Source)]);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{functions.Length} activations. paramorph activations NAME tells more; paramorph fit DATA --method mlp --set activation=NAME uses one.");
    }

    private static void Show(ActivationFunction function)
    {
        AnsiConsole.MarkupLine($"[bold]{function.Name}[/]  {Markup.Escape(function.Title)}, of the {function.Family}");
        AnsiConsole.WriteLine(function.Source);
        AnsiConsole.WriteLine($"formula  {function.Formula}");
        AnsiConsole.WriteLine($"range    {function.Range}");
        foreach (var parameter in function.Parameters)
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{parameter.Name,-8} {parameter.First:0.#######}{(parameter.IsLearned ? " at first, learned with the weights" : "")}"));
        if (Alike(function) is { Length: > 0 } others) AnsiConsole.WriteLine($"the same{(function.Parameters.Count > 0 ? " at first" : "")}: {string.Join(", ", others)}");
        AnsiConsole.WriteLine(Picture(function));
    }

    /// <summary>The names of those that have the same values.</summary>
    public static string[] Alike(ActivationFunction function) =>
        [.. (ActivationFunction.Coinciding(ActivationFunction.All).FirstOrDefault(group => group.Contains(function)) ?? []).Where(other => other != function).Select(other => other.Name)];

    /// <summary>The curve from -5 to 5, in characters of two by four dots each.</summary>
    private static string Picture(ActivationFunction function)
    {
        const int Columns = 60, Rows = 12, Across = 2 * Columns, Up = 4 * Rows;
        const double Reach = 5;
        int[][] dots = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        var values = function.Call(Tensor.From<double>([.. Enumerable.Range(0, Across).Select(i => Reach * (2.0 * i / (Across - 1) - 1))])).ToDoubles();
        var (low, high) = (Math.Max(-Reach, values.Min()), Math.Min(Reach, values.Max()));
        if (high <= low) (low, high) = (low - 1, high + 1);
        var cells = new int[Rows, Columns];
        string Label(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
        int Place(double value) => (int)Math.Round((high - value) / (high - low) * (Up - 1));
        for (var i = 0; i < Across; i++)
        {
            // From halfway to the point before to halfway to the next, so that steep curves have no gaps.
            var (before, next) = ((values[Math.Max(0, i - 1)] + values[i]) / 2, (values[Math.Min(Across - 1, i + 1)] + values[i]) / 2);
            var (top, bottom) = (Math.Max(Math.Max(before, next), values[i]), Math.Min(Math.Min(before, next), values[i]));
            if (bottom > high || top < low) continue;
            for (var y = Place(Math.Min(top, high)); y <= Place(Math.Max(bottom, low)); y++) cells[y / 4, i / 2] |= dots[y % 4][i % 2];
        }
        var text = new StringBuilder();
        for (var row = 0; row < Rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(row == 0 ? Label(high) : row == Rows - 1 ? Label(low) : ""),9} ");
            for (var column = 0; column < Columns; column++) text.Append((char)(0x2800 + cells[row, column]));
            text.Append('\n');
        }
        return text.Append(CultureInfo.InvariantCulture, $"{"",10}{-Reach,-4:0}{"",Columns - 8}{Reach,4:0}").ToString();
    }
}

/// <summary>An activation in the list.</summary>
/// <param name="Low">The greatest lower bound; null where there is none.</param>
/// <param name="High">The least upper bound; null where there is none.</param>
internal sealed record ActivationItem(
    string Name, string Title, string Family, string Formula, IReadOnlyList<ActivationParameter> Parameters, double? Low, double? High, string Source)
{
    public static ActivationItem Of(ActivationFunction function) => new(
        function.Name, function.Title, function.Family, function.Formula, function.Parameters, Finite(function.Low), Finite(function.High), function.Source);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>How the list looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ActivationItem[]))]
internal sealed partial class ActivationsJson : JsonSerializerContext;
