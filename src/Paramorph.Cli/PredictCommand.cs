using System.CommandLine;
using System.Globalization;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>Answers for a file, by a model.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("model") { Description = "The folder that fit wrote." }.Named();
        var file = new Argument<string?>("data") { Description = "A file with the same columns or arrays; what is predicted may be missing. Without a file a model of a picture gives the picture.", Arity = ArgumentArity.ZeroOrOne }.Named();
        var size = new Option<string?>("--size") { Description = "The width and height of the picture that a model of one gives, such as 512x512." };
        var target = new Option<string?>("--out", "-o") { Description = "Where answers go: a file .csv or .npz, or .png of a picture; standard output as CSV when not given." }.Named();
        var data = new DataOptions();
        var command = new Command("predict", "Answers for a file, by a model that fit made.") { folder, file, target, size };
        foreach (var option in data.OfText) command.Add(option);
        command.SetAction(parsed =>
        {
            var model = Model.Load(parsed.GetValue(folder)!);
            var notes = new List<string>();
            var sides = Size(parsed.GetValue(size));
            var (content, inputs) = parsed.GetValue(file) is { } path
                ? model.Preparation.ReadInputs(path, before => data.Text(parsed, before), FurtherReaders.All, notes)
                : (null, model.Preparation is IPicturePreparation { HasPicture: true } picture
                    ? picture.PictureInputs(sides)
                    : throw new ProblemException($"this model is of the kind {model.Kind}, which needs a file to answer for: paramorph predict MODEL DATA."));
            var answers = model.Predict(inputs);
            foreach (var note in notes) Console.Error.WriteLine($"paramorph: {CommandWords.Of(note)}");
            Write(model, answers, content, parsed.GetValue(target), content is null ? sides : null);
            return ExitCode.Held;
        });
        return command;
    }

    private static (int Height, int Width)? Size(string? text)
    {
        if (text is null) return null;
        var sides = text.Split('x');
        return sides.Length == 2 && int.TryParse(sides[0], CultureInfo.InvariantCulture, out var width) && int.TryParse(sides[1], CultureInfo.InvariantCulture, out var height) && width > 0 && height > 0
            ? (height, width)
            : throw new ProblemException($"--size is a width and a height, such as 512x512, not \"{text}\".");
    }

    private static void Write(Model model, Tensor answers, DataContent? source, string? target, (int Height, int Width)? size)
    {
        var intervals = model.Intervals(answers);
        switch (Path.GetExtension(target ?? ".csv").ToLowerInvariant())
        {
            case ".npz":
                Npz.Write(target!, intervals is { } ends ? [new("answers", answers), new("low", ends.Low), new("high", ends.High)] : [new("answers", answers)]);
                break;
            case ".png" when model.Preparation is IPicturePreparation { HasPicture: true } picture:
                Png.Write(target!, picture.Picture(answers, size));
                break;
            case ".csv":
                var table = model.Preparation.Answers(answers, intervals?.Low, intervals?.High, source);
                if (target is not null) DelimitedText.Write(target, table);
                else DelimitedText.Write(Console.OpenStandardOutput(), table);
                break;
            default:
                throw new ProblemException($"{target} ends in no format that these answers are written in: take .csv or .npz{(model.Preparation is IPicturePreparation { HasPicture: true } ? " or .png" : "")}.");
        }
    }
}
