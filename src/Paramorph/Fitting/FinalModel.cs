using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>
/// The model that a fit ends with. Where examples can be held out in turn it is a mixture of the best candidates, each trained on several folds; those for which that costs too much take part as the
/// search left them. Else it is the best candidate of the search. Its answers are calibrated with examples that those who answered did not learn from.
/// </summary>
internal sealed class FinalModel(Problem problem, FitOptions options, Trials trials)
{
    private const int MostMixed = 5, MixingRounds = 20;
    private const int Partitions = 2, FoldsOfTwo = 4, FoldsOfOne = 5;

    /// <summary>Makes it.</summary>
    /// <param name="ranked">The candidates, the best first.</param>
    public (Model Model, IReadOnlyDictionary<string, double> Validation) Make(IReadOnlyList<FitSearch.Reached> ranked)
    {
        var whole = ranked.Where(item => item.Share == ranked[0].Share).ToArray();
        if (options.IsMixed && problem is ExamplesProblem { IsFoldable: true } examples && Folds.Suit(examples, FoldsOfOne) && Affordable(whole) is { Count: > 0 } chosen && Folded(examples, chosen) is { } folded)
            return Joined(examples, folded, [.. whole.TakeWhile(item => chosen.All(other => other.Candidate != item.Candidate)).DistinctBy(item => item.Candidate.Method.Name)]);
        var best = Longer(ranked[0]);
        var part = new ModelPart(best.Candidate.Method, best.Candidate.Configuration, 1, 1);
        return (Assembled([(part, [best.Job.Model])], Calibrated(best.Job.Model)), best.Job.Validation);
    }

    /// <summary>
    /// The mixture together with models of the search that are better than its best candidate and cost too much to be trained on folds, in the shares that are best on the examples that chose them.
    /// </summary>
    private (Model Model, IReadOnlyDictionary<string, double> Validation) Joined(ExamplesProblem examples, Mixture mixture, FitSearch.Reached[] better)
    {
        var chose = examples.Split.Validation.ToArray<int>().ToHashSet();
        var places = Tensor.From<int>([.. mixture.Rows.ToArray<int>().Index().Where(pair => chose.Contains(pair.Item)).Select(pair => pair.Index)]);
        if (better.Length == 0 || places.Count == 0) return (mixture.Model, mixture.Validation);
        var rows = mixture.Rows.Take(places).Evaluate();
        Tensor[] outputs = [mixture.Honest.Take(places).Evaluate(), .. better.Select(item => examples.Outputs(item.Job.Model, rows))];
        var weights = Mixing(examples, rows, outputs);
        if (weights[0] == 1) return (mixture.Model, mixture.Validation);
        var models = mixture.Model.Parts.Select(part => part with { Weight = part.Weight * weights[0] }).Zip(mixture.Members)
            .Concat(better.Index().Select(item => (new ModelPart(item.Item.Candidate.Method, item.Item.Candidate.Configuration, 1, weights[item.Index + 1]), new[] { item.Item.Job.Model })));
        var answers = Mixed(outputs, weights);
        return (Assembled([.. models.Where(pair => pair.Item1.Weight > 0)], Calibrated(examples, rows, [answers], 1)), examples.Judge(answers, rows));
    }

    /// <summary>The best candidate, trained for as much longer as the budget for final models allows, if that is better.</summary>
    private FitSearch.Reached Longer(FitSearch.Reached best)
    {
        const double Worthwhile = 1.3;
        var whole = options.Budget.Of(best.Candidate.Method.Effort(problem, best.Candidate.Configuration));
        var length = Math.Min(1, FitPlan.FinalPart * options.Budget.Total(options.Threads) / whole);
        if (!best.Candidate.Method.IsScalable || length < Worthwhile * best.Share * best.Candidate.Length) return best;
        var candidate = best.Candidate with { Length = length };
        var trial = new Trials.Trial($"final-{candidate.Name}", candidate, 1, Key.Of(options.Seed).Fold(3), problem);
        var job = trials.Run($"training {candidate.Method.Name} for longer", [trial], 0.9)[trial];
        return job is not null && problem.Cost(job.Validation) < problem.Cost(best.Job.Validation) ? new(candidate, 1, job) : best;
    }

