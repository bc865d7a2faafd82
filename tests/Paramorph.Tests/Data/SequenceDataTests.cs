using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class SequenceDataTests
{
    [Fact]
    public void Sums_run_modulo_their_number()
    {
        var (symbols, sums) = Parity.Running(Key.Of(1), 20, 15, modulus: 3);
        var (s, r) = (symbols.ToArray<int>(), sums.ToArray<int>());
        for (var i = 0; i < s.Length; i++) Assert.Equal(s[(i - i % 15)..(i + 1)].Sum() % 3, r[i]);
    }

    [Fact]
    public void A_sparse_parity_depends_on_its_relevant_signs_alone()
    {
        var data = Parity.Sparse(Key.Of(2), 200, 10, 3);
        var x = data.Inputs.ToArray<float>();
        Assert.Equal(Enumerable.Range(0, 200).Select(n => x[10 * n] * x[10 * n + 1] * x[10 * n + 2] < 0 ? 1 : 0), data.Labels.ToArray<int>());
    }

    [Fact]
    public void A_table_of_addition_has_every_pair_once()
    {
        var table = ModularArithmetic.Addition(5);
        Assert.Equal(25, table.Results.Count);
        Assert.Equal((4 + 3) % 5, table.Results[4 * 5 + 3].Item());
        Assert.Equal([4, 3], table.Operands[4 * 5 + 3].ToArray<int>());
        Assert.Equal(4, ModularArithmetic.Of(5, (a, b) => a - b).Results[0 * 5 + 1].Item());
    }

    [Fact]
    public void Seasons_return_after_their_period()
    {
        var series = TimeSeries.Seasonal(Key.Of(3), 336, 2, noise: 0, trend: 0);
        Assert.Equal([336, 2], series.Shape);
        Expect.Close(series[..168], series[168..], 1e-5);
    }

    [Fact]
    public void The_noise_of_a_series_remembers()
    {
        var noise = TimeSeries.Seasonal(Key.Of(4), 5000, 1, periods: [], noise: 1, trend: 0).ToDoubles();
        Assert.InRange(noise.Average(x => x * x), 0.85, 1.15);
        Assert.InRange(noise.Zip(noise.Skip(1), (a, b) => a * b).Average() / noise.Average(x => x * x), 0.66, 0.74);
    }

    [Fact]
    public void The_series_of_Mackey_and_Glass_satisfies_its_equation()
    {
        // With a delay of 3 the fixed point x = 1 is stable; with 17 the series swings within known bounds.
        Assert.All(TimeSeries.MackeyGlass(Key.Of(5), 50, delay: 3).ToArray<float>(), x => Assert.Equal(1, x, 3));
        var chaotic = TimeSeries.MackeyGlass(Key.Of(5), 500).ToArray<float>();
        Assert.All(chaotic, x => Assert.InRange(x, 0.2, 1.4));
        Assert.True(chaotic.Max() - chaotic.Min() > 0.7);
        // Central differences of order four, on a series sampled every unit, against the right-hand side.
        for (var t = 20; t < 498; t++)
        {
            var slope = (8 * (chaotic[t + 1] - chaotic[t - 1]) - (chaotic[t + 2] - chaotic[t - 2])) / 12.0;
            Assert.InRange(slope - (0.2 * chaotic[t - 17] / (1 + Math.Pow(chaotic[t - 17], 10)) - 0.1 * chaotic[t]), -0.01, 0.01);
        }
    }
}
