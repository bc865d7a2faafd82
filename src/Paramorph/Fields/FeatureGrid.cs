using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Fields;

/// <summary>
/// Features of a place, learned on grids of several resolutions and interpolated linearly between their points; a small network behind them makes a field
/// that trains fast. (The dense grids of Müller et al., "Instant Neural Graphics Primitives", 2022, section 3, without hashing.)
/// </summary>
/// <param name="Levels">The grids [features, n1, ..., nd], the coarsest first; the first and the last point of each lie on the edges of the unit box.</param>
/// <param name="IsSmooth">
/// Whether weights between two grid points are those of a cosine, (1 - cos(pi t)) / 2, in place of t: fields then have continuous first derivatives and second
/// ones that are not zero, as differential equations need. (Kang et al., "PIXEL: Physics-Informed Cell Representations", 2023.)
/// </param>
[Tree]
public sealed partial record FeatureGrid(TreeList<Tensor> Levels, bool IsSmooth = false) : ILayer
{
    private const int MethodWidth = 32, SolverLevels = 3;

    /// <summary>It as a method, with a network of two hidden layers behind it.</summary>
    [Method]
    public static Method Method { get; } = new FieldMethod("feature-grid", "Features on grids of several resolutions, decoded by a small network.", (key, signature, choice, parameters) =>
    {
        var (axes, levels, features, coarsest) = (signature.Inputs, choice.Whole("levels"), choice.Whole("features"), 4);
        int[] decoder = [levels * features, MethodWidth, MethodWidth, signature.Outputs];
        var beyond = FieldMethod.Largest(parameters, beyond => FieldMethod.Affine(decoder) + features * Resolutions(levels, coarsest, coarsest + beyond).Sum(points => (long)Math.Pow(points, axes)));
        return new Sequential([new Elementwise(ToUnitBox), Create(key.Fold(0), axes, levels, features, coarsest, coarsest + beyond), Mlp.Create(key.Fold(1), [.. decoder], Layers.Activation.Relu)]);
    })
    {
        Kinds = ["field-fit"],
        GoodAt = "detailed signals of up to three coordinates, with many samples",
        Paper = "Müller et al., Instant Neural Graphics Primitives, 2022, without hashing",
        Own = [Hyperparameter.Whole("levels", "grids", 4, 2, 6, HyperparameterScale.Linear), Hyperparameter.Whole("features", "features of a point of each grid", 2, 1, 4)],
        Rate = Hyperparameter.Number("rate", "highest learning rate", 1e-2, 3e-3, 3e-2),
        Limits = field => field.Signature.Inputs > 3 ? $"grids have one to three axes, and there are {field.Signature.Inputs} coordinates" : null,
    };