    /// <summary>The candidates whose folds the budget allows, with the number of partitions; the best comes first.</summary>
    private List<(Candidate Candidate, int Partitions)> Affordable(FitSearch.Reached[] ranked)
    {
        var (chosen, room) = (new List<(Candidate, int)>(), FitPlan.FinalPart * options.Budget.Total(options.Threads));
        var isLate = options.Budget.Clock is { } clock && trials.Elapsed > 0.6 * clock;
        if (isLate) return chosen;
        var partitions = Partitions;
        foreach (var candidate in ranked.Select(item => item.Candidate).DistinctBy(candidate => candidate.Method.Name).Take(MostMixed))
        {
            var one = options.Budget.Of(FitPlan.Effort(problem, candidate));
            if (chosen.Count == 0 && Partitions * FoldsOfTwo * one > room) partitions = 1;
            var cost = one * (partitions == 1 ? FoldsOfOne : Partitions * FoldsOfTwo);
            if (cost > room) continue;
            room -= cost;
            chosen.Add((candidate, partitions));
        }
        return chosen;
    }

    /// <summary>The mixture of models on folds; null when the clock let no candidate train on all of them.</summary>
    private Mixture? Folded(ExamplesProblem examples, List<(Candidate Candidate, int Partitions)> chosen)
    {
        var partitions = chosen[0].Partitions;
        var folds = Folds.Of(Key.Of(options.Seed).Fold(2), examples, partitions, partitions == 1 ? FoldsOfOne : FoldsOfTwo);
        var splits = Enumerable.Range(0, folds.Count).Select(member => examples.With(folds.Split(member, examples.Split.Test))).ToArray();
        var jobs = chosen.SelectMany(item => Enumerable.Range(0, folds.Count).Select(member => new Trials.Trial(
            $"final-{item.Candidate.Name}-{member}", item.Candidate, 1, Key.Of(options.Seed).Fold(3).Fold(member), splits[member]))).ToArray();
        var results = trials.Run($"training {jobs.Length} final models on folds", jobs, 0.9);
        var complete = chosen.Select(item => item.Candidate).Where(candidate => jobs.Where(job => job.Candidate == candidate).All(job => results[job] is not null)).ToArray();
        if (complete.Length == 0) return null;
        var members = complete.Select(candidate => jobs.Where(job => job.Candidate == candidate).Select(job => results[job]!.Model).ToArray()).ToArray();
        var honest = members.Select(models => Honest(examples, folds, splits, models)).ToArray();
        var weights = Mixing(examples, folds.Rows, honest.Select(Mean).ToArray());
        var kept = Enumerable.Range(0, complete.Length).Where(i => weights[i] > 0).OrderByDescending(i => weights[i]).ToArray();
        var parts = kept.Select(i => (new ModelPart(complete[i].Method, complete[i].Configuration, members[i].Length, weights[i]), members[i])).ToArray();
        var mixed = Enumerable.Range(0, folds.Partitions).Select(partition => Mixed([.. kept.Select(i => honest[i][partition])], [.. kept.Select(i => weights[i])])).ToArray();
        var answers = Mean(mixed);
        return new(Assembled(parts, Calibrated(examples, folds.Rows, mixed, folds.Count)), [.. parts.Select(part => part.Item2)], examples.Judge(answers, folds.Rows), folds.Rows, answers);
    }

    /// <summary>Honest outputs for all examples, of each partition.</summary>
    private static Tensor[] Honest(ExamplesProblem examples, Folds folds, ExamplesProblem[] splits, ILayer[] models)
    {
        var outputs = models.Select((model, member) => examples.Outputs(model, splits[member].Split.Validation)).ToArray();
        return [.. Enumerable.Range(0, folds.Partitions).Select(partition => folds.Honest(partition, outputs))];
    }

