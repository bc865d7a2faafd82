using System.Diagnostics;
using Paramorph.Data;
using Paramorph.Data.Solvers;
using Paramorph.Experiments;
using Paramorph.Operators;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Operators;

/// <summary>Directions from a network that has learned the inverse of one Poisson matrix, against those of conjugate gradients, on other domains and larger grids.</summary>
[Paper("dcdm")]
public static class Dcdm
{
    private const double Tolerance = 1e-4;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Poissons>
    {
        Id = "dcdm",
        Question = "Does a network that was trained without solutions on one domain propose directions that solve Poisson's equation on other domains and larger grids in fewer iterations than conjugate gradients with and without incomplete Cholesky factors, and in a number that hardly grows with the grid?",
        Original = "Pressure in three-dimensional flows on grids of 64 to 512 cells a side, networks trained for a day on a GPU with 20,000 mixtures of 10,000 Ritz vectors: a residual reduced 10,000 times in about 16 to 30 iterations, where conjugate gradients take hundreds to more than a thousand and with incomplete Cholesky factors a third of that.",
        Difference = "Two dimensions, grids of 64, 128 and 256 cells a side held at the edge, with the same walls at random places on each (gaps as fine as the cells of each grid would cost the network more on fine ones), a network trained on two domains, of 32 and 64 with walls as coarse as those of 32, for some seconds; it shares its weights among as many levels as the grid has, where the original has two with their own, is linear in the residual, without ReLUs, symmetric without negative eigenvalues whatever its weights are, and is told where the walls are.",
        Budget = "equal tolerance: a residual reduced 10,000 times; training is the network's alone, and seconds of solving are in the table beside those with training",
        MeasuresTime = true,
        Seeds = 5,
        Settings =
        [
            Setting.Whole("steps", "training steps", smoke: 20, full: 2200),
            Setting.Whole("batch", "residuals of a step", smoke: 4, full: 1),
            Setting.Whole("width", "features of the network", smoke: 4, full: 12),
            Setting.Whole("blocks", "residual blocks of a level on the way down, and their adjoints on the way back", smoke: 1, full: 1),
            Setting.Whole("training-side", "cells along a side of the smallest domain that is trained on; walls of larger ones are as coarse", smoke: 16, full: 32, minimum: 8),
            Setting.Whole("training-sizes", "how many sizes are trained on, each twice the one before", smoke: 1, full: 2, maximum: 4),
            Setting.Whole("training-domains", "domains of each size that are trained on", smoke: 1, full: 1),
            Setting.Whole("ritz-vectors", "Ritz vectors of each domain's matrix", smoke: 20, full: 300, minimum: 2),
            Setting.Whole("side", "cells along a side of the smallest grid that is solved on; walls on larger ones are the same", smoke: 8, full: 64, minimum: 8),
            Setting.Whole("doublings", "how often this is doubled", smoke: 1, full: 2, minimum: 1, maximum: 4),
            Setting.Whole("domains", "domains to solve on, each at every size", smoke: 1, full: 2),
            Setting.Whole("limit", "iterations after which a solve is given up", smoke: 60, full: 1000),
            Setting.Whole("obstacles", "obstacles of a domain", smoke: 4, full: 8),
        ],
        Task = Poissons.Of,
        Arms =
        [
            new("dcdm", "The network's directions, each made conjugate to the two before it.", ArmRole.Method, Learned) { Candidates = Choice.Of("rate", 1e-2) },
            new("untrained", "The same with the weights that the network starts from, which are those of a classical multilevel preconditioner and small random ones.", ArmRole.Ablation, (problems, run) =>
                Propose(problems, run, Start(run))),
            new("cg", "Conjugate gradients: the residual itself.", ArmRole.Baseline, (problems, run) => Solve(problems, run, _ => residual => residual, memory: 1)),
            new("ic-cg", "Conjugate gradients with incomplete Cholesky factors as preconditioner.", ArmRole.Baseline, (problems, run) =>
                Solve(problems, run, domain => new IncompleteCholesky(domain.Matrix).Apply, memory: 1)),
        ],
        Metrics =
        [
            new("iterations", "until the residual is 10,000 times smaller; the geometric mean over sizes, domains and right-hand sides"),
            new("growth", "iterations on the largest grids over those on the smallest"),
            new("solving", "seconds of all solves, factors included, training not"),
        ],
        Claims =
        [
            Claim.Below("dcdm", "cg", "iterations"),
            Claim.Below("dcdm", "ic-cg", "iterations"),
            Claim.AtMost("dcdm", "growth", 1.5),
        ],
    };

