using Paramorph.Experiments;
using Paramorph.Fields;
using Paramorph.Fitting;
using Paramorph.Physics;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Differential equations that solvers are tried on.</summary>
public static class EquationsBench
{
    // Their references take seconds, and are the same under every seed.
    private static readonly Lazy<Problem> burgers = new(() => Equations.Burgers()), allenCahn = new(() => Equations.AllenCahn()), helmholtz = new(() => Equations.Helmholtz()), convection = new(() => Equations.Convection()),
        poisson = new(() => Equations.PoissonOnL());

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "equations",
        Meaning = "Which field of coordinates solves differential equations most accurately for the same work? Each is trained on the residual alone and judged by a reference that it never sees.",
        Tasks =
        [
            new("burgers", "Burgers' equation with viscosity 0.01 / pi: a shock forms.", (_, _) => burgers.Value),
            new("allen-cahn", "The Allen-Cahn equation with diffusion 1e-4: fronts sharpen.", (_, _) => allenCahn.Value),
            new("helmholtz", "Helmholtz' equation whose solution has four waves by one.", (_, _) => helmholtz.Value),
            new("convection", "Convection at speed 30: a wave that passes many times.", (_, _) => convection.Value),
            new("poisson-l", "Poisson's equation on an L, whose slope has no bound at the corner.", (_, _) => poisson.Value),
            new("burgers-raissi", "Burgers' equation, judged by the reference that most papers use.", (_, path) => Read(path!))
            {
                File = new("burgers_shock.mat", "f4d11e6798b8d29b6829984952b04adcc470d9bf70dd7e56c7985cd8e316c4bf", "maziarraissi/PINNs"),
            },
            new("allen-cahn-raissi", "The Allen-Cahn equation, judged by the reference that most papers use.", (_, path) => Read(path!))
            {
                File = new("allen_cahn.mat", "266e97eedd9ef543d7f6d370fa5f06388761aa7da2b97e476562dcf1d644a175", "maziarraissi/PINNs"),
            },
            new("cavity", "The steady flow under a lid that moves at a Reynolds number of 100.", (_, path) => Read(path!))
            {
                File = new("ldc_Re100.mat", "e82ebd7d00603e839fd9a0a68eea7822cb855be03d46f73f6e0e8b6abd27a1aa", "PredictiveIntelligenceLab/jaxpi"),
            },
        ],
        Standing =
        [
            new(PhysicsInformedNetworks.Usual)
            {
                Published =
                [
                    new("burgers", "relative L2", 6.7e-4, "Raissi, Perdikaris, Karniadakis, 2019, table 1, L-BFGS on a GPU") { Tolerance = 2 },
                ],
            },
            new(FeatureGrid.Solver),
            new(PhysicsInformedNetworks.Newton)
            {
                Published =
                [
                    new("allen-cahn", "relative L2", 5.4e-5, "Wang, Sankaran, Wang, Perdikaris, 2023, with their best training on a GPU") { Tolerance = 1 },
                ],
            },
        ],
        Metrics = [DifferentialEquation.ReferenceMetric],
        Budget = Budget.OfPlannedSeconds(100),
        Seeds = 3,
    };

    private static Problem Read(string path) => DifferentialEquation.OfKind.Read(DataContent.Read(path), new());
}
