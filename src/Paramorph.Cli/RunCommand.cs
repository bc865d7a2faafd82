using System.CommandLine;
using Paramorph.Experiments;
using Paramorph.Papers.Benches;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Runs an experiment.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The paper: paramorph list names those that run." };
        var seed = new Option<int>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int?>("--seeds") { Description = "How many seeds, by default as many as the experiment wants; one decides nothing." };
        var size = new Option<RunSize>("--size") { Description = "Smoke takes seconds and decides nothing; full takes from half a minute to five minutes.", DefaultValueFactory = _ => RunSize.Full };
        var data = new Option<string?>("--data") { Description = "A file or folder of yours to work on; show tells which an experiment reads." }.Named();
        var folder = new Option<string?>("--out") { Description = "The folder for results: result.json, curves, pictures, parameters. By default paramorph-runs/ID." }.Named();
        var threads = new Option<int>("--threads") { Description = "Threads in all; the results do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var set = new Option<string[]>("--set") { Description = "A setting as name=value; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the interrupted run in the folder." };
        var watching = new Watching();
        var format = SharedOptions.Format();
        var command = new Command("run", "Runs a paper's experiment: method and baselines, several seeds, a verdict on each claim.") { id, seed, seeds, size, data, folder, threads, set, resume, format };
        foreach (var option in watching.All) command.Add(option);
        command.SetAction(parsed =>
        {
            var progress = watching.Begin(parsed);
            var paper = ShowCommand.PaperOf(parsed.GetValue(id)!);
            var experiment = paper.Experiment() ?? throw new ExperimentException($"{paper.Id} is planned and does not run yet: paramorph list names those that run.");
            var options = new RunOptions
            {
                Seed = parsed.GetValue(seed),
                Seeds = parsed.GetValue(seeds),
                Size = parsed.GetValue(size),
                DataFile = parsed.GetValue(data),
                Out = parsed.GetValue(folder) ?? Path.Combine("paramorph-runs", paper.Id),
                Threads = parsed.GetValue(threads),
                Settings = Pairs.Of(parsed.GetValue(set) ?? []),
                Resume = parsed.GetValue(resume),
                Code = paper.Code,
                Standing = BenchCatalogue.Standing,
            };
            ExperimentRunner.Check(experiment, options);
            var json = parsed.GetValue(format) == OutputFormat.Json;
            if (!json) AnsiConsole.MarkupLine($"[bold]{Markup.Escape(paper.Title)}[/]\n{Markup.Escape(experiment.Question)}\n");
            var result = LiveRun.Run(experiment, options, progress);
            if (json)
            {
                Console.WriteLine(result.ToJson());
            }
            else
            {
                Tables.Print(AnsiConsole.Console, experiment, result);
                AnsiConsole.MarkupLine(Markup.Escape($"Curves, pictures and parameters are in {options.Out}."));
            }
            return result.Verdict == Verdict.Held ? ExitCode.Held : ExitCode.NotHeld;
        });
        return command;
    }
}
