using Paramorph.Bayes;

namespace Paramorph.Problems;

/// <summary>The simple answer of a linear map of all numbers of an input to all numbers of an output, whose penalty validation chooses.</summary>
internal static class RidgeAnswers
{
    /// <summary>Rows or features that are solved for at most; of more rows every n-th is taken.</summary>
    private const int Most = 2000;

    private static readonly double[] Penalties = [1e-4, 1e-3, 1e-2, 1e-1, 1];

    private static readonly Func<Tensor, Tensor, Tensor, Tensor> Solve = Compile.Of((Tensor x, Tensor y, Tensor ridge) =>
        RidgeRegression.Weights(WithOnes(x), y.Flatten(1).AsType(ElementType.Float64), ridge));

    private static readonly Func<Tensor, Tensor, Tensor> Apply = Compile.Of((Tensor x, Tensor weights) => WithOnes(x).Dot(weights).AsType(ElementType.Float32));

    /// <summary>From rows to outputs.</summary>
    public static Func<Tensor, Tensor> Of(ExamplesProblem problem)
    {
        var rows = problem.Split.Train;
        var stride = problem.Signature.Inputs > Most ? (rows.Count + Most - 1) / Most : 1;
        var train = problem.At(stride == 1 ? rows : rows[TensorIndex.Every(stride, ..)].Evaluate());
        Tensor Outputs(Tensor weights, Tensor rows) => Apply(problem.At(rows).Inputs, weights).ReshapeTo([rows.Count, .. problem.Signature.Output]).Evaluate();
        var best = Penalties.Select(ridge => Solve(train.Inputs, train.Targets, Tensor.Scalar(ridge)))
            .MinBy(weights => problem.Cost(problem.Judge(Outputs(weights, problem.Split.Validation), problem.Split.Validation)))!;
        return asked => Outputs(best, asked);
    }

    private static Tensor WithOnes(Tensor x) => Tensor.Concatenate([x.Flatten(1).AsType(ElementType.Float64), Tensor.Ones([x.Shape[0], 1], ElementType.Float64)], 1);
}
