using System.Globalization;
using Paramorph.Experiments;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>What people read in the folder of a model: <c>report.md</c> with its pictures, the same as a page that stands alone, <c>report.html</c>, the model card <c>README.md</c>, and the result as JSON.</summary>
internal static class FitReport
{
    private const int MostTried = 20, Worst = 8, MostPoints = 2000, MostOperations = 60;

    /// <summary>Writes the files.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="problem">What was learned.</param>
    /// <param name="result">What came of it.</param>
    public static void Write(string folder, Problem problem, FitResult result)
    {
        File.WriteAllText(Path.Combine(folder, "result.json"), result.ToJson() + "\n");
        var report = Full(problem, result, Pictures(folder, problem, result));
        File.WriteAllText(Path.Combine(folder, "report.md"), report.ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "report.html"), report.ToHtml(folder));
        File.WriteAllText(Path.Combine(folder, "README.md"), Card(problem, result).ToMarkdown());
    }

    private static Report Full(Problem problem, FitResult result, IReadOnlyList<(string File, string Caption)> pictures)
    {
        var report = new Report($"{result.Method} on {result.Data.File}");
        report.Line(FormattableString.Invariant($"{result.Problem}, budget {result.Budget}, seed {result.Seed}, {Report.Number(result.Seconds)} s, {result.Parameters:N0} parameters."));
        report.Section("The data");
        if (result.Data.Rows > 0) report.Line(FormattableString.Invariant($"{result.Data.Rows:N0} examples: {result.Data.Train:N0} train, {result.Data.Validation:N0} choose among models, {result.Data.Test:N0} judge at the end."));
        foreach (var note in result.Data.Understood) report.Item(note);
        report.Section("On test examples");
        report.Table(["", .. problem.Metrics.Select(metric => metric.Name)],
        [
            [$"**{result.Method}**", .. problem.Metrics.Select(metric => Spread(result.Metrics, metric.Name))],
            .. result.Simple.Select(simple => (string[])[simple.Name, .. problem.Metrics.Select(metric => Report.Number(simple.Metrics.GetValueOrDefault(metric.Name, double.NaN)))]),
        ]);
        foreach (var metric in problem.Metrics) report.Item($"{metric.Name}: {metric.Meaning}");
        if (result.Metrics.TestIntervals.Count > 0) report.Line("In brackets, 90 % intervals over test examples drawn again.");
        if (result.Intervals is { } own) report.Line(Promise(own));
        foreach (var (file, caption) in pictures) report.Picture(file, caption);
        Errors(report, problem, result);
        report.Section("The model");
        report.Table(["method", "models", "weight", "hyperparameters"], result.Parts.Select(part => (string[])[part.Method, part.Members.ToString(CultureInfo.InvariantCulture), Report.Number(part.Weight), Joined(part.Hyperparameters)]));
        report.Section("What was tried");
        report.Table(
            ["method", $"{problem.Objective.Name} on validation", "part of the full length", "seconds", "hyperparameters"],
            result.Tried.Take(MostTried).Select(item => (string[])[item.Method, Report.Number(item.Metrics[problem.Objective.Name]), Report.Number(item.Share), Report.Number(item.Seconds), Joined(item.Hyperparameters)]));
        if (result.Tried.Count > MostTried) report.Line($"{result.Tried.Count - MostTried} more are in result.json.");
        foreach (var note in result.Notes) report.Item(note);
        report.Section("How it was made");
        var machine = Machine.Of(result.Threads);
        report.Item($"`paramorph fit {result.Data.File} --budget {result.Budget} --seed {result.Seed} --threads {machine.Threads}`, with the options that the notes on the data name");
        report.Item(FormattableString.Invariant($"{machine.Processor}, {machine.Threads} threads, {machine.System}, {machine.Runtime}, version {result.Version}, {DateTime.UtcNow:yyyy-MM-dd}"));
        report.Item(FormattableString.Invariant($"{Report.Number(result.Flops / 1e9)} Gflop of training, {Report.Number(result.Seconds)} s, {result.PeakBytes / 1e6:0} MB at most"));
        return report;
    }

    private static Report Card(Problem problem, FitResult result)
    {
        var card = new Report($"A model for {result.Data.File}");
        card.Line(FormattableString.Invariant($"What it does: {ProblemKind.Named(result.Problem).Meaning} Made by Paramorph {result.Version} with {result.Method}; {result.Parameters:N0} parameters."));
        card.Section("How good it is");
        foreach (var metric in problem.Metrics) card.Item(FormattableString.Invariant($"{metric.Name} {Spread(result.Metrics, metric.Name)} on {result.Data.Test:N0} examples that it did not learn from ({metric.Meaning})"));
        foreach (var simple in result.Simple) card.Item($"the simple answer \"{simple.Name}\" reaches {problem.Objective.Name} {Report.Number(simple.Metrics.GetValueOrDefault(problem.Objective.Name, double.NaN))}");
        if (result.Intervals is { } own) card.Item(Promise(own));
        card.Section("How to use it");
        card.Line("    paramorph predict FOLDER new.csv -o answers.csv");
        card.Line("    var model = Paramorph.Fitting.Model.Load(\"FOLDER\");   // then model.Predict(inputs, answers)");
        card.Section("What to know");
        card.Line("It answers well for inputs like those that it learned from, and says nothing of others. The figures above are for data of the same source, drawn as the test examples were.");
        foreach (var note in result.Data.Understood.Concat(result.Notes)) card.Item(note);
        card.Line($"Data: {result.Data.File}{(result.Data.Hash is { } hash ? $", SHA-256 {hash}" : "")}.");
        return card;
    }

    /// <summary>Answers against the truth, certainty against its being right, and what the problem itself draws.</summary>
    private static List<(string File, string Caption)> Pictures(string folder, Problem problem, FitResult result)
    {
        var files = new List<(string, string)>();
        void Drawing(string name, string caption, string svg)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.svg"), svg);
            files.Add(($"{name}.svg", caption));
        }
        if (problem is ExamplesProblem { Uncertainty: Uncertainty.Intervals, Split.Test.Count: > 0 } examples)
        {
            var rows = examples.Split.Test;
            var answers = examples.Preparation.Decode(examples.Outputs(result.Model.Layer, rows)).ToDoubles();
            var truth = examples.Truth(rows).ToDoubles();
            var stride = Math.Max(1, truth.Length / MostPoints);
            ChartPoint[] points = [.. Enumerable.Range(0, truth.Length).Where(i => i % stride == 0).Select(i => new ChartPoint(truth[i], answers[i]))];
            Drawing("answers", "answers to test examples against the truth; on the line they are equal", LineChart.Scatter("Test examples", [(result.Method, points)], "truth", "answer"));
        }
        if (problem is ExamplesProblem { Uncertainty: Uncertainty.Probabilities, Split.Test.Count: > 0 } classes)
        {
            var (confidences, shares) = Coverage.Reliability(classes, result.Model);
            ChartPoint[] points = [.. confidences.Zip(shares, (confidence, share) => new ChartPoint(confidence, share))];
            Drawing("reliability", "of test examples in tenths by certainty, how many are told right; on the line certainty is what it says", LineChart.Scatter("Test examples", [(result.Method, points)], "certainty", "share of right answers"));
            if (classes.Preparation is ILabelled { Labels: { Count: <= ConfusionChart.MostClasses } labels })
                Drawing("confusion", "test examples by their true class and the answer", ConfusionChart.Draw(labels, Confusion(classes, result.Model, labels.Count)));
        }
        foreach (var seen in problem.Illustrations(result.Model.Layer, result.Model.Calibration.HalfWidths))
        {
            if (seen.Drawing is { } drawing) Drawing(seen.Name, seen.Caption, drawing);
            if (seen.Picture is not { } picture) continue;
            picture.Save(Path.Combine(folder, $"{seen.Name}.png"));
            files.Add(($"{seen.Name}.png", seen.Caption));
        }
        if (result.Model.ToComputation(1) is { Operations.Count: <= MostOperations } network) Drawing("network", "the computation of one answer", network.ToSvg());
        return files;
    }

    /// <summary>The test examples by true class and answer.</summary>
    private static int[,] Confusion(ExamplesProblem problem, Model model, int classes)
    {
        var (counts, rows) = (new int[classes, classes], problem.Split.Test);
        var told = problem.Outputs(model.Layer, rows).ArgMax(-1).ToDoubles();
        foreach (var (i, right) in problem.At(rows).Targets.ToArray<int>().Index()) counts[right, (int)told[i]]++;
        return counts;
    }

    /// <summary>The test examples with the largest errors.</summary>
    private static void Errors(Report report, Problem problem, FitResult result)
    {
        if (problem is not ExamplesProblem { Split.Test: { Count: > 0 } rows, Uncertainty: not Uncertainty.None } examples) return;
        var outputs = result.Model.Tempered(examples.Outputs(result.Model.Layer, rows)).Evaluate();
        report.Section("Where it errs most");
        if (examples.Uncertainty == Uncertainty.Probabilities)
        {
            Confusions(report, outputs, examples.At(rows).Targets, examples.Preparation);
            return;
        }
        var (answers, truth) = (examples.Preparation.Decode(outputs).ToDoubles(), examples.Truth(rows).ToDoubles());
        var width = truth.Length / rows.Count;
        int[] places = [.. rows.ToArray<int>().Select(row => examples.FileRows?[row] ?? row)];
        double Half(int place) => result.Model.Calibration.HalfWidths is { Count: > 0 } widths ? Math.Max(1e-300, widths[place]) : 1;
        double Error(int i) => Enumerable.Range(i * width, width).Max(j => Math.Abs(answers[j] - truth[j]) / Half(j % width));
        report.Table([examples.FileRows is null ? "example" : "row", "truth", "answer", "error in half widths of the interval"], Enumerable.Range(0, rows.Count).OrderByDescending(Error).Take(Worst).Select(i => (string[])
            [(places[i] + 1).ToString(CultureInfo.InvariantCulture), Report.Number(truth[i * width]), Report.Number(answers[i * width]), Report.Number(Error(i))]));
    }

    private static void Confusions(Report report, Tensor outputs, Tensor labels, Preparation preparation)
    {
        var (told, right) = (outputs.ArgMax(-1).ToDoubles(), labels.ToArray<int>());
        var pairs = told.Zip(right, (answer, truth) => (Truth: truth, Answer: (int)answer)).Where(pair => pair.Truth != pair.Answer).CountBy(pair => pair).OrderByDescending(pair => pair.Value).Take(Worst).ToArray();
        if (pairs.Length == 0)
        {
            report.Line("Every test example is told right.");
            return;
        }
        var labelled = preparation as ILabelled;
        string Name(int label) => labelled?.Labels[label] ?? label.ToString(CultureInfo.InvariantCulture);
        report.Table(["true class", "answer", "test examples"], pairs.Select(pair => (string[])[Name(pair.Key.Truth), Name(pair.Key.Answer), pair.Value.ToString(CultureInfo.InvariantCulture)]));
    }

    private static string Promise(FitIntervals own) => own.CalibrationError is { } error
        ? string.Create(CultureInfo.InvariantCulture, $"Sets of classes that promise {own.Level:P0} hold the true class of {own.Coverage:P1} of test examples, with {own.Width:F2} classes in the mean; the calibration error of probabilities is {error:F3}.")
        : string.Create(CultureInfo.InvariantCulture, $"Intervals that promise {own.Level:P0} hold {own.Coverage:P1} of test examples; their mean width is {Report.Number(own.Width)}. The mean log-likelihood of the truth is {Report.Number(own.LogLikelihood ?? double.NaN)}.");

    private static string Spread(FitMetrics metrics, string name) => metrics.TestIntervals.TryGetValue(name, out var ends)
        ? $"{Report.Number(metrics.Test[name])} ({Report.Number(ends[0])} to {Report.Number(ends[1])})"
        : Report.Number(metrics.Test[name]);

    private static string Joined(IReadOnlyDictionary<string, string> hyperparameters) => string.Join(", ", hyperparameters.Select(pair => $"{pair.Key} {pair.Value}"));
}
