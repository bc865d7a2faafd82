using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>The answers of a <see cref="SparseFunctionSpace"/>, as a layer. What does not depend on the input is computed once.</summary>
/// <param name="Network">The trained network, from [n, input...] to [n, outputs], in f64.</param>
/// <param name="Points">The inducing points z: f64 [M, input...].</param>
/// <param name="Variance">The variance of the prior of a weight: f64 [].</param>
/// <param name="Coefficients">What kernels with inducing points are multiplied by in the mean, (K + B)⁻¹ times the linear term: f64 [outputs, M].</param>
/// <param name="Before">A root of K⁻¹, by which what the points would tell lowers the variance: f64 [outputs, M, M].</param>
/// <param name="After">A root of (K + B)⁻¹, by which what is not known at the points raises it again: f64 [outputs, M, M].</param>
/// <param name="Share">What the network's answer is multiplied by in the mean, 1 where the process is around it and 0 where it is not: f64 [].</param>
[Tree]
public sealed partial record FunctionSpaceLayer(ILayer Network, Tensor Points, Tensor Variance, Tensor Coefficients, Tensor Before, Tensor After, Tensor Share) : ILayer
{
    /// <summary>How near probabilities come to 0 and 1 in curvatures, as in the paper's code: where a network is sure of all its rows, they would tell nothing.</summary>
    private const double LeastProbability = 0.01;

