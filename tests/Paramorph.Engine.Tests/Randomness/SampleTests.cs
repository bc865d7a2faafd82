using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Paramorph.Tests.Randomness;

/// <summary>Samples at fixed keys against the distributions of MathNet.Numerics: distances of Kolmogorov and Smirnov, moments, frequencies.</summary>
public class SampleTests
{
    private const int Count = 10_000;

    /// <summary>Continuous samplers with their distribution functions. A sampler is told key, shape and type.</summary>
    private static readonly Dictionary<string, (Func<Key, Shape, ElementType, Tensor> Draw, Func<double, double> Distribution)> Continuous = new()
    {
        ["uniform"] = ((k, s, t) => Sample.Uniform(k, s, type: t), x => x),
        ["uniform in an interval"] = ((k, s, t) => Sample.Uniform(k, s, -2.0, 3.0, t), x => (x + 2) / 5),
        ["normal"] = ((k, s, t) => Sample.Normal(k, s, t), x => Normal.CDF(0, 1, x)),
        ["truncated normal"] = (
            (k, s, t) => Sample.TruncatedNormal(k, s, -0.5, 2.0, t),
            x => (Normal.CDF(0, 1, x) - Normal.CDF(0, 1, -0.5)) / (Normal.CDF(0, 1, 2) - Normal.CDF(0, 1, -0.5))),
        ["gumbel"] = ((k, s, t) => Sample.Gumbel(k, s, t), x => Math.Exp(-Math.Exp(-x))),
        ["exponential"] = ((k, s, t) => Sample.Exponential(k, s, t), x => 1 - Math.Exp(-x)),
        ["laplace"] = ((k, s, t) => Sample.Laplace(k, s, t), x => Laplace.CDF(0, 1, x)),
        ["cauchy"] = ((k, s, t) => Sample.Cauchy(k, s, t), x => Cauchy.CDF(0, 1, x)),
        ["gamma of 0.3"] = ((k, s, t) => Sample.Gamma(k, Tensor.Full([], 0.3, t), s), x => Gamma.CDF(0.3, 1, x)),
        ["gamma of 1"] = ((k, s, t) => Sample.Gamma(k, Tensor.Full([], 1, t), s), x => Gamma.CDF(1, 1, x)),
        ["gamma of 40"] = ((k, s, t) => Sample.Gamma(k, Tensor.Full([], 40, t), s), x => Gamma.CDF(40, 1, x)),
        ["beta"] = ((k, s, t) => Sample.Beta(k, Tensor.Full([], 0.7, t), Tensor.Full([], 2.5, t), s), x => Beta.CDF(0.7, 2.5, x)),
    };

    public static TheoryData<string, ElementType> ContinuousNames()
    {
        var data = new TheoryData<string, ElementType>();
        foreach (var name in Continuous.Keys)
        {
            data.Add(name, ElementType.Float32);
            data.Add(name, ElementType.Float64);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(ContinuousNames))]
    public void Continuous_samples_are_close_to_their_distribution(string name, ElementType type)
    {
        var (draw, distribution) = Continuous[name];

        var sample = draw(Key.Of(11), [Count], type);

        Assert.Equal(type, sample.ElementType);
        Assert.InRange(Distance(sample.ToDoubles(), distribution) * Math.Sqrt(Count), 0, 1.95);
    }

    [Theory]
    [MemberData(nameof(ContinuousNames))]
    public void Samples_of_many_keys_are_a_loop_over_keys(string name, ElementType type)
    {
        var (draw, _) = Continuous[name];
        var keys = Key.Of(12).SplitBatch(3);

        var (together, mapped) = (draw(keys, [5], type), Vmap.Of(k => draw(k, [5], type), keys));

        for (var i = 0; i < 3; i++)
        {
            var alone = draw(new Key(keys.Data[i]), [5], type);
            Expect.Close(alone, mapped[i], 0);
            // Rejection gives all keys of a batch the same attempts, so that also there each number is its key's.
            Expect.Close(alone, together[i], 0);
        }
    }

