using Paramorph.Compiler;
using Paramorph.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Which axis the compiler takes for the rows of a batch.</summary>
public class ScheduleTests
{
    [Theory]
    [InlineData(2048, 2048)]
    [InlineData(128, 0)]
    public void Wide_layers_leave_the_batch_its_rows(int batch, int rows)
    {
        var computation = Computation.Trace("network", p => [.. Gradients(p)], [new(ElementType.Float32, [batch, 512]), new(ElementType.Float32, [512, 512]), new(ElementType.Float32, [512])]);
        var schedule = new Schedule(computation, CompilerOptions.Default);
        Assert.All(schedule.Groups.SelectMany(g => g.Clusters.Select(c => (g.Rows, c))), x => Assert.True(x.Rows == rows || x.c.Space.Rank < 2 || x.c.Space[0] != batch));
        Assert.Contains(schedule.Groups, g => g.Rows == rows && g.Clusters.Exists(c => c.Operations[0].Primitive is Dot));
    }

    [Fact]
    public void Weights_that_are_made_row_by_row_leave_a_product_the_rows_of_its_batch()
    {
        var computation = Computation.Trace("network", p => [p[0].Dot(Tensor.Tanh(p[1]))], [new(ElementType.Float32, [2048, 600]), new(ElementType.Float32, [600, 16])]);
        var product = computation.Operations.Single(o => o.Primitive is Dot);
        var schedule = new Schedule(computation, CompilerOptions.Default);
        Assert.Equal(2048, schedule.Groups.Single(g => g.Clusters.Exists(c => c.Operations.Contains(product))).Rows);
        Assert.Equal(0, schedule.RowAxis(product.Output));
    }

    [Fact]
    public void A_value_repeated_for_a_few_directions_keeps_its_rows()
    {
        var computation = Computation.Trace("jets", p => [Tensor.Sin(Tensor.Cos(p[0]).Reshape(1, 1000, 8) * p[1])], [new(ElementType.Float32, [1000, 8]), new(ElementType.Float32, [3, 1, 1])]);
        var schedule = new Schedule(computation, CompilerOptions.Default);
        Assert.Equal(1, schedule.RowAxis(computation.Outputs[0]));
    }

    private static Tensor[] Gradients(Tensor[] p)
    {
        var x = p[0];
        var (gradient, bias) = Gradient.Of(p[1], p[2], (w, b) => Tensor.Square(Tensor.Tanh(Tensor.Tanh(x.Dot(w) + b).Dot(w) + b)).Mean());
        return [gradient, bias];
    }
}
