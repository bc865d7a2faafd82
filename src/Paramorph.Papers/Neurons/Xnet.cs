using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Papers.Benches;

namespace Paramorph.Papers.Neurons;

/// <summary>Cauchy activations against Kolmogorov-Arnold networks and perceptrons, on formulas.</summary>
[Paper("xnet")]
public static class Xnet
{
    private static readonly string[] compared = ["mlp", "kan-b-spline", "kan-gaussian", "kan-chebyshev"];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new BenchExperiment(FormulasBench.Bench,
        [
            new(FormulasBench.Exactly(XNet.Method), ArmRole.Method),
            Perceptron("tanh"), Perceptron("relu"),
            .. FormulasBench.Bench.Standing.Select(standing => compared.Contains(standing.Name) ? standing : standing with { Role = ArmRole.Reference }),
        ])
    {
        Id = "xnet",
        Question = "Do networks of Cauchy activations learn functions more accurately than Kolmogorov-Arnold networks and perceptrons for the same work?",
        Original = "A step function, oscillating functions of 2, 4 and 100 variables, a Poisson equation and short series, against KAN and networks of their authors' making on a GPU: errors up to thousands of times smaller than those of KAN in a fraction of its time.",
        Difference = "Special functions and equations of Feynman's lectures in 2 to 4 variables, on which networks of KAN's own papers are judged; each method has the same planned seconds, search included, so that errors alone are compared; operations differ, since small networks spend seconds on other things. No equations, no LSTM.",
        Claims =
        [
            Claim.Below("xnet", "kan-b-spline", "RMSE"), Claim.Below("xnet", "tanh", "RMSE"), Claim.Below("xnet", "relu", "RMSE"), Claim.Below("xnet", "mlp", "RMSE").From("ours").AsSide(),
            Claim.Below("xnet", "kan-gaussian", "RMSE").From("ours").AsSide(), Claim.Below("xnet", "kan-chebyshev", "RMSE").From("ours").AsSide(),
        ],
        Why = "On the mean of the seeds its errors are a little below those of KAN by B-splines, less than half of those of other KAN and of ReLU, and level with those of tanh and GELU perceptrons. They vary by far more between seeds than those of the others, so that four seeds decide none of it.",
    };

    private static Contestant Perceptron(string activation) =>
        new(FormulasBench.Exactly(Mlp.Method)) { Name = activation, Fixed = new Dictionary<string, string> { ["activation"] = activation } };
}
