using System.Diagnostics;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Problems;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Runs a fit under the eyes of a person: bars where there is a terminal, lines elsewhere. Both go to standard error.</summary>
internal static class LiveFit
{
    public static FitResult Run(Problem problem, FitOptions options, string? source, ProgressFormat progress)
    {
        using var interruption = new Interruption();
        if (progress == ProgressFormat.Json) return Fit.Run(problem, options, new JsonProgress(Console.Error), source, interruption.Token);
        var console = Terminal.Of(Console.Error, Console.IsErrorRedirected);
        foreach (var note in problem.Understood) console.WriteLine($"  {note}");
        var clock = options.Budget.Clock;
        if (!console.Profile.Capabilities.Interactive) return Fit.Run(problem, options, new Lines(console, clock), source, interruption.Token);
        return console.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .Start(context => Fit.Run(problem, options, new Bars(context, console, clock), source, interruption.Token));
    }

    private static string Simple(Problem problem, IReadOnlyList<SimpleAnswer> simple) =>
        $"simple answers: {string.Join(", ", simple.Select(answer => $"{answer.Name} {problem.Objective.Name} {Tables.Number(answer.Validation[problem.Objective.Name])}"))}";

    private static string Left(TimeSpan? clock, Stopwatch watch) => clock is { } all ? $", {Math.Max(0, (all - watch.Elapsed).TotalSeconds):F0} s left" : "";

    private sealed class Lines(IAnsiConsole console, TimeSpan? clock) : IFitObserver
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public void Began(Problem problem, IReadOnlyList<SimpleAnswer> simple) => console.WriteLine($"{problem.Name}, {problem.Kind}; {Simple(problem, simple)}");

        public void Entered(string stage, int jobs) => console.WriteLine($"{stage}{Left(clock, watch)}");

        public void Progressed(string job, long step, long steps, double loss)
        {
        }

        public void Finished(string job, Metric objective, double value, double best) =>
            console.WriteLine($"  {job}: {objective.Name} {Tables.Number(value)}, best {Tables.Number(best)}{Left(clock, watch)}");

        public void Noted(string note) => console.WriteLine($"  note: {note}");
    }

    private sealed class Bars(ProgressContext context, IAnsiConsole console, TimeSpan? clock) : IFitObserver
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly Dictionary<string, ProgressTask> running = [];
        private ProgressTask? stage;
        private string title = "";

        public void Began(Problem problem, IReadOnlyList<SimpleAnswer> simple) => console.WriteLine($"{problem.Name}, {problem.Kind}; {Simple(problem, simple)}");

        public void Entered(string stage, int jobs)
        {
            if (this.stage is { } before) before.Value = before.MaxValue;
            title = stage;
            this.stage = context.AddTask(Markup.Escape(stage), maxValue: Math.Max(1, jobs));
        }

        public void Progressed(string job, long step, long steps, double loss)
        {
            if (!running.TryGetValue(job, out var bar)) running[job] = bar = context.AddTask("", maxValue: 1);
            bar.Description = Markup.Escape($"  {job}{(double.IsNaN(loss) ? "" : $"  loss {Tables.Number(loss)}")}");
            bar.Value = steps > 0 ? (double)step / steps : 0;
        }

        public void Finished(string job, Metric objective, double value, double best)
        {
            if (running.Remove(job, out var bar)) bar.Value = 1;
            if (stage is null) return;
            stage.Increment(1);
            stage.Description = Markup.Escape($"{title}, best {objective.Name} {Tables.Number(best)}{Left(clock, watch)}");
        }

        public void Noted(string note) => console.WriteLine($"  note: {note}");
    }
}
