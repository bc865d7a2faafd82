using System.Globalization;
using System.Text;
using Paramorph.Experiments;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>What people read in the folder of a model: <c>report.md</c> with its pictures, the model card <c>README.md</c>, and the result as JSON.</summary>
internal static class FitReport
{
    private const int MostTried = 20, Worst = 8, MostPoints = 2000;

    /// <summary>Writes the files.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="problem">What was learned.</param>
    /// <param name="result">What came of it.</param>
    public static void Write(string folder, Problem problem, FitResult result)
    {
        File.WriteAllText(Path.Combine(folder, "result.json"), result.ToJson() + "\n");
        var pictures = Pictures(folder, problem, result);
        File.WriteAllText(Path.Combine(folder, "report.md"), Report(problem, result, pictures));
        File.WriteAllText(Path.Combine(folder, "README.md"), Card(problem, result));
    }

    private static string Report(Problem problem, FitResult result, IReadOnlyList<string> pictures)
    {
        var text = new StringBuilder();
        Line(text, $"# {result.Method} on {result.Data.File}");
        Line(text, $"{result.Problem}, budget {result.Budget}, seed {result.Seed}, {Number(result.Seconds)} s, {result.Parameters:N0} parameters.");
        Section(text, "The data");
        if (result.Data.Rows > 0) Line(text, $"{result.Data.Rows:N0} examples: {result.Data.Train:N0} train, {result.Data.Validation:N0} choose among models, {result.Data.Test:N0} judge at the end.");
        foreach (var note in result.Data.Understood) Item(text, note);
        Section(text, "On test examples");
        Row(text, ["", .. problem.Metrics.Select(metric => metric.Name)]);
        Row(text, [.. Enumerable.Repeat("---", problem.Metrics.Count + 1)]);
        Row(text, [$"**{result.Method}**", .. problem.Metrics.Select(metric => Spread(result.Metrics, metric.Name))]);
        foreach (var simple in result.Simple) Row(text, [simple.Name, .. problem.Metrics.Select(metric => Number(simple.Metrics.GetValueOrDefault(metric.Name, double.NaN)))]);
        text.Append('\n');
        foreach (var metric in problem.Metrics) Item(text, $"{metric.Name}: {metric.Meaning}");
        if (result.Metrics.TestIntervals.Count > 0) Line(text, "In brackets, 90 % intervals over test examples drawn again.");
        if (result.Intervals is { } own) Line(text, Promise(own));
        foreach (var picture in pictures) Line(text, $"![{Path.GetFileNameWithoutExtension(picture).Replace('-', ' ')}]({picture})");
        Errors(text, problem, result);
        Section(text, "The model");
        Row(text, ["method", "models", "weight", "hyperparameters"]);
        Row(text, ["---", "---", "---", "---"]);
        foreach (var part in result.Parts) Row(text, [part.Method, part.Members.ToString(CultureInfo.InvariantCulture), Number(part.Weight), Joined(part.Hyperparameters)]);
        Section(text, "What was tried");
        Row(text, ["method", $"{problem.Objective.Name} on validation", "part of the full length", "seconds", "hyperparameters"]);
        Row(text, ["---", "---", "---", "---", "---"]);
        foreach (var item in result.Tried.Take(MostTried)) Row(text, [item.Method, Number(item.Metrics[problem.Objective.Name]), Number(item.Share), Number(item.Seconds), Joined(item.Hyperparameters)]);
        if (result.Tried.Count > MostTried) Line(text, $"{result.Tried.Count - MostTried} more are in result.json.");
        foreach (var note in result.Notes) Item(text, note);
        return text.ToString();
    }

    private static string Card(Problem problem, FitResult result)
    {
        var text = new StringBuilder();
        Line(text, $"# A model for {result.Data.File}");
        Line(text, $"What it does: {ProblemKind.Named(result.Problem).Meaning} Made by Paramorph {result.Version} with {result.Method}; {result.Parameters:N0} parameters.");
        Section(text, "How good it is");
        foreach (var metric in problem.Metrics) Item(text, $"{metric.Name} {Spread(result.Metrics, metric.Name)} on {result.Data.Test:N0} examples that it did not learn from ({metric.Meaning})");
        foreach (var simple in result.Simple) Item(text, $"the simple answer \"{simple.Name}\" reaches {problem.Objective.Name} {Number(simple.Metrics.GetValueOrDefault(problem.Objective.Name, double.NaN))}");
        if (result.Intervals is { } own) Item(text, Promise(own));
        Section(text, "How to use it");
        Line(text, "    paramorph predict FOLDER new.csv -o answers.csv");
        Line(text, "    var model = Paramorph.Fitting.Model.Load(\"FOLDER\");   // then model.Predict(inputs, answers)");
        Section(text, "What to know");
        Line(text, "It answers well for inputs like those that it learned from, and says nothing of others. The figures above are for data of the same source, drawn as the test examples were.");
        foreach (var note in result.Data.Understood.Concat(result.Notes)) Item(text, note);
        Line(text, $"Data: {result.Data.File}{(result.Data.Hash is { } hash ? $", SHA-256 {hash}" : "")}.");
        return text.ToString();
    }

