using System.Numerics;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

/// <summary>Losses and metrics against loops in double precision, and their derivatives against differences.</summary>
public class LossTests
{
    private static readonly double[][] Logits = [[1.5, -0.5, 0.25], [-2, 0.5, 1], [0.1, 0.2, -3], [4, -4, 0]];
    private static readonly double[][] Shares = [[0.2, 0.5, 0.3], [1, 0, 0], [0.1, 0.1, 0.8], [0, 0.5, 0.5]];
    private static readonly int[] Labels = [2, 1, 2, 0];
    private static readonly double[] Weights = [1, 0, 2.5, 0.5];
    private static readonly Tensor Prediction = Matrix(Logits);
    private static readonly Tensor Target = Matrix(Shares);

    public static TheoryData<string, Func<Tensor, Tensor>, double> Values()
    {
        var (x, y) = (Logits.SelectMany(row => row).ToArray(), Shares.SelectMany(row => row).ToArray());
        var (errors, labels, weights) = (x.Zip(y, (a, b) => a - b).ToArray(), Tensor.From(Labels), Tensor.From(Weights));
        var logs = Logits.Select(row => row.Select(v => v - Math.Log(row.Sum(Math.Exp))).ToArray()).ToArray();
        double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
        double Weighted(IEnumerable<double> values) => values.Zip(Weights, (v, w) => v * w).Sum() / Weights.Sum();
        double Norm(IEnumerable<double> row) => Math.Sqrt(row.Sum(v => v * v));
        var cross = Labels.Select((label, i) => -logs[i][label]).ToArray();
        return new()
        {
            { "mean squared", p => Loss.MeanSquared(p, Target), errors.Average(e => e * e) },
            { "mean squared, weighted", p => Loss.MeanSquared(p, Target, weights.ExpandDims(1)), Weighted(errors.Chunk(3).Select(row => row.Average(e => e * e))) },
            { "mean absolute", p => Loss.MeanAbsolute(p, Target), errors.Average(Math.Abs) },
            { "Huber", p => Loss.Huber(p, Target, 0.7), errors.Average(e => Math.Abs(e) <= 0.7 ? e * e / 2 : 0.7 * (Math.Abs(e) - 0.35)) },
            { "relative L2", p => Loss.RelativeL2(p, Target), errors.Chunk(3).Select((row, i) => Norm(row) / Norm(Shares[i])).Average() },
            { "cross-entropy", p => Loss.CrossEntropy(p, labels), cross.Average() },
            { "cross-entropy, weighted", p => Loss.CrossEntropy(p, labels, weights), Weighted(cross) },
            { "cross-entropy, smoothed", p => Loss.CrossEntropy(p, labels, smoothing: 0.3), cross.Select((c, i) => 0.7 * c - 0.3 * logs[i].Average()).Average() },
            { "cross-entropy of distributions", p => Loss.CrossEntropyOfDistributions(p, Target), Shares.Select((row, i) => -row.Zip(logs[i], (a, b) => a * b).Sum()).Average() },
            { "binary cross-entropy", p => Loss.BinaryCrossEntropy(p, Target), x.Zip(y, (v, t) => -t * Math.Log(Sigmoid(v)) - (1 - t) * Math.Log(1 - Sigmoid(v))).Average() },
            { "hinge", p => Loss.Hinge(p, Tensor.Sign(Target - 0.25)), x.Zip(y, (v, t) => Math.Max(0, 1 - Math.Sign(t - 0.25) * v)).Average() },
            { "Kullback-Leibler", p => Loss.KullbackLeibler(p, Target), Shares.Select((row, i) => row.Select((q, k) => q == 0 ? 0 : q * (Math.Log(q) - logs[i][k])).Sum()).Average() },
            { "Gaussian", p => Loss.GaussianLikelihood(p, 0.3 * p, Target), x.Zip(y, (m, t) => (Math.Log(2 * Math.PI) + 0.3 * m + (t - m) * (t - m) / Math.Exp(0.3 * m)) / 2).Average() },
            { "R squared", p => Metric.RSquared(p, Target), 1 - errors.Sum(e => e * e) / y.Sum(t => (t - y.Average()) * (t - y.Average())) },
            { "relative L2 of all", p => Metric.RelativeL2(p, Target), Norm(errors) / Norm(y) },
            { "root mean squared", p => Metric.RootMeanSquared(p, Target), Norm(errors) / Math.Sqrt(12) },
            { "peak signal to noise", p => Metric.PeakSignalToNoise(p, Target, 2), 10 * Math.Log10(4 / errors.Average(e => e * e)) },
        };
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_loss_is_its_formula_with_its_derivative(string name, Func<Tensor, Tensor> loss, double expected)
    {
        Expect.Close(Tensor.Scalar(expected), loss(Prediction), 1e-13, name);
        Expect.Close(Tensor.Scalar(expected), Compile.Of(loss)(Prediction), 1e-13, name);
        Expect.First(x => [loss(x[0])], [Prediction], 1e-7);
        Assert.Equal(ElementType.Float32, Compile.Of<Tensor, Tensor>(p => loss(p).AsType(ElementType.Float32))(Prediction).ElementType);
    }

    [Fact]
    public void Labels_with_the_highest_logit_are_right()
    {
        Assert.Equal(0.25, Metric.Accuracy(Prediction, Tensor.From(Labels)).Item());
        Assert.Equal(0.125, Metric.Accuracy(Prediction, Tensor.From(Labels), Tensor.From(Weights)).Item(), 1e-15);
        Assert.Equal([0.25, 0.75, 1], new[] { 1, 2, 3 }.Select(k => Metric.TopAccuracy(Prediction, Tensor.From(Labels), k).Item()));
    }

    [Fact]
    public void The_largest_error_is_found() => Assert.Equal(4.5, Metric.LargestError(Prediction, Target).Item());

    public static TheoryData<string, Func<Tensor, Tensor, Tensor, Tensor>> Masked() => new()
    {
        { "mean squared", Loss.MeanSquared },
        { "mean absolute", Loss.MeanAbsolute },
        { "Huber", (p, t, w) => Loss.Huber(p, t, 0.5, w) },
        { "relative L2", Loss.RelativeL2 },
        { "binary cross-entropy", Loss.BinaryCrossEntropy },
        { "hinge", Loss.Hinge },
        { "Gaussian", (p, t, w) => Loss.GaussianLikelihood(p, 0.5 * p, t, w) },
    };

    [Theory]
    [MemberData(nameof(Masked))]
    public void Missing_targets_under_a_mask_disturb_neither_the_loss_nor_its_gradient(string name, Func<Tensor, Tensor, Tensor, Tensor> loss)
    {
        var (prediction, target, mask) = (Tensor.From(1.0, 0.5, -3.0), Tensor.From(0.25, double.NaN, 1.0), Tensor.From(true, false, true));
        var (alone, aim) = (Tensor.From(1.0, -3.0), Tensor.From(0.25, 1.0));

        var (value, gradient) = ValueAndGradient.Of(prediction, p => loss(p, target, mask));

        var (expected, slope) = ValueAndGradient.Of(alone, p => loss(p, aim, Tensor.From(true)));
        Expect.Close(expected, value, 1e-15, name);
        Expect.Close(Tensor.Stack([slope[0], Tensor.Scalar(0.0), slope[1]]), gradient, 1e-15, name);
    }

    [Fact]
    public void A_loss_of_nothing_is_zero() =>
        Assert.Equal(0, Loss.MeanAbsolute(Prediction, Target, Tensor.Full([4, 3], 0, ElementType.Bool)).Item());

    [Fact]
    public void Logits_of_any_size_have_a_finite_loss()
    {
        Assert.Equal(2000, Loss.CrossEntropy(Tensor.From(new[,] { { -1000f, 1000f } }), Tensor.From(0)).Item());
        Assert.Equal(1000, Loss.BinaryCrossEntropy(Tensor.From(-1000f), Tensor.From(true)).Item());
    }

    [Fact]
    public void Complex_errors_have_moduli()
    {
        var (a, b) = (Tensor.From(new Complex(3, 4), new Complex(0, 1)), Tensor.From(Complex.Zero, new Complex(0, 1)));
        Assert.Equal(12.5, Loss.MeanSquared(a, b).Item());
        Assert.Equal(2.5, Loss.MeanAbsolute(a, b).Item());
    }

    [Fact]
    public void Shapes_that_would_broadcast_are_refused() => Assert.Equal(
        "mean squared loss: f64[4, 3] and f64[4] must have the same shape: reshape one of them.",
        Assert.Throws<ShapeException>(() => Loss.MeanSquared(Prediction, Prediction[.., 0])).Message);

    [Fact]
    public void Labels_are_integers_of_the_shape_of_the_samples()
    {
        Assert.Throws<ElementTypeException>(() => Loss.CrossEntropy(Prediction, Tensor.From(1f, 2f, 0f, 0f)));
        Assert.Equal(
            "cross-entropy: labels i32[3] do not belong to logits f64[4, 3]: [...] and [..., classes] are expected.",
            Assert.Throws<ShapeException>(() => Loss.CrossEntropy(Prediction, Tensor.From(1, 2, 0))).Message);
    }

    private static Tensor Matrix(double[][] rows) => Tensor.From(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
}
