using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Physics;

/// <summary>Networks that solve differential equations, as methods.</summary>
public static class PhysicsInformedNetworks
{
    private static readonly string[] kinds = ["differential-equation"];

    /// <summary>A tanh network, trained as usual.</summary>
    [Method]
    public static Method Usual { get; } = new EquationMethod("pinn", "A physics-informed network: a tanh network trained by Adam and then L-BFGS.", Create)
    {
        Kinds = kinds,
        GoodAt = "smooth solutions; the baseline of all others",
        Paper = "Raissi, Perdikaris, Karniadakis: Physics-informed neural networks, 2019",
        IsAutomatic = false,
        Own = Shape(20, 4),
        Steps = Hyperparameter.Whole("steps", "steps of Adam", 2000, 100, 20_000),
        Iterations = Hyperparameter.Whole("iterations", "iterations of the quasi-Newton method", 30_000, 100, 50_000),
        Points = Hyperparameter.Whole("points", "points in the box for the quasi-Newton method, a quarter of them for Adam", 2000, 500, 20_000),
        Every = Hyperparameter.Whole("every", "iterations after which points are drawn anew where the residual is large", 2000, 50, 5000),
        Minimiser = Hyperparameter.Word("minimiser", "the quasi-Newton method", "lbfgs", "ssbroyden", "ssbfgs", "bfgs"),
    };

    /// <summary>A small tanh network, trained by a method that knows the whole curvature.</summary>
    [Method]
    public static Method Newton { get; } = new EquationMethod("pinn-newton", "A small tanh network trained by a self-scaled quasi-Newton method with the whole inverse Hessian.", Create)
    {
        Kinds = kinds,
        GoodAt = "exactness: relative errors of 1e-4 to 1e-6 in two or three minutes",
        Paper = "Urbán, Stefanou, Pons: Unveiling the optimization process of physics informed neural networks, 2025",
        Own = Shape(24, 3),
    };

    private static Hyperparameter[] Shape(int width, int depth) =>
        [Hyperparameter.Whole("width", "neurons of a hidden layer", width, 8, 64), Hyperparameter.Whole("depth", "hidden layers", depth, 2, 6, HyperparameterScale.Linear)];

    private static ILayer Create(Key key, Problems.ModelSignature signature, Configuration choice) => Mlp.Create(
        key, [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs], Activation.Tanh, type: ElementType.Float64);
}
