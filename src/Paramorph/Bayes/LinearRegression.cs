using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// Methods whose model is an affine map, solved exactly by ridge regression: of the inputs themselves, of random Fourier features of them, of what random features of a network's layers make of
/// them. Classes are fitted by their indicators.
/// </summary>
public static class LinearRegression
{
    /// <summary>Examples or features that a simple answer is solved for at most; of more examples every n-th is taken.</summary>
    private const int MostSimple = 2000;

    private static readonly double[] simplePenalties = [1e-4, 1e-3, 1e-2, 1e-1, 1];

    private static readonly Func<ILayer, Tensor, Tensor, Tensor, Linear> solved = Compile.Of((ILayer features, Tensor x, Tensor y, Tensor ridge) => Solved(features.Call(x).AsType(ElementType.Float64), y, ridge));

    private static readonly Func<ILayer, Linear, Tensor, Tensor, Tensor, Tensor> honest = Compile.Of((ILayer features, Linear linear, Tensor x, Tensor y, Tensor ridge) =>
        LeaveOneOut(linear, features.Call(x).AsType(ElementType.Float64), y, ridge));

    /// <summary>Ridge regression as a method.</summary>
    [Method]
    public static Method Ridge { get; } = new SolvedMethod(
        "ridge", "Linear regression with a penalty on the squared weights, of classes on their indicators.",
        (problem, run) => Of(problem, new Elementwise(Activation.Identity), run.Configuration["penalty"]),
        (signature, _, _) => Affine(signature.Inputs, signature.Outputs),
        (problem, _) => Work(problem, problem.Signature.Inputs))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "few rows, or answers that are sums of effects of the columns",
        Paper = "Hoerl and Kennard, Ridge regression: biased estimation for nonorthogonal problems, 1970",
        Own = [Hyperparameter.Number("penalty", "penalty on squared weights, in variances of a feature", 1e-2, 1e-5, 3)],
    };

    /// <summary>Random Fourier features with ridge regression as a method.</summary>
    [Method]
    public static Method RandomFeatures { get; } = new SolvedMethod(
        "random-features", "Random Fourier features, which stand for a squared exponential kernel, with ridge regression behind them.",
        (problem, run) =>
        {
            var features = Fourier(run.Key, problem.Signature, run.Configuration);
            return new Sequential([features, Of(problem, features, run.Configuration["penalty"])]);
        },
        (signature, configuration, _) => new Sequential([Fourier(Key.Of(0), signature, configuration), Affine(2 * configuration.Whole("features"), signature.Outputs)]),
        (problem, configuration) => Work(problem, 2 * configuration.Whole("features")))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth functions of few columns, with any number of rows",
        Paper = "Rahimi and Recht, Random features for large-scale kernel machines, 2007",
        Own =
        [
            Hyperparameter.Whole("features", "random frequencies, each of which is a cosine and a sine", 500, 100, 1000),
            Hyperparameter.Number("length", "length scale of the kernel in roots of the number of features", 1, 0.2, 5),
            Hyperparameter.Number("penalty", "penalty on squared weights", 1e-2, 1e-4, 1),
        ],
    };

    /// <summary>The affine map of features that is best for the training examples; for classes it gives logits.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="features">From prepared inputs to [n, features].</param>
    /// <param name="ridge">The penalty on the mean squared error.</param>
    /// <returns>The map in single precision.</returns>
    internal static Linear Of(ExamplesProblem problem, ILayer features, double ridge)
    {
        var (x, y, penalty) = (problem.Train.Inputs, Indicators.Targets(problem), Tensor.Scalar(ridge));
        var linear = solved(features, x, y, penalty);
        var scale = Indicators.Scale(problem, () => honest(features, linear, x, y, penalty));
        return new((linear.Weight * scale).AsType(ElementType.Float32).Evaluate(), (linear.Bias! * scale).AsType(ElementType.Float32).Evaluate());
    }

    /// <summary>The simple answer of an affine map of all numbers of an input to all numbers of an output, whose penalty validation chooses.</summary>
    /// <returns>From rows to outputs.</returns>
    internal static Func<Tensor, Tensor> Answers(ExamplesProblem problem)
    {
        var (rows, flat) = (problem.Split.Train, new Flattening());
        var stride = problem.Signature.Inputs > MostSimple ? (rows.Count + MostSimple - 1) / MostSimple : 1;
        var some = stride == 1 ? problem : problem.With(problem.Split with { Train = rows[TensorIndex.Every(stride, ..)].Evaluate() });
        var best = simplePenalties.Select(penalty => new Sequential([flat, Of(some, flat, penalty)])).MinBy(layer => problem.Cost(problem.Validate(layer)))!;
        return asked => problem.Outputs(best, asked);
    }

    /// <summary>An affine map of zeros: the structure of one that was fitted.</summary>
    internal static Linear Affine(int inputs, int outputs) => new(Tensor.Zeros([inputs, outputs]), Tensor.Zeros([outputs]));

    /// <summary>What <see cref="Of"/> costs: a product of features with features, and a factorisation, in double precision.</summary>
    internal static Effort Work(ExamplesProblem problem, int features) => new(6.0 * problem.Split.Train.Count * features * features + Math.Pow(features, 3), 0);

    /// <summary>Weights about the means.</summary>
    private static Linear Solved(Tensor features, Tensor targets, Tensor ridge)
    {
        var (centre, mean) = (features.Mean(0), targets.Mean(0));
        var weight = RidgeRegression.Weights(features - centre, targets - mean, ridge);
        return new(weight, mean - centre.Dot(weight));
    }

    /// <summary>
    /// Outputs for each row as if it had not been there: y - (y - f) / (1 - h), where h is what a row has of its own output. (Allen, "The relationship between variable selection and data augmentation
    /// and a method for prediction", 1974.)
    /// </summary>
    private static Tensor LeaveOneOut(Linear linear, Tensor features, Tensor targets, Tensor ridge)
    {
        // About the mean, of which each row is 1 / n.
        var leverage = RidgeRegression.Leverages(features - features.Mean(0), ridge) + 1.0 / features.Shape[0];
        return targets - (targets - linear.Call(features)) / Tensor.Maximum(1.0 - leverage, 1e-6).ExpandDims(1);
    }

    private static RandomFourierFeatures Fourier(Key key, ModelSignature signature, Configuration configuration) =>
        new(key, signature.Inputs, configuration.Whole("features"), 1 / (2 * Math.PI * configuration["length"] * Math.Sqrt(signature.Inputs)));
}
