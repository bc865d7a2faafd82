using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class DigitsTests
{
    [Fact]
    public void Images_are_bright_strokes_in_the_unit_range()
    {
        var data = Digits.Of(Key.Of(1), 50, 24);
        Assert.Equal([50, 1, 24, 24], data.Inputs.Shape);
        Assert.All(data.Inputs.ToArray<float>(), x => Assert.InRange(x, 0, 1));
        for (var i = 0; i < 50; i++) Assert.InRange(data.Inputs[i].ToArray<float>().Count(x => x > 0.6), 10, 24 * 24 / 3);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i % 10), data.Labels.ToArray<int>());
    }

    [Fact]
    public void The_same_key_draws_the_same_images()
    {
        Assert.Equal(Digits.Of(Key.Of(2), 20, 16).Inputs.ToArray<float>(), Digits.Of(Key.Of(2), 20, 16).Inputs.ToArray<float>());
        Assert.NotEqual(Digits.Of(Key.Of(2), 20, 16).Inputs.ToArray<float>(), Digits.Of(Key.Of(3), 20, 16).Inputs.ToArray<float>());
    }

    [Fact]
    public void Templates_read_plain_digits_but_not_varied_ones()
    {
        Assert.InRange(AccuracyOfMeans(DigitStyle.Plain), 0.9, 1);
        Assert.InRange(AccuracyOfMeans(DigitStyle.Varied), 0.3, 0.8);
    }

    /// <summary>The share of new images whose class has the nearest mean image.</summary>
    private static double AccuracyOfMeans(DigitStyle style)
    {
        const int Size = 16;
        var train = Digits.Of(Key.Of(3), 1000, Size, style).Inputs.ToArray<float>();
        var means = new double[10][];
        for (var digit = 0; digit < 10; digit++)
        {
            var mean = means[digit] = new double[Size * Size];
            for (var i = digit; i < 1000; i += 10)
                for (var p = 0; p < mean.Length; p++) mean[p] += train[i * mean.Length + p] / 100;
        }
        var test = Digits.Of(Key.Of(4), 500, Size, style).Inputs.ToArray<float>();
        double Square(int i, double[] mean) => mean.Select((m, p) => Math.Pow(m - test[i * mean.Length + p], 2)).Sum();
        return Enumerable.Range(0, 500).Count(i => Enumerable.Range(0, 10).MinBy(d => Square(i, means[d])) == i % 10) / 500.0;
    }
}