    private const int FewestRows = 10;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "sfr", "A trained perceptron as a sparse Gaussian process of its tangent kernel.", Fit, Like,
        (problem, configuration) => Usual.Effort(problem, configuration.Only(Usual.Hyperparameters)) + Work(problem, configuration))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth dependence on all columns together, where rows that come later are to be taken in without training, and where it matters how sure an answer is",
        Paper = "Scannell, Mereu, Chang, Tamir, Pajarinen and Solin, Function-space parameterization of neural networks for sequential learning, 2024",
        IsAutomatic = false,
        Limits = problem => problem.Split.Train.Count < FewestRows ? $"it needs {FewestRows} rows to train and there are {problem.Split.Train.Count}" : Usual.Unsuited(problem),
        Own =
        [
            .. Usual.Hyperparameters,
            Hyperparameter.Whole("points", "inducing points, rows that are drawn; all rows where there are fewer", 200, 20, 600),
        ],
    };

    /// <summary>Candidates for the variance of the prior of a weight, and of the noise of numbers in units of their variance.</summary>
    private static readonly double[] variances = [1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 10], noises = [0.003, 0.01, 0.03, 0.1, 0.3, 1];

    private static readonly Func<FunctionSpaceLayer, Tensor, IndependentNormal> predict = Compile.Of((FunctionSpaceLayer layer, Tensor x) => layer.Predict(x));
    private static readonly Func<ILayer, Tensor, Tensor> call = Compile.Of((ILayer network, Tensor x) => network.Call(x));

    private static Method Usual => Mlp.Method;

    /// <summary>Mean and deviation of each output, without noise: f64 [m, outputs].</summary>
    /// <param name="x">[m, input...].</param>
    public IndependentNormal Predict(Tensor x)
    {
        var inputs = x.AsType(Points.ElementType);
        var cross = Cross(inputs);
        var own = Variance * Tensor.Stack([.. Enumerable.Range(0, Coefficients.Shape[0]).Select(output => TangentKernel.Diagonal(Network, inputs, (network, x) => network.Call(x)[.., output]))]);
        // Rounding may leave a variance that is a little below zero where all is known.
        var variances = Tensor.Maximum(own - Squares(cross, Before) + Squares(cross, After), 1e-10 * own);
        return new(Mean(inputs, cross), Tensor.Sqrt(variances).T);
    }

    /// <summary>The mean of each output: [m, outputs], in the type of the input.</summary>
    /// <param name="x">[m, input...].</param>
    public Tensor Call(Tensor x)
    {
        var inputs = x.AsType(Points.ElementType);
        return Mean(inputs, Cross(inputs)).AsType(x.ElementType);
    }

    private static Tensor Squares(Tensor cross, Tensor root) => Tensor.Square(Tensor.MatMul(cross, root.T)).Sum(-1);

    private Tensor Cross(Tensor inputs) => Variance * SparseFunctionSpace.Kernel(Network, inputs, Points, Coefficients.Shape[0]);

    private Tensor Mean(Tensor inputs, Tensor cross) => Share * Network.Call(inputs) + (cross * Coefficients.ExpandDims(1)).Sum(-1).T;

    private static ILayer Fit(ExamplesProblem problem, FitRun run)
    {
        var (choice, areClasses) = (run.Configuration, Indicators.AreClasses(problem.Train.Targets));
        // Rows that the network has not seen choose how much is believed of it, and are then told by an update.
        var rows = new KeyRandom(run.Key.Fold(10)).Permutation(problem.Split.Train.Count);
        var (seen, held) = (Rows(problem, rows[Held(rows.Length)..]), Rows(problem, rows[..Held(rows.Length)]));
        var network = Tree.Map(Usual.Fit(seen, run with { Configuration = choice.Only(Usual.Hyperparameters) }), Exact);
        DualParameters Duals(ExamplesProblem some) => areClasses
            ? DualParameters.Classes(call(network, Inputs(some)), some.Train.Targets, LeastProbability)
            : DualParameters.Normal(call(network, Inputs(some)), Indicators.Targets(some), Tensor.Scalar(1.0));
        var points = Inputs(seen)[..Math.Min(choice.Whole("points"), seen.Split.Train.Count)].Evaluate();
        var candidates =
            from isAround in (bool[])[false, true]
            let known = SparseFunctionSpace.Of(network, Inputs(seen), Duals(seen), points, variances[0], isAround)
            from variance in variances
            from noise in areClasses ? [1] : noises
            select (Known: known.WithVariance(variance), Noise: noise);
        var (best, spread) = candidates.MinBy(candidate =>
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var answer = predict(candidate.Known.Weighted(1 / candidate.Noise).ToLayer(), Inputs(held));
            var loss = areClasses
                ? Loss.CrossEntropy(FunctionSpaceClassifier.LogProbabilities(answer), held.Train.Targets).Item()
                : -(answer with { Deviation = Tensor.Sqrt(Tensor.Square(answer.Deviation) + candidate.Noise) }).LogDensity(Indicators.Targets(held)).Mean().Item();
            return double.IsFinite(loss) ? loss : double.PositiveInfinity;
        });
        var (mean, deviation) = (best.IsAroundNetwork ? "the network's" : "that of the process alone", areClasses ? "" : FormattableString.Invariant($", the noise {spread:G3} of that of the targets"));
        run.Note?.Invoke(FormattableString.Invariant($"by {held.Split.Train.Count} rows that the network was not trained on, the mean is {mean}, and the prior of a weight has the variance {best.Variance.Item():G3}{deviation}"));
        var layer = best.Updated(Inputs(held), Duals(held)).Weighted(1 / spread).ToLayer();
        return areClasses ? new FunctionSpaceClassifier(layer) : layer;
    }

    private static int Held(int rows) => Math.Max(1, rows / 10);

    private static ExamplesProblem Rows(ExamplesProblem problem, int[] rows) => problem.With(problem.Split with { Train = problem.Split.Train.Take(Tensor.From(rows)).Evaluate() });

    private static Tensor Inputs(ExamplesProblem problem) => problem.Train.Inputs.AsType(ElementType.Float64).Evaluate();

    private static ILayer Like(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        var path = stored.ContainsKey("process.points") ? "process." : "";
        var network = Tree.Map(Usual.Structure(signature, configuration.Only(Usual.Hyperparameters), new Dictionary<string, TensorType>()), Exact);
        Tensor Zeros(string name) => Tensor.Zeros(stored[path + name].Shape, ElementType.Float64);
        var layer = new FunctionSpaceLayer(network, Zeros("points"), Zeros("variance"), Zeros("coefficients"), Zeros("before"), Zeros("after"), Zeros("share"));
        return path.Length > 0 ? new FunctionSpaceClassifier(layer) : layer;
    }

    private static Tensor Exact(Tensor leaf) => leaf.ElementType.IsFloating() ? leaf.AsType(ElementType.Float64).Evaluate() : leaf;

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var network = Usual.Structure(problem.Signature, configuration.Only(Usual.Hyperparameters), new Dictionary<string, TensorType>());
        var (rows, points, outputs) = ((double)problem.Split.Train.Count, (double)Math.Min(configuration.Whole("points"), problem.Split.Train.Count), problem.Signature.Outputs);
        var pass = Computation.Trace("pass", x => [network.Call(x[0])], [problem.Signature.ZeroInputs(1).Type]).Cost.Flops;
        // Gradients of rows and points, kernels between both, a number of work for each neuron, and the factorisations of small matrices; all in double precision.
        var units = 4.0 * configuration.Whole("width") * configuration.Whole("depth");
        var candidates = 2 * variances.Length * (Indicators.AreClasses(problem.Train.Targets) ? 1 : noises.Length) * (points * Held((int)rows) * (units + 4 * points) + 3 * Math.Pow(points, 3));
        return new(2 * outputs * (3 * pass * (rows + points) + rows * points * (units + 2 * points) + candidates), 0, 5);
    }
}