    /// <summary>The shares in which candidates are mixed: the best first, then again and again the one that lowers the loss most. (Caruana et al., "Ensemble selection from libraries of models", 2004.)</summary>
    private static double[] Mixing(ExamplesProblem examples, Tensor rows, Tensor[] outputs)
    {
        var (counts, targets) = (new double[outputs.Length], examples.At(rows).Targets);
        var loss = Compile.Of((Tensor outputs, Tensor targets) => examples.Loss(outputs, targets));
        double LossWith(int i)
        {
            counts[i]++;
            var value = loss(Mixed(outputs, [.. counts.Select(count => count / counts.Sum())]), targets).Item();
            counts[i]--;
            return double.IsNaN(value) ? double.PositiveInfinity : value;
        }
        var before = double.PositiveInfinity;
        for (var round = 0; round < MixingRounds; round++)
        {
            var (i, value) = Enumerable.Range(0, outputs.Length).Select(i => (i, LossWith(i))).MinBy(pair => pair.Item2);
            if (value > before * (1 - 1e-4) && round > 0 && outputs.Length == 1) break;
            counts[i]++;
            before = value;
        }
        return [.. counts.Select(count => count / counts.Sum())];
    }

    private static Tensor Mean(Tensor[] outputs) => Mixed(outputs, [.. Enumerable.Repeat(1.0 / outputs.Length, outputs.Length)]);

    /// <summary>Outputs in given shares.</summary>
    private static Tensor Mixed(Tensor[] outputs, double[] weights) =>
        outputs.Zip(weights).Where(pair => pair.Second > 0).Select(pair => pair.First * pair.Second).Aggregate((sum, output) => sum + output).Evaluate();

    /// <summary>
    /// Calibration with honest outputs of fewer models than the final one has. Its errors are a little smaller: of the variance between models 1 / members remains instead of 1 / partitions,
    /// and the difference between partitions tells how large that variance is.
    /// </summary>
    /// <param name="examples">The problem.</param>
    /// <param name="rows">The examples.</param>
    /// <param name="honest">Outputs for them, of each partition.</param>
    /// <param name="members">Models of the final one.</param>
    private Calibration Calibrated(ExamplesProblem examples, Tensor rows, Tensor[] honest, int members)
    {
        var outputs = Mean(honest);
        if (examples.Uncertainty == Uncertainty.Probabilities) return Calibration.OfClasses(outputs, examples.At(rows).Targets, options.Level);
        if (examples.Uncertainty != Uncertainty.Intervals) return new(options.Level);
        var shrinkage = 1.0;
        if (honest.Length == 2)
        {
            var variance = Tensor.Square(honest[0] - honest[1]).Mean().Item() / 2;
            var error = Tensor.Square(outputs - examples.At(rows).Targets).Mean().Item();
            var share = variance * (1.0 / honest.Length - 1.0 / members) / error;
            // Models without any error, or with errors whose squares are infinite, say nothing of it.
            if (double.IsFinite(share)) shrinkage = Math.Sqrt(Math.Max(0.5, 1 - share));
        }
        return Calibration.OfNumbers(examples.Preparation.Decode(outputs).Evaluate(), examples.Truth(rows), options.Level, shrinkage);
    }

    private Calibration Calibrated(ILayer model) => problem is ExamplesProblem { Split.Validation: { Count: > 0 } rows } examples && problem.Uncertainty != Uncertainty.None
        ? Calibrated(examples, rows, [examples.Outputs(model, rows)], 1)
        : new(options.Level);

    /// <summary>The model of parts with their members, the heaviest first.</summary>
    private Model Assembled(IReadOnlyList<(ModelPart Part, ILayer[] Members)> parts, Calibration calibration)
    {
        (ModelPart Part, ILayer[] Members)[] ordered = [.. parts.OrderByDescending(pair => pair.Part.Weight)];
        var layer = Model.Joined(
            [.. ordered.SelectMany(pair => pair.Members)], [.. ordered.SelectMany(pair => Enumerable.Repeat(pair.Part.Weight / pair.Members.Length, pair.Members.Length))]);
        return new(problem.Kind, problem.Preparation, problem.Signature, [.. ordered.Select(pair => pair.Part)], layer, calibration);
    }

    /// <summary>A mixture of models on folds.</summary>
    /// <param name="Model">The model.</param>
    /// <param name="Members">The models of each of its parts.</param>
    /// <param name="Validation">What its honest outputs reach.</param>
    /// <param name="Rows">The examples that were held out in turn.</param>
    /// <param name="Honest">The outputs for them by those who did not see them.</param>
    private sealed record Mixture(Model Model, IReadOnlyList<ILayer[]> Members, IReadOnlyDictionary<string, double> Validation, Tensor Rows, Tensor Honest);
}
