using Paramorph.Layers;

namespace Paramorph.Tests.Layers;

public sealed class NormedLinearTests
{
    private static readonly Linear linear = Linear.Create(Key.Of(1), 4, 3, bias: Initialiser.Normal(1), type: ElementType.Float64);
    private static readonly Tensor points = Sample.Normal(Key.Of(2), [50, 4], ElementType.Float64).Evaluate();

    [Fact]
    public void As_lengths_and_directions_the_map_is_the_same()
    {
        var normed = NormedLinear.Of(linear);
        Paramorph.Tests.Numbers.Close(linear.Call(points).ToDoubles(), normed.Call(points).ToDoubles(), 1e-12);
        // A longer vector of the same direction changes nothing.
        Paramorph.Tests.Numbers.Close(linear.Call(points).ToDoubles(), (normed with { Vector = 3.0 * normed.Vector }).Call(points).ToDoubles(), 1e-12);
        Paramorph.Tests.Numbers.Close([1, 1, 1], Tensor.Square(NormedLinear.Directions(linear.Weight)).Sum(0).ToDoubles(), 1e-12);
    }

    [Fact]
    public void Standardised_sums_have_the_mean_of_the_shift_and_unit_deviation()
    {
        var sums = StandardisedLinear.Of(linear).Call(points);
        Paramorph.Tests.Numbers.Close(linear.Bias!.ToDoubles(), sums.Mean(0).ToDoubles(), 1e-12);
        Paramorph.Tests.Numbers.Close([1, 1, 1], sums.Variance(0).ToDoubles(), 1e-4);
    }
}