    [Fact]
    public void Uniform_numbers_lie_in_the_interval_and_never_at_its_end()
    {
        var all = Tensor.From(0, -1, int.MaxValue, int.MinValue);
        var extreme = (all >>> 8).AsType(ElementType.Float32) * Math.ScaleB(1, -24);

        Assert.Equal([0, 1 - Math.ScaleB(1, -24)], new[] { extreme.Min().Item(), extreme.Max().Item() });
        Assert.All(Sample.Uniform(Key.Of(3), [Count]).ToDoubles(), u => Assert.True(u is >= 0 and < 1 && Math.ScaleB(u, 24) % 1 == 0));
        Assert.All(Sample.Uniform(Key.Of(3), [100], type: ElementType.Float64).ToDoubles(), u => Assert.True(u is >= 0 and < 1 && Math.ScaleB(u, 53) % 1 == 0));
    }

    [Fact]
    public void Uniform_numbers_move_with_their_bounds()
    {
        var key = Key.Of(1);
        var u = Sample.Uniform(key, [4], type: ElementType.Float64);

        var (low, high) = Gradient.Of(Tensor.Scalar(2.0), Tensor.Scalar(5.0), (l, h) => Sample.Uniform(key, [4], l, h, ElementType.Float64).Sum());

        Assert.Equal((1 - u).Sum().Item(), low.Item(), 1e-12);
        Assert.Equal(u.Sum().Item(), high.Item(), 1e-12);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var x = Sample.Normal(Key.Of(5), [Count], ElementType.Float64).ToDoubles();

        Assert.InRange(x.Average() * Math.Sqrt(Count), -3, 3);
        Assert.InRange((x.Average(v => v * v) - 1) * Math.Sqrt(Count / 2.0), -3, 3);
        Assert.InRange(x.Average(v => v * v * v) * Math.Sqrt(Count / 15.0), -3, 3);
        Assert.InRange((x.Average(v => v * v * v * v) - 3) * Math.Sqrt(Count / 96.0), -3, 3);
    }

    [Theory]
    [InlineData(ElementType.Float32, 5.5, 1e6)]
    [InlineData(ElementType.Float32, -7, -6.5)]
    [InlineData(ElementType.Float64, 30, 31)]
    [InlineData(ElementType.Float64, 8, double.PositiveInfinity)]
    [InlineData(ElementType.Float64, 1000, 1000.001)]
    [InlineData(ElementType.Float64, double.NegativeInfinity, -2.6)]
    public void Normal_numbers_of_a_tail_follow_their_distribution(ElementType type, double low, double high)
    {
        var (from, to) = low > 0 ? (low, high) : (-high, -low);
        double[] sorted = [.. Sample.TruncatedNormal(Key.Of(3), [Count], low, high, type).ToDoubles().Select(x => low > 0 ? x : -x).Order()];

        Assert.InRange(sorted[0], from, sorted[^1]);
        Assert.InRange(sorted[^1], sorted[0], to);
        // Q(x) / Q(from), with the upper tail Q as an integral over t of exp(-x t - t^2 / 2) times the density.
        double Share(double x) => Tail(x) / Tail(from) * Math.Exp(-(x - from) * (x + from) / 2);
        var end = double.IsInfinity(to) || to > from + 30 ? 0 : Share(to);
        var distance = sorted.Select((x, i) => Math.Abs((1 - Share(x)) / (1 - end) - (i + 0.5) / Count)).Max();
        Assert.InRange(distance, 0, 1.7 / Math.Sqrt(Count));

        static double Tail(double x) => Integrate.DoubleExponential(t => Math.Exp(-t - t * t / (2 * x * x)), 0, 40, 1e-12) / x;
    }

    [Fact]
    public void Normal_numbers_of_a_tail_move_with_their_bounds() => Expect.First(
        x => [Sample.TruncatedNormal(Key.Of(3), [5], x[0], x[1], ElementType.Float64), Compile.Of((Tensor a, Tensor b) => Sample.TruncatedNormal(Key.Of(4), [5], -b, -a, ElementType.Float64))(x[0], x[1])],
        [Tensor.Scalar(3.0), Tensor.Scalar(3.4)], 1e-6);

    [Fact]
    public void Truncated_numbers_stay_inside() =>
        Assert.All(Sample.TruncatedNormal(Key.Of(5), [Count], 0.5, 0.6).ToDoubles(), x => Assert.InRange(x, 0.5f, 0.6f));

