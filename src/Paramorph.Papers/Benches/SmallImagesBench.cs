using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Small images that are told apart.</summary>
public static class SmallImagesBench
{
    private const int Side = 16;

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "small-images",
        Meaning = "Which network tells small images best for the same work? A hundred of each digit that are drawn as a hand would, and some hundred of each shape in colours.",
        Tasks =
        [
            new("glyphs", "Drawn digits of 16 by 16 pixels, slanted, shifted and cluttered.", (seed, _) => MadeTables.OfImages("glyphs", seed, Digits.Of(MadeTables.Draws(seed), 3000, Side))),
            new("shapes", "Six shapes of 16 by 16 pixels at any place, size, angle and colour.", (seed, _) => MadeTables.OfImages("shapes", seed, ShapeImages.Of(MadeTables.Draws(seed), 6000, Side))),
        ],
        Standing = [new(ConvolutionalNetwork.Method), new(ResidualNetwork.Method), new(Mlp.Method)],
        Metrics = [ClassMetrics.Accuracy, ClassMetrics.LogLoss],
        Budget = Budget.OfPlannedSeconds(100),
        Seeds = 3,
    };
}