    private static void Learned(Poissons problems, ArmRun run)
    {
        var steps = run.Steps();
        var batch = run.Settings.Whole("batch");
        var trainer = new Trainer<InverseNetwork, TreeList<TreePair<FivePointMatrix, TreeList<Tensor>>>>(
            new ClippedByNorm(new Adam(Schedule.OneCycle(run.Choice["rate"], steps)), 1),
            (network, domains, key) => Enumerable.Range(0, domains.Count)
                .Select(i => Loss(network, domains[i].Item1, domains[i].Item2, key.Fold(i), batch)).Aggregate((a, b) => a + b) / domains.Count);
        var network = run.Train(trainer, Start(run), Batches.Whole(problems.Training), steps);
        Propose(problems, run, network);
    }

    private static InverseNetwork Start(ArmRun run) => InverseNetwork.Create(run.Key, run.Settings.Whole("width"), run.Settings.Whole("blocks"));

    private static void Propose(Poissons problems, ArmRun run, InverseNetwork network)
    {
        var direction = Compile.Of((InverseNetwork network, Tensor residual, Tensor isFree) =>
            network.Call(residual.AsType(ElementType.Float32).ExpandDims(0), isFree).Squeeze(0).AsType(ElementType.Float64));
        Solve(problems, run, domain => residual => direction(network, residual, domain.IsFree), memory: 2);
        Draw(problems.Domains[0], run, residual => direction(network, residual, problems.Domains[0].IsFree));
    }

    /// <summary>
    /// |r - a A f(r)|^2 / |r|^2 with the step a that makes it least, for random mixtures r of Ritz vectors. The original gives those of the lower half of the
    /// spectrum nine times the weight; here each mixture is of wavelengths around one that is drawn, with a little of all others, so that few mixtures show all.
    /// </summary>
    private static Tensor Loss(InverseNetwork network, FivePointMatrix matrix, TreeList<Tensor> data, Key key, int batch)
    {
        const double Spread = 1.5, Rest = 0.03;
        var (isFree, vectors, logarithms) = (data[0], data[1], Tensor.Log(data[2]));
        Tensor Product(Tensor a, Tensor b) => (a * b).Sum(1, 2).Reshape(batch, 1, 1);
        var (low, high) = (logarithms.Min(), logarithms.Max());
        var centre = low + (high - low) * Sample.Uniform(key.Fold(1), [batch, 1], 0, 1);
        var weights = Tensor.Exp(-0.5 * Tensor.Square((logarithms - centre) / Spread)) + Rest;
        var mixture = (Sample.Normal(key.Fold(0), [batch, logarithms.Count]) * weights).Dot(vectors).Reshape(batch, isFree.Shape[0], isFree.Shape[1]);
        var residual = mixture / Tensor.Sqrt(Product(mixture, mixture) / isFree.Count);
        var image = matrix.Apply(network.Call(residual, isFree));
        var step = Product(residual, image) / Product(image, image);
        return Tensor.Square(residual - step * image).Mean();
    }

    private static void Solve(Poissons problems, ArmRun run, Func<Domain, Func<Tensor, Tensor>> prepare, int memory)
    {
        var logarithms = new SortedDictionary<int, List<double>>();
        var seconds = 0.0;
        foreach (var domain in problems.Domains)
        {
            var side = domain.IsFree.Shape[0];
            // The first call of a compiled function compiles it, which is no part of solving.
            prepare(domain)(domain.Rights[0]).Evaluate();
            var watch = Stopwatch.StartNew();
            var direction = prepare(domain);
            foreach (var right in domain.Rights)
            {
                run.Progress(0, 1);
                var (_, residuals) = ConjugateDirections.Solve(domain.Matrix, right, direction, Tolerance, memory, run.Settings.Whole("limit"));
                if (!logarithms.TryGetValue(side, out var counts)) logarithms[side] = counts = [];
                if (counts.Count == 0)
                    for (var i = 0; i < residuals.Count; i++) run.Point($"log10 residual on {side} x {side}", i, Math.Log10(residuals[i]));
                counts.Add(Math.Log(residuals.Count - 1));
            }
            seconds += watch.Elapsed.TotalSeconds;
        }
        foreach (var (side, counts) in logarithms) run.Measure($"iterations on {side} x {side}", Math.Exp(counts.Average()));
        run.Measure("iterations", Math.Exp(logarithms.Values.Average(counts => counts.Average())));
        run.Measure("growth", Math.Exp(logarithms.Values.Last().Average() - logarithms.Values.First().Average()));
        run.Measure("solving", seconds);
    }

