using System.CommandLine;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>Answers for a file, by a model.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("model") { Description = "The folder that fit wrote." };
        var file = new Argument<string>("data") { Description = "A file with the same columns or arrays; what is predicted may be missing." };
        var target = new Option<string?>("--out", "-o") { Description = "Where answers go: a file .csv or .npz, or .png of a picture; standard output as CSV when not given." };
        var data = new DataOptions();
        var command = new Command("predict", "Answers for a file, by a model that fit made.") { folder, file, target };
        foreach (var option in data.OfText) command.Add(option);
        command.SetAction(parsed =>
        {
            var model = Model.Load(parsed.GetValue(folder)!);
            var content = DataContent.Read(parsed.GetValue(file)!, data.Text(parsed, model.Preparation.Layout));
            var notes = new List<string>();
            var answers = model.Predict(model.Preparation.ReadInputs(content, notes));
            foreach (var note in notes) Console.Error.WriteLine($"paramorph: {note}");
            Write(model, answers, content, parsed.GetValue(target));
            return ExitCode.Held;
        });
        return command;
    }

    private static void Write(Model model, Tensor answers, DataContent source, string? target)
    {
        var intervals = model.Intervals(answers);
        switch (Path.GetExtension(target ?? ".csv").ToLowerInvariant())
        {
            case ".npz":
                Npz.Write(target!, intervals is { } ends ? [new("answers", answers), new("low", ends.Low), new("high", ends.High)] : [new("answers", answers)]);
                break;
            case ".png" when model.Preparation is IPicturePreparation picture:
                Png.Write(target!, picture.Picture(answers));
                break;
            case ".csv":
                var table = model.Preparation.Answers(answers, intervals?.Low, intervals?.High, source);
                if (target is not null) DelimitedText.Write(target, table);
                else DelimitedText.Write(Console.OpenStandardOutput(), table);
                break;
            default:
                throw new ProblemException($"{target} ends in no format that these answers are written in: take .csv or .npz{(model.Preparation is IPicturePreparation ? " or .png" : "")}.");
        }
    }
}
