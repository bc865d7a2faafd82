using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>
/// A Kolmogorov-Arnold layer: output j is the sum over inputs i of a learned function φ_ij(x_i) = b_ij silu(x_i) + Σ_k c_ikj B_k(x_i), where the B_k may be of any
/// family, and of another for each input. (Liu et al., "KAN: Kolmogorov-Arnold Networks", 2024, Eq. 2.10.) With a kernel it is a convolution: the same sum over the
/// channels and places of each patch, a function for each channel, place of the patch and output.
/// </summary>
/// <param name="Groups">The inputs, or channels, that share a family; each is in one group at least.</param>
/// <param name="Base">b [inputs, outputs, kernel...].</param>
/// <param name="IsSquashed">Whether the families are given the tanh of the input, which brings it to where they live; the SiLU is of the input itself.</param>
[Tree]
public sealed partial record KanLayer(TreeList<KanGroup> Groups, Tensor Base, bool IsSquashed = false) : ILayer
{
    /// <summary>A network of such layers as a method; inputs are squashed, as those of tables have no bounds.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("kan", "A Kolmogorov-Arnold network: sums of learned functions of one number.", Network)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "answers that are sums of functions of single columns, or functions of such sums",
        Paper = "Liu et al., KAN: Kolmogorov-Arnold networks, 2024",
        Own =
        [
            Hyperparameter.Whole("width", "functions that a hidden layer sums", 16, 6, 48),
            Hyperparameter.Whole("depth", "hidden layers", 1, 1, 2, HyperparameterScale.Linear),
            Hyperparameter.Word("basis", "what functions are made of", "b-spline", "gaussian", "chebyshev", "mexican-hat", "fourier"),
            Hyperparameter.Whole("functions", "functions of a basis", 8, 5, 16),
        ],
        Epochs = NetworkMethod.UsualEpochs.Within(150, 50, 500),
        Rate = NetworkMethod.UsualRate.Within(5e-3, 1e-3, 3e-2),
    };

    private int SpatialAxes => Base.Rank - 2;

    /// <summary>A layer with drawn parameters, whose inputs are all of one family.</summary>
    /// <param name="key">The key.</param>
    /// <param name="basis">The family.</param>
    /// <param name="inputs">Size of the last axis of the input, or its channels.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="kernel">Odd sizes of a kernel; nothing for a dense layer.</param>
    /// <param name="isSquashed">Whether the families are given the tanh of the input.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1, or a size of the kernel is even.</exception>
    public static KanLayer Create(
        Key key, UnivariateBasis basis, int inputs, int outputs, Sequence<int> kernel = default, bool isSquashed = false, ElementType type = ElementType.Float32)
    {
        if (inputs < 1 || outputs < 1 || kernel.Any(size => size < 1 || size % 2 == 0) || kernel.Count > 3)
            throw new ShapeException($"kan layer: {inputs} inputs, {outputs} outputs and kernel {kernel} make no layer: all are 1 or more, and a kernel has up to three odd sizes.");
        var patch = inputs * kernel.Aggregate(1, (product, size) => product * size);
        return Initialise.Of(key, key => new KanLayer(
            [
                new(
                    basis,
                    [.. Enumerable.Range(0, inputs)],
                    Initialiser.Normal(1 / Math.Sqrt(patch * basis.Count)).Draw(key.Fold(0), [inputs, basis.Count, outputs, .. kernel], new(patch, outputs), type)),
            ],
            Initialiser.LeCunNormal.Draw(key.Fold(1), [inputs, outputs, .. kernel], new(patch, outputs), type),
            isSquashed));
    }

    /// <summary>[..., inputs] gives [..., outputs]; with a kernel [..., channels, spatial...] gives [..., outputs, spatial...], with zeros around.</summary>
    /// <exception cref="ShapeException">The inputs or channels do not fit.</exception>
    public Tensor Call(Tensor x)
    {
        var axis = -1 - SpatialAxes;
        if (x.Rank < 1 + SpatialAxes || x.Shape[^-axis] != Base.Shape[0])
            throw new ShapeException($"kan layer: {x.Type} does not enter: axis {axis} must have {Base.Shape[0]} elements.");
        if (SpatialAxes > 0) x = Padded(x);
        var places = IsSquashed ? Tensor.Tanh(x) : x;
        return Groups.Aggregate(
            Applied(Tensor.Silu(x), Base),
            (sum, group) => sum + Applied(Expanded(group.Basis, Chosen(places, group.Nodes, axis)), group.Coefficients.Reshape([-1, .. Base.Shape.Sizes[1..]])));
    }

    private static Sequential Network(Key key, ModelSignature signature, Configuration choice)
    {
        int[] sizes = [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs];
        var functions = choice.Whole("functions");
        var basis = choice.Word("basis") switch
        {
            "gaussian" => UnivariateBasis.Gaussians(functions),
            "chebyshev" => UnivariateBasis.Chebyshev(functions),
            "mexican-hat" => UnivariateBasis.MexicanHats(functions),
            "fourier" => UnivariateBasis.Fourier(functions),
            _ => UnivariateBasis.BSplines(functions),
        };
        return new([.. Enumerable.Range(0, sizes.Length - 1).Select(i => Create(key.Fold(i), basis, sizes[i], sizes[i + 1], isSquashed: true))]);
    }

    /// <summary>The functions of all inputs side by side, on the axis of the inputs.</summary>
    private Tensor Expanded(UnivariateBasis basis, Tensor x)
    {
        var values = basis.Values(x);
        if (SpatialAxes == 0) return values.Flatten(-2);
        var channels = values.MoveAxis(-1, -1 - SpatialAxes);
        return channels.Reshape([.. x.Shape.Sizes[..^(1 + SpatialAxes)], -1, .. x.Shape.Sizes[^SpatialAxes..]]);
    }

    /// <summary>A product, or a convolution, with weights [inputs, outputs, kernel...].</summary>
    private Tensor Applied(Tensor x, Tensor weights) =>
        SpatialAxes == 0 ? x.Dot(weights) : Tensor.Convolve(x, weights.MoveAxis(0, 1), new() { Padding = Padding.Valid });

    private Tensor Padded(Tensor x) => x.Pad(
        [.. Enumerable.Repeat((0, 0), x.Rank - SpatialAxes), .. Enumerable.Range(2, SpatialAxes).Select(axis => (Base.Shape[axis] / 2, Base.Shape[axis] / 2))]);

    private static Tensor Chosen(Tensor x, Sequence<int> nodes, int axis)
    {
        if (nodes.SequenceEqual(Enumerable.Range(0, x.Shape[^-axis]))) return x;
        TensorIndex[] rest = [.. Enumerable.Repeat((TensorIndex)Range.All, -1 - axis)];
        return Tensor.Concatenate([.. nodes.Select(node => x[[TensorIndex.Ellipsis, node..(node + 1), .. rest]])], axis);
    }
}

/// <summary>Inputs of a Kolmogorov-Arnold layer that share a family of functions.</summary>
/// <param name="Basis">The family.</param>
/// <param name="Nodes">Which inputs, or channels.</param>
/// <param name="Coefficients">c [nodes, functions, outputs, kernel...].</param>
[Tree]
public sealed partial record KanGroup(UnivariateBasis Basis, Sequence<int> Nodes, Tensor Coefficients);
