using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fields;
using Paramorph.Fitting;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Signals as functions of coordinates, with equally many parameters.</summary>
public static class FieldsBench
{
    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "fields",
        Meaning = "Which function of coordinates stands for a picture or for the distances to a body most accurately, with equally many numbers and for the same work?",
        Tasks =
        [
            new("picture", "A picture of 128 x 128 grey values with edges, textures and strokes, in 4,000 numbers.", (seed, _) => FieldFit.Read(
                new DataContent.OfImage("picture", (new TexturedImage(Key.Of(seed)).Render(128, 128) * 255.0 + 0.5).AsType(ElementType.UInt8).Evaluate()), Allowing(4000, seed))),
            new("outline", "Signed distances to a star less a disc, on a grid of 96 x 96 cells, in 1,500 numbers.", (seed, _) => FieldFit.Read(Grid(Outline(seed), 96), Allowing(1500, seed))),
            new("body", "Signed distances to a cube's part in a ball less three cylinders, known at 40,000 points of which half are near the surface, in 6,000 numbers.", (seed, _) =>
                FieldFit.Read(Samples(Key.Of(seed).Fold(1), Body(seed), 40_000), Allowing(6000, seed))),
            new("china", "A photograph of 256 x 256 pixels in 20,000 numbers.", (seed, path) => FieldFit.Read(DataContent.Read(path!), Allowing(20_000, seed)))
            {
                File = new("china_256.png", "74e721c3d6cc4f438862932113af22a031588485304accbea87e604a2ee1f998", "the photograph china.jpg that comes with scikit-learn, scaled to 256 x 256 pixels"),
            },
        ],
        Standing = [new(Siren.Method), new(FeatureGrid.Method), new(LocalCosines.Method), new(GaussianField.Method), new(FourierMlp.Method)],
        Metrics = [FieldFit.Relative, FieldFit.Root],
        Budget = Budget.OfPlannedSeconds(30),
        Seeds = 3,
    };

    private static ProblemOptions Allowing(int parameters, int seed) => new()
    {
        Key = Key.Of(seed).Fold(2),
        Settings = new Dictionary<string, string> { ["parameters"] = parameters.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    private static SignedDistance Outline(int seed)
    {
        var random = new KeyRandom(Key.Of(seed).Fold(0));
        return SignedDistance.Star(random.Integer(4, 8), random.Uniform(0.6, 0.8), random.Uniform(0.25, 0.45)).Difference(SignedDistance.Ball(2, random.Uniform(0.1, 0.2)))
            .Turned(random.Uniform(0, 2 * Math.PI));
    }

    private static SignedDistance Body(int seed)
    {
        var (random, cylinder) = (new KeyRandom(Key.Of(seed).Fold(0)), SignedDistance.Cylinder(0.28, 2));
        return SignedDistance.Box(0.55, 0.55, 0.55).Intersection(SignedDistance.Ball(3, 0.72))
            .Difference(cylinder).Difference(cylinder.Turned(Math.PI / 2, 0, 2)).Difference(cylinder.Turned(Math.PI / 2, 1, 2))
            .Turned(random.Uniform(0, 2 * Math.PI)).Turned(random.Uniform(0, 2 * Math.PI), 1, 2);
    }

    /// <summary>The distances at the centres of the cells of a grid over [-1, 1]².</summary>
    private static DataContent.OfArrays Grid(SignedDistance body, int side)
    {
        double At(int cell) => 2 * (cell + 0.5) / side - 1;
        return Arrays(("distances", Tensor.From([.. Enumerable.Range(0, side * side).Select(cell => body.At(At(cell % side), At(cell / side)))], [side, side])));
    }

    private static DataContent.OfArrays Samples(Key key, SignedDistance body, int count)
    {
        var (near, far) = (DistanceSamples.NearSurface(key.Fold(0), body, count / 2), DistanceSamples.Uniform(key.Fold(1), body, count - count / 2));
        return Arrays(("points", Tensor.Concatenate([near.Points, far.Points]).Evaluate()), ("distances", Tensor.Concatenate([near.Distances, far.Distances]).Evaluate()));
    }

    private static DataContent.OfArrays Arrays(params (string Name, Tensor Values)[] arrays) => new(arrays[0].Name, arrays.ToDictionary(pair => pair.Name, pair => pair.Values));
}
