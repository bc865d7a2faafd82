using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>
/// A scalable neural network kernel: a layer whose inputs meet its parameters in one product only, Φ(x) Ψ, where Φ is drawn and not learned, and Ψ is what the
/// layer learns. It starts as the Ψ(W, b) of a feedforward layer, whose output it then approximates, and has a number of parameters for each output that does not
/// depend on the inputs. Successive layers can be bundled: what stands between two feature maps is one matrix, so that a whole network becomes one matrix behind
/// composed feature maps, for which the best parameters under the squared error have a closed form. (Sehanobish, Choromanski, Zhao, Dubey and Likhosherstov,
/// "Scalable Neural Network Kernels", 2024, sections 3 and 3.2.)
/// </summary>
/// <param name="Features">The feature maps, the first of which sees the input; several where layers are bundled.</param>
/// <param name="Weight">Ψ [size of the last features, outputs].</param>
/// <param name="Bias">[outputs]; none when null.</param>
[Tree]
public sealed partial record ScalableLayer(TreeList<IKernelFeatures> Features, Tensor Weight, Tensor? Bias = null) : ILayer
{
    /// <summary>A fully bundled network as a method: drawn features of its layers, and one matrix that is solved for.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "snnk", "A bundled network: random features of its layers, with one matrix behind them that is solved for.", Fit,
        (signature, choice, _) => Bundled(signature, FeaturesOf(Key.Of(0), signature, choice), LinearRegression.Affine(FeaturesOf(Key.Of(0), signature, choice)[^1].Size, signature.Outputs)),
        (problem, choice) => LinearRegression.Work(problem, FeaturesOf(Key.Of(0), problem.Signature, choice)[^1].Size))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "what a wide network would learn, in a moment",
        Paper = "Sehanobish, Choromanski, Zhao, Dubey and Likhosherstov, Scalable neural network kernels, 2024",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Word("features", "what the layers are made of: arc-cosine features, for ReLU layers, or universal ones for a function", "arc-cosine", "gaussian", "tanh", "gelu"),
            Hyperparameter.Whole("count", "features of a layer", 800, 200, 1600),
            Hyperparameter.Whole("layers", "layers of arc-cosine features; of others there is one", 2, 1, 3, HyperparameterScale.Linear),
            Hyperparameter.Number("penalty", "penalty on squared weights", 1e-5, 1e-8, 1e-2),
        ],
    };

    /// <summary>The approximation of an affine map with the function of the features behind it.</summary>
    /// <param name="features">The features, for inputs of the size of the map's.</param>
    /// <param name="layer">The affine map.</param>
    /// <exception cref="ShapeException">They are for other inputs.</exception>
    public static ScalableLayer Of(IKernelFeatures features, Linear layer) => new([features], features.OfParameters(layer.Weight, layer.Bias));

    /// <summary>A whole network as one matrix behind composed features: the fully bundled network.</summary>
    /// <param name="features">One for each hidden layer. The first takes the inputs of the network, each other what the one before gives.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="ShapeException">There are not as many feature maps as hidden layers, or their sizes do not fit.</exception>
    public static ScalableLayer Of(TreeList<IKernelFeatures> features, Mlp network)
    {
        if (features.Count < 1 || features.Count != network.Layers.Count - 1)
            throw new ShapeException($"bundled network: {features.Count} feature maps are not one for each of {network.Layers.Count - 1} hidden layers.");
        var bundle = Of(features[0], network.Layers[0]);
        for (var i = 1; i < features.Count; i++) bundle = bundle.Then(features[i], network.Layers[i]);
        return bundle.Then(network.Layers[^1]);
    }

    /// <summary>The fully bundled network with the least squared error on data, plus ridge times the squared length of the weights: no steps, one linear system.</summary>
    /// <param name="features">The feature maps.</param>
    /// <param name="x">[n, inputs].</param>
    /// <param name="targets">[n, outputs].</param>
    /// <param name="ridge">The penalty, a positive scalar; the bias has none.</param>
    /// <exception cref="ShapeException">Inputs and targets are not equally many.</exception>
    public static ScalableLayer Fitted(TreeList<IKernelFeatures> features, Tensor x, Tensor targets, Tensor ridge)
    {
        var phi = Composed(features, x);
        var (centre, mean) = (phi.Mean(0), targets.Mean(0));
        var weight = RidgeRegression.Weights(phi - centre, targets - mean, ridge);
        return new(features, weight, mean - centre.Dot(weight));
    }

    /// <summary>
    /// x plus a product of universal random features of the normalised x with weights that start as zero: an adapter behind a layer of a trained network. (Sehanobish et al., 2024, section 4.3.)
    /// </summary>
    /// <param name="key">Draws the features.</param>
    /// <param name="spectrum">The function that they stand for.</param>
    /// <param name="inputs">Size of the last axis.</param>
    /// <param name="count">Draws of features.</param>
    /// <param name="length">The length that x is normalised to at first; it is learned.</param>
    public static Residual Adapter(Key key, ActivationSpectrum spectrum, int inputs, int count, double length)
    {
        var features = new UniversalRandomFeatures(key, spectrum, inputs, count);
        var norm = new LayerNorm(Tensor.Full([inputs], length / Math.Sqrt(inputs)).Evaluate(), Tensor.Zeros([inputs]).Evaluate());
        return new(new Sequential([norm, new ScalableLayer([features], Tensor.Zeros([features.Size, inputs]).Evaluate(), Tensor.Zeros([inputs]).Evaluate())]));
    }

    /// <summary>The features of inputs: [..., inputs] gives [..., size].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor OfInputs(Tensor x) => Composed(Features, x);

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        var y = OfInputs(x).Dot(Weight);
        return Bias is null ? y : y + Bias;
    }

    /// <summary>This layer with an affine map behind it, merged into its weight.</summary>
    /// <param name="next">The affine map, for the outputs of this layer.</param>
    public ScalableLayer Then(Linear next)
    {
        var carried = Bias?.Dot(next.Weight);
        return this with { Weight = Weight.Dot(next.Weight), Bias = carried is null ? next.Bias : next.Bias is null ? carried : carried + next.Bias };
    }

    /// <summary>This layer bundled with one that follows it: an affine map with the function of the features behind it.</summary>
    /// <param name="features">The features of the next layer, for inputs of the size of this layer's features: they see those, not its outputs.</param>
    /// <param name="next">The affine map, for the outputs of this layer.</param>
    public ScalableLayer Then(IKernelFeatures features, Linear next)
    {
        var merged = Then(next);
        return new([.. Features, features], features.OfParameters(merged.Weight, merged.Bias));
    }

    private static Sequential Fit(ExamplesProblem problem, FitRun run)
    {
        var features = FeaturesOf(run.Key, problem.Signature, run.Configuration);
        // A layer whose weights are the identity gives the features themselves.
        var alone = Bundled(problem.Signature, features, new(Tensor.Eye(features[^1].Size), null));
        return Bundled(problem.Signature, features, LinearRegression.Of(problem, alone, run.Configuration["penalty"]));
    }

    /// <summary>Features of inputs whose lengths are about 1, for which universal features have a small variance, and an affine map of them.</summary>
    private static Sequential Bundled(ModelSignature signature, TreeList<IKernelFeatures> features, Linear linear) =>
        new([new Scaled(Tensor.Full([signature.Inputs], 1 / Math.Sqrt(signature.Inputs)).Evaluate()), new ScalableLayer(features, linear.Weight, linear.Bias)]);

    private static TreeList<IKernelFeatures> FeaturesOf(Key key, ModelSignature signature, Configuration choice)
    {
        var (inputs, count) = (signature.Inputs, choice.Whole("count"));
        return choice.Word("features") switch
        {
            "gaussian" => [new UniversalRandomFeatures(key, ActivationSpectrum.Gaussian, inputs, count / 2)],
            "tanh" => [new UniversalRandomFeatures(key, ActivationSpectrum.Tanh, inputs, count / 2)],
            "gelu" => [new UniversalRandomFeatures(key, ActivationSpectrum.Gelu, inputs, count / 3)],
            _ => [.. Enumerable.Range(0, choice.Whole("layers")).Select(i => new ArcCosineFeatures(key.Fold(i), i == 0 ? inputs : count, count))],
        };
    }

    private static Tensor Composed(TreeList<IKernelFeatures> features, Tensor x) => features.Aggregate(x, (value, map) => map.OfInputs(value));
}

