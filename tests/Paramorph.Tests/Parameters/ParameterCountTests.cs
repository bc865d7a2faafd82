using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Tests.Parameters;

public sealed class ParameterCountTests
{
    /// <summary>3 inputs and one output: 5 width + 1 numbers.</summary>
    private static Mlp Network(int width) => Mlp.Create(Key.Of(1), [3, width, 1], Activation.Tanh);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(41, 8)]
    [InlineData(42, 9)]
    public void The_least_width_has_no_fewer_numbers(int parameters, int width) => Assert.Equal(width, ParameterCount.LeastWidth(parameters, Network));
}
