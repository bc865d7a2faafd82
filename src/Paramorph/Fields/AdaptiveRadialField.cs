using Paramorph.Layers;

namespace Paramorph.Fields;

/// <summary>
/// A field of features on radial kernels that adapt to a signal, beside features on a grid, decoded by a small network. A kernel of place c and shape A
/// has at x the value k(|A (x - c)|^2); those of the nearest kernels are divided by their sum, each is composed with a sine of another frequency for each
/// feature, and the features are summed with these: feature f at x is sum_i w_if sin(m_f k_i(x)), over the kernels i nearest to x. (Chen, Li, Song, Chen,
/// Yu, Yuan and Xu, "NeuRBF: A Neural Fields Representation with Adaptive Radial Basis Functions", 2023, section 3.)
/// </summary>
/// <param name="Centres">c: [kernels, dimensions], in the unit box.</param>
/// <param name="Scales">The diagonals of A, inverse widths: [kernels, dimensions].</param>
/// <param name="Shears">A below its diagonal, row by row: [kernels, dimensions (dimensions - 1) / 2].</param>
/// <param name="Features">w: [kernels, features].</param>
/// <param name="Grid">The features on a grid.</param>
/// <param name="Decoder">From the features of kernels, then those of the grid, to [..., outputs].</param>
/// <param name="Kernel">k, such as <see cref="InverseQuadratic"/>.</param>
/// <param name="Frequencies">m, one a feature; without any the values of kernels are taken as they are.</param>
[Tree]
public sealed partial record AdaptiveRadialField(
    Tensor Centres, Tensor Scales, Tensor Shears, Tensor Features, FeatureGrid Grid, Mlp Decoder, Func<Tensor, Tensor> Kernel, Sequence<double> Frequencies)
{
    /// <summary>A field with placed kernels, small uniform features, ±1e-4 as in the paper, and a decoder with two hidden layers of ReLU.</summary>
    /// <param name="key">The key.</param>
    /// <param name="kernels">The kernels: <see cref="RadialKernels.Fitted"/> to a signal or <see cref="RadialKernels.Regular"/>.</param>
    /// <param name="features">Features of a kernel.</param>
    /// <param name="grid">The features on a grid.</param>
    /// <param name="hidden">Width of the decoder's hidden layers.</param>
    /// <param name="outputs">Components of the field.</param>
    /// <param name="frequencies">One a feature, such as those of <see cref="Geometric"/>; without any the values of kernels are taken as they are.</param>
    /// <param name="kernel">From the squared distance to the value; <see cref="InverseQuadratic"/> when null.</param>
    /// <exception cref="ShapeException">There are neither as many frequencies as features nor none, or a size is below 1.</exception>
    public static AdaptiveRadialField Create(
        Key key, RadialKernels kernels, int features, FeatureGrid grid, int hidden, int outputs, Sequence<double> frequencies, Func<Tensor, Tensor>? kernel = null)
    {
        if (features < 1 || (frequencies.Count != 0 && frequencies.Count != features))
            throw new ShapeException($"adaptive radial field: {features} features cannot have {frequencies.Count} frequencies: give one for each of 1 or more features, or none.");
        var (count, type) = (kernels.Centres.Shape[0], kernels.Centres.ElementType);
        var inputs = features + grid.Levels.Sum(level => level.Shape[0]);
        return Initialise.Of(key, key => new AdaptiveRadialField(
            kernels.Centres, kernels.Scales, kernels.Shears,
            Sample.Uniform(key.Fold(0), [count, features], -1e-4, 1e-4, type),
            grid,
            Mlp.Create(key.Fold(1), [inputs, hidden, hidden, outputs], Activation.Relu, type: type),
            kernel ?? InverseQuadratic,
            frequencies));
    }

    /// <summary>1 / (1 + r^2), the paper's kernel for images.</summary>
    /// <param name="square">r^2.</param>
    public static Tensor InverseQuadratic(Tensor square) => 1.0 / (1.0 + square);

    /// <summary>1 / sqrt(1 + r^2).</summary>
    /// <param name="square">r^2.</param>
    public static Tensor InverseMultiquadric(Tensor square) => 1.0 / Tensor.Sqrt(1.0 + square);

    /// <summary>1 - r where that is positive: it ends, so that a field has no jumps where the nearest kernels change.</summary>
    /// <param name="square">r^2.</param>
    public static Tensor Hat(Tensor square) => Tensor.Maximum(1.0 - Tensor.Sqrt(square + 1e-12), 0.0);

    /// <summary>exp(-r^2 / 2).</summary>
    /// <param name="square">r^2.</param>
    public static Tensor Gaussian(Tensor square) => Tensor.Exp(-0.5 * square);

    /// <summary>Frequencies of which each is the same multiple of the one before.</summary>
    /// <param name="lowest">The first.</param>
    /// <param name="highest">The last.</param>
    /// <param name="count">How many, 2 or more.</param>
    public static Sequence<double> Geometric(double lowest, double highest, int count) =>
        [.. Enumerable.Range(0, count).Select(i => lowest * Math.Pow(highest / lowest, i / (count - 1.0)))];

    /// <inheritdoc cref="RadialKernels.Nearest"/>
    public Tensor Nearest(Tensor points, int count) => new RadialKernels(Centres, Scales, Shears).Nearest(points, count);

    /// <summary>The values of kernels at points, divided by their sum, zeros where none of them reaches: [n, neighbours].</summary>
    /// <param name="x">Points [n, dimensions].</param>
    /// <param name="nearest">Which kernels count at each: i32 [n, neighbours].</param>
    public Tensor Values(Tensor x, Tensor nearest)
    {
        var (dimensions, below) = (Centres.Shape[1], 0);
        var (apart, scales, shears) = (x.ExpandDims(1) - Centres.Take(nearest), Scales.Take(nearest), Shears.Take(nearest));
        Tensor square = Tensor.Zeros(nearest.Shape, x.ElementType);
        for (var d = 0; d < dimensions; d++)
        {
            var along = scales[.., .., d] * apart[.., .., d];
            for (var e = 0; e < d; e++) along += shears[.., .., below++] * apart[.., .., e];
            square += Tensor.Square(along);
        }
        var values = Kernel(square);
        return values / (values.Sum(1).ExpandDims(1) + 1e-30);
    }

    /// <summary>The features of kernels at points, then those of the grid: [n, features + grid features].</summary>
    /// <inheritdoc cref="Values"/>
    public Tensor Embed(Tensor x, Tensor nearest)
    {
        var values = Values(x, nearest).ExpandDims(2);
        if (Frequencies.Count > 0) values = Tensor.Sin(values * Tensor.From([.. Frequencies]).AsType(x.ElementType));
        return Tensor.Concatenate([(Features.Take(nearest) * values).Sum(1), Grid.Call(x)], 1);
    }

    /// <summary>The field at points: [n, outputs].</summary>
    /// <inheritdoc cref="Values"/>
    public Tensor Call(Tensor x, Tensor nearest) => Decoder.Call(Embed(x, nearest));
}
