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
    private static readonly Func<ILayer, Tensor, Tensor, Tensor, (Linear, Tensor)> solved =
        Compile.Of((ILayer features, Tensor x, Tensor y, Tensor ridge) => Solved(features.Call(x).AsType(ElementType.Float64), y, ridge));

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
        var (linear, honest) = solved(features, problem.Train.Inputs, Indicators.Targets(problem), Tensor.Scalar(ridge));
        var scale = Indicators.Scale(problem, () => honest);
        return new((linear.Weight * scale).AsType(ElementType.Float32).Evaluate(), (linear.Bias! * scale).AsType(ElementType.Float32).Evaluate());
    }

    /// <summary>An affine map of zeros: the structure of one that was fitted.</summary>
    internal static Linear Affine(int inputs, int outputs) => new(Tensor.Zeros([inputs, outputs]), Tensor.Zeros([outputs]));

    /// <summary>What <see cref="Of"/> costs: a product of features with features, and a factorisation, in double precision.</summary>
    internal static Effort Work(ExamplesProblem problem, int features) => new(6.0 * problem.Split.Train.Count * features * features + Math.Pow(features, 3), 0);

    /// <summary>
    /// Weights about the means, and outputs for each row as if it had not been there: y - (y - f) / (1 - h), where h is what a row has of its own output. (Allen, "The relationship between variable
    /// selection and data augmentation and a method for prediction", 1974.)
    /// </summary>
    private static (Linear Linear, Tensor Honest) Solved(Tensor features, Tensor targets, Tensor ridge)
    {
        double count = features.Shape[0];
        var (centre, mean) = (features.Mean(0), targets.Mean(0));
        var (own, y) = (features - centre, targets - mean);
        var moments = Tensor.MatMul(own.T, own) / count + ridge * Tensor.Eye(own.Shape[1], ElementType.Float64);
        var factor = LinearAlgebra.Cholesky(moments);
        var weight = LinearAlgebra.TriangularSolve(factor, LinearAlgebra.TriangularSolve(factor, Tensor.MatMul(own.T, y) / count), form: MatrixForm.Transposed);
        var leverage = (Tensor.Square(LinearAlgebra.TriangularSolve(factor, own.T)).Sum(0) + 1.0) / count;
        var residual = (y - own.Dot(weight)) / Tensor.Maximum(1.0 - leverage, 1e-6).ExpandDims(1);
        return (new(weight, mean - centre.Dot(weight)), targets - residual);
    }

    private static RandomFourierFeatures Fourier(Key key, ModelSignature signature, Configuration configuration) =>
        new(key, signature.Inputs, configuration.Whole("features"), 1 / (2 * Math.PI * configuration["length"] * Math.Sqrt(signature.Inputs)));
}
