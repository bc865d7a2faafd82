using Paramorph.Boosting;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Papers.Benches;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Papers.Design;

/// <summary>Vibrations of pile driving by a perceptron, and what Shapley values say of it where the law is known.</summary>
[Paper("pile-vibration-xai")]
public static class PileVibrationXai
{
    private const string Error = "MAE", Lead = "lead of distance", Second = "rank of the hammer", Step = "step at the threshold";
    private const int Distance = 0, Hammer = 1, Depth = 4, Explained = 200, Moved = 40;

    /// <summary>Depth at which the stiff layer begins, in metres, and by how much it raises vibrations.</summary>
    private const double StiffLayer = 12, Stiffer = 1.8;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Piles>
    {
        Id = "pile-vibration-xai",
        Question = "Does a perceptron predict the vibrations of pile driving better than the power law of engineers and as well as boosted trees, and do its Shapley values find what matters: distance first, the hammer second, and a threshold in depth?",
        Original = "1,018 measurements in Bangkok of peak particle velocity: a network of several layers has a mean absolute error of 0.276 mm/s, less than XGBoost, CatBoost and empirical formulas; SHAP names distance, hammer weight and pile size, with thresholds.",
        Difference = "The measurements are made: a power law of scaled distance that saturates near the pile, a stiff layer from 12 m of depth on that raises vibrations by 1.8, the axis of the sensor, and noise of 20 %. So it is known what explanations should find. Shapley values are the exact ones over all coalitions of eight columns, of the logarithm of the velocity against the mean row.",
        Budget = "planned seconds of a fit for perceptron and trees, search included, counted and not measured; the power law is solved",
        Settings =
        [
            Setting.Whole("records", "measurements, of which half judge", smoke: 200, full: 2036, minimum: 100), Setting.Number("seconds", "planned seconds of a fit", smoke: 0.02, full: 15),
        ],
        Seeds = 6,
        Task = context => Measurements(context.Key, context.Seed, context.Settings.Whole("records")),
        Arms =
        [
            new("perceptron", "A perceptron of the logarithm of the velocity.", ArmRole.Method, (piles, run) => Run(piles, run, Mlp.Method)),
            new("boosted trees", "Trees, each fitted to what those before it leave.", ArmRole.Baseline, (piles, run) => Run(piles, run, BoostedTrees.Method)),
            new("power law", "Least squares of the logarithm of the velocity on those of distance, hammer, height and size.", ArmRole.Baseline, PowerLaw),
        ],
        Metrics =
        [
            new(Error, "mean absolute error of the logarithm of the velocity", Better.Lower), new(Lead, "mean size of the Shapley value of distance over the next largest one", Better.Higher),
            new(Second, "rank of the hammer's weight among mean sizes of Shapley values", Better.Lower),
            new(Step, "rise of the Shapley value of depth across the threshold, from 10 and 11.5 to 12.5 and 14 m, in the logarithm of 1.8 that it was made with", Better.Higher),
        ],
        Claims =
        [
            Claim.Below("perceptron", "power law", Error), Claim.NoHigherTimes("perceptron", "boosted trees", Error, 1.05), Claim.AtLeast("perceptron", Lead, 1),
            Claim.AtMost("perceptron", Second, 2).AsSide(), Claim.AtLeast("perceptron", Step, 0.5).From("ours").AsSide(),
        ],
        Why = "A thousand rows of noisy logarithms do not show a perceptron where the stiff layer begins: it spreads the step over several metres, a third of which lies where it should; trees cut at 12 m. The paper's data may have no edge so sharp.",
    };

