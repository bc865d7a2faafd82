using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>Finds a model for a problem within a budget: searches methods and hyperparameters by validation, trains the best, calibrates it, and judges it once on test examples.</summary>
public static class Fit
{
    private const int Redraws = 100, MostRedrawn = 5000;

    /// <summary>Finds a model.</summary>
    /// <param name="problem">What is to be learned.</param>
    /// <param name="options">Methods, budget, seed, folder.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="source">The file that the problem was read from, whose fingerprint is kept; or null.</param>
    /// <param name="cancellation">Stops the work; what has ended is kept beside the folder.</param>
    /// <exception cref="ProblemException">Nothing suits the problem, the options do not fit, or the folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FitResult Run(Problem problem, FitOptions? options = null, IFitObserver? observer = null, string? source = null, CancellationToken cancellation = default)
    {
        options ??= new();
        if (options.Threads < 1) throw new ProblemException($"at least one thread is needed, not {options.Threads}.");
        if (!(options.Level > 0 && options.Level < 1)) throw new ProblemException($"intervals hold the truth with a probability between 0 and 1, not {options.Level}.");
        if (options.Out is { } target) ModelFolder.Require(target);
        var methods = Suitable(problem, options);
        var hash = source is null ? null : FitFolder.Hash(source);
        using var folder = options.Out is null ? null : FitFolder.Open(options.Out, Described(problem, methods, options, hash), options.IsResumed);
        if (options.Out is { } whole) ModelFolder.Recover(whole);
        var trials = new Trials(problem, options, folder, observer, cancellation);
        var simple = problem.SimpleAnswers();
        observer?.Began(problem, simple);
        try
        {
            var search = new FitSearch(problem, options, trials);
            search.Run(FitPlan.Of(problem, methods, options));
            var (model, validation) = new FinalModel(problem, options, trials).Make(search.Ranked);
            var result = Result(problem, options, model, validation, search, simple, hash);
            result = result with { Notes = [.. Beaten(problem, result), .. Notes(problem, options, search, trials)], Flops = trials.Flops, Seconds = trials.Elapsed.TotalSeconds };
            if (options.Out is { } place)
            {
                ModelFolder.Save(place, model, result, path => FitReport.Write(path, problem, result));
                folder!.Delete();
            }
            return result;
        }
        catch (ShapeException exception) when (options.Fixed.Count > 0)
        {
            throw new ProblemException($"what is set does not go with the data: {exception.Message.TrimEnd('.')}.", exception);
        }
        catch (Exception exception) when (options.Out is not null && exception is IOException or ProblemException { InnerException: IOException or UnauthorizedAccessException })
        {
            throw new ProblemException($"the fit stopped: {exception.Message.TrimEnd('.')}; models that had ended are kept in {FitFolder.Of(options.Out!)}, and --resume goes on from there.", exception);
        }
    }

    /// <summary>The methods that are tried, each of which must suit when it was named.</summary>
    private static Method[] Suitable(Problem problem, FitOptions options)
    {
        foreach (var method in options.Methods)
        {
            if (!method.Kinds.Contains(problem.Kind))
                throw new ProblemException($"{method.Name} is for {string.Join(", ", method.Kinds)}, and this is {problem.Kind}: paramorph methods --problem {problem.Kind} names those that suit.");
            if (method.Unsuited(problem) is { } reason) throw new ProblemException($"{method.Name} does not suit these data: {reason}.");
        }
        Method[] methods = options.Methods.Count > 0
            ? [.. options.Methods]
            : [.. Method.All.Where(method => method.IsAutomatic && method.Kinds.Contains(problem.Kind) && method.Unsuited(problem) is null)];
        if (methods.Length == 0) throw new ProblemException($"no method suits {problem.Name}: paramorph methods --problem {problem.Kind} tells what there is.");
        if (options.Fixed.Keys.FirstOrDefault(name => !methods.Any(method => method.Hyperparameters.Any(parameter => parameter.Name == name))) is { } unknown)
            throw new ProblemException($"none of {string.Join(", ", methods.Select(method => method.Name))} has a hyperparameter {unknown}: paramorph methods tells what each has.");
        return methods;
    }

