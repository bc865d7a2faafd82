using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Physics;

namespace Paramorph.Tests.Physics;

public sealed class FlowNetworkTests
{
    /// <summary>a cos x + b sin x + d t, of which everything is known.</summary>
    private static Mlp Linear(double a, double b, double d, ElementType type) => new([new(Tensor.From(a, b, d).Reshape(3, 1).AsType(type), Tensor.Zeros([1], type))], Activation.Tanh);

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void The_loss_in_place_is_the_residual_of_the_equation_and_the_error_at_the_start(double viscosity)
    {
        const double A = 0.4, B = -0.7, D = 1.1, Speed = 3, Weight = 10;
        double[][] points = [[0.3, 0.2], [2.5, 0.9], [5, 0.5]], starts = [[1, 0], [4, 0]];
        double Residual(double x, double t)
        {
            var (u, slope, bend) = (A * Math.Cos(x) + B * Math.Sin(x) + D * t, B * Math.Cos(x) - A * Math.Sin(x), -A * Math.Cos(x) - B * Math.Sin(x));
            return D + (viscosity > 0 ? Speed + u : Speed) * slope - viscosity * bend;
        }
        double Square(double x) => x * x;
        var expected = points.Average(p => Square(Residual(p[0], p[1]))) + Weight * starts.Average(p => Square(A * Math.Cos(p[0]) + (B - 1) * Math.Sin(p[0])));
        Tensor Rows(double[][] rows) => Tensor.From<double>([.. rows.SelectMany(row => row)], [rows.Length, 2]);
        var loss = FlowNetwork.InPlace(1).Loss(Linear(A, B, D, ElementType.Float64), Tensor.Scalar(Speed), viscosity, Rows(points), Rows(starts), Weight);
        Assert.Equal(expected, loss.Item(), 1e-10);
    }

    [Fact]
    public void A_network_in_place_is_the_narrowest_with_so_many_parameters()
    {
        // Of width w: 3 w + w, three times w² + w, and w + 1.
        long Of(int width) => 3L * width * width + 8 * width + 1;
        Assert.Equal(Of(6), ParameterCount.Of(FlowNetwork.InPlace(Of(5) + 1).Create(Key.Of(1))));
        Assert.Equal(Of(6), ParameterCount.Of(FlowNetwork.InPlace(Of(6)).Create(Key.Of(1))));
    }

    [Fact]
    public void A_network_that_travels_with_convection_knows_its_states()
    {
        // From (cos x0, sin x0, t) to the displacement c t and to the state sin x0.
        var network = new LagrangianNetwork(Linear(0, 0, 4, ElementType.Float32), Linear(0, 1, 0, ElementType.Float32), PeriodicFlow.Period);
        var flow = PeriodicFlow.OfConvection("convection", 4, places: 200, times: 5);
        var travelling = FlowNetwork.Travelling(5);
        Assert.Equal(0, flow.Error(travelling.States(network, flow)), 1e-3);
        Assert.Equal(0, travelling.LossAtDrawn(network, Tensor.Scalar(4f), 0, Key.Of(1), 20, 5).Item(), 1e-8);
    }

    [Fact]
    public void A_network_in_place_knows_its_states()
    {
        var flow = PeriodicFlow.OfConvection("nothing moves", 0, places: 30, times: 4);
        Assert.Equal(0, flow.Error(FlowNetwork.InPlace(1).States(Linear(0, 1, 0, ElementType.Float32), flow)), 1e-6);
    }

    [Fact]
    public void Points_are_drawn_over_the_period_and_the_time_and_half_as_many_at_the_start()
    {
        var (points, starts) = (Tensor.Scalar(0f), Tensor.Scalar(0f));
        var network = new FlowNetwork<Tensor>(_ => Tensor.Scalar(0f), (_, _, _, at, from, weight) =>
        {
            (points, starts) = (at, from);
            return Tensor.Scalar(weight);
        }, (_, at) => at, (_, _) => []);
        Assert.Equal(3, network.LossAtDrawn(Tensor.Scalar(0f), Tensor.Scalar(1f), 0, Key.Of(2), 400, 3).Item());
        Assert.Equal([400, 2], points.Shape);
        Assert.Equal([200, 2], starts.Shape);
        Assert.Equal(0, starts[.., 1].ToDoubles().Max(Math.Abs));
        foreach (var (numbers, end) in new[] { (points[.., 0], PeriodicFlow.Period), (points[.., 1], 1), (starts[.., 0], PeriodicFlow.Period) })
        {
            Assert.InRange(numbers.Min().Item(), 0, 0.05 * end);
            Assert.InRange(numbers.Max().Item(), 0.95 * end, end);
        }
    }
}
