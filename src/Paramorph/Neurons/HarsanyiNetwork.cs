using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>
/// A network each of whose neurons is silent unless all of the neurons that it hears speak, down to input variables that are not 0: a neuron adds something only where all variables that it hears of are
/// present. What such an AND adds is shared by its variables alike, so that Shapley values with zeros for absent variables come out of one pass, exactly. (Chen, Lou, Liu, Zhang and Zhang,
/// "HarsanyiNet: computing accurate Shapley values in a single forward propagation", 2023.)
/// </summary>
/// <param name="Layers">The layers.</param>
/// <param name="Output">From the neurons of all layers, one behind the other, to the outputs.</param>
[Tree]
public sealed partial record HarsanyiNetwork(TreeList<HarsanyiLayer> Layers, Linear Output) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("harsanyi", "A network of ANDs of columns, whose Shapley values come with its answer.", (key, signature, choice) =>
        Create(key, signature.Inputs, signature.Outputs, choice.Whole("width"), choice.Whole("depth")))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables of some ten columns where each answer must say what each column adds to it",
        Paper = "Chen, Lou, Liu, Zhang and Zhang, HarsanyiNet: computing accurate Shapley values in a single forward propagation, 2023",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Whole("width", "neurons of a layer", 100, 50, 200),
            Hyperparameter.Whole("depth", "layers", 2, 1, 3, HyperparameterScale.Linear),
        ],
        Rate = NetworkMethod.UsualRate.Within(1e-2, 2e-3, 5e-2),
        Decay = NetworkMethod.UsualDecay.Within(1e-2, 1e-4, 1),
    };

    /// <summary>A network with drawn weights, whose neurons begin with some two children each.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Input variables.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="width">Neurons of a layer.</param>
    /// <param name="depth">Layers.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static HarsanyiNetwork Create(Key key, int inputs, int outputs, int width, int depth, ElementType type = ElementType.Float32)
    {
        if (inputs < 1 || outputs < 1 || width < 1 || depth < 1) throw new ShapeException($"harsanyi network: {inputs} inputs, {outputs} outputs, width {width} and depth {depth} make none: all are 1 or more.");
        return Initialise.Of(key, key => new HarsanyiNetwork(
            [.. Enumerable.Range(0, depth).Select(layer => HarsanyiLayer.Create(key.Fold(layer), layer == 0 ? inputs : width, width, type))],
            Linear.Create(key.Fold(depth), depth * width, outputs, type: type)));
    }

    /// <summary>[n, inputs] gives [n, outputs].</summary>
    public Tensor Call(Tensor x) => Output.Call(Tensor.Concatenate([.. Neurons(x)], -1));

    /// <summary>The Shapley value of each input for each output, where absent inputs are 0: they add to the output less that of an input of zeros.</summary>
    /// <param name="x">[n, inputs].</param>
    /// <returns>[n, inputs, outputs].</returns>
    public Tensor ShapleyValues(Tensor x)
    {
        var (heard, shares) = (Tensor.Eye(x.Shape[1], x.ElementType), new List<Tensor>());
        foreach (var layer in Layers)
        {
            // A neuron hears of the variables of which its children hear.
            heard = (layer.Children().T.Dot(heard) > 0.5).AsType(x.ElementType);
            shares.Add(heard / Tensor.Maximum(heard.Sum(1), 1.0).ExpandDims(1));
        }
        return Einsum.Of("nu,ui,uo->nio", Tensor.Concatenate([.. Neurons(x)], -1), Tensor.Concatenate(shares, 0), Output.Weight);
    }

    private IEnumerable<Tensor> Neurons(Tensor x)
    {
        foreach (var layer in Layers) yield return x = layer.Call(x);
    }
}

/// <summary>A layer of a <see cref="HarsanyiNetwork"/>: z = relu(w · x + b), over the children of a neuron, where none of them is 0, and else 0.</summary>
/// <param name="Choice">Which inputs are children of which neuron: those of positive numbers [inputs, neurons].</param>
/// <param name="Weight">[inputs, neurons].</param>
/// <param name="Bias">[neurons].</param>
[Tree]
public sealed partial record HarsanyiLayer(Tensor Choice, Tensor Weight, Tensor Bias)
{
    internal static HarsanyiLayer Create(Key key, int inputs, int neurons, ElementType type)
    {
        // Standard normal numbers less this are positive for some two of the inputs.
        var threshold = Math.Sqrt(2) * Tensor.Erfinv(Tensor.Scalar(1 - 2 * Math.Min(0.5, 2.0 / inputs))).Item();
        return new(0.3 * (Sample.Normal(key.Fold(0), [inputs, neurons], type) - threshold), Sample.Normal(key.Fold(1), [inputs, neurons], type) / Math.Sqrt(2), 0.5 * Sample.Normal(key.Fold(2), [neurons], type));
    }

    /// <summary>1 of children and 0 of others, with the derivative of a sigmoid: [inputs, neurons].</summary>
    internal Tensor Children() => Hard((Choice > 0.0).AsType(Choice.ElementType), Tensor.Sigmoid(Choice));

    /// <summary>[n, inputs] gives [n, neurons].</summary>
    internal Tensor Call(Tensor x)
    {
        var children = Children();
        var silent = Tensor.Equal(x, 0.0).AsType(x.ElementType).Dot(children);
        var isOn = ((silent < 0.5) & (children.Sum(0) > 0.5)).AsType(x.ElementType);
        return Tensor.Relu(x.Dot(Weight * children) + Bias) * Hard(isOn, 1.0 / (1.0 + silent));
    }

    /// <summary>The value of one, with the derivative of another.</summary>
    private static Tensor Hard(Tensor value, Tensor soft) => Tensor.StopGradient(value - soft) + soft;
}