    /// <summary>All that the models depend on, a line each.</summary>
    private static string Described(Problem problem, Method[] methods, FitOptions options, string? hash) => string.Join('\n',
    [
        $"version {ExperimentRunner.Version}", $"problem {problem.Kind}", $"data {hash}", $"columns {Fingerprint(problem.Preparation)}", $"rows {Fingerprint((problem as ExamplesProblem)?.Split)}", .. problem.Understood.Select(note => $"understood {note}"), $"methods {string.Join(' ', methods.Select(method => method.Name))}",
        $"budget {options.Budget}", $"seed {options.Seed}", $"threads {options.Threads}", $"level {options.Level.ToString(CultureInfo.InvariantCulture)}", .. options.Fixed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"set {pair.Key}={pair.Value}"),
    ]);

    /// <summary>A fingerprint of which columns are what, and in which units.</summary>
    private static string Fingerprint(Preparation preparation)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text)) preparation.Write(writer);
        return Convert.ToHexStringLower(SHA256.HashData(text.ToArray()));
    }

    /// <summary>A fingerprint of which rows train, choose and judge.</summary>
    private static string Fingerprint(Split? split) => split is null
        ? "none"
        : Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>([split.Train.Count, split.Validation.Count, .. split.Train.ToArray<int>(), .. split.Validation.ToArray<int>(), .. split.Test.ToArray<int>()])));

    private static FitResult Result(
        Problem problem, FitOptions options, Model model, IReadOnlyDictionary<string, double> validation, FitSearch search, IReadOnlyList<SimpleAnswer> simple, string? hash)
    {
        var split = (problem as ExamplesProblem)?.Split;
        var data = new FitData(
            problem.Name, (problem as ExamplesProblem)?.Count ?? 0, model.InputLength, problem.Understood, split?.Train.Count ?? 0, split?.Validation.Count ?? 0, split?.Test.Count ?? 0, hash);
        var (test, intervals, own) = Judged(problem, model, options);
        using var process = Process.GetCurrentProcess();
        return new(
            problem.Kind, string.Join(" + ", model.Parts.Select(part => part.Method.Name)), model.Parts[0].Configuration.Texts.ToDictionary(), data, new(validation, test, intervals), own,
            [.. simple.Select(answer => new FitSimple(model.Parts.Any(part => part.Method.Name == answer.Name) ? $"{answer.Name} (simple answer)" : answer.Name, answer.Test))],
            [.. search.Ranked.Select(item => new FitTried(item.Candidate.Method.Name, item.Candidate.Configuration.Texts.ToDictionary(), item.Job.Validation, item.Share * item.Candidate.Length, item.Job.Seconds))],
            model.Parameters, 0, process.PeakWorkingSet64, options.Out)
        {
            Model = model,
            Parts = [.. model.Parts.Select(part => new FitPart(part.Method.Name, part.Configuration.Texts.ToDictionary(), part.Members, part.Weight))],
            Budget = options.Budget.ToString(),
            Seed = options.Seed,
            Threads = options.Threads,
            Version = ExperimentRunner.Version,
            ParameterHash = model.ParameterHash,
        };
    }

    /// <summary>The only look at the test examples: the metrics, their intervals, and what answers say of their error.</summary>
    private static (IReadOnlyDictionary<string, double> Test, IReadOnlyDictionary<string, double[]> Intervals, FitIntervals? Own) Judged(Problem problem, Model model, FitOptions options)
    {
        if (problem is not ExamplesProblem { Split.Test: { Count: > 0 } rows } examples) return (problem.Test(model.Layer), new Dictionary<string, double[]>(), null);
        var outputs = model.Tempered(examples.Outputs(model.Layer, rows)).Evaluate();
        var test = examples.Judge(outputs, rows);
        return (test, Redrawn(examples, outputs, rows, Key.Of(options.Seed).Fold(5)), Coverage.Of(examples, model, outputs, rows));
    }

    /// <summary>
    /// The 5 % and 95 % quantiles of each metric over test examples that are drawn again with replacement (Efron, "Bootstrap methods", 1979), in blocks where neighbours are alike (Künsch,
    /// "The jackknife and the bootstrap for general stationary observations", 1989).
    /// </summary>
    private static Dictionary<string, double[]> Redrawn(ExamplesProblem problem, Tensor outputs, Tensor rows, Key key)
    {
        if (rows.Count < 10 || rows.Count > MostRedrawn) return [];
        var block = Math.Clamp(problem.TestBlock, 1, rows.Count);
        var random = new KeyRandom(key);
        var draws = Enumerable.Range(0, Redraws).Select(_ =>
        {
            var starts = Enumerable.Range(0, (rows.Count + block - 1) / block).Select(_ => (int)(random.Uniform() * (rows.Count - block + 1)));
            var places = Tensor.From<int>([.. starts.SelectMany(start => Enumerable.Range(start, block)).Take(rows.Count)]);
            return problem.Judge(outputs.Take(places).Evaluate(), rows.Take(places).Evaluate());
        }).ToArray();
        return problem.Metrics.ToDictionary(metric => metric.Name, metric =>
        {
            var values = draws.Select(draw => draw[metric.Name]).Order().ToArray();
            return new[] { values[Redraws / 20], values[^(Redraws / 20)] };
        });
    }

    /// <summary>A note on the best simple answer, if the model does not beat it on test examples.</summary>
    private static IEnumerable<string> Beaten(Problem problem, FitResult result)
    {
        var (name, own) = (problem.Objective.Name, result.Metrics.Test);
        var known = result.Simple.Where(answer => problem.Metrics.Take(2).All(metric => answer.Metrics.ContainsKey(metric.Name))).ToArray();
        if (known.Length == 0) yield break;
        var best = known.MinBy(answer => (problem.Cost(answer.Metrics), problem.SecondCost(answer.Metrics)))!;
        if ((problem.Cost(own), problem.SecondCost(own)).CompareTo((problem.Cost(best.Metrics), problem.SecondCost(best.Metrics))) < 0) yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"the model is no better on test examples than the simple answer \"{best.Name}\", which takes no training ({name} {own[name]:G4} against {best.Metrics[name]:G4}): it is not worth having as it is");
    }

    private static IEnumerable<string> Notes(Problem problem, FitOptions options, FitSearch search, Trials trials)
    {
        foreach (var note in trials.Notes) yield return note;
        if (trials.IsCut) yield return $"{options.Budget} did not allow all of the plan, so the model depends on how fast this machine was; a longer --budget tries more";
        var best = search.Ranked[0];
        foreach (var parameter in best.Candidate.Configuration.Hyperparameters)
        {
            if (!options.Fixed.ContainsKey(parameter.Name) && best.Candidate.Number > 0 && parameter.IsEdge(best.Candidate.Configuration[parameter.Name]))
                yield return $"{parameter.Name} {parameter.Text(best.Candidate.Configuration[parameter.Name])} of {best.Candidate.Method.Name} stands at the end of its range: values beyond may be better";
        }
        if (best.Candidate.Length < 1)
        {
            var percent = (100 * best.Candidate.Length).ToString(best.Candidate.Length < 0.1 ? "G2" : "F0", CultureInfo.InvariantCulture);
            yield return $"{best.Candidate.Method.Name} was trained {percent} % of its usual length, which is all that {options.Budget} allow";
        }
        var ties = search.Ranked.Where(item => item.Candidate.Method.Name != best.Candidate.Method.Name && item.Share == best.Share && Math.Abs(problem.Cost(item.Job.Validation) - problem.Cost(best.Job.Validation)) <= 1e-12).ToArray();
        if (ties.Length > 0) yield return $"{string.Join(", ", ties.Select(item => item.Candidate.Method.Name).Distinct())} did as well on validation as {best.Candidate.Method.Name}, which came first";
    }
}
