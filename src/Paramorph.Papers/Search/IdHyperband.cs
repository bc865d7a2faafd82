using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Search;

namespace Paramorph.Papers.Search;

/// <summary>Hyperband whose largest budget is raised later, against beginning again.</summary>
[Paper("id-hyperband")]
public static class IdHyperband
{
    private const string Epochs = "epochs", Loss = "regret", Rank = "rank";
    private const int Size = 12, Factor = 2, Early = 32, Late = 64;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<CurveTable>
    {
        Id = "id-hyperband",
        Question = "Where the largest budget of Hyperband was too small, does going on with what was evaluated find as good a candidate as beginning again, in fewer epochs?",
        Original = "Learning curves of LCBench and NAS-Bench-301, classifiers with parts of their data, budgets that rise by 2 or 3 once; the variants that go on save what was evaluated before and find candidates as good.",
        Difference = "Curves of 200 perceptrons that learn drawn digits here for 64 epochs, with their own rate, decay and scale of first weights; one table for all seeds, which differ in the order of candidates. Budgets rise by 2 from rung to rung, and the largest one from 32 to 64 epochs. Each evaluation costs its whole budget, as in the paper: nothing is trained on from where it stopped.",
        Budget = "as Hyperband's largest budgets say; epochs are counted",
        Settings =
        [
            Setting.Whole("configurations", "perceptrons of the table", smoke: 150, full: 200, minimum: 150), Setting.Whole("images", "images that they learn from", smoke: 32, full: 500, minimum: 32),
        ],
        Seeds = 30,
        SharesTask = true,
        Task = Table,
        Arms =
        [
            new("efficient", "Earlier promotions stand.", ArmRole.Method, (curves, run) => GoOn(curves, run, PromotionRule.Efficient)),
            new("preserving", "All that were evaluated compete anew.", ArmRole.Method, (curves, run) => GoOn(curves, run, PromotionRule.Preserving)),
            new("discarding", "Candidates that fall behind are left out, though they were evaluated.", ArmRole.Method, (curves, run) => GoOn(curves, run, PromotionRule.Discarding)),
            new("restart", "Hyperband begins again with the larger budget.", ArmRole.Baseline, (curves, run) =>
            {
                var draw = curves.Draws(run.Key);
                Make(curves, draw, Early).Run();
                var search = Make(curves, draw, Late);
                Measure(curves, run, search.Run().Candidate, search.Spent);
            }),
            new("right", "Hyperband that knew the largest budget from the start.", ArmRole.Reference, (curves, run) =>
            {
                var search = Make(curves, curves.Draws(run.Key), Late);
                Measure(curves, run, search.Run().Candidate, search.Spent);
            }),
        ],
        Metrics =
        [
            new(Epochs, "epochs of all evaluations behind the raise; of one that knew the budget, of all"), new(Loss, "by how much the share of wrong answers after 64 epochs is above that of the best of the table"),
            new(Rank, "place of the candidate in the table, 1 being best"),
        ],
        Claims =
        [
            Claim.Below("preserving", "restart", Epochs, 1 / 0.7),
            Claim.That("the regret of efficient is no more than 0.005 above that of restart", seed => seed["restart", Loss] - seed["efficient", Loss], -0.005, "share"),
            Claim.That("the regret of preserving is no more than 0.005 above that of restart", seed => seed["restart", Loss] - seed["preserving", Loss], -0.005, "share"),
            Claim.Below("efficient", "restart", Epochs, 1 / 0.7).AsSide(), Claim.Below("discarding", "restart", Epochs, 1 / 0.7).AsSide(),
        ],
        Why = "Going on costs exactly what evaluations before the raise had cost less, and finds candidates as good: where the longest training is not known, begin short and raise. Whether earlier promotions stand or compete anew makes no difference to the candidate that thirty orders show; competing anew costs a twentieth more epochs.",
        Earlier = [new("2026-11-30", Verdict.Held, "That the efficient rule takes fewer epochs than a restart, which follows from the brackets alone, was a main claim; it stands beside.")]
    };

    private static Hyperband Make(CurveTable curves, Func<int> draw, int largest, PromotionRule rule = PromotionRule.Efficient) => new(draw, curves.At, largest, Factor, rule);

    private static void GoOn(CurveTable curves, ArmRun run, PromotionRule rule)
    {
        var search = Make(curves, curves.Draws(run.Key), Early, rule);
        search.Run();
        var before = search.Spent;
        search.Raise();
        Measure(curves, run, search.Run().Candidate, search.Spent - before);
    }

    private static void Measure(CurveTable curves, ArmRun run, int candidate, long spent)
    {
        run.Measure(Epochs, spent);
        run.Measure(Loss, curves.Regret(candidate));
        run.Measure(Rank, curves.Rank(candidate));
    }

    private static CurveTable Table(TaskContext context)
    {
        LabelledData Flat(int part, int images) => Digits.Of(context.Key.Fold(part), images, Size) is var data ? new(data.Inputs.Reshape(images, -1).Evaluate(), data.Labels) : null!;
        return CurveTable.OfPerceptrons(context.Key, context.Settings.Whole("configurations"), Late, Flat(1, context.Settings.Whole("images")), Flat(2, 1000), classes: 10, context.Cancellation);
    }
}
