using Paramorph.Experiments;
using Paramorph.Fields;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Papers.Benches;

namespace Paramorph.Papers.Fields;

/// <summary>Fields on radial kernels that adapt to a signal against fields on grids and networks of coordinates.</summary>
[Paper("neurbf")]
public static class Neurbf
{
    private static FieldMethod Radial { get; } = (FieldMethod)RadialFieldLayer.Method;

    private static string OnPicture { get; } = Bench.On("relative L2", "picture");

    private static string OnBody { get; } = Bench.On("relative L2", "body");

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new BenchExperiment(FieldsBench.Bench, [new(Radial, ArmRole.Method), new(Plain, ArmRole.Ablation), new(Regular, ArmRole.Ablation), .. FieldsBench.Bench.Standing])
    {
        Id = "neurbf",
        Question = "Does a field whose features lie on radial kernels placed where the signal changes, and composed with sines, fit pictures and distances more accurately than features on grids of several resolutions and than networks with as many parameters?",
        Original = "Images of up to gigapixels, shapes of meshes and radiance fields, 20,000 steps or more on a GPU: several decibels above Instant NGP at its size for images, and lower errors of shapes.",
        Difference = "Pictures of 128 by 128 pixels, outlines on a grid and bodies of constructive solid geometry, some thousand parameters, half a planned minute on one core with the search in it; dense grids, without collisions of hashes; kernels of any orientation in all tasks, where the paper has round ones for shapes; squared errors of distances, where the paper lowers relative ones.",
        Claims =
        [
            Claim.Below("neurbf", "feature-grid", OnPicture).From("table 1"), Claim.Below("neurbf", "feature-grid", OnBody).From("table 2"), Claim.Below("neurbf", "siren", "relative L2").From("ours"),
            Claim.Below("neurbf", "neurbf-regular", "relative L2").From("ablation").AsSide(), Claim.Below("neurbf", "neurbf-plain", "relative L2").From("ablation").AsSide(),
            Claim.Below("neurbf", "fourier-mlp", "relative L2").From("ours").AsSide(), Claim.Below("neurbf", "gaussian-field", "relative L2").From("ours").AsSide(),
            Claim.Below("neurbf", "local-cosines", OnPicture).From("ours").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.Inconclusive, "It compared neurbf with grids and two ablations alone, whose rates and levels were searched among four candidates, and rested on six claims. Networks with sines, Fourier features, moving Gaussians and local cosines stand beside it now, and all are searched on a bench."),
            new("2026-11-30", Verdict.NotHeld, "Where the signal changes was told by the nearest of a thousand samples, which for these themselves said nothing; it is told by the nearest other one."),
        ],
        Why = "With some thousand numbers a network of sines wastes none on places, and signals of this size leave it time to be trained; the paper's images have a thousand times as many pixels, for which a network alone is too slow.",
    };

    /// <summary>The values of kernels as they are.</summary>
    private static Method Plain { get; } = Radial with
    {
        Name = "neurbf-plain",
        Meaning = "neurbf without sines.",
        Own = [],
        Create = (key, signature, _, parameters) =>
        {
            var layer = (RadialFieldLayer)Radial.Create(key, signature, Configuration.Default(Radial.Hyperparameters), parameters);
            return layer with { Field = layer.Field with { Frequencies = [] } };
        },
    };

    /// <summary>Kernels that stay where they are.</summary>
    private static Method Regular { get; } = Radial with
    {
        Name = "neurbf-regular",
        Meaning = "neurbf with round kernels on a regular grid, which stay.",
        Placed = (_, _, layer) => layer,
        Optimiser = rate => new Frozen(new Adam(rate), (path, _) => path is "field.centres" or "field.scales" or "field.shears"),
    };
}