    /// <summary>Answers against the truth, certainty against its being right, and what the problem itself draws.</summary>
    private static List<string> Pictures(string folder, Problem problem, FitResult result)
    {
        var files = new List<string>();
        if (problem is ExamplesProblem { Uncertainty: Uncertainty.Intervals, Split.Test.Count: > 0 } examples)
        {
            var rows = examples.Split.Test;
            var answers = examples.Preparation.Decode(examples.Outputs(result.Model.Layer, rows)).ToDoubles();
            var truth = examples.Truth(rows).ToDoubles();
            var stride = Math.Max(1, truth.Length / MostPoints);
            ChartPoint[] points = [.. Enumerable.Range(0, truth.Length).Where(i => i % stride == 0).Select(i => new ChartPoint(truth[i], answers[i]))];
            File.WriteAllText(Path.Combine(folder, "answers.svg"), LineChart.Scatter("answers (up) against the truth (right), test examples", [(result.Method, points)]));
            files.Add("answers.svg");
        }
        if (problem is ExamplesProblem { Uncertainty: Uncertainty.Probabilities, Split.Test.Count: > 0 } classes)
        {
            var (confidences, shares) = Coverage.Reliability(classes, result.Model);
            ChartPoint[] points = [.. confidences.Zip(shares, (confidence, share) => new ChartPoint(confidence, share))];
            File.WriteAllText(Path.Combine(folder, "reliability.svg"), LineChart.Scatter("share of right answers (up) against certainty (right), tenths of the test examples", [(result.Method, points)]));
            files.Add("reliability.svg");
        }
        foreach (var (name, picture) in problem.Pictures(result.Model.Layer))
        {
            picture.Save(Path.Combine(folder, $"{name}.png"));
            files.Add($"{name}.png");
        }
        return files;
    }

    /// <summary>The test examples with the largest errors.</summary>
    private static void Errors(StringBuilder text, Problem problem, FitResult result)
    {
        if (problem is not ExamplesProblem { Split.Test: { Count: > 0 } rows, Uncertainty: not Uncertainty.None } examples) return;
        var outputs = result.Model.Tempered(examples.Outputs(result.Model.Layer, rows)).Evaluate();
        Section(text, "Where it errs most");
        if (examples.Uncertainty == Uncertainty.Probabilities)
        {
            Confusions(text, outputs, examples.At(rows).Targets, examples.Preparation);
            return;
        }
        var (answers, truth) = (examples.Preparation.Decode(outputs).ToDoubles(), examples.Truth(rows).ToDoubles());
        var width = truth.Length / rows.Count;
        var places = rows.ToArray<int>();
        double Half(int place) => result.Model.Calibration.HalfWidths is { Count: > 0 } widths ? Math.Max(1e-300, widths[place]) : 1;
        double Error(int i) => Enumerable.Range(i * width, width).Max(j => Math.Abs(answers[j] - truth[j]) / Half(j % width));
        Row(text, ["example", "truth", "answer", "error in half widths of the interval"]);
        Row(text, ["---", "---", "---", "---"]);
        foreach (var i in Enumerable.Range(0, rows.Count).OrderByDescending(Error).Take(Worst))
            Row(text, [(places[i] + 1).ToString(CultureInfo.InvariantCulture), Number(truth[i * width]), Number(answers[i * width]), Number(Error(i))]);
    }

    private static void Confusions(StringBuilder text, Tensor outputs, Tensor labels, Preparation preparation)
    {
        var (told, right) = (outputs.ArgMax(-1).ToDoubles(), labels.ToArray<int>());
        var pairs = told.Zip(right, (answer, truth) => (Truth: truth, Answer: (int)answer)).Where(pair => pair.Truth != pair.Answer).CountBy(pair => pair).OrderByDescending(pair => pair.Value).Take(Worst).ToArray();
        if (pairs.Length == 0)
        {
            Line(text, "Every test example is told right.");
            return;
        }
        var labelled = preparation as ILabelled;
        string Name(int label) => labelled?.Labels[label] ?? label.ToString(CultureInfo.InvariantCulture);
        Row(text, ["true class", "answer", "test examples"]);
        Row(text, ["---", "---", "---"]);
        foreach (var (pair, count) in pairs) Row(text, [Name(pair.Truth), Name(pair.Answer), count.ToString(CultureInfo.InvariantCulture)]);
    }

    private static string Promise(FitIntervals own) => own.CalibrationError is { } error
        ? string.Create(CultureInfo.InvariantCulture, $"Sets of classes that promise {own.Level:P0} hold the true class of {own.Coverage:P1} of test examples, with {own.Width:F2} classes in the mean; the calibration error of probabilities is {error:F3}.")
        : string.Create(CultureInfo.InvariantCulture, $"Intervals that promise {own.Level:P0} hold {own.Coverage:P1} of test examples; their mean width is {Number(own.Width)}. The mean log-likelihood of the truth is {Number(own.LogLikelihood ?? double.NaN)}.");

    private static string Spread(FitMetrics metrics, string name) => metrics.TestIntervals.TryGetValue(name, out var ends)
        ? $"{Number(metrics.Test[name])} ({Number(ends[0])} to {Number(ends[1])})"
        : Number(metrics.Test[name]);

    private static string Joined(IReadOnlyDictionary<string, string> hyperparameters) => string.Join(", ", hyperparameters.Select(pair => $"{pair.Key} {pair.Value}"));

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);

    private static void Section(StringBuilder text, string title) => Line(text, $"## {title}");

    /// <summary>A paragraph: an empty line stands before it.</summary>
    private static void Line(StringBuilder text, string line)
    {
        if (text.Length > 1 && text[^2] != '\n') text.Append('\n');
        text.Append(line).Append("\n\n");
    }

    private static void Item(StringBuilder text, string item) => text.Append("- ").Append(item.TrimEnd('.')).Append(".\n");

    private static void Row(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
