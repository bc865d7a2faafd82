using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class FoldedWaveTests
{
    [Fact]
    public void Targets_are_those_of_the_formula()
    {
        var wave = FoldedWave.Of(Key.Of(6), 500);
        double[] expected = [.. wave.Points.ToDoubles().Chunk(2).Select(x => Math.Sin(2 * x[0]) * Math.Cos(x[1]) + Math.Abs(x[0] + x[1]) - 1.3)];
        Numbers.Close(expected, wave.Targets.ToDoubles(), 1e-5);
        Assert.InRange(Tensor.Abs(wave.Points).Max().Item(), 1.9, 2);
    }
}
