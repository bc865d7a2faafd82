using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Operators;

/// <summary>
/// A map of functions on a grid as a network whose weights are linear operators: the neuron i of a layer is f(sum over j of W_ij u_j + B_i u), each W_ij a
/// <see cref="MultigridCycle"/> and B an affine map of the channels at each place, so that the bias is a function. There is no lifting before the first
/// layer and no projection behind the last but a sum of its neurons. The boundary condition is that of the cycles, by their padding. (He, Liu and Xu, "MgNO:
/// efficient parameterization of linear operators via multigrid", 2024, section 3 and Algorithm 1.)
/// </summary>
/// <param name="Cycles">All W_ij of each layer as one cycle of several channels.</param>
/// <param name="Biases">B of each layer, convolutions of kernel 1.</param>
/// <param name="Output">The sum, a convolution of kernel 1 without biases.</param>
/// <param name="Activation">f.</param>
[Tree]
public sealed partial record MultigridNeuralOperator(
    TreeList<MultigridCycle> Cycles, TreeList<Convolution> Biases, Convolution Output, Func<Tensor, Tensor> Activation) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("mgno", "A multigrid neural operator: layers whose weights are learned cycles over finer and coarser grids.", Built)
    {
        Kinds = ["operator-learning"],
        GoodAt = "rough coefficients, and domains with edges",
        Paper = "He, Liu and Xu, MgNO: efficient parameterization of linear operators via multigrid, 2024",
        Own = [Hyperparameter.Whole("width", "neurons of a layer", 16, 6, 32), Hyperparameter.Whole("layers", "layers", 3, 2, 6, HyperparameterScale.Linear)],
        Decay = NetworkMethod.UsualDecay.Within(1e-4, 1e-6, 1e-1),
        Epochs = NetworkMethod.UsualEpochs.Within(100, 30, 400),
        Batch = NetworkMethod.UsualBatch.Within(20, 8, 64),
    };

    /// <summary>An operator with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="width">Neurons of a layer.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="smoothing">
    /// Steps of smoothing on each level, the finest first; their number is that of the levels. When empty as many as the authors take: 1, 1, 1, 2, 2.
    /// </param>
    /// <param name="paddingMode">The boundary condition, see <see cref="MultigridCycle.Create"/>.</param>
    /// <param name="spatialAxes">Number of spatial axes, one to three.</param>
    /// <param name="activation">The activation; <see cref="Activation.Gelu"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number is below 1.</exception>
    public static MultigridNeuralOperator Create(
        Key key, int inputs, int outputs, int width = 24, int layers = 5, Sequence<int> smoothing = default, PaddingMode paddingMode = PaddingMode.Zero,
        int spatialAxes = 2, Func<Tensor, Tensor>? activation = null, ElementType type = ElementType.Float32)
    {
        if (layers < 1) throw new ShapeException($"multigrid neural operator: {layers} layers make no operator: there are 1 or more.");
        if (smoothing.Count == 0) smoothing = [1, 1, 1, 2, 2];
        Convolution Everywhere(Key key, int from, int to, bool hasBias) => Convolution.Create(
            key, from, to, [.. Enumerable.Repeat(1, spatialAxes)], hasBias: hasBias, weight: Initialiser.InverseRoot, type: type);
        int From(int layer) => layer == 0 ? inputs : width;
        return Initialise.Of(key, key => new MultigridNeuralOperator(
            [.. Enumerable.Range(0, layers).Select(i => MultigridCycle.Create(key.Fold(2 * i + 1), From(i), width, smoothing, default, paddingMode, spatialAxes, type: type))],
            [.. Enumerable.Range(0, layers).Select(i => Everywhere(key.Fold(2 * i + 2), From(i), width, hasBias: true))],
            Everywhere(key.Fold(0), width, outputs, hasBias: false),
            activation ?? Layers.Activation.Gelu));
    }

    /// <summary>[..., inputs, spatial...] gives [..., outputs, spatial...] on the same grid.</summary>
    /// <exception cref="ShapeException">The channels do not fit, or a periodic grid cannot be halved as often as there are coarser levels.</exception>
    public Tensor Call(Tensor x)
    {
        foreach (var (cycle, bias) in Cycles.Zip(Biases)) x = Activation(cycle.Call(x) + bias.Call(x));
        return Output.Call(x);
    }

    private static ILayer Built(Key key, ModelSignature signature, Configuration choice)
    {
        int[] grid = [.. signature.Input.Skip(1)];
        // As many levels as leave the coarsest some two places wide; where the grid wraps around each must be halved without rest.
        bool IsHalved(int level) => grid.All(size => size >> level >= 2 && (!signature.IsPeriodic || size % (1 << level) == 0));
        var levels = 1 + Enumerable.Range(1, 4).TakeWhile(IsHalved).Count();
        return Create(
            key, signature.Input[0], signature.Output[0], choice.Whole("width"), choice.Whole("layers"), [.. Enumerable.Range(0, levels).Select(level => level < 3 ? 1 : 2)],
            signature.IsPeriodic ? PaddingMode.Circular : PaddingMode.Zero, grid.Length);
    }
}
