using Paramorph.Bayes;
using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// A three-layer network with a bottleneck of one number and a residual link, which learns functions g(p(x)) layer by layer: p̂(x) = σ(x V + s) · u / sqrt(m), then
/// p̂(x) + relu(p̂(x) w + b) · a / sqrt(neurons). V, s, w and b stay as they are drawn; u learns first, alone, and finds what a polynomial of low degree can tell of the
/// target, which is p; then a learns g on that one number. Both steps are convex, and are solved where gradient descent with weight decay would end. (Wang,
/// Nichani and Lee, "Learning hierarchical polynomials with three-layer neural networks", 2024.)
/// </summary>
/// <param name="InnerWeight">V [inputs, m], columns of length 1.</param>
/// <param name="InnerBias">s [m].</param>
/// <param name="InnerReadout">u [m].</param>
/// <param name="OuterWeight">w [neurons].</param>
/// <param name="OuterBias">b [neurons].</param>
/// <param name="OuterReadout">a [neurons].</param>
/// <param name="Activation">σ.</param>
[Tree]
public sealed partial record HierarchicalNetwork(
    Tensor InnerWeight, Tensor InnerBias, Tensor InnerReadout, Tensor OuterWeight, Tensor OuterBias, Tensor OuterReadout, Func<Tensor, Tensor> Activation)
{
    /// <summary>How many standard deviations of the feature the kinks of the outer neurons lie about its mean.</summary>
    private const double Reach = 3;

    /// <summary>A network whose readouts are zero: it answers zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="inner">Neurons of the inner layer.</param>
    /// <param name="outer">Neurons of the outer layer.</param>
    /// <param name="activation">σ; a polynomial of degree k, such as <see cref="Tensor.Square"/>, keeps the feature one of degree k.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static HierarchicalNetwork Create(
        Key key, int inputs, int inner, int outer, Func<Tensor, Tensor> activation, ElementType type = ElementType.Float32)
    {
        if (inputs < 1 || inner < 1 || outer < 1)
            throw new ShapeException($"hierarchical network: {inputs} inputs with {inner} inner and {outer} outer neurons make no network: all are 1 or more.");
        return Initialise.Of(key, key => new HierarchicalNetwork(
            Sample.Normal(key.Fold(0), [inputs, inner], type).Normalise(axes: 0),
            Sample.Normal(key.Fold(1), [inner], type),
            Tensor.Zeros([inner], type),
            Tensor.Where(Sample.Uniform(key.Fold(2), [outer], type: type) < 0.5, -1.0, 1.0).AsType(type),
            Sample.Uniform(key.Fold(3), [outer], -Reach, Reach, type),
            Tensor.Zeros([outer], type),
            activation));
    }

    /// <summary>A network whose feature is a quadratic form: its inner neurons are squares, of which (inputs + 1) (inputs + 2) / 2 can be any.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="inner">Neurons of the inner layer in units of that number.</param>
    /// <param name="outer">Neurons of the outer layer.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static HierarchicalNetwork OfForm(Key key, int inputs, double inner, int outer) => Create(key, inputs, (int)Math.Ceiling(inner * (inputs + 1) * (inputs + 2) / 2), outer, Tensor.Square);

    /// <summary>p̂: [n, inputs] gives [n].</summary>
    public Tensor Feature(Tensor x) => InnerFeatures(x).Dot(InnerReadout);

    /// <summary>The output: [n, inputs] gives [n].</summary>
    public Tensor Call(Tensor x)
    {
        var feature = Feature(x);
        return feature + OuterFeatures(feature).Dot(OuterReadout);
    }

    /// <summary>The first stage: u by ridge regression of the targets, while a is zero.</summary>
    /// <param name="x">[n, inputs].</param>
    /// <param name="targets">[n].</param>
    /// <param name="ridge">The weight decay of u, a positive scalar.</param>
    public HierarchicalNetwork LearnFeature(Tensor x, Tensor targets, Tensor ridge) =>
        this with { InnerReadout = RidgeRegression.Weights(InnerFeatures(x), targets, ridge), OuterReadout = Tensor.ZerosLike(OuterReadout) };

    /// <summary>
    /// The second stage, for a network whose outer layer is as drawn: scales w and b to the mean and the deviation of p̂, then finds a by ridge regression of what p̂
    /// leaves of the targets.
    /// </summary>
    /// <param name="x">[n, inputs]; not those of the first stage, on which p̂ knows too much.</param>
    /// <param name="targets">[n].</param>
    /// <param name="ridge">The weight decay of a, a positive scalar.</param>
    public HierarchicalNetwork LearnFunction(Tensor x, Tensor targets, Tensor ridge)
    {
        var feature = Feature(x);
        var mean = feature.Mean();
        var deviation = (feature - mean).Norm() / Math.Sqrt(feature.Count);
        var weight = OuterWeight / Tensor.Maximum(deviation, 1e-12);
        var scaled = this with { OuterWeight = weight, OuterBias = OuterBias - weight * mean };
        return scaled with { OuterReadout = RidgeRegression.Weights(scaled.OuterFeatures(feature), targets - feature, ridge) };
    }

    private Tensor InnerFeatures(Tensor x) => Activation(x.Dot(InnerWeight) + InnerBias) / Math.Sqrt(InnerBias.Count);

    private Tensor OuterFeatures(Tensor feature) => Tensor.Relu(feature.ExpandDims(1) * OuterWeight + OuterBias) / Math.Sqrt(OuterBias.Count);
}
