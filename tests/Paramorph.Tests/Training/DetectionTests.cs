using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class DetectionTests
{
    [Fact]
    public void The_area_is_the_share_of_pairs_in_order()
    {
        var random = new Random(3);
        double[] high = [.. Enumerable.Range(0, 40).Select(_ => random.Next(12) + 2.0)], low = [.. Enumerable.Range(0, 30).Select(_ => (double)random.Next(12))];
        var pairs = high.SelectMany(a => low.Select(b => a > b ? 1 : a == b ? 0.5 : 0)).Average();
        Assert.Equal(pairs, Detection.AreaUnderCurve(high, low), 12);
    }

    [Fact]
    public void False_positives_are_those_at_the_threshold_that_finds_enough()
    {
        double[] high = [.. Enumerable.Range(1, 20)];
        // 19 of 20 reach 2.
        Assert.Equal(0.5, Detection.FalsePositives(high, [0, 1, 2, 3]));
        Assert.Equal(0.75, Detection.FalsePositives(high, [0, 1, 2, 3], 1));
    }

    [Fact]
    public void Calibration_is_the_distance_of_right_answers_from_what_was_promised()
    {
        // Promised 0.9 twice, one right: off by 0.4. Promised 0.6 twice, both right: off by 0.4. Promised 1, right.
        var probabilities = Tensor.From(new double[,] { { 0.9, 0.1 }, { 0.9, 0.1 }, { 0.4, 0.6 }, { 0.4, 0.6 }, { 0, 1 } });
        Assert.Equal((0.8 + 0.8) / 5, Detection.CalibrationError(probabilities, Tensor.From(0, 1, 1, 1, 1)), 12);
    }

    [Fact]
    public void Scores_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Detection.AreaUnderCurve([], [1]));
        Assert.Throws<ArgumentException>(() => Detection.AreaUnderCurve([double.NaN], [1]));
    }
}
