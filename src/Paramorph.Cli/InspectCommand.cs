using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Bayes;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Problems;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Tells what a model is and what it costs.</summary>
internal static class InspectCommand
{
    private const int Many = 1000;

    public static Command Create()
    {
        var folder = new Argument<string>("model") { Description = "The folder that fit wrote, or an ONNX file of any program." }.Named();
        var drawing = new Option<string?>("--svg") { Description = "Draws the computation of one answer of a folder's model into this file." }.Named();
        var format = SharedOptions.Format();
        var command = new Command("inspect", "Tells what a model is made of, and what an answer costs here; of an ONNX file its inputs, outputs, operators and what of them cannot be read here.") { folder, drawing, format };
        command.SetAction(parsed =>
        {
            if (File.Exists(parsed.GetValue(folder)))
            {
                OnnxInspection.Tell(parsed.GetValue(folder)!, parsed.GetValue(format));
                return ExitCode.Held;
            }
            if (!Directory.Exists(parsed.GetValue(folder))) throw new ProblemException($"there is neither a folder nor a file {parsed.GetValue(folder)}.");
            var model = Model.Load(parsed.GetValue(folder)!);
            if (parsed.GetValue(drawing) is { } path) Formats.AtomicFile.WriteText(path, model.ToComputation(1).ToSvg());
            var inspection = Inspection.Of(model, Model.ReadResult(parsed.GetValue(folder)!));
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize(inspection, InspectJson.Default.Inspection));
            else Print(model, inspection);
            return ExitCode.Held;
        });
        return command;
    }

    private static void Print(Model model, Inspection inspection)
    {
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(inspection.Method)}[/] for {inspection.Problem}, made from {Markup.Escape(inspection.Data ?? "data of its own")}");
        var tree = new Table().Border(TableBorder.Simple).AddColumn("parameter").AddColumn("type").AddColumn(new TableColumn("numbers").RightAligned());
        foreach (var (name, leaf) in Paramorph.Tree.Names(model.Layer).Zip(Paramorph.Tree.Leaves(model.Layer)).Take(40))
            tree.AddRow(Markup.Escape(name), Markup.Escape(leaf.Type.ToString()), leaf.Count.ToString("N0", CultureInfo.InvariantCulture));
        AnsiConsole.Write(tree);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{inspection.Parameters:N0} parameters; {inspection.Flops:N0} operations an answer; {inspection.MicrosecondsOfOne:F1} µs for one, {inspection.MicrosecondsOfMany:F0} µs for {Many}; {inspection.Bytes / 1024.0:F0} KiB of parameters."));
        foreach (var formula in inspection.Formulas) AnsiConsole.WriteLine(formula);
        AnsiConsole.WriteLine($"Operations: {string.Join(", ", inspection.Operations.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"))}");
    }

    /// <summary>What is told of a model.</summary>
    internal sealed record Inspection(
        string Problem, string Method, string? Data, long Parameters, long Bytes, double Flops, double MicrosecondsOfOne, double MicrosecondsOfMany,
        IReadOnlyDictionary<string, int> Operations, IReadOnlyList<string> Formulas, IReadOnlyDictionary<string, double>? Test)
    {
        public static Inspection Of(Model model, FitResult? result)
        {
            var computation = model.ToComputation(1);
            return new(
                model.Kind, string.Join(" + ", model.Parts.Select(part => part.Method.Name)), result?.Data.File, model.Parameters, Paramorph.Tree.Leaves(model.Layer).Sum(leaf => leaf.Type.Bytes), computation.Cost.Flops,
                Microseconds(model, 1), Microseconds(model, Many), computation.OperationCounts, Written(model), result?.Metrics.Test);
        }

        /// <summary>The formulas of a model that consists of such; of no other.</summary>
        private static string[] Written(Model model)
        {
            var members = model.Layer is Ensemble ensemble ? [.. ensemble.Members] : (ILayer[])[model.Layer];
            if (!members.All(member => member is SymbolicNetwork) || model.Preparation is not RegressionPreparation preparation) return [];
            // Columns of several features have one name for each.
            string[] names = [.. preparation.Columns.SelectMany(column => Enumerable.Range(1, column.Features).Select(i => column.Features == 1 ? column.Name : $"{column.Name}_{i}"))];
            var number = 0;
            return [
                .. members.Cast<SymbolicNetwork>().SelectMany(member => member.Formulas(names).Zip(preparation.Targets, (formula, target) => (Target: target, Formula: formula)))
                    .Select(written => $"{(members.Length > 1 ? $"[{++number} of {members.Length}] " : "")}{written.Target} = {written.Formula}"),
                .. preparation.Columns.Where(column => column.Type == ColumnType.Number).Select(column => (column.Name, column.Mean, column.Scale))
                    .Concat(preparation.Targets.Select((name, i) => (Name: name, Mean: preparation.Means[i], Scale: preparation.Scales[i])))
                    .Select(unit => string.Create(CultureInfo.InvariantCulture, $"  where {unit.Name} stands for ({unit.Name} - {unit.Mean:G5}) / {unit.Scale:G5}")),
            ];
        }

        /// <summary>The least time of several calls.</summary>
        private static double Microseconds(Model model, int count)
        {
            var (inputs, answers) = (new double[count * model.InputLength], new double[count * model.AnswerLength]);
            var least = TimeSpan.MaxValue;
            for (var run = 0; run < 50; run++)
            {
                var start = Stopwatch.GetTimestamp();
                model.Predict(inputs, answers);
                var time = Stopwatch.GetElapsedTime(start);
                if (time < least) least = time;
                if (run > 5 && time > TimeSpan.FromSeconds(0.2)) break;
            }
            return least.TotalMicroseconds;
        }
    }
}

/// <summary>How an inspection looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(InspectCommand.Inspection))]
internal sealed partial class InspectJson : JsonSerializerContext;
