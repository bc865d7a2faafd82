using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class TaylorModelTests
{
    private static readonly Tensor inputs = Sample.Normal(Key.Of(2), [5, 3], ElementType.Float64).Evaluate();
    private static readonly Mlp network = Mlp.Create(Key.Of(1), [3, 8, 8, 2], Activation.Tanh, type: ElementType.Float64), direction = Tree.Map(
        network, (path, leaf) => Sample.Normal(Key.Of(path.Length + (path.StartsWith("layers[1]", StringComparison.Ordinal) ? 50 : 0)), leaf.Shape, ElementType.Float64).Evaluate());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_remainder_falls_with_the_next_power_of_the_step(int order)
    {
        double Remainder(double size)
        {
            var step = Tree.Map(direction, leaf => size * leaf);
            var moved = Tree.Zip(network, step, (leaf, change) => leaf + change);
            return Tensor.Abs((TaylorModel.Of(network, static (m, x) => m.Call(x), order) with { Step = step }).Call(inputs) - moved.Call(inputs)).Max().Item();
        }
        Assert.InRange(Math.Log2(Remainder(4e-3) / Remainder(2e-3)), order + 0.9, order + 1.1);
    }

    [Fact]
    public void Its_second_term_is_that_of_central_differences()
    {
        const double Step = 1e-3;
        var (zero, one, two) = (Expanded(0), Expanded(1), Expanded(2));
        Tensor At(double size) => Tree.Zip(network, direction, (leaf, change) => leaf + size * change).Call(inputs);
        Expect.Close((At(Step) - At(-Step)) / (2 * Step), one - zero, 1e-3);
        Expect.Close((At(Step) - 2 * At(0) + At(-Step)) / (2 * Step * Step), two - one, 1e-3);

        static Tensor Expanded(int order) => (TaylorModel.Of(network, static (m, x) => m.Call(x), order) with { Step = direction }).Call(inputs);
    }

    [Fact]
    public void A_linear_model_has_the_tangent_kernel_of_its_point_wherever_it_moved()
    {
        var linear = TaylorModel.Of(network, static (m, x) => m.Call(x), 1);
        var moved = TangentKernel.Of(direction, inputs, (step, x) => (linear with { Step = step }).Call(x));
        Expect.Close(TangentKernel.Of(network, inputs, static (m, x) => m.Call(x)), moved, 1e-10);
    }

    [Fact]
    public void A_negative_order_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => TaylorModel.Of(network, static (m, x) => m.Call(x), -1));
}