    [Fact]
    public void Truth_comes_with_its_probability()
    {
        var truths = Sample.Bernoulli(Key.Of(1), Tensor.From(0.0, 0.2, 1.0), [Count, 3]);

        var frequencies = truths.AsType(ElementType.Float64).Mean(0).ToDoubles();

        Assert.Equal(0, frequencies[0]);
        Assert.InRange(frequencies[1], 0.19, 0.21);
        Assert.Equal(1, frequencies[2]);
    }

    [Fact]
    public void Signs_are_balanced()
    {
        var signs = Sample.Rademacher(Key.Of(1), [Count]).ToDoubles();

        Assert.All(signs, s => Assert.Equal(1, Math.Abs(s)));
        Assert.InRange(signs.Sum() / Math.Sqrt(Count), -3, 3);
    }

    [Fact]
    public void Choices_come_with_the_softmax_of_their_logits()
    {
        double[] p = [0.1, 0.6, 0, 0.3];
        var logits = Tensor.Log(Tensor.From(p));

        var drawn = Sample.Categorical(Key.Of(2), logits, [Count]);

        Assert.Equal(new TensorType(ElementType.Int32, [Count]), drawn.Type);
        Expected(p, drawn);
    }

    [Fact]
    public void Categories_are_drawn_for_each_distribution() =>
        Assert.Equal<Shape>([7, 2, 3], Sample.Categorical(Key.Of(2), Tensor.Zeros([2, 3, 4]), [7]).Shape);

