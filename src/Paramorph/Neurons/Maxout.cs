using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// A layer of maxout neurons: each is the largest of several affine maps of the input. (Goodfellow et al., "Maxout Networks", 2013.) Drawn with <see cref="Constant"/> its gradients neither vanish nor
/// explode with depth. (Tseran and Montúfar, "Expected Gradients of Maxout Networks and Consequences to Parameter Initialization", 2023.)
/// </summary>
/// <param name="Weight">[inputs, rank, outputs].</param>
/// <param name="Bias">[rank, outputs].</param>
[Tree]
public sealed partial record Maxout(Tensor Weight, Tensor Bias) : ILayer
{
    /// <summary>A layer with normal weights of variance c / inputs and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Neurons.</param>
    /// <param name="rank">Affine maps of a neuron, 2 or more.</param>
    /// <param name="constant">c; <see cref="Constant"/> of the rank when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static Maxout Create(Key key, int inputs, int outputs, int rank, double? constant = null, ElementType type = ElementType.Float32)
    {
        if (inputs < 1 || outputs < 1 || rank < 2) throw new ShapeException($"maxout: {inputs} inputs, {outputs} outputs and rank {rank} make no layer: sizes are 1 or more, the rank 2 or more.");
        return Initialise.Of(key, key => new Maxout(Sample.Normal(key, [inputs, rank, outputs], type) * Math.Sqrt((constant ?? Constant(rank)) / inputs), Tensor.Zeros([rank, outputs], type)));
    }

    /// <summary>c = 1 / E[M²], where M is the largest of some standard normal numbers: it keeps the mean square of activations from layer to layer. (Their table 1.)</summary>
    /// <param name="rank">How many numbers.</param>
    public static double Constant(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 2);
        const double Reach = 10;
        // The density of M is rank φ(t) Φ(t)^(rank - 1).
        var square = MathNet.Numerics.Integrate.GaussLegendre(
            t => t * t * rank * MathNet.Numerics.Distributions.Normal.PDF(0, 1, t) * Math.Pow(MathNet.Numerics.Distributions.Normal.CDF(0, 1, t), rank - 1), -Reach, Reach, 256);
        return 1 / square;
    }

    /// <summary>The largest of the maps of each neuron: [..., inputs] gives [..., outputs].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        var (inputs, rank, outputs) = (Weight.Shape[0], Weight.Shape[1], Weight.Shape[2]);
        if (x.Rank == 0 || x.Shape[^1] != inputs) throw new ShapeException($"maxout: {x.Type} does not enter a weight {Weight.Type}: its last axis must have {inputs} elements.");
        var maps = x.Dot(Weight.Reshape(inputs, rank * outputs)).Reshape([.. x.Shape[..^1], rank, outputs]) + Bias;
        return maps.Max(-2);
    }
}
