using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;

namespace Paramorph.Fields;

/// <summary>An <see cref="AdaptiveRadialField"/> of coordinates in [-1, 1] that looks up the kernels nearest to each point itself.</summary>
/// <param name="Field">The field, over the unit box.</param>
/// <param name="Neighbours">How many kernels count at a point.</param>
[Tree]
public sealed partial record RadialFieldLayer(AdaptiveRadialField Field, int Neighbours) : ILayer
{
    private const int Features = 8, GridFeatures = 2, Width = 32, MethodNeighbours = 4, MostPlaced = 20_000;
    private const double Motion = 1e-3;

    /// <summary>It as a method, half of whose parameters are those of kernels and half those of grids, as in the paper.</summary>
    [Method]
    public static Method Method { get; } = new FieldMethod("neurbf", "Radial kernels placed where the signal changes, composed with sines, beside grids of features.", Sized)
    {
        Kinds = ["field-fit"],
        GoodAt = "signals whose detail stands in some places, such as distances to a surface",
        Paper = "Chen et al., NeuRBF: A Neural Fields Representation with Adaptive Radial Basis Functions, 2023",
        Own = [Hyperparameter.Number("highest-frequency", "frequency of the last feature's sine", 64, 8, 1024)],
        Batch = Hyperparameter.Whole("batch", "points of a step", 512, 256, 1024),
        Limits = field => field.Signature.Inputs is not (2 or 3) ? $"it is for 2 or 3 coordinates, and there are {field.Signature.Inputs}"
            : field.Parameters > 50_000 ? $"the nearest kernels of every point are looked for among all, which takes too long for {field.Parameters} parameters" : null,
        Optimiser = rate => new ScaledRate(new Adam(rate), (path, _) => path is "field.centres" or "field.scales" or "field.shears", Motion),
        Placed = (field, key, layer) => ((RadialFieldLayer)layer).PlacedOn(field, key),
        IsAutomatic = false,
    };

    /// <summary>[..., dimensions] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var points = FeatureGrid.ToUnitBox(x);
        return Field.Call(points, RadialKernels.NearestOf(Tensor.StopGradient(points), Tensor.StopGradient(Field.Centres), Neighbours));
    }

    /// <summary>The same with kernels where the values of training samples differ from those of samples beside them.</summary>
    private RadialFieldLayer PlacedOn(FieldFit problem, Key key)
    {
        var kernels = Field.Centres.Shape[0];
        var all = problem.Train;
        var stride = Math.Max(1, all.Count / Math.Max(MostPlaced, 2 * kernels));
        var points = FeatureGrid.ToUnitBox(all.Inputs[TensorIndex.Every(stride, ..)]).Evaluate();
        if (points.Shape[0] < kernels) return this;
        var weights = Roughness(points, all.Targets[TensorIndex.Every(stride, ..)].Evaluate());
        var placed = RadialKernels.Fitted(key, points, weights, kernels, narrowest: 0.25 * Math.Pow(kernels, -1.0 / points.Shape[1]));
        return this with { Field = Field with { Centres = placed.Centres, Scales = placed.Scales, Shears = placed.Shears } };
    }

    /// <summary>How much values differ from those of the nearest other one of some samples that stand for all: f32 [n].</summary>
    private static Tensor Roughness(Tensor points, Tensor values)
    {
        const int Most = 1024;
        var some = Math.Max(1, points.Shape[0] / Most);
        var (anchors, known) = (points[TensorIndex.Every(some, ..)].Evaluate(), values[TensorIndex.Every(some, ..)].Evaluate());
        return Compile.Of((Tensor points, Tensor values, Tensor anchors, Tensor known) =>
        {
            var near = RadialKernels.NearestOf(points, anchors, 2);
            // An anchor is the nearest to itself, which says nothing of its surroundings.
            var isSame = Tensor.Equal(Tensor.Square(points - anchors.Take(near[.., 0])).Sum(1), 0);
            return 1e-3 + Tensor.Sqrt(Tensor.Square(values - known.Take(Tensor.Where(isSame, near[.., 1], near[.., 0]))).Sum(1));
        })(points, values, anchors, known);
    }

    private static ILayer Sized(Key key, ModelSignature signature, Configuration choice, int parameters)
    {
        var (axes, outputs) = (signature.Inputs, signature.Outputs);
        int[] decoder = [Features + 2 * GridFeatures, Width, Width, outputs];
        long Count(int side, int beyond) => Kernels(side, axes) * (2L * axes + axes * (axes - 1) / 2 + Features)
            + Grids(side, beyond).Sum(points => GridFeatures * (long)Math.Pow(points, axes)) + FieldMethod.Affine(decoder);
        // The finest grid takes what is left where a further kernel along each side would be too much.
        var side = FieldMethod.Largest(parameters, side => Count(side, 0));
        var beyond = FieldMethod.Largest(parameters, beyond => Count(side, beyond - 1)) - 1;
        var grid = FeatureGrid.Create(key.Fold(0), axes, levels: 2, GridFeatures, Grids(side, beyond)[0], Grids(side, beyond)[1]);
        var kernels = RadialKernels.Regular(axes, side + 1);
        return new RadialFieldLayer(
            AdaptiveRadialField.Create(key.Fold(1), kernels, Features, grid, Width, outputs, AdaptiveRadialField.Geometric(0.125, choice["highest-frequency"], Features)), MethodNeighbours);
    }

    private static long Kernels(int side, int axes) => (long)Math.Pow(side + 1, axes);

    /// <summary>Points along each side of the coarse grid and of the fine one, the latter beyond the least that it has.</summary>
    private static int[] Grids(int side, int beyond) => [side + 1, 5 * (side + 1) / 2 + beyond];
}
