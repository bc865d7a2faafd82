using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Operators;

/// <summary>
/// Fields as combinations of the fields of training, weighted by a kernel of how alike their inputs are: kernel ridge regression, solved exactly. Inputs are compared by the waves that they are made of,
/// of which fast ones count less, since most operators smooth. (Batlle et al., "Kernel methods are competitive for operator learning", 2024.)
/// </summary>
/// <remarks>
/// Where a problem is the same in the mirror, mirrored pairs are pairs as well. They need not be solved for: outputs are split into parts that are even or odd along each axis, and each part has a kernel
/// that is the mean over mirror images with the signs of that part.
/// </remarks>
/// <param name="Points">What training inputs are compared by: f64 [n, features].</param>
/// <param name="Coefficients">f64 [parts, n, outputs], a part for each choice of even or odd; one where nothing is mirrored.</param>
/// <param name="Scale">The distance at which inputs are no longer alike, f64 scalar.</param>
/// <param name="Output">The shape of an output, [channels, grid...].</param>
/// <param name="Smoothing">How much less fast waves count: (1 + k²)^(-smoothing / 2) of a wave number k.</param>
/// <param name="Kernel">The kernel, one of <see cref="Kernels"/>.</param>
/// <param name="IsPeriodic">Whether waves are those of a circle; else those of an interval.</param>
[Tree]
public sealed partial record KernelOperator(
    Tensor Points, Tensor Coefficients, Tensor Scale, Sequence<int> Output, double Smoothing, string Kernel, bool IsPeriodic) : ILayer
{
    private const int MostExamples = 4000;

    /// <summary>The kernels of a distance r: exp(-r²/2); Matérn's of smoothness 5/2; (1 + r²)^(-1/2).</summary>
    public static IReadOnlyList<string> Kernels { get; } = ["matern", "gaussian", "multiquadric"];

    private static readonly Func<KernelOperator, Tensor, Tensor> Compare = Compile.Of((KernelOperator model, Tensor x) => model.Features(x));

    private static readonly Func<Tensor, Tensor, Tensor, Tensor> Solve = Compile.Of((Tensor kernel, Tensor targets, Tensor ridge) => RidgeRegression.Solve(kernel, targets, ridge));

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("kernel-operator", "Kernel ridge regression between fields, compared by their waves.", Fit, Shaped, Work)
    {
        Kinds = ["operator-learning"],
        GoodAt = "a few hundred to a few thousand pairs on small grids; it takes seconds",
        Paper = "Batlle, Darcy, Hosseini and Owhadi, Kernel methods are competitive for operator learning, 2024",
        Own =
        [
            Hyperparameter.Word("kernel", "the function of the distance of two inputs", [.. Kernels]),
            Hyperparameter.Number("length", "distance at which inputs are no longer alike, in root mean squares of distances", 2, 0.3, 30),
            Hyperparameter.Number("ridge", "penalty, as a variance of noise", 1e-4, 1e-8, 1e-1),
            Hyperparameter.Number("smoothing", "power by which fast waves of an input count less", 1, 0, 2.5, HyperparameterScale.Linear),
            Hyperparameter.Word("mirrored", "whether mirror images of pairs are pairs as well", "no", "yes"),
        ],
        Limits = problem => problem.Split.Train.Count > MostExamples ? $"it takes at most {MostExamples} examples and there are {problem.Split.Train.Count}" : null,
    };

    private int Axes => Output.Count - 1;

    /// <summary>[n, channels, grid...] gives [n, outputs, grid...] on the grid of training.</summary>
    public Tensor Call(Tensor x)
    {
        var parts = Coefficients.Shape[0];
        var sum = Enumerable.Range(0, parts).Select(mirror =>
        {
            // What a mirror image contributes to even and odd parts differs in sign alone.
            var own = Enumerable.Range(0, parts).Select(part => Coefficients[part] * (Sign(part, mirror) / parts)).Aggregate((a, b) => a + b);
            return Alike(Features(Mirrored(x, mirror)), Points).Dot(own);
        }).Aggregate((a, b) => a + b);
        return sum.AsType(ElementType.Float32).ReshapeTo([x.Shape[0], .. Output]);
    }

    private static ILayer Fit(ExamplesProblem problem, FitRun run)
    {
        var (train, choice) = (problem.Train, run.Configuration);
        var shape = new KernelOperator(
            Tensor.Zeros([1, 1], ElementType.Float64), Tensor.Zeros([1, 1, 1], ElementType.Float64), Tensor.Scalar(1.0), problem.Signature.Output, choice["smoothing"], choice.Word("kernel"),
            problem.Signature.IsPeriodic);
        var raw = Compare(shape, train.Inputs);
        // Inputs have been centred: the mean square of a distance is twice that of a norm, in a mirror too.
        var distance = Math.Sqrt(2 * Tensor.Square(raw).Sum(1).Mean().Item());
        var scale = Tensor.Scalar(choice["length"] * Math.Max(distance, 1e-12));
        var model = shape with { Points = (raw / scale).Evaluate(), Scale = scale };
        var parts = choice.Word("mirrored") == "yes" ? 1 << model.Axes : 1;
        var alike = Compile.Of((KernelOperator model, Tensor x) => model.Alike(model.Features(x), model.Points));
        var images = Enumerable.Range(0, parts).Select(mirror => alike(model, model.Mirrored(train.Inputs, mirror).Evaluate())).ToArray();
        var coefficients = Enumerable.Range(0, parts).Select(part =>
        {
            run.Cancellation.ThrowIfCancellationRequested();
            Tensor Mean(Func<int, Tensor> of) => Enumerable.Range(0, parts).Select(mirror => of(mirror) * (Sign(part, mirror) / parts)).Aggregate((a, b) => a + b).Evaluate();
            var targets = Mean(mirror => model.Mirrored(train.Targets, mirror)).Flatten(1).AsType(ElementType.Float64).Evaluate();
            return Solve(Mean(mirror => images[mirror]), targets, Tensor.Scalar(choice["ridge"]));
        }).ToArray();
        return model with { Coefficients = Tensor.Stack(coefficients).Evaluate() };
    }

    private static ILayer Shaped(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        Tensor Like(string name) => Tensor.Zeros(stored[name].Shape, stored[name].ElementType);
        return new KernelOperator(
            Like("points"), Like("coefficients"), Like("scale"), signature.Output, configuration["smoothing"], configuration.Word("kernel"), signature.IsPeriodic);
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        double rows = problem.Split.Train.Count, features = problem.Signature.Inputs, outputs = problem.Signature.Outputs;
        var parts = configuration.Word("mirrored") == "yes" ? 1 << (problem.Signature.Output.Count - 1) : 1;
        return new(parts * (2 * rows * rows * (2 * features + 40) + 4 * (Math.Pow(rows, 3) / 3 + 2 * rows * rows * outputs)), 4);
    }

    /// <summary>The amplitudes of the waves of fields [n, channels, grid...], in units of the scale: f64 [n, features].</summary>
    private Tensor Features(Tensor x)
    {
        var amplitudes = x.AsType(ElementType.Float64);
        var squares = new double[] { 0 };
        for (var axis = 0; axis < Axes; axis++)
        {
            var (basis, numbers) = Waves(x.Shape[axis + 2], IsPeriodic);
            // The axis that was first among those of the grid goes to the end, so that after all of them the order is the same.
            amplitudes = Tensor.Contract(amplitudes, basis, [2], [0]);
            squares = [.. squares.SelectMany(square => numbers.Select(number => square + number * number))];
        }
        double[] weights = [.. squares.Select(square => Math.Pow(1 + square, -Smoothing / 2))];
        return (amplitudes.Reshape(x.Shape[0], x.Shape[1], -1) * Tensor.From<double>(weights)).Reshape(x.Shape[0], -1) / Scale;
    }

    /// <summary>Orthonormal waves as columns [size, size], with their numbers of half waves, or of whole ones on a circle.</summary>
    private static (Tensor Basis, double[] Numbers) Waves(int size, bool isPeriodic)
    {
        var (basis, numbers) = (new double[size * size], new double[size]);
        for (var k = 0; k < size; k++)
        {
            numbers[k] = isPeriodic ? (k + 1) / 2 : k;
            for (var i = 0; i < size; i++)
            {
                var angle = isPeriodic ? 2 * Math.PI * numbers[k] * i / size : Math.PI * k * (i + 0.5) / size;
                var height = k == 0 || (isPeriodic && size % 2 == 0 && k == size - 1) ? Math.Sqrt(1.0 / size) : Math.Sqrt(2.0 / size);
                basis[i * size + k] = height * (isPeriodic && k % 2 == 0 && k > 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
        return (Tensor.From(basis, [size, size]), numbers);
    }

    private Tensor Alike(Tensor a, Tensor b)
    {
        var squares = Tensor.Maximum(Tensor.Square(a).Sum(1).ExpandDims(1) + Tensor.Square(b).Sum(1) - 2.0 * a.Dot(b.T), 0.0);
        if (Kernel == "gaussian") return Tensor.Exp(-0.5 * squares);
        if (Kernel == "multiquadric") return Tensor.Rsqrt(1.0 + squares);
        var r = Tensor.Sqrt(5.0 * squares + 1e-24);
        return (1.0 + r + r * r / 3.0) * Tensor.Exp(-r);
    }

    /// <summary>Fields mirrored along the axes whose bits are set.</summary>
    private Tensor Mirrored(Tensor fields, int mirror)
    {
        int[] axes = [.. Enumerable.Range(0, Axes).Where(axis => (mirror >> axis & 1) == 1).Select(axis => axis + 2)];
        return axes.Length == 0 ? fields : fields.Flip(axes);
    }

    /// <summary>-1 if a part that is odd along the axes whose bits are set changes its sign in a mirror, else 1.</summary>
    private static double Sign(int part, int mirror) => (System.Numerics.BitOperations.PopCount((uint)(part & mirror)) & 1) == 1 ? -1 : 1;
}
