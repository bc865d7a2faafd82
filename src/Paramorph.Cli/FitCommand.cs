using System.CommandLine;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Methods;
using Paramorph.Problems;
using Spectre.Console;

namespace Paramorph.Cli;

/// <summary>Finds a model for a file.</summary>
internal static class FitCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("data") { Description = "A file (delimited text, ARFF, svmlight, Parquet, HDF5, NPZ, NPY, MATLAB, PNG, IDX, CIFAR or XYZ; text compressed by gzip or not), or the name of a problem that needs none, such as burgers." }.Named();
        var data = new DataOptions();
        var method = new Option<string>("--method") { Description = "Methods to try, with commas between them; auto tries those that suit.", DefaultValueFactory = _ => "auto" };
        var budget = new Option<string>("--budget") { Description = "How much the search may cost: 60s, 5m, 1h, 200Gflop, 20000steps.", DefaultValueFactory = _ => "60s" };
        var folder = new Option<string>("--out") { Description = "The folder of the model, which is replaced only by a whole one.", DefaultValueFactory = _ => "model" }.Named();
        var seed = new Option<long>("--seed") { Description = "The randomness of the split, the search and the training.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads in all.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var set = new Option<string[]>("--set") { Description = "A hyperparameter, or a setting of the problem such as horizon, as name=value; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the interrupted fit into the folder." };
        var dry = new Option<bool>("--dry-run") { Description = "Tells what is understood of the data and which methods suit, and ends." };
        var watching = new Watching();
        var format = SharedOptions.Format();
        var command = new Command("fit", "Finds a model for a file of yours: tries methods, trains the best, tells how good it is, and writes a folder.") { file };
        foreach (var option in data.All) command.Add(option);
        foreach (var option in (Option[])[method, budget, folder, seed, threads, set, resume, dry, .. watching.All, format]) command.Add(option);
        command.SetAction(parsed =>
        {
            var progress = watching.Begin(parsed);
            var settings = Pairs.Of(parsed.GetValue(set) ?? []);
            var methods = Named(parsed.GetValue(method)!);
            var known = (methods.Length > 0 ? methods : Catalogues.Methods).SelectMany(item => item.Hyperparameters).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
            var options = new FitOptions
            {
                Methods = methods,
                Budget = Budget.Parse(parsed.GetValue(budget)!),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                Out = parsed.GetValue(folder),
                IsResumed = parsed.GetValue(resume),
                Fixed = settings.Where(pair => known.Contains(pair.Key)).ToDictionary(),
            };
            var said = data.Options(parsed, options.Seed, settings.Where(pair => !known.Contains(pair.Key)).ToDictionary());
            var content = ProblemKind.Content(parsed.GetValue(file)!, said.Text, FurtherReaders.All);
            var kind = data.Kind(parsed) ?? Guessed(content, said, methods);
            if (kind.NeedsEveryRow && content is DataContent.OfTable { Table: var kept } && said.IsThinned(kept))
            {
                var whole = DataContent.Read(content.Path, said.Text with { MaxRows = null });
                kind = data.Kind(parsed) ?? Guessed(whole, said with { Text = said.Text with { MaxRows = null } }, methods);
                if (kind.NeedsEveryRow) content = whole;
            }
            var problem = kind.Read(CommandWords.Of(content), said);
            if (parsed.GetValue(dry))
            {
                UnderstoodData.Tell(UnderstoodData.Of(problem, content), parsed.GetValue(format));
                return ExitCode.Held;
            }
            var result = LiveFit.Run(problem, options, content is DataContent.OfName ? null : content.Path, progress);
            if (parsed.GetValue(format) == OutputFormat.Json) Console.WriteLine(result.ToJson());
            else FitTables.Print(AnsiConsole.Console, problem, result);
            return ExitCode.Held;
        });
        return command;
    }

    /// <summary>The kind that a file looks like, of those that the named methods are for where it may be one of them: digits are images, and a table to a method for tables.</summary>
    private static ProblemKind Guessed(DataContent content, ProblemOptions said, Method[] methods)
    {
        var likeliest = ProblemKind.Of(content, said);
        bool AreFor(ProblemKind kind) => methods.All(method => method.Kinds.Contains(kind.Name));
        return AreFor(likeliest) ? likeliest
            : ProblemKind.All.Values.Where(kind => AreFor(kind) && kind.Suits(content, said) > 0).OrderBy(kind => kind.Name, StringComparer.Ordinal).MaxBy(kind => kind.Suits(content, said)) ?? likeliest;
    }

    private static Method[] Named(string names) => names == "auto" ? [] : [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Catalogues.MethodOf)];
}
