using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public sealed class StoredWeightsTests
{
    private static readonly Linear layer = Linear.Create(Key.Of(1), 40, 50, bias: Initialiser.Normal(1));

    [Fact]
    public void What_was_written_is_read_within_half_a_step()
    {
        var read = new StoredWeights<Linear>(layer, 8).Read();
        var step = Tensor.Abs(layer.Weight).Max().Item() / 127;
        Assert.InRange(Tensor.Abs(read.Weight - layer.Weight).Max().Item(), 0.25 * step, 0.501 * step);
        Assert.Equal(layer.Bias!.ToDoubles(), read.Bias!.ToDoubles());
    }

    [Fact]
    public void Bits_flip_at_their_rate()
    {
        var (flip, flipped) = (MemoryFaults.BitFlips(new KeyRandom(Key.Of(2)), 0.1), 0);
        for (var i = 0; i < 5000; i++) flipped += int.PopCount((byte)(sbyte)flip(37, 127) ^ 37);
        Assert.Equal(0.1, flipped / 40_000.0, 0.006);
        // The highest bit is the sign of two's complement.
        Assert.Equal(37 ^ -1, MemoryFaults.BitFlips(new KeyRandom(Key.Of(2)), 1)(37, 127));
    }

    [Fact]
    public void Stuck_codes_are_zero_or_the_highest()
    {
        var stuck = MemoryFaults.Stuck(new KeyRandom(Key.Of(3)), 0.4);
        var read = Enumerable.Range(0, 10_000).Select(_ => stuck(5, 127)).CountBy(code => code).ToDictionary();
        Assert.Equal([0, 5, 127], read.Keys.Order());
        Assert.Equal(0.2, read[0] / 10_000.0, 0.02);
        Assert.Equal(0.2, read[127] / 10_000.0, 0.02);
    }

    [Fact]
    public void Drift_is_relative()
    {
        var drift = MemoryFaults.Drift(new KeyRandom(Key.Of(4)), 0.3);
        double[] read = [.. Enumerable.Range(0, 10_000).Select(_ => drift(50, 127))];
        Assert.Equal(50, read.Average(), 0.6);
        Assert.Equal(15, Math.Sqrt(read.Average(code => (code - 50) * (code - 50))), 0.6);
    }
}
