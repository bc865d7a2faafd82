using Paramorph.Experiments;
using Paramorph.Neurons;
using Paramorph.Papers.Benches;

namespace Paramorph.Papers.Neurons;

/// <summary>Kolmogorov-Arnold networks whose inputs choose their family of functions, against those of each family and networks of neurons.</summary>
[Paper("s-kan")]
public static class SKan
{
    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new BenchExperiment(FormulasBench.Bench, [new(FormulasBench.Exactly(SelectableKanLayer.Method), ArmRole.Method), .. FormulasBench.Bench.Standing.Where(standing => standing.Name != "gaussian-process")])
    {
        Id = "s-kan",
        Question = "Does a Kolmogorov-Arnold network whose inputs choose their family of functions find formulas more accurately for the same work than networks of one family and than perceptrons?",
        Original = "Seven functions against MLPs and single-family KANs of one size; image classification on MNIST, SVHN, CIFAR-10 and CIFAR-100 with convolutional variants on a GPU: best on the functions, leading among KANs and CNNs on the images.",
        Difference = "Special functions and equations of Feynman's lectures in the place of the seven functions, and no images. Networks of every kind are searched in size, rate and length under each seed within one counted budget, in which the training of all five families at once counts as what it is; all end with L-BFGS. A Gaussian process stands on the bench, not here.",
        Claims =
        [
            Claim.Ratio("RMSE of s-kan is below that of the best family for all formulas", seed => families.Min(family => seed[family, "RMSE"]) / seed["s-kan", "RMSE"]),
            Claim.Below("s-kan", "mlp", "RMSE"), Claim.Below("s-kan", "kan-b-spline", "RMSE").AsSide(),
        ],
        Why = "A network of one good family spends on its own training what the choice costs, five families at once for three tenths of the steps; and a perceptron of GELUs finds these formulas more accurately than all of them.",
        Earlier =
        [
            new("2026-11-22", Verdict.NotHeld, "Seven toy functions and images of digits, rates from one short search, steps in which the pruned network had fewer operations. The functions are now those that others use, networks are trained until they are accurate, and the images are left out: a convolutional network was better by four percent."),
        ],
    };

    private static readonly string[] families = ["kan-b-spline", "kan-gaussian", "kan-chebyshev", "kan-mexican-hat", "kan-fourier"];
}