    [Fact]
    public void Integers_are_uniform_in_their_interval()
    {
        var drawn = Sample.Integers(Key.Of(3), [Count], -2, 4);

        Expected([.. Enumerable.Repeat(1.0 / 6, 6)], drawn + 2);
        Assert.InRange(Sample.Integers(Key.Of(3), [], long.MaxValue - 1, long.MaxValue, ElementType.Int64).Item<long>(), long.MaxValue - 1, long.MaxValue - 1);
        Assert.Throws<ShapeException>(() => Sample.Integers(Key.Of(3), [1], 4, 4));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.8)]
    [InlineData(9.0)]
    [InlineData(10.0)]
    [InlineData(60.0)]
    public void Poisson_numbers_have_their_probabilities(double rate)
    {
        var drawn = Sample.Poisson(Key.Of(4), Tensor.Scalar(rate), [Count]);

        var most = (int)(rate + 8 * Math.Sqrt(rate) + 5);
        Expected([.. Enumerable.Range(0, most).Select(k => rate == 0 ? (k == 0 ? 1 : 0) : Poisson.PMF(rate, k))], drawn);
    }

    [Fact]
    public void Poisson_numbers_of_many_rates_are_drawn_at_once()
    {
        var rates = Tensor.From(0.5f, 3f, 30f, 3000f);

        var mean = Sample.Poisson(Key.Of(4), rates, [2000, 4]).AsType(ElementType.Float32).Mean(0).ToDoubles();

        foreach (var (expected, actual) in rates.ToDoubles().Zip(mean)) Assert.InRange((actual - expected) * Math.Sqrt(2000 / expected), -3, 3);
    }

    [Fact]
    public void Orders_are_equally_probable()
    {
        var orders = Sample.Permutation(new Key(Key.Of(6).SplitBatch(2400).Data), 4);

        Assert.Equal<Shape>([2400, 4], orders.Shape);
        var frequencies = Rows(orders).GroupBy(r => string.Join(",", r)).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(24, frequencies.Count);
        // Chi squared with 23 degrees of freedom exceeds 49.7 once in a thousand.
        Assert.InRange(frequencies.Values.Sum(f => (f - 100.0) * (f - 100.0) / 100), 0, 49.7);
    }

    [Fact]
    public void A_choice_has_no_repetitions()
    {
        var chosen = Sample.Choice(Key.Of(7), 50, 20).ToArray<int>();

        Assert.Equal(20, chosen.Distinct().Count());
        Assert.All(chosen, c => Assert.InRange(c, 0, 49));
        Assert.Empty(Sample.Choice(Key.Of(7), 5, 0).ToArray<int>());
        Assert.Equal(
            "choice: 6 different ones of 5 cannot be chosen: the count is at most the population.",
            Assert.Throws<ShapeException>(() => Sample.Choice(Key.Of(7), 5, 6)).Message);
    }

    [Fact]
    public void Slices_are_reordered_together()
    {
        var x = Tensor.Arange(12).Reshape(3, 4);

        var shuffled = Sample.Permutation(Key.Of(8), x, 1);

        Assert.Equal(x.ToArray<int>().Order(), shuffled.ToArray<int>().Order());
        Expect.Close(shuffled[0] + 4, shuffled[1], 0);
    }

    [Fact]
    public void Points_of_the_simplex_sum_to_one_and_have_the_means_of_their_concentrations()
    {
        var concentration = Tensor.From(0.5, 1.0, 3.5);

        var points = Sample.Dirichlet(Key.Of(9), concentration, [Count]);

        Expect.Close(Tensor.Ones([Count], ElementType.Float64), points.Sum(-1), 1e-14);
        Expect.Close(concentration / 5.0, points.Mean(0), 0.01);
    }

    [Fact]
    public void Gamma_numbers_of_no_concentration_are_no_numbers()
    {
        var drawn = Compile.Of((Tensor a) => Sample.Gamma(Key.Of(3), a))(Tensor.From(float.NaN, float.PositiveInfinity, -1f, 0f, 2f)).ToDoubles();
        Assert.All(drawn[..4], number => Assert.True(double.IsNaN(number)));
        Assert.True(drawn[4] > 0);
    }

    [Fact]
    public void Integers_that_the_type_does_not_hold_are_refused()
    {
        foreach (var (low, high, type) in ((long, long, ElementType)[])[(0, 1L << 40, ElementType.Int32), (0, 300, ElementType.UInt8), (-129, 0, ElementType.Int8), (long.MinValue, long.MaxValue, ElementType.Int64)])
            Assert.Throws<ShapeException>(() => Sample.Integers(Key.Of(1), [3], low, high, type));
        Assert.All(Sample.Integers(Key.Of(1), [50], 0, 256, ElementType.UInt8).ToDoubles(), number => Assert.InRange(number, 0, 255));
    }

    [Fact]
    public void Dropout_keeps_the_mean()
    {
        var mask = Sample.DropoutMask(Key.Of(1), 0.25, [Count]).ToDoubles();

        Assert.Equal([0, (float)(1 / 0.75)], mask.Distinct().Order());
        Assert.InRange(mask.Average(), 0.98, 1.02);
        Assert.All(Sample.DropoutMask(Key.Of(1), 0, [100]).ToDoubles(), m => Assert.Equal(1, m));
        Assert.Throws<ShapeException>(() => Sample.DropoutMask(Key.Of(1), 1, [1]));
    }

    [Fact]
    public void Only_real_numbers_are_drawn_uniformly() => Assert.Equal(
        "uniform: samples of type i32 do not exist: draw f32 or f64.",
        Assert.Throws<ElementTypeException>(() => Sample.Uniform(Key.Of(1), [1], type: ElementType.Int32)).Message);

    private static IEnumerable<int[]> Rows(Tensor x) => x.ToArray<int>().Chunk(x.Shape[1]);

    /// <summary>The largest distance between the empirical and the true distribution function.</summary>
    private static double Distance(double[] sample, Func<double, double> distribution)
    {
        Array.Sort(sample);
        return sample.Select((x, i) => distribution(x) is var f ? Math.Max(Math.Abs(f - (double)i / sample.Length), Math.Abs((i + 1.0) / sample.Length - f)) : 0).Max();
    }

    /// <summary>Frequencies of 0, 1, ... within four standard deviations of their probabilities, and nothing else.</summary>
    private static void Expected(double[] probabilities, Tensor drawn)
    {
        var frequencies = new int[probabilities.Length];
        foreach (var k in drawn.ToArray<int>()) frequencies[k]++;
        for (var k = 0; k < frequencies.Length; k++)
        {
            var (p, n) = (probabilities[k], drawn.Count);
            Assert.True(Math.Abs(frequencies[k] - n * p) <= 4 * Math.Sqrt(n * p * (1 - p)) + 1, $"{k} came {frequencies[k]} times, not {n * p:F1}");
        }
    }
}