/// <summary>Random features by which a layer is Φ(x) · Ψ(w, b). Whatever is drawn follows from a key, and is not learned.</summary>
public interface IKernelFeatures : ITree<IKernelFeatures>
{
    /// <summary>Numbers in Φ(x).</summary>
    int Size { get; }

    /// <summary>Φ: [..., inputs] gives [..., size].</summary>
    /// <param name="x">[..., inputs].</param>
    Tensor OfInputs(Tensor x);

    /// <summary>Ψ of all outputs of a layer.</summary>
    /// <param name="weight">[inputs, outputs].</param>
    /// <param name="bias">[outputs]; zeros when null.</param>
    /// <returns>[size, outputs].</returns>
    Tensor OfParameters(Tensor weight, Tensor? bias);

    internal static void RequireInputs(Tensor x, int inputs)
    {
        if (x.Rank == 0 || x.Shape[^1] != inputs)
            throw new ShapeException($"kernel features: {x.Type} does not enter: its last axis must have {inputs} elements.");
    }

    internal static void RequireWeight(Tensor weight, Tensor? bias, int inputs)
    {
        if (weight.Rank != 2 || weight.Shape[0] != inputs || (bias is not null && bias.Shape != [weight.Shape[1]]))
            throw new ShapeException($"kernel features: weight {weight.Type} and bias {bias?.Type.ToString() ?? "none"} are not [{inputs}, outputs] and [outputs].");
    }
}

