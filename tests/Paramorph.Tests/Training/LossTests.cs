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
            { "relative H1", p => Loss.RelativeH1(p.ExpandDims(1), Target.ExpandDims(1)), errors.Chunk(3).Select((row, i) => Norm(WithSlopes(row, wraps: false)) / Norm(WithSlopes(Shares[i], wraps: false))).Average() },
            { "relative H1 on a circle", p => Loss.RelativeH1(p.ExpandDims(1), Target.ExpandDims(1), true), errors.Chunk(3).Select((row, i) => Norm(WithSlopes(row, wraps: true)) / Norm(WithSlopes(Shares[i], wraps: true))).Average() },
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

    /// <summary>Values on an axis that is one long, and their slopes.</summary>
    private static double[] WithSlopes(double[] row, bool wraps) =>
        [.. row, .. Enumerable.Range(0, wraps ? row.Length : row.Length - 1).Select(i => (row[(i + 1) % row.Length] - row[i]) * row.Length)];

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
    public void F1_counts_what_is_right_among_told_and_true()
    {
        // Told are the classes 0, 2, 1, 0, true are 2, 1, 2, 0.
        Assert.Equal(2.0 / 3, Metric.F1(Prediction, Tensor.From(Labels), 0).Item(), 1e-15);
        Assert.Equal(0, Metric.F1(Prediction, Tensor.From(Labels)).Item());
        Assert.Equal(1, Metric.F1(Prediction, Prediction.ArgMax(-1), 2).Item());
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

    [Fact]
    public void Whole_numbers_have_the_losses_of_real_ones()
    {
        var (a, b) = (Tensor.From((byte)0, (byte)16), Tensor.From((byte)16, (byte)0));
        Assert.Equal(256, Loss.MeanSquared(a, b).Item());
        Assert.Equal(16, Loss.MeanAbsolute(a, b).Item());
        Assert.Equal(15.5, Loss.Huber(a, b).Item());
        Assert.Equal(10, Metric.LargestError(Tensor.From((byte)10), Tensor.From((byte)20)).Item());
        Assert.Equal(10 * Math.Log10(255 * 255 / 256.0), Metric.PeakSignalToNoise(a, b, 255).Item(), 1e-5);
        Assert.Equal(-3, Metric.RSquared(a, b).Item());
        Assert.Equal(16, Metric.RootMeanSquared(a, b).Item());
        Assert.Equal(Math.Sqrt(2), Metric.RelativeL2(Tensor.From((byte)0, (byte)16), Tensor.From((byte)16, (byte)0)).Item(), 1e-6);
        Assert.Equal(4e18, Loss.MeanSquared(Tensor.From(2_000_000_000), Tensor.From(0)).Item());
        Assert.Equal(2, Loss.MeanAbsolute(Tensor.From(2f, 4f), Tensor.From(1, 1)).Item());
        Assert.Equal(1.5, Loss.MeanAbsolute(a, b, Tensor.From(0.5, 0.0)).Item() * 1.5 / 16, 1e-12);
        Assert.Equal(0.5, Metric.Accuracy(Tensor.From(new[,] { { 1, 2 }, { 1, 2 } }), Tensor.From(1, 0), Tensor.From(0.5, 0.5)).Item());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_network_that_tells_no_class_from_another_is_right_by_chance(double logit)
    {
        var (logits, labels) = (Tensor.Full([5, 4], logit, ElementType.Float64), Tensor.From(0, 1, 2, 3, 0));
        foreach (var k in new[] { 1, 2, 4 }) Assert.Equal(k / 4.0, Metric.TopAccuracy(logits, labels, k).Item());
    }

    [Fact]
    public void Ties_of_some_logits_count_as_chance() =>
        Assert.Equal([0, 2.0 / 3, 1], new[] { 1, 3, 4 }.Select(k => Metric.TopAccuracy(Tensor.From(new[,] { { 3.0, 1, 1, 1 } }), Tensor.From(2), k).Item()));

    [Fact]
    public void Labels_that_are_no_classes_are_refused()
    {
        const string Rest = "is none of the 3 classes: labels run from 0 to 2; subtract 1 from labels that start at 1, and mask or name as ignored those that stand for none.";
        Assert.Equal($"cross-entropy: label 3 {Rest}", Assert.Throws<TensorException>(() => Loss.CrossEntropy(Prediction, Tensor.From(1, 3, 2, 1))).Message);
        Assert.Equal($"accuracy: label -100 {Rest}", Assert.Throws<TensorException>(() => Metric.Accuracy(Prediction, Tensor.From(1, 2, -100, 1))).Message);
        Assert.Equal($"top accuracy: label -1 {Rest}", Assert.Throws<TensorException>(() => Metric.TopAccuracy(Prediction, Tensor.From(-1, 2, 0, 1), 2)).Message);
    }

    [Fact]
    public void Labels_under_a_mask_may_be_anything()
    {
        var (labels, mask) = (Tensor.From(1, -100, 2, 77), Tensor.From(true, false, true, false));
        var expected = Loss.CrossEntropy(Tensor.Stack([Prediction[0], Prediction[2]]), Tensor.From(1, 2));
        var (value, gradient) = ValueAndGradient.Of(Prediction, p => Loss.CrossEntropy(p, labels, mask));
        Expect.Close(expected, value, 1e-15);
        Assert.All(gradient.ToDoubles(), g => Assert.True(double.IsFinite(g)));
        Expect.Close(expected, Compile.Of((Tensor l, Tensor m) => Loss.CrossEntropy(Prediction, l, m))(labels, mask), 1e-15);
    }

    [Fact]
    public void A_label_that_stands_for_none_is_ignored_when_it_is_named()
    {
        var labels = Tensor.From(1, -100, 2, -100);
        var expected = Loss.CrossEntropy(Tensor.Stack([Prediction[0], Prediction[2]]), Tensor.From(1, 2));
        Expect.Close(expected, Loss.CrossEntropy(Prediction, labels, ignored: -100), 1e-15);
        Expect.Close(expected, Loss.CrossEntropy(Prediction, labels, Tensor.Ones([4], ElementType.Float64), ignored: -100), 1e-15);
        Expect.Close(expected, Compile.Of((Tensor l) => Loss.CrossEntropy(Prediction, l, ignored: -100))(labels), 1e-15);
    }

    [Fact]
    public void The_loss_of_a_compiled_label_that_is_no_class_is_not_a_number()
    {
        var loss = Compile.Of((Tensor l) => Loss.CrossEntropy(Prediction, l));
        Assert.True(double.IsNaN(loss(Tensor.From(1, 3, 0, 0)).Item()));
        Assert.True(double.IsFinite(loss(Tensor.From(1, 2, 0, 0)).Item()));
        Assert.Equal(0.25, Compile.Of((Tensor l) => Metric.TopAccuracy(Prediction, l, 3))(Tensor.From(1, 3, -1, 4)).Item());
    }

    [Fact]
    public void Nothing_that_is_impossible_costs_nothing()
    {
        var (logits, shares) = (Tensor.From(new[,] { { 0.0, double.NegativeInfinity, 0.0 } }), Tensor.From(new[,] { { 0.25, 0.0, 0.75 } }));
        var entropy = -(0.25 * Math.Log(0.25) + 0.75 * Math.Log(0.75));
        foreach (var (loss, expected) in new[] { (Loss.CrossEntropyOfDistributions(logits, shares), Math.Log(2)), (Loss.KullbackLeibler(logits, shares), Math.Log(2) - entropy) })
            Assert.Equal(expected, loss.Item(), 1e-15);
        Expect.Close(Tensor.From(new[,] { { 0.25, 0, -0.25 } }), Gradient.Of(logits, l => Loss.CrossEntropyOfDistributions(l, shares)), 1e-15);
        Assert.Equal(double.PositiveInfinity, Loss.CrossEntropyOfDistributions(logits, Tensor.From(new[,] { { 0.5, 0.5, 0.0 } })).Item());
        var (certain, right) = (Tensor.From(double.PositiveInfinity, double.NegativeInfinity), Tensor.From(1.0, 0.0));
        Assert.Equal(0, Loss.BinaryCrossEntropy(certain, right).Item());
        Assert.Equal(double.PositiveInfinity, Loss.BinaryCrossEntropy(certain, 1.0 - right).Item());
    }

    private static Tensor Matrix(double[][] rows) => Tensor.From(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
}
