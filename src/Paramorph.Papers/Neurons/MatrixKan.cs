using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Papers.Neurons;

/// <summary>B-splines of Kolmogorov-Arnold networks as products with a matrix, against the recursion of Cox and de Boor.</summary>
[Paper("matrixkan")]
public static class MatrixKan
{
    private const string Difference = "difference", Milliseconds = "milliseconds", Forward = "milliseconds forward";
    private const int Intervals = 5, Width = 16;

    private static readonly int[] degrees = [3, 5, 10, 20];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<MatrixKanData>
    {
        Id = "matrixkan",
        Question = "Do splines of high degree cost less as products of powers with a matrix than by the recursion over degrees, and are they the same?",
        Original = "KANs in PyTorch on a GPU, degrees up to some dozens: about 40 times faster than the recursion at high degree, the more data the more; losses alike.",
        Difference = "One layer and one step of two layers of sixteen inputs on a CPU, compiled, where the steps of the recursion run in one loop over values in the cache instead of one call each. Degrees 3 to 20, five intervals.",
        Budget = "the same layers and data; the fastest of several runs in turns",
        MeasuresTime = true,
        Seeds = 4,
        Settings = [Setting.Whole("rows", "rows of the data", smoke: 32, full: 1024), Setting.Whole("repetitions", "runs of each, of which the fastest counts", smoke: 2, full: 40)],
        Task = context => new(
            Sample.Uniform(context.Key.Fold(0), [context.Settings.Whole("rows"), Width], -1.0, 1.0).Evaluate(), Sample.Normal(context.Key.Fold(1), [context.Settings.Whole("rows"), Width]).Evaluate()),
        Arms =
        [
            new("matrix", "Powers of the place in its interval, times a matrix.", ArmRole.Method, (data, run) => Measure(data, run, Matrix)),
            new("recursive", "The recursion of Cox and de Boor over degrees.", ArmRole.Baseline, (data, run) => Measure(data, run, Recursive)),
        ],
        Metrics =
        [
            new(Difference, "largest difference of a spline's value in single precision from the recursion in double precision, over the degrees"),
            .. degrees.SelectMany(degree => (Metric[])
            [
                new(At(Milliseconds, degree), $"time of a step of two layers of degree {degree}: the loss and its gradient"),
                new(At(Forward, degree), $"time of a layer of degree {degree}"),
            ]),
        ],
        Claims =
        [
            Claim.AtMost("matrix", Difference, 1e-5), Claim.Below("matrix", "recursive", At(Milliseconds, 10), 3), Claim.Below("matrix", "recursive", At(Forward, 10), 3).AsSide(),
            Claim.Below("matrix", "recursive", At(Milliseconds, 3)).From("ours").AsSide(), Claim.Below("matrix", "recursive", At(Milliseconds, 20), 10).From("ours").AsSide(),
        ],
        Why = "The two are the same to seven digits. At degree 10 a layer is five times faster and a step of training 2.7 times, where the claim wants more: compiled, the recursion runs in one loop over values that stay in the cache, and what is left of the product is mostly putting its values in their places.",
    };

    private static string At(string metric, int degree) => $"{metric} at degree {degree}";

    private static UnivariateBasis Matrix(int degree) => UnivariateBasis.BSplines(Intervals + degree, degree);

    private static UnivariateBasis Recursive(int degree) => UnivariateBasis.BSplines([.. BSpline.UniformKnots(-1, 1, Intervals, degree, ElementType.Float64).ToDoubles()], degree);

    private static void Measure(MatrixKanData data, ArmRun run, Func<int, UnivariateBasis> basis)
    {
        var forward = Compile.Of((KanLayer layer, Tensor x) => layer.Call(x));
        var step = Compile.Of((Sequential network, MatrixKanData data) => ValueAndGradient.Of(network, network => Tensor.Square(network.Call(data.X) - data.Y).Mean()));
        var difference = 0.0;
        foreach (var (i, degree) in degrees.Index())
        {
            run.Progress(i, degrees.Length);
            KanLayer Layer(int which) => KanLayer.Create(run.Key.Fold(which), basis(degree), Width, Width);
            var (layer, network) = (Layer(0), new Sequential([Layer(0), Layer(1)]));
            if (Timing.InTurns(run.Settings.Whole("repetitions"), () => step(network, data), () => forward(layer, data.X)) is not [var whole, var one]) return;
            run.Measure(At(Milliseconds, degree), 1000 * whole);
            run.Measure(At(Forward, degree), 1000 * one);
            run.Point("milliseconds of a step by degree", degree, 1000 * whole);
            difference = Math.Max(difference, Tensor.Abs(basis(degree).Values(data.X).AsType(ElementType.Float64) - Recursive(degree).Values(data.X.AsType(ElementType.Float64))).Max().Item());
        }
        run.Measure(Difference, difference);
    }
}

/// <summary>What enters the layers and what is to come out of two: [rows, width].</summary>
[Tree]
internal sealed partial record MatrixKanData(Tensor X, Tensor Y);
