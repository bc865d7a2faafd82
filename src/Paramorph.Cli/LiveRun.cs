using Paramorph.Experiments;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Runs an experiment under the eyes of a person: bars where there is a terminal, a line for each finished job elsewhere. Both go to standard error.</summary>
internal static class LiveRun
{
    /// <summary>Runs it; an interrupt or a request to end stops it in an orderly way, and a second one at once.</summary>
    public static ExperimentResult Run(IExperiment experiment, RunOptions options, ProgressFormat progress = ProgressFormat.Text)
    {
        using var interruption = new Interruption();
        if (progress == ProgressFormat.Json) return ExperimentRunner.Run(experiment, options, new JsonProgress(Console.Error), interruption.Token);
        var console = Terminal.Of(Console.Error, Console.IsErrorRedirected);
        if (!console.Profile.Capabilities.Interactive)
            return ExperimentRunner.Run(experiment, options, new Lines(Console.Error), interruption.Token);
        return console.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => ExperimentRunner.Run(experiment, options, new Bars(context, experiment.Id), interruption.Token));
    }

    private static string Numbers(double loss, double rate) =>
        (double.IsNaN(loss) ? "" : $"  loss {Tables.Number(loss)}") + (double.IsNaN(rate) ? "" : $"  rate {Tables.Number(rate)}");

    private sealed class Lines(TextWriter writer) : IRunObserver
    {
        private int done;
        private int jobs;

        public void Planned(int done, int jobs) => (this.done, this.jobs) = (done, jobs);

        public void Progressed(Job job, long step, long steps, double loss, double rate)
        {
        }

        public void Finished(Job job, IReadOnlyDictionary<string, double> measures) =>
            writer.WriteLine($"{done + 1} of {jobs}  {job}:  {string.Join(", ", measures.Take(6).Select(measure => $"{measure.Key} {Tables.Number(measure.Value)}"))}");
    }

    private sealed class Bars(ProgressContext context, string id) : IRunObserver
    {
        private readonly ProgressTask whole = context.AddTask($"[bold]{Markup.Escape(id)}[/]");
        private readonly Dictionary<Job, (ProgressTask Task, double Part)> running = [];
        private int done;

        public void Planned(int done, int jobs)
        {
            this.done = done;
            whole.MaxValue(jobs);
            Move();
        }

        public void Progressed(Job job, long step, long steps, double loss, double rate)
        {
            if (!running.TryGetValue(job, out var bar)) bar = (context.AddTask("", maxValue: 1), 0);
            running[job] = bar with { Part = steps > 0 ? (double)step / steps : 0 };
            bar.Task.Description = Markup.Escape($"{job}{Numbers(loss, rate)}");
            bar.Task.Value = running[job].Part;
            Move();
        }

        public void Finished(Job job, IReadOnlyDictionary<string, double> measures)
        {
            if (running.Remove(job, out var bar)) bar.Task.Value = 1;
        }

        private void Move() => whole.Value = done + running.Values.Sum(bar => bar.Part);
    }
}
