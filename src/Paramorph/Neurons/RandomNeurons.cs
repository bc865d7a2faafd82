using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Neurons;

/// <summary>
/// A hidden layer that is drawn and never trained, a(x W + b) with W and b uniform in ± a range: with a readout that is solved for, a random net. What it can represent depends on the range, narrow ones leave out whatever
/// varies faster. (Li, Sonoda, Cao, Wang and Liang, "How powerful are shallow neural networks with bandlimited random weights?", 2023; Pao, Park and Sobajic, "Learning and generalization characteristics of the random
/// vector functional-link net", 1994.) The weights follow from the key, which is saved with the model and moved by no optimiser.
/// </summary>
/// <param name="Weights">The key from which they are drawn.</param>
/// <param name="Inputs">Size of the last axis of the input.</param>
/// <param name="Count">Number of neurons.</param>
/// <param name="Range">The largest weight: the steepest neuron per unit of an input.</param>
/// <param name="Activation">The function of the sums.</param>
/// <param name="BiasRange">The largest bias in units of the range: where the steepest neurons turn.</param>
[Tree]
public sealed partial record RandomNeurons(Key Weights, int Inputs, int Count, double Range, Func<Tensor, Tensor> Activation, double BiasRange = 1) : ILayer
{
    /// <summary>It with ridge regression behind it, as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "random-neurons", "A hidden layer of tanh neurons with drawn weights, and ridge regression behind it.",
        (problem, run) =>
        {
            var neurons = Layers(Of(run.Key, problem.Signature, run.Configuration));
            return new Sequential([.. neurons, LinearRegression.Of(problem, new Sequential([.. neurons]), run.Configuration["penalty"])]);
        },
        (signature, configuration, _) => new Sequential([.. Layers(Of(Key.Of(0), signature, configuration)), LinearRegression.Affine(configuration.Whole("neurons"), signature.Outputs)]),
        (problem, configuration) => LinearRegression.Work(problem, configuration.Whole("neurons")))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth functions of few columns, with any number of rows, where answers must be steady beyond the data",
        Paper = "Li, Sonoda, Cao, Wang and Liang, How powerful are shallow neural networks with bandlimited random weights?, 2023",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Whole("neurons", "neurons of the drawn layer", 500, 100, 1000),
            Hyperparameter.Number("range", "largest weight over the root of the number of features", 1, 0.1, 10),
            Hyperparameter.Number("penalty", "penalty on squared weights", 1e-4, 1e-7, 1e-1),
        ],
    };

    /// <summary>[..., inputs] gives [..., count].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Inputs) throw new ShapeException($"random neurons: {x.Type} does not enter: its last axis must have {Inputs} elements.");
        return Activation(Drawn(x.ElementType).Call(x));
    }

    /// <summary>The affine map before the activation, as it is drawn.</summary>
    /// <param name="type">f32 or f64.</param>
    public Linear Drawn(ElementType type) => new(
        Sample.Uniform(Weights.Fold(0), [Inputs, Count], -Range, Range, type), Sample.Uniform(Weights.Fold(1), [Count], -Range * BiasRange, Range * BiasRange, type));

    /// <summary>The same as layers whose weights are kept as they were drawn: a model for others need not know how numbers are drawn here.</summary>
    private static ILayer[] Layers(RandomNeurons neurons) => [Tree.Map(neurons.Drawn(ElementType.Float32), leaf => leaf.Evaluate()), new Elementwise(neurons.Activation)];

    private static RandomNeurons Of(Key key, ModelSignature signature, Configuration configuration) =>
        new(key, signature.Inputs, configuration.Whole("neurons"), configuration["range"] / Math.Sqrt(signature.Inputs), Paramorph.Layers.Activation.Tanh, Math.Sqrt(signature.Inputs));
}