    private static Piles Measurements(Key key, int seed, int count)
    {
        var random = new KeyRandom(key);
        var rows = Enumerable.Range(0, count).Select(_ =>
        {
            double distance = Math.Exp(random.Uniform(Math.Log(2), Math.Log(80))), tonnes = random.Uniform(2, 12), drop = random.Uniform(0.3, 1.2), size = random.Uniform(0.2, 0.8);
            double depth = random.Uniform(2, 24), length = random.Uniform(15, 30), age = random.Uniform(0, 28), axis = (int)(3 * random.Uniform());
            // Scaled distance, which near the pile no longer counts. (Wiss, "Construction vibrations: state of the art", 1981.)
            var scaled = (distance + 3) / Math.Sqrt(10 * tonnes * drop);
            var velocity = 12 * Math.Pow(scaled, -1.5) * Math.Pow(size / 0.4, 0.4) * (depth > StiffLayer ? Stiffer : 1) * (axis == 0 ? 1 : axis == 1 ? 0.8 : 1.25) * Math.Exp(0.2 * random.Normal());
            return (Row: new[] { distance, tonnes, drop, size, depth, length, age, axis }, Target: Math.Log(velocity));
        }).ToArray();
        Tensor inputs = Tensor.From<double>([.. rows.SelectMany(row => row.Row)], [count, rows[0].Row.Length]), targets = Tensor.From<double>([.. rows.Select(row => row.Target)]);
        return new(MadeTables.OfNumbers("piles", seed, inputs, targets), inputs, targets);
    }

    private static void Run(Piles piles, ArmRun run, Method method)
    {
        var result = Fit.Run(piles.Problem, new() { Methods = [method], Budget = Budget.OfPlannedSeconds(run.Settings.Number("seconds")), Seed = run.Job.Seed, Threads = 1, IsMixed = false }, cancellation: run.Cancellation);
        run.Count(result.Parameters, 1, result.Flops);
        run.Measure(Error, result.Metrics.Test["MAE"]);
        Explain(piles, run, result.Model.Layer);
    }

    private static void PowerLaw(Piles piles, ArmRun run)
    {
        const int Powers = 4;
        var (train, test) = (piles.Problem.Split.Train, piles.Problem.Split.Test);
        Tensor Logs(Tensor rows) => Tensor.Concatenate([Tensor.Log(piles.Rows.Take(rows)[.., ..Powers]), Tensor.Ones([rows.Count, 1], ElementType.Float64)], 1);
        var weights = LinearAlgebra.LeastSquares(Logs(train), piles.Logarithms.Take(train).ExpandDims(1));
        run.Measure(Error, Tensor.Abs(Logs(test).Dot(weights)[.., 0] - piles.Logarithms.Take(test)).Mean().Item());
        foreach (var metric in new[] { Lead, Second, Step }) run.Measure(metric, double.NaN);
        run.Count(Powers + 1, 1, 0);
    }

    private static void Explain(Piles piles, ArmRun run, ILayer model)
    {
        var preparation = piles.Problem.Preparation;
        var answer = Compile.Of((ILayer model, Tensor rows) => preparation.Decode(model.Call(preparation.Encode(rows))).Reshape(-1).AsType(ElementType.Float64));
        var (rows, baseline) = (piles.Rows.Take(piles.Problem.Split.Test).Evaluate(), piles.Rows.Take(piles.Problem.Split.Train).Mean(0).Evaluate());
        var columns = rows.Shape[1];
        double[] Values(Tensor row) => Attribution.Shapley(Attribution.Game(x => answer(model, x.Evaluate()), row.Evaluate(), baseline), columns).ToDoubles();
        double[][] values = [.. Enumerable.Range(0, Math.Min(Explained, rows.Shape[0])).Select(i => Values(rows[i]))];
        double[] sizes = [.. Enumerable.Range(0, columns).Select(column => values.Average(own => Math.Abs(own[column])))];
        run.Measure(Lead, sizes[Distance] / sizes.Where((_, column) => column != Distance).Max());
        run.Measure(Second, 1 + sizes.Count(size => size > sizes[Hammer]));
        foreach (var (column, size) in sizes.Index()) run.Point("mean size of Shapley values by column", column + 1, size);
        // The same rows at other depths.
        double At(double depth) => Enumerable.Range(0, Math.Min(Moved, rows.Shape[0])).Average(i => Values(Tensor.Concatenate([rows[i, ..Depth], Tensor.From(depth).Reshape(1), rows[i, (Depth + 1)..]], 0))[Depth]);
        run.Measure(Step, (At(12.5) + At(14) - At(10) - At(11.5)) / (2 * Math.Log(Stiffer)));
    }

    /// <summary>The table, its rows in metres, tonnes and days f64 [n, 8], and the logarithms of the velocities in mm/s f64 [n].</summary>
    private sealed record Piles(TableRegression Problem, Tensor Rows, Tensor Logarithms);
}
