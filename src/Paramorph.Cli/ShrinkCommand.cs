using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Fitting;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>Writes a model with smaller weights.</summary>
internal static class ShrinkCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("model") { Description = "The folder that fit wrote." }.Named();
        var file = new Argument<string?>("data") { Description = "A file as for predict, on which the answers of both models are compared.", Arity = ArgumentArity.ZeroOrOne }.Named();
        var bits = new Option<int>("--bits") { Description = "Bits of a weight, 2 to 8.", DefaultValueFactory = _ => 8 };
        var target = new Option<string?>("--out", "-o") { Description = "The folder for the smaller model; by default that of the model with the bits behind its name." }.Named();
        var data = new DataOptions();
        var format = SharedOptions.Format();
        var command = new Command(
            "shrink", "Rounds the weights of a model to a few bits, so that its folder is up to four times as small with 8 of them and eight times with 4. The smaller model has a folder of its own and is used as the other is.")
        {
            folder, file, bits, target, format,
        };
        foreach (var option in data.OfText) command.Add(option);
        command.SetAction(parsed =>
        {
            var (from, count) = (parsed.GetValue(folder)!, parsed.GetValue(bits));
            if (count is < 2 or > 8) throw new ProblemException($"--bits is 2 to 8, not {count}.");
            var own = Path.TrimEndingDirectorySeparator(from);
            var to = parsed.GetValue(target) ?? $"{(Path.GetFileName(own) is "." or ".." ? Path.GetFullPath(own) : own)}-{count}bit";
            var notes = new List<string>();
            // What is to be compared is read first, so that nothing is written when it cannot be.
            var inputs = parsed.GetValue(file) is { } path ? Model.Load(from).Preparation.ReadInputs(path, before => data.Text(parsed, before), FurtherReaders.All, notes).Inputs : null;
            foreach (var note in notes) Console.Error.WriteLine($"paramorph: {CommandWords.Of(note)}");
            var shrunk = ShrunkModel.Write(from, count, to, inputs);
            var told = new Shrunk(to, count, shrunk.Weights, shrunk.Before.Parameters, shrunk.BytesBefore, shrunk.BytesAfter, inputs is null ? null : shrunk.Difference(inputs));
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize(told, ShrinkJson.Default.Shrunk));
            else Print(told);
            return ExitCode.Held;
        });
        return command;
    }

    private static void Print(Shrunk told)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{told.Weights:N0} of {told.Parameters:N0} parameters have {told.Bits} bits now: {told.BytesBefore / 1024.0:N1} KiB became {told.BytesAfter / 1024.0:N1}, {(double)told.BytesBefore / told.BytesAfter:F1} times as small."));
        if (told.Weights < told.Parameters / 2) Console.WriteLine("The others stay as they are: only matrices and kernels of f32 are rounded, and not what a Gaussian process keeps of the rows that it learned from.");
        if (told.Answers is { } answers)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"On {answers.Examples:N0} examples answers differ by {answers.Error:G3} (root mean square; at most {answers.Largest:G3}){(answers.Spread > 0 ? $", {100 * answers.Error / answers.Spread:G2} % of their spread" : "")}{(answers.SameClass is { } same ? $"; {100 * same:F1} % have the same class" : "")}."));
        }
        else
        {
            Console.WriteLine("How far its answers differ was not looked at, and it has no intervals: name a file as for predict.");
        }
        Console.WriteLine($"The model is in {told.Folder}: paramorph predict {told.Folder} FILE uses it.");
    }

    /// <summary>What is told of it.</summary>
    internal sealed record Shrunk(string Folder, int Bits, long Weights, long Parameters, long BytesBefore, long BytesAfter, AnswerDifference? Answers);
}

/// <summary>How it looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ShrinkCommand.Shrunk))]
internal sealed partial class ShrinkJson : JsonSerializerContext;
