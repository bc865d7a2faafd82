using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Fitting;
using Paramorph.Formats;

namespace Paramorph.Cli;

/// <summary>Writes a model as a file that other runtimes take.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("model") { Description = "The folder that fit wrote." }.Named();
        var target = new Option<string>("--onnx") { Description = "The file to write.", Required = true }.Named();
        var type = new Option<string>("--type") { Description = "The type of inputs and answers: f64, as predict takes them, or f32. The model itself is computed in f32 either way.", DefaultValueFactory = _ => "f64" };
        type.AcceptOnlyFromAmong("f64", "f32");
        var batch = new Option<int?>("--batch") { Description = "How many examples the file takes at once; any number when not given." };
        var opset = new Option<int>("--opset") { Description = "The version of the operators, 17 to 22.", DefaultValueFactory = _ => 18 };
        var format = SharedOptions.Format();
        var command = new Command(
            "export",
            "Writes a model as one ONNX file, with all that stands between data and model: it takes raw numbers and gives answers in the units of the data. "
            + "Its input `inputs` is [examples, ...]: a number for each column of a table, where a category is its position, a time its seconds since 1970 and what is missing NaN; pixels; the last values of a "
            + "series; a field. Its output `answers` is [examples, ...]; `low` and `high` are the ends of intervals, where there are any. The command and the file tell what each number is.")
        {
            folder, target, type, batch, opset, format,
        };
        command.SetAction(parsed =>
        {
            var model = Model.Load(parsed.GetValue(folder)!);
            var summary = model.ExportOnnx(
                parsed.GetValue(target)!, parsed.GetValue(type) == "f32" ? ElementType.Float32 : ElementType.Float64, parsed.GetValue(batch), parsed.GetValue(opset));
            var exported = Exported.Of(parsed.GetValue(target)!, model, summary);
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize(exported, ExportJson.Default.Exported));
            else Print(exported);
            return ExitCode.Held;
        });
        return command;
    }

    private static void Print(Exported exported)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exported.File}: {exported.Bytes / 1024.0:N0} KiB, operator set {exported.OperatorSet}"));
        foreach (var (heading, values, meaning) in new[] { ("takes", exported.Inputs, exported.InputMeaning), ("gives", exported.Outputs, exported.AnswerMeaning) })
        {
            Console.WriteLine($"{heading} {string.Join(", ", values)}");
            foreach (var line in meaning) Console.WriteLine($"    {line}");
        }
    }

    /// <summary>What is told of a file that was written.</summary>
    internal sealed record Exported(
        string File, long Bytes, int OperatorSet, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> InputMeaning, IReadOnlyList<string> AnswerMeaning)
    {
        public static Exported Of(string path, Model model, OnnxSummary summary) => new(
            path, new FileInfo(path).Length, summary.OperatorSet, [.. summary.Inputs.Select(input => input.ToString())], [.. summary.Outputs.Select(output => output.ToString())],
            model.Preparation.DescribeInputs(), model.Preparation.DescribeAnswers());
    }
}

/// <summary>How that looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExportCommand.Exported))]
internal sealed partial class ExportJson : JsonSerializerContext;
