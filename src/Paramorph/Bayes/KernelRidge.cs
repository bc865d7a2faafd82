using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// Kernel ridge regression, solved exactly: the function f of the kernel's space at which the mean of (f(x) - y)² plus ridge |f|² is least; equally the mean of a
/// Gaussian process whose noise has the variance n ridge.
/// </summary>
/// <param name="Points">The training inputs [n, dimensions].</param>
/// <param name="Coefficients">[n] or [n, outputs]: f(x) is the sum of coefficient times kernel over the points.</param>
/// <param name="Kernel">From points [a, dimensions] and [b, dimensions] to [a, b]; kept in a field, since each new closure is another function.</param>
/// <param name="Offset">What is added: [outputs]; nothing when null.</param>
[Tree]
public sealed partial record KernelRidge(Tensor Points, Tensor Coefficients, Func<Tensor, Tensor, Tensor> Kernel, Tensor? Offset = null) : ILayer
{
    /// <summary>The most rows that are solved exactly: the time grows with their cube.</summary>
    internal const int MostRows = 3000;

    private static readonly Func<Tensor, Tensor, Tensor> tangentOfOne = DotProductKernel.NeuralTangent(1), tangentOfThree = DotProductKernel.NeuralTangent(3);

    private static readonly Func<KernelRidge, Tensor, Tensor, KernelRidge> solved = Compile.Of((KernelRidge like, Tensor targets, Tensor noise) => Solved(like, targets, noise));
    private static readonly Func<KernelRidge, Tensor, Tensor, Tensor> honest = Compile.Of((KernelRidge fitted, Tensor targets, Tensor noise) => fitted.LeaveOneOut(targets, noise));

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("kernel-ridge", "Kernel ridge regression, of classes on their indicators, solved exactly.", Fit, Shape, (problem, _) => Work(problem.Split.Train.Count))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth functions of few columns with some hundred rows",
        Paper = "Saunders, Gammerman and Vovk, Ridge regression learning algorithm in dual variables, 1998",
        Limits = Limits,
        Own =
        [
            Hyperparameter.Word(
                "kernel", "Matérn's of order 5/2, the squared exponential, or the neural tangent kernel of one or three hidden layers", "matern", "squared-exponential", "ntk-1", "ntk-3"),
            Hyperparameter.Number("length", "length scale in roots of the number of features; tangent kernels have none", 1, 0.2, 5),
            Hyperparameter.Number("noise", "variance of the noise, in those of the kernel", 0.03, 1e-3, 1),
        ],
    };

    /// <summary>Fits it; the time is that of a Cholesky factorisation of n rows.</summary>
    /// <param name="kernel">A positive semidefinite kernel, such as those of <see cref="DotProductKernel"/>.</param>
    /// <param name="points">[n, dimensions].</param>
    /// <param name="targets">[n] or [n, outputs].</param>
    /// <param name="ridge">The penalty, a positive scalar.</param>
    /// <exception cref="ShapeException">Points and targets are not equally many.</exception>
    public static KernelRidge Fit(Func<Tensor, Tensor, Tensor> kernel, Tensor points, Tensor targets, Tensor ridge)
    {
        if (points.Rank != 2 || targets.Rank is not (1 or 2) || targets.Shape[0] != points.Shape[0])
            throw new ShapeException($"kernel ridge: points {points.Type} and targets {targets.Type} are not [n, dimensions] and [n] or [n, outputs].");
        double count = points.Shape[0];
        return new(points, RidgeRegression.Solve(kernel(points, points) / count, targets / count, ridge), kernel);
    }

    /// <summary>f at points, computed in the type of the training inputs: [m, dimensions] gives [m] or [m, outputs] in the type of the points.</summary>
    public Tensor Call(Tensor x)
    {
        var values = Kernel(x.AsType(Points.ElementType), Points).Dot(Coefficients);
        return (Offset is null ? values : values + Offset).AsType(x.ElementType);
    }

    /// <summary>The regression of a problem's targets, or of the indicators of its classes, as a layer that takes prepared inputs.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="factors">What each feature is multiplied by, the inverse of its length scale: f32 [features].</param>
    /// <param name="noise">The variance of the noise, where the kernel's is 1.</param>
    internal static Sequential Of(ExamplesProblem problem, Func<Tensor, Tensor, Tensor> kernel, Tensor factors, double noise)
    {
        var (targets, variance) = (Indicators.Targets(problem), Tensor.Scalar(noise));
        var points = (problem.Train.Inputs * factors).AsType(ElementType.Float64).Evaluate();
        var fitted = solved(new(points, Tensor.ZerosLike(targets), kernel, Tensor.Zeros([targets.Shape[1]], ElementType.Float64)), targets, variance);
        var scale = Indicators.Scale(problem, () => honest(fitted, targets, variance));
        return new([new Scaled(factors), fitted with { Coefficients = (fitted.Coefficients * scale).Evaluate(), Offset = (fitted.Offset! * scale).Evaluate() }]);
    }

    /// <summary>A layer of the structure that <see cref="Of"/> gives.</summary>
    internal static Sequential Like(ModelSignature signature, Func<Tensor, Tensor, Tensor> kernel, IReadOnlyDictionary<string, TensorType> stored)
    {
        var rows = stored["layers[1].points"].Shape[0];
        Tensor Zeros(params ReadOnlySpan<int> shape) => Tensor.Zeros(Paramorph.Shape.Create(shape), ElementType.Float64);
        return new([new Scaled(Tensor.Zeros([signature.Inputs])), new KernelRidge(Zeros(rows, signature.Inputs), Zeros(rows, signature.Outputs), kernel, Zeros(signature.Outputs))]);
    }

    /// <summary>Why a problem is not solved exactly, in a clause, or null.</summary>
    internal static string? Limits(ExamplesProblem problem) =>
        problem.Split.Train.Count > MostRows ? $"it takes at most {MostRows} rows to train and there are {problem.Split.Train.Count}" : null;

    /// <summary>What <see cref="Of"/> costs for some rows: kernel, factorisation, and the inverse factor, all in double precision.</summary>
    internal static Effort Work(int rows) => new(4 * Math.Pow(rows, 3) + 200 * Math.Pow(rows, 2), 0);

    /// <summary>Coefficients and offset, the latter by generalised least squares: the mean of the process is one number, about which nothing is known before.</summary>
    internal static KernelRidge Solved(KernelRidge like, Tensor targets, Tensor noise)
    {
        var count = like.Points.Shape[0];
        var factor = LinearAlgebra.Cholesky(like.Kernel(like.Points, like.Points) + noise * Tensor.Eye(count, ElementType.Float64));
        var whitened = LinearAlgebra.TriangularSolve(factor, Tensor.Concatenate([targets, Tensor.Ones([count, 1], ElementType.Float64)], 1));
        var (own, ones) = (whitened[.., ..^1], whitened[.., ^1].ExpandDims(1));
        var offset = (ones * own).Sum(0) / Tensor.Square(ones).Sum();
        return like with { Coefficients = LinearAlgebra.TriangularSolve(factor, own - ones * offset, form: MatrixForm.Transposed), Offset = offset };
    }

    /// <summary>
    /// What f and the offset would be at each point without it: y - α / diagonal of (K + noise I)⁻¹, less what the offset takes of it. (Rasmussen and Williams, "Gaussian processes for machine learning", 2006, Eq. 5.12; Dubrule,
    /// "Cross validation of kriging in a unique neighborhood", 1983, for an offset that is estimated.)
    /// </summary>
    internal Tensor LeaveOneOut(Tensor targets, Tensor noise)
    {
        var eye = Tensor.Eye(Points.Shape[0], ElementType.Float64);
        var inverse = LinearAlgebra.TriangularSolve(LinearAlgebra.Cholesky(Kernel(Points, Points) + noise * eye), eye);
        var ones = inverse.Sum(1);
        return targets - Coefficients / (Tensor.Square(inverse).Sum(0) - Tensor.Square(ones.Dot(inverse)) / Tensor.Square(ones).Sum()).ExpandDims(1);
    }

    private static ILayer Fit(ExamplesProblem problem, FitRun run)
    {
        var length = run.Configuration["length"] * Math.Sqrt(problem.Signature.Inputs);
        // Tangent kernels divide products by the number of dimensions themselves.
        var factor = run.Configuration.Word("kernel").StartsWith("ntk", StringComparison.Ordinal) ? 1 : 1 / length;
        return Of(problem, KernelOf(run.Configuration), Tensor.Full([problem.Signature.Inputs], factor).AsType(ElementType.Float32).Evaluate(), run.Configuration["noise"]);
    }

    private static ILayer Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) => Like(signature, KernelOf(configuration), stored);

    private static Func<Tensor, Tensor, Tensor> KernelOf(Configuration configuration) => configuration.Word("kernel") switch
    {
        "squared-exponential" => StationaryKernel.SquaredExponential,
        "ntk-1" => tangentOfOne,
        "ntk-3" => tangentOfThree,
        _ => StationaryKernel.Matern,
    };
}
