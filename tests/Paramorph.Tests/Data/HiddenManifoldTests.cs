using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class HiddenManifoldTests
{
    [Fact]
    public void Inputs_of_a_hidden_manifold_lie_in_a_plane_that_keeps_the_cube()
    {
        var data = HiddenManifold.Draw(Key.Of(1), 500, inputs: 6, dimension: 2, neurons: 5);
        var (values, _) = LinearAlgebra.Eigh(Tensor.MatMul(data.Inputs.T, data.Inputs) / 500.0);
        // Two directions with the variance of a uniform number in ±1, and four without any.
        Numbers.Close([0, 0, 0, 0, 1.0 / 3, 1.0 / 3], values.ToDoubles(), 0.06);
        Numbers.Close([0, 0, 0, 0], values[..4].ToDoubles(), 1e-12);
        Assert.Equal([500, 1], data.Targets.Shape);
        Assert.Equal(0, data.Targets.Mean().Item(), 9);
        Assert.Equal(1, data.Targets.Std().Item(), 9);
    }

    [Fact]
    public void More_hidden_coordinates_than_inputs_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => HiddenManifold.Draw(Key.Of(1), 5, inputs: 2, dimension: 3, neurons: 1));
}