    /// <summary>Grids that are interpolated smoothly, as a method for differential equations.</summary>
    [Method]
    public static Method Solver { get; } = new EquationMethod("pixel", "Features on grids of several resolutions, interpolated smoothly and decoded by a small tanh network.", (key, signature, choice) =>
    {
        // Two axes of a grid or three, as time and a periodic axis make of two coordinates.
        var (axes, features, finest) = (signature.Inputs, choice.Whole("features"), choice.Whole("finest"));
        return new Sequential([
            new Elementwise(ToUnitBox), Create(key.Fold(0), axes, SolverLevels, features, Math.Max(2, finest / 4), finest, Initialiser.Normal(0.01), isSmooth: true, ElementType.Float64),
            Mlp.Create(key.Fold(1), [SolverLevels * features, 16, signature.Outputs], Activation.Tanh, type: ElementType.Float64),
        ]);
    })
    {
        Kinds = ["differential-equation"],
        GoodAt = "solutions with sharp places in two coordinates",
        Paper = "Kang, Lee, Hong, Yun, Park: PIXEL: Physics-Informed Cell Representations for Fast and Accurate PDE Solvers, 2023",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("finest", "points along an axis of the finest grid", 16, 4, 64), Hyperparameter.Whole("features", "features of a point of each grid", 2, 1, 4)],
        Rate = Hyperparameter.Number("rate", "learning rate of Adam, which falls along a cosine", 3e-2, 3e-3, 0.3),
        // A whole inverse Hessian of thousands of features is too large.
        Minimiser = Hyperparameter.Word("minimiser", "the quasi-Newton method", "lbfgs", "ssbroyden", "ssbfgs", "bfgs"),
    };

    /// <summary>Grids whose resolutions grow geometrically, with small uniform features, ±1e-4 as in the paper.</summary>
    /// <param name="key">The key.</param>
    /// <param name="dimensions">Number of coordinates, one to three.</param>
    /// <param name="levels">Number of grids.</param>
    /// <param name="features">Features of a point on each grid.</param>
    /// <param name="coarsest">Points along an axis of the first grid, 2 or more.</param>
    /// <param name="finest">Points along an axis of the last grid.</param>
    /// <param name="initial">How features are drawn; uniform in ±1e-4 when null.</param>
    /// <param name="isSmooth">Whether fields have continuous first derivatives.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number is out of its range.</exception>
    public static FeatureGrid Create(
        Key key, int dimensions, int levels = 4, int features = 2, int coarsest = 8, int finest = 64, Initialiser? initial = null, bool isSmooth = false,
        ElementType type = ElementType.Float32)
    {
        if (dimensions is < 1 or > 3 || levels < 1 || features < 1 || coarsest < 2 || finest < coarsest)
        {
            throw new ShapeException(
                $"feature grid: {levels} levels of {features} features with {coarsest} to {finest} points along {dimensions} axes make no grid: " +
                "there are one to three axes, 1 or more levels and features, and 2 or more points, growing in number.");
        }
        var points = Resolutions(levels, coarsest, finest);
        return Initialise.Of(key, key => new FeatureGrid([.. Enumerable.Range(0, levels).Select(level =>
        {
            Shape shape = [features, .. Enumerable.Repeat(points[level], dimensions)];
            return (initial ?? Initialiser.Uniform(-1e-4, 1e-4)).Draw(key.Fold(level), shape, new(dimensions, features), type);
        })], isSmooth));
    }

    /// <summary>The points along an axis of each of some grids, which grow geometrically.</summary>
    /// <param name="levels">Number of grids.</param>
    /// <param name="coarsest">Points along an axis of the first grid.</param>
    /// <param name="finest">Points along an axis of the last grid.</param>
    public static int[] Resolutions(int levels, int coarsest, int finest) =>
        [.. Enumerable.Range(0, levels).Select(level => (int)Math.Round(coarsest * Math.Pow((double)finest / coarsest, levels == 1 ? 0 : (double)level / (levels - 1))))];

    /// <summary>Places [..., d] in the unit box give [..., levels * features]; outside of it those of the nearest place on its edge.</summary>
    /// <exception cref="ShapeException">The places have another number of coordinates.</exception>
    public Tensor Call(Tensor x)
    {
        var dimensions = Levels[0].Rank - 1;
        if (x.Rank == 0 || x.Shape[^1] != dimensions)
            throw new ShapeException($"feature grid: {x.Type} are no places: their last axis must have {dimensions} coordinates.");
        return Tensor.Concatenate([.. Levels.Select(grid => Interpolate.Linear(grid, Eased(x * Steps(grid, x.ElementType))).MoveAxis(0, -1))], -1);
    }

    /// <summary>Coordinates in [-1, 1] as those in [0, 1].</summary>
    internal static Tensor ToUnitBox(Tensor x) => 0.5 * (x + 1.0);

    /// <summary>Places whose linear interpolation is that of the given places with cosine weights (1 - cos(pi t)) / 2.</summary>
    private Tensor Eased(Tensor places)
    {
        if (!IsSmooth) return places;
        var cell = Tensor.Floor(places);
        return cell + 0.5 * (1.0 - Tensor.Cos(Math.PI * (places - cell)));
    }

    /// <summary>How many steps of the grid the unit box is long along each axis.</summary>
    private static Tensor Steps(Tensor grid, ElementType type) =>
        Tensor.From<double>([.. grid.Shape.Skip(1).Select(points => points - 1.0)], [grid.Rank - 1]).AsType(type);
}
