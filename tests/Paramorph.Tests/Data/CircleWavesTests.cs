using MathNet.Numerics;
using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class CircleWavesTests
{
    [Fact]
    public void Scattered_waves_are_a_trigonometric_polynomial_of_mean_square_one()
    {
        const int Degree = 3;
        var circle = CircleWaves.Scattered(Key.Of(2), 2000, Degree);
        Assert.Equal(1, Tensor.Square(circle.Targets).Mean().Item(), 0.1);
        // Few of the points tell all coefficients, and so all other values.
        var angles = circle.Points.ToDoubles().Chunk(2).Select(point => Math.Atan2(point[1], point[0])).ToArray();
        double[][] waves = [.. angles.Select(angle => Enumerable.Range(1, Degree).SelectMany(k => (double[])[Math.Cos(k * angle), Math.Sin(k * angle)]).ToArray())];
        var targets = circle.Targets.ToDoubles();
        var fitted = Fit.MultiDim(waves[..30], targets[..30]);
        Numbers.Close(targets, [.. waves.Select(wave => wave.Zip(fitted, (a, b) => a * b).Sum())], 1e-4);
    }
}