    /// <summary>A right-hand side in its domain, the direction that the network proposes, and the solution.</summary>
    private static void Draw(Domain domain, ArmRun run, Func<Tensor, Tensor> direction) => run.Picture("direction", () =>
    {
        var scale = Math.Max(1, 192 / domain.IsFree.Shape[0]);
        var right = domain.Rights[^1];
        return Picture.Row([.. new[] { right, direction(right), domain.Matrix.Solve(right) }.Select(field => Picture.HeatMap(Table(field), scale: scale))]);
    });

    private static double[,] Table(Tensor values)
    {
        var table = new double[values.Shape[0], values.Shape[1]];
        Buffer.BlockCopy(values.ToDoubles(), 0, table, 0, sizeof(double) * table.Length);
        return table;
    }

    /// <summary>A domain to solve on.</summary>
    /// <param name="IsFree">1 outside of walls, 0 in them: f32 [rows, columns].</param>
    /// <param name="Matrix">Its matrix.</param>
    /// <param name="Rights">Right-hand sides: noise, and a smooth function.</param>
    private sealed record Domain(Tensor IsFree, FivePointMatrix Matrix, Tensor[] Rights)
    {
        /// <summary>A domain with walls drawn on a grid, whose cells are then each divided along both sides, so that walls stay the same on every grid.</summary>
        public static Domain Of(Key key, int side, int obstacles, int parts = 1)
        {
            var keys = key.Split(3);
            var isFree = Poisson.RandomObstacles(keys[0], side, side, obstacles).Repeat(parts, 0).Repeat(parts, 1).Evaluate();
            var smooth = new GaussianRandomField(2, 3).ZeroSlope(keys[2], 1, isFree.Shape)[0];
            return new(
                isFree.AsType(ElementType.Float32).Evaluate(), Poisson.Matrix(isFree, EdgeCondition.Dirichlet, EdgeCondition.Neumann),
                [Poisson.RandomRightHandSides(keys[1], isFree, 1)[0].Evaluate(), Tensor.Where(isFree, smooth, 0.0).Evaluate()]);
        }
    }

    /// <summary>What is trained on and what is solved.</summary>
    /// <param name="Training">Matrices in f32, and beside each where it is free, its Ritz vectors [vectors, cells] and values.</param>
    /// <param name="Domains">Other domains, the smallest first.</param>
    private sealed record Poissons(TreeList<TreePair<FivePointMatrix, TreeList<Tensor>>> Training, Domain[] Domains)
    {
        public static Poissons Of(TaskContext context)
        {
            var settings = context.Settings;
            var (obstacles, keys) = (settings.Whole("obstacles"), context.Key.Split(2));
            return new(
                [.. from doubling in Enumerable.Range(0, settings.Whole("training-sizes")) from n in Enumerable.Range(0, settings.Whole("training-domains"))
                    select Learnable(Domain.Of(keys[0].Fold(doubling).Fold(n), settings.Whole("training-side"), obstacles, parts: 1 << doubling), settings.Whole("ritz-vectors"))],
                [.. from doubling in Enumerable.Range(0, settings.Whole("doublings") + 1) from n in Enumerable.Range(0, settings.Whole("domains"))
                    select Domain.Of(keys[1].Fold(n), settings.Whole("side"), obstacles, parts: 1 << doubling)]);
        }

        private static TreePair<FivePointMatrix, TreeList<Tensor>> Learnable(Domain domain, int count)
        {
            if (count > domain.IsFree.Count)
                throw new ExperimentException($"{count} Ritz vectors are too many for a domain of {domain.IsFree.Count} cells: set ritz-vectors to no more.");
            var (values, vectors) = Lanczos.RitzVectors(domain.Matrix, domain.Rights[0], count);
            static Tensor Single(Tensor x) => x.AsType(ElementType.Float32).Evaluate();
            return new(Tree.Map(domain.Matrix, Single), [domain.IsFree, Single(vectors.Reshape(count, domain.IsFree.Count)), Single(values)]);
        }
    }
}
