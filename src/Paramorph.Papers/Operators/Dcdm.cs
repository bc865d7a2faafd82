using Paramorph.Data.Solvers;
using Paramorph.Experiments;
using Paramorph.Operators;
using Paramorph.Training;

namespace Paramorph.Papers.Operators;

/// <summary>Directions from networks that have learned the inverse of Poisson matrices, against those of preconditioned conjugate gradients, on other domains and larger grids.</summary>
[Paper("dcdm")]
public static class Dcdm
{
    private const double Tolerance = 1e-4;
    private const int Obstacles = 8;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Poissons>
    {
        Id = "dcdm",
        Question = "Does a network that was trained without solutions on two domains propose directions that solve Poisson's equation on other domains and larger grids in fewer iterations, and in less time, than conjugate gradients with incomplete Cholesky factors or a multigrid cycle, and in a number that hardly grows with the grid?",
        Original = "Pressure in three-dimensional flows on grids of 64 to 512 cells a side, networks trained for a day on a GPU with 20,000 mixtures of 10,000 Ritz vectors: a residual reduced 10,000 times in about 16 to 30 iterations, where conjugate gradients take hundreds to more than a thousand and with incomplete Cholesky factors a third of that.",
        Difference = "Two dimensions, grids of 64, 128 and 256 cells a side held at the edge, with the same walls at random places on each, networks trained on two domains, of 32 and 64, for some seconds. Beside the authors' network, with two levels and ReLUs, stands one of ours, which is linear in the residual, symmetric, told where the walls are, and shares its weights among as many levels as the grid has.",
        Budget = "equal tolerance: a residual reduced 10,000 times; equal training steps for both networks, whose time is not that of solving",
        MeasuresTime = true,
        Seeds = 4,
        Settings =
        [
            Setting.Whole("steps", "training steps of each network", smoke: 10, full: 1200), Setting.Whole("batch", "residuals of a step", smoke: 2, full: 1),
            Setting.Whole("width", "features of the authors' network", smoke: 4, full: 16), Setting.Whole("own-width", "features of ours", smoke: 4, full: 12),
            Setting.Whole("training-side", "cells along a side of the smaller domain that is trained on; walls of the larger one are as coarse", smoke: 16, full: 32, minimum: 8),
            Setting.Whole("ritz-vectors", "Ritz vectors of each domain's matrix", smoke: 20, full: 300, minimum: 2),
            Setting.Whole("side", "cells along a side of the smallest grid that is solved on; walls on larger ones are the same", smoke: 8, full: 64, minimum: 8),
            Setting.Whole("doublings", "how often this is doubled", smoke: 1, full: 2, minimum: 1, maximum: 4), Setting.Whole("domains", "domains to solve on, each at every size", smoke: 1, full: 2),
            Setting.Whole("limit", "iterations after which a solve is given up", smoke: 60, full: 1000),
        ],
        Task = Draw,
        Arms =
        [
            new("dcdm", "The authors' network, each direction made conjugate to the two before it.", ArmRole.Method, (problems, run) => Learned(
                problems, run, ConjugateDirectionNetwork.Create(run.Key, run.Settings.Whole("width")), (network, residual, isFree) => network.Call(residual) * isFree, rate: 3e-3)),
            new("inverse-network", "Our network in its place.", ArmRole.Method, (problems, run) => Learned(problems, run, Own(run), (network, residual, isFree) => network.Call(residual, isFree), rate: 1e-2)),
            new("untrained", "Our network with the weights that it starts from, which are those of a classical multilevel preconditioner and small random ones.", ArmRole.Ablation, (problems, run) =>
                Propose(problems, run, Own(run), (network, residual, isFree) => network.Call(residual, isFree))),
            new("cg", "Conjugate gradients: the residual itself.", ArmRole.Baseline, (problems, run) => Solve(problems, run, _ => residual => residual, memory: 1)),
            new("ic-cg", "Conjugate gradients with incomplete Cholesky factors as preconditioner.", ArmRole.Baseline, (problems, run) => Solve(problems, run, domain => new IncompleteCholesky(domain.Matrix).Apply, memory: 1)),
            new("mg-cg", "Conjugate gradients with a V-cycle of multigrid as preconditioner.", ArmRole.Baseline, (problems, run) => Solve(problems, run, domain => new MultigridPreconditioner(domain.Matrix, domain.IsFree).Apply, memory: 1)),
        ],
        Metrics =
        [
            new("iterations", "until the residual is 10,000 times smaller; the geometric mean over sizes, domains and right-hand sides"),
            new("growth", "iterations on the largest grids over those on the smallest; infinite where a solve is given up"), new("solving", "seconds of all solves, factors included, training not"),
        ],
        Claims =
        [
            Claim.Below("dcdm", "ic-cg", "iterations").From("experiments"), Claim.AtMost("dcdm", "growth", 1.5), Claim.Below("dcdm", "ic-cg", "solving").From("experiments"),
            Claim.Below("dcdm", "mg-cg", "iterations").From("ours"), Claim.Below("dcdm", "cg", "iterations").From("experiments").AsSide(),
            Claim.Below("inverse-network", "mg-cg", "iterations").From("ours").AsSide(), Claim.Below("inverse-network", "mg-cg", "solving").From("ours").AsSide(),
            Claim.Below("inverse-network", "untrained", "iterations").From("ours").AsSide(), Claim.AtMost("inverse-network", "growth", 1.5).From("ours").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.Held, "What held was a network of ours, which even untrained is a multilevel preconditioner and takes 26 iterations, against conjugate gradients and incomplete Cholesky factors. The method is now the authors' network, ours stands beside it with its untrained form in a claim, and conjugate gradients with multigrid are the strongest baseline."),
        ],
        Why = "With two levels the authors' network sees no farther than some thirty cells, so that it takes more iterations on finer grids, each of which costs some five times one with incomplete factors on a CPU; theirs was trained for a day and runs on a GPU. A V-cycle carries what a network would have to learn, and takes seven iterations on every grid.",
    };

    private static InverseNetwork Own(ArmRun run) => InverseNetwork.Create(run.Key, run.Settings.Whole("own-width"));

    private static void Learned<TNetwork>(Poissons problems, ArmRun run, TNetwork start, Func<TNetwork, Tensor, Tensor, Tensor> call, double rate)
        where TNetwork : ITree<TNetwork>
    {
        var steps = run.Steps();
        Propose(problems, run, run.Train(RitzMixtures.Trainer(rate, steps, run.Settings.Whole("batch"), call), start, Batches.Whole(problems.Training), steps), call);
    }

    private static void Propose<TNetwork>(Poissons problems, ArmRun run, TNetwork network, Func<TNetwork, Tensor, Tensor, Tensor> call)
        where TNetwork : ITree<TNetwork>
    {
        var direction = Compile.Of((TNetwork network, Tensor residual, Tensor isFree) => call(network, residual.AsType(ElementType.Float32).ExpandDims(0), isFree).Squeeze(0).AsType(ElementType.Float64));
        Solve(problems, run, domain => residual => direction(network, residual, domain.IsFree), memory: 2);
    }

    private static void Solve(Poissons problems, ArmRun run, Func<WalledDomain, Func<Tensor, Tensor>> prepare, int memory)
    {
        var trial = DirectionTrial.Of(problems.Domains, prepare, Tolerance, memory, run.Settings.Whole("limit"), () => run.Progress(0, 1));
        foreach (var (side, iterations, residuals) in trial.Grids)
        {
            run.Measure($"iterations on {side} x {side}", iterations);
            foreach (var (i, residual) in residuals.Index()) run.Point($"log10 residual on {side} x {side}", i, Math.Log10(residual));
        }
        run.Measure("iterations", trial.Iterations);
        run.Measure("growth", trial.Growth);
        run.Measure("solving", trial.Seconds);
    }

    private static Poissons Draw(TaskContext context)
    {
        var (settings, keys) = (context.Settings, context.Key.Split(2));
        WalledDomain Domain(Key key, string side, int doubling) => WalledDomain.Draw(key, settings.Whole(side), Obstacles, parts: 1 << doubling);
        return new(
            [.. Enumerable.Range(0, 2).Select(doubling => Domain(keys[0].Fold(doubling), "training-side", doubling)).Select(domain => RitzMixtures.Of(domain.Matrix, domain.IsFree, domain.Noise, settings.Whole("ritz-vectors")))],
            [.. from doubling in Enumerable.Range(0, settings.Whole("doublings") + 1) from n in Enumerable.Range(0, settings.Whole("domains")) select Domain(keys[1].Fold(n), "side", doubling)]);
    }

    /// <summary>Two domains with their Ritz vectors, the second of twice the side, to train on, and others to solve on, the smallest first.</summary>
    private sealed record Poissons(TreeList<RitzMixtures> Training, WalledDomain[] Domains);
}
