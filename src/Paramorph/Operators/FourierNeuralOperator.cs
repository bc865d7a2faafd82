using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Operators;

/// <summary>
/// A map from functions on a grid to functions on the same grid: channels are lifted, then pass blocks f(spectral convolution + mixing of channels), then are
/// projected. (Li et al., "Fourier Neural Operator for Parametric Partial Differential Equations", 2021, Figure 2.) What it has learned on one grid it
/// evaluates on others. Give coordinates as channels where the map depends on the place.
/// </summary>
/// <param name="Lifting">[inputs, width] at each place.</param>
/// <param name="Spectral">The spectral convolutions.</param>
/// <param name="Mixing">The map [width, width] at each place beside each of them.</param>
/// <param name="Projection">The perceptron from the width to the outputs at each place.</param>
/// <param name="Activation">f, behind each block but the last.</param>
[Tree]
public sealed partial record FourierNeuralOperator(
    Linear Lifting, TreeList<SpectralConvolution> Spectral, TreeList<Linear> Mixing, Mlp Projection, Func<Tensor, Tensor> Activation) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("fno", "A Fourier neural operator: learned convolutions over the whole grid, as its lowest frequencies.", Built)
    {
        Kinds = ["operator-learning"],
        GoodAt = "smooth fields, above all on grids that wrap around",
        Paper = "Li et al., Fourier neural operator for parametric partial differential equations, 2021",
        Own =
        [
            Hyperparameter.Whole("width", "channels inside", 32, 8, 48), Hyperparameter.Whole("modes", "frequencies along an axis, no more than the grid has", 6, 3, 12),
            Hyperparameter.Whole("blocks", "blocks", 3, 2, 5, HyperparameterScale.Linear),
            Hyperparameter.Word("padding", "whether a grid that does not wrap around is made a fifth larger, so that opposite edges are no neighbours", "none", "fifth"),
        ],
        Rate = NetworkMethod.UsualRate.Within(1e-2, 2e-3, 2e-2),
        Decay = NetworkMethod.UsualDecay.Within(1e-3, 1e-6, 1e-1),
        Batch = NetworkMethod.UsualBatch.Within(10, 6, 40),
        Slowness = 2.5,
    };

    /// <summary>An operator with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="modes">How many frequencies from 0 on are kept along each of one to three spatial axes.</param>
    /// <param name="width">Channels inside.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="projection">Hidden width of the projection.</param>
    /// <param name="activation">The activation; <see cref="Activation.Gelu"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number is below 1.</exception>
    public static FourierNeuralOperator Create(
        Key key, int inputs, int outputs, Sequence<int> modes, int width = 32, int blocks = 4, int projection = 128,
        Func<Tensor, Tensor>? activation = null, ElementType type = ElementType.Float32)
    {
        if (blocks < 1) throw new ShapeException($"fourier neural operator: {blocks} blocks make no operator: there are 1 or more.");
        var function = activation ?? Layers.Activation.Gelu;
        return Initialise.Of(key, key => new FourierNeuralOperator(
            Linear.Create(key.Fold(0), inputs, width, type: type),
            [.. Enumerable.Range(0, blocks).Select(i => SpectralConvolution.Create(key.Fold(2 * i + 2), width, width, modes, type))],
            [.. Enumerable.Range(0, blocks).Select(i => Linear.Create(key.Fold(2 * i + 3), width, width, type: type))],
            Mlp.Create(key.Fold(1), [width, projection, outputs], function, type: type),
            function));
    }

    /// <summary>[..., inputs, n1, ...] gives [..., outputs, n1, ...] on the same grid.</summary>
    /// <exception cref="ShapeException">The channels do not fit, or the grid is too coarse for the frequencies.</exception>
    public Tensor Call(Tensor x)
    {
        var axes = Spectral[0].Weight.Rank - 2;
        x = Everywhere(Lifting, x, axes);
        for (var i = 0; i < Spectral.Count; i++)
        {
            x = Spectral[i].Call(x) + Everywhere(Mixing[i], x, axes);
            if (i < Spectral.Count - 1) x = Activation(x);
        }
        foreach (var layer in Projection.Layers.SkipLast(1)) x = Projection.Activation(Everywhere(layer, x, axes));
        return Everywhere(Projection.Layers[^1], x, axes);
    }

    private static ILayer Built(Key key, ModelSignature signature, Configuration choice)
    {
        int[] grid = [.. signature.Input.Skip(1)];
        int[] padding = [.. grid.Select(size => signature.IsPeriodic || choice.Word("padding") == "none" ? 0 : (size + 4) / 5)];
        Sequence<int> modes = [.. grid.Zip(padding, (size, more) => Math.Min(choice.Whole("modes"), (size + more) / 2))];
        var width = choice.Whole("width");
        FourierNeuralOperator Of(int inputs) => Create(key, inputs, signature.Output[0], modes, width, choice.Whole("blocks"), 2 * width);
        return signature.IsPeriodic ? Of(signature.Input[0]) : new BoundedDomain(Of(signature.Input[0] + grid.Length), [.. padding]);
    }

    /// <summary>An affine map of the channels at each place.</summary>
    private static Tensor Everywhere(Linear layer, Tensor x, int axes)
    {
        ChannelAxis.Check("fourier neural operator", x, layer.Weight.Shape[0], axes);
        var y = ChannelAxis.Mix(x, layer.Weight, axes);
        return layer.Bias is null ? y : y + ChannelAxis.Spread(layer.Bias, axes);
    }
}