/// <summary>
/// Rectified projections, which stand for a ReLU layer: Φ(x) · Ψ(w, b) is on average the arc-cosine kernel of order 1 of X = [x, 1] and W = [w, b],
/// |X| |W| (sin θ + (π - θ) cos θ) / π, where θ is the angle between them. (Cho and Saul, "Kernel methods for deep learning", 2009; Sehanobish et al., 2024, who
/// replace ReLU layers by it.) Unlike ReLU it has no kink, and the features are not negative.
/// </summary>
/// <param name="Draws">The key from which the projections follow; it is saved with the model and moved by no optimiser.</param>
/// <param name="Inputs">Size of x and of w.</param>
/// <param name="Count">Number of features m.</param>
[Tree]
public sealed partial record ArcCosineFeatures(Key Draws, int Inputs, int Count) : IKernelFeatures
{
    /// <inheritdoc/>
    public int Size => Count;

    /// <inheritdoc/>
    public Tensor OfInputs(Tensor x)
    {
        IKernelFeatures.RequireInputs(x, Inputs);
        return Rectified(Tensor.Concatenate([x, Tensor.Ones([.. x.Shape[..^1], 1], x.ElementType)], -1));
    }

    /// <inheritdoc/>
    public Tensor OfParameters(Tensor weight, Tensor? bias)
    {
        IKernelFeatures.RequireWeight(weight, bias, Inputs);
        var last = (bias ?? Tensor.Zeros([weight.Shape[1]], weight.ElementType)).ExpandDims(0);
        return Rectified(Tensor.Concatenate([weight, last], 0).T).T;
    }

    private Tensor Rectified(Tensor extended) =>
        Tensor.Relu(extended.Dot(Math.Sqrt(2.0 / Count) * Sample.Normal(Draws, [Inputs + 1, Count], extended.ElementType)));
}
