using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Operators;

/// <summary>A linear map from all numbers of a field to all numbers of another, solved as ridge regression.</summary>
/// <param name="Weight">f32 [inputs, outputs].</param>
/// <param name="Bias">f32 [outputs].</param>
/// <param name="Output">The shape of an output, [channels, grid...].</param>
[Tree]
public sealed partial record LinearOperator(Tensor Weight, Tensor Bias, Sequence<int> Output) : ILayer
{
    private const long MostWeights = 20_000_000;

    private static readonly Func<Tensor, Tensor, Tensor, Tensor> Solve = Compile.Of((Tensor x, Tensor y, Tensor ridge) =>
        RidgeRegression.Weights(WithOnes(x.Flatten(1).AsType(ElementType.Float64)), y.Flatten(1).AsType(ElementType.Float64), ridge).AsType(ElementType.Float32));

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("linear-operator", "A linear map of all places to all places, solved as ridge regression.", Fit, Shaped, Work)
    {
        Kinds = ["operator-learning"],
        GoodAt = "linear equations with one fixed operator, such as sources to potentials; it takes a second",
        Own = [Hyperparameter.Number("ridge", "penalty on the squares of weights", 1e-3, 1e-7, 1)],
        Limits = problem => (long)problem.Signature.Inputs * problem.Signature.Outputs > MostWeights
            ? $"its matrix would have {problem.Signature.Inputs} x {problem.Signature.Outputs} numbers, and it takes at most {MostWeights}" : null,
    };

    /// <summary>[n, channels, grid...] gives [n, outputs, grid...].</summary>
    public Tensor Call(Tensor x) => (x.Flatten(1).Dot(Weight) + Bias).ReshapeTo([x.Shape[0], .. Output]);

    private static ILayer Fit(ExamplesProblem problem, FitRun run)
    {
        var train = problem.Train;
        var weights = Solve(train.Inputs, train.Targets, Tensor.Scalar(run.Configuration["ridge"]));
        var inputs = problem.Signature.Inputs;
        return new LinearOperator(weights[..inputs].Evaluate(), weights[inputs].Evaluate(), problem.Signature.Output);
    }

    private static ILayer Shaped(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) =>
        new LinearOperator(Tensor.Zeros([signature.Inputs, signature.Outputs]), Tensor.Zeros([signature.Outputs]), signature.Output);

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        double rows = problem.Split.Train.Count, features = problem.Signature.Inputs + 1, outputs = problem.Signature.Outputs;
        var (small, large) = (Math.Min(rows, features), Math.Max(rows, features));
        // Products in double precision, and a factorisation, which is slower.
        return new(2 * (2 * small * small * large + 2 * rows * features * outputs) + 4 * (Math.Pow(small, 3) / 3 + 2 * small * small * outputs), 1);
    }

    private static Tensor WithOnes(Tensor x) => Tensor.Concatenate([x, Tensor.Ones([x.Shape[0], 1], x.ElementType)], 1);
}
