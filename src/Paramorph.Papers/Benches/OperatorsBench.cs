using Paramorph.Data;
using Paramorph.Data.Solvers;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Operators;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Solutions of equations from their coefficients or first states.</summary>
public static class OperatorsBench
{
    private const string Source = "github.com/neuraloperator/neuraloperator, the data that come with it, as NPZ";

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "operators",
        Meaning = "Which map between fields learns the solutions of equations most accurately from some hundred solved examples, for the same work?",
        Tasks =
        [
            new("darcy", "The pressure in 1,000 plates of two materials that are held at the edge, 16 x 16 cells, in the loss of H1.", (seed, _) =>
                Solved("darcy", DarcyFlow.TwoMaterials(Key.Of(seed).Fold(0), 1200, 16), seed, 1.0 / 12, ("periodic", "false"), ("loss", "h1"))),
            new("burgers", "Burgers' equation of viscosity 0.1 from time 0 to 1 on a circle of 64 places.", (seed, _) =>
                Solved("burgers", Burgers.Operator(Key.Of(seed).Fold(0), 1200, 64), seed, 1.0 / 12, ("periodic", "true"), ("axes", "1"))),
            new("burgers-steep", "The same of viscosity 0.01 on 128 places, where shocks form.", (seed, _) =>
                Solved("burgers-steep", Burgers.Operator(Key.Of(seed).Fold(0), 1200, 128, 0.01), seed, 1.0 / 12, ("periodic", "true"), ("axes", "1"))),
            new("darcy-16", "Pressures in plates on 16 x 16 cells.", (seed, path) => Read(path!, seed))
            {
                File = new("darcy_16.npz", "baece65a1b149e735c212899727ff3a4eb76153908c925d0e9cb7ab8fe0b84c4", Source),
            },
            new("burgers-16", "17 states of Burgers' equation on 16 places from the first.", (seed, path) => Read(path!, seed))
            {
                File = new("burgers_operator_16.npz", "c28d773504965d0d4ad2d42037a78efe886c712489660e8fedb5891c531890a7", Source),
            },
        ],
        Standing =
        [
            new(FourierNeuralOperator.Method)
            {
                Published = [new("burgers", "relative L2", 0.0149, "Li et al., Fourier neural operator for parametric partial differential equations, 2021, figure 3, 256 places")],
            },
            new(UNet.Method),
            new(KernelOperator.Method),
            new(LinearOperator.Method, ArmRole.Reference),
        ],
        Metrics = [OperatorLearning.RelativeL2, OperatorLearning.RelativeH1],
        Budget = Budget.OfPlannedSeconds(60),
        Seeds = 3,
    };

    private static OperatorLearning Solved(string name, OperatorData pairs, int seed, double testShare, params (string Name, string Value)[] settings) => OperatorLearning.Read(
        new DataContent.OfArrays(name, new Dictionary<string, Tensor> { ["x"] = pairs.Inputs, ["y"] = pairs.Outputs }),
        new() { Key = Key.Of(seed).Fold(1), TestShare = testShare, ValidationShare = 1.0 / 12, Settings = settings.ToDictionary(pair => pair.Name, pair => pair.Value) });

    private static OperatorLearning Read(string path, int seed) => OperatorLearning.Read(DataContent.Read(path), new() { Key = Key.Of(seed).Fold(1) });
}
