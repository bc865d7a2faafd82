using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Fields;

/// <summary>
/// A field whose mesh moves: Gaussians with trainable places, shapes and feature vectors, whose sum at a point is decoded by a small network.
/// u(x) = decoder(sum_i f_i exp(-|A_i (x / w - m_i)|^2 / 2)), so that A_i^T A_i is the inverse covariance of Gaussian i in units of w, the first width. (Kang, Oh,
/// Hong and Park, "PIG: Physics-Informed Gaussians as Adaptive Parametric Mesh Representations", 2025, Eqs. 5 and 6.) A is diag(exp(-s)) (1 + H) with H below the
/// diagonal: logarithms keep widths positive, and together with the unit they make a step of one length a change of one size in places and shapes alike.
/// </summary>
/// <param name="Means">m: [gaussians, dimensions].</param>
/// <param name="LogWidths">s: [gaussians, dimensions].</param>
/// <param name="Shears">H, row by row: [gaussians, dimensions (dimensions - 1) / 2].</param>
/// <param name="Features">f: [gaussians, features].</param>
/// <param name="Decoder">From [..., features] to [..., outputs].</param>
/// <param name="Unit">w along each axis.</param>
[Tree]
public sealed partial record GaussianField(Tensor Means, Tensor LogWidths, Tensor Shears, Tensor Features, Mlp Decoder, Sequence<double> Unit) : ILayer
{
    private const int MethodFeatures = 4, MethodWidth = 16;

    /// <summary>It as a method for signals.</summary>
    [Method]
    public static Method Method { get; } = new FieldMethod("gaussian-field", "Gaussians that move and stretch, whose sum is decoded by a small network.", (key, signature, choice, parameters) =>
    {
        var (axes, outputs) = (signature.Inputs, signature.Outputs);
        var count = FieldMethod.Largest(parameters, count => count * (2L * axes + axes * (axes - 1) / 2 + MethodFeatures) + FieldMethod.Affine(MethodFeatures, MethodWidth, outputs));
        // As wide as the distance to the next Gaussian, were they on a grid.
        var width = choice["overlap"] * Math.Pow(count, -1.0 / axes);
        return Create(key, count, [.. Enumerable.Repeat(-1.0, axes)], [.. Enumerable.Repeat(1.0, axes)], width, MethodFeatures, MethodWidth, outputs);
    })
    {
        Kinds = ["field-fit"],
        GoodAt = "signals with a few sharp places, and few parameters",
        Paper = "Kang, Oh, Hong and Park, PIG: Physics-Informed Gaussians as Adaptive Parametric Mesh Representations, 2025",
        Own = [Hyperparameter.Number("overlap", "deviation of a Gaussian, in distances between them", 0.7, 0.4, 1.5)],
        Limits = field => field.Parameters > 50_000 ? $"every Gaussian is looked at for every point, which takes too long for {field.Parameters} parameters" : null,
        IsAutomatic = false,
    };

    /// <summary>It as a method for differential equations.</summary>
    [Method]
    public static Method Solver { get; } = new EquationMethod("pig", "Physics-informed Gaussians: a field of Gaussians that move and stretch while they are trained.", (key, signature, choice) => Create(
        key, choice.Whole("gaussians"), [.. Enumerable.Repeat(-1.0, signature.Inputs)], [.. Enumerable.Repeat(1.0, signature.Inputs)], choice["width"], outputs: signature.Outputs, type: ElementType.Float64))
    {
        Kinds = ["differential-equation"],
        GoodAt = "fronts and layers, with short training",
        Paper = "Kang, Oh, Hong, Park: PIG: Physics-Informed Gaussians as Adaptive Parametric Mesh Representations, 2025",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("gaussians", "Gaussians", 100, 20, 300), Hyperparameter.Number("width", "first width of a Gaussian as a part of the box", 0.1, 0.02, 0.5)],
        Rate = Hyperparameter.Number("rate", "learning rate of Adam, which falls along a cosine", 3e-2, 3e-3, 0.3),
    };

    /// <summary>A field with round Gaussians spread evenly at random over a box.</summary>
    /// <param name="key">The key.</param>
    /// <param name="gaussians">How many.</param>
    /// <param name="low">The lower corner of the box.</param>
    /// <param name="high">The upper corner.</param>
    /// <param name="width">The standard deviation along each axis, as a part of the side of the box.</param>
    /// <param name="features">Length of a feature vector.</param>
    /// <param name="hidden">Width of the decoder's hidden layer, of tanh.</param>
    /// <param name="outputs">Components of the field.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The corners differ in length, or a size is below 1.</exception>
    public static GaussianField Create(
        Key key, int gaussians, Sequence<double> low, Sequence<double> high, double width, int features = 4, int hidden = 16, int outputs = 1, ElementType type = ElementType.Float32)
    {
        if (low.Count != high.Count || low.Count < 1 || gaussians < 1 || features < 1)
            throw new ShapeException($"gaussian field: {gaussians} Gaussians with {features} features in a box from {low} to {high}: corners must be of one length, and sizes 1 or more.");
        var dimensions = low.Count;
        double[] unit = [.. low.Zip(high, (from, to) => width * (to - from))];
        var (from, to) = (Tensor.From([.. low.Zip(unit, (x, w) => x / w)]).AsType(type), Tensor.From([.. high.Zip(unit, (x, w) => x / w)]).AsType(type));
        return Initialise.Of(key, key => new GaussianField(
            from + (to - from) * Sample.Uniform(key.Fold(0), [gaussians, dimensions], type: type),
            Tensor.Zeros([gaussians, dimensions], type),
            Tensor.Zeros([gaussians, dimensions * (dimensions - 1) / 2], type),
            0.01 * Sample.Normal(key.Fold(1), [gaussians, features], type),
            Mlp.Create(key.Fold(2), [features, hidden, outputs], Activation.Tanh, type: type),
            [.. unit]));
    }

    /// <summary>The features at points: [..., dimensions] gives [..., features].</summary>
    /// <exception cref="ShapeException">The points have another number of dimensions.</exception>
    public Tensor Embed(Tensor x)
    {
        var dimensions = Means.Shape[1];
        if (x.Rank == 0 || x.Shape[^1] != dimensions) throw new ShapeException($"gaussian field: points {x.Type} have no last axis of {dimensions} coordinates.");
        var apart = Enumerable.Range(0, dimensions).Select(d => x[TensorIndex.Ellipsis, d..(d + 1)] / Unit[d] - Means[.., d]).ToArray();
        var narrowness = Tensor.Exp(-LogWidths);
        Tensor? squares = null;
        var below = 0;
        for (var d = 0; d < dimensions; d++)
        {
            var along = apart[d];
            for (var e = 0; e < d; e++) along += Shears[.., below++] * apart[e];
            along *= narrowness[.., d];
            squares = squares is null ? along * along : squares + along * along;
        }
        return Tensor.Exp(-0.5 * squares!).Dot(Features);
    }

    /// <summary>The field at points: [..., dimensions] gives [..., outputs].</summary>
    public Tensor Call(Tensor x) => Decoder.Call(Embed(x));
}
