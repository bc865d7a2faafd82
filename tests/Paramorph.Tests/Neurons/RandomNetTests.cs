using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class RandomNetTests
{
    [Fact]
    public void What_flat_neurons_cannot_vary_with_stays_an_error()
    {
        var net = new RandomNet(Points: 100, Tests: 300, Ridge: 1e-12);
        double[] Errors(double range) => net.Errors(new(Key.Of(1), 1, 200, range, Activation.Tanh), x => Tensor.Sin(Math.PI * x * Tensor.From(1.0, 12)));
        var (narrow, wide) = (Errors(2), Errors(64));
        // One period is learned by both, twelve by steep neurons alone.
        Assert.True(narrow[0] < 1e-3 && wide[0] < 0.05 && wide[1] < 0.3 && narrow[1] > 0.5, $"{narrow[0]}, {narrow[1]}, {wide[0]}, {wide[1]}");
    }

    [Fact]
    public void Errors_are_in_deviations_of_the_target() =>
        Assert.Equal(1 / Math.Sqrt(3), RandomNet.RelativeError(Tensor.From(1.0, -1, 3, 1), Tensor.From(2.0, -2, 2, 2)).Item(), 1e-12);
}
