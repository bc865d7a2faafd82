using Paramorph.Boosting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Tests.Methods;

namespace Paramorph.Tests.Boosting;

public sealed class BoostedNetworkTests
{
    [Fact]
    public void Each_part_lowers_the_error_on_what_it_learns_from()
    {
        var waves = Examples.Waves(200);
        var network = (Mlp)Examples.Fitted(BoostedNetwork.Method, waves, ("parts", 20), ("neurons", 3), ("rows", 1));
        double[] errors = [.. Enumerable.Range(0, 21).Select(parts => Error(waves, parts == 0 ? null : BoostedNetwork.First(network, 3 * parts)))];
        Assert.All(errors.Zip(errors.Skip(1)), pair => Assert.True(pair.Second < pair.First + 1e-6));
        Assert.True(errors[^1] < 0.1 * errors[0]);
    }

    [Fact]
    public void All_first_neurons_are_the_network()
    {
        var network = Mlp.Create(Key.Of(1), [2, 6, 1], Activation.Tanh);
        var x = Sample.Normal(Key.Of(2), [5, 2]);
        Assert.Equal(network.Call(x).ToDoubles(), BoostedNetwork.First(network, 6).Call(x).ToDoubles());
        Assert.Throws<ShapeException>(() => BoostedNetwork.First(network, 7));
        Assert.Throws<ShapeException>(() => BoostedNetwork.First(Mlp.Create(Key.Of(1), [2, 6, 6, 1], Activation.Tanh), 3));
    }

    private static double Error(Paramorph.Problems.ExamplesProblem problem, Mlp? network)
    {
        var targets = problem.Train.Targets;
        return Tensor.Square((network?.Call(problem.Train.Inputs) ?? targets.Mean(0)) - targets).Mean().Item();
    }

    [Fact]
    public void A_fit_without_time_has_one_part()
    {
        var notes = new List<string>();
        var network = (Mlp)BoostedNetwork.Method.Fit(Examples.Waves(50), new(Configuration.Default(BoostedNetwork.Method.Hyperparameters), Key.Of(1)) { Deadline = new(true), Note = notes.Add });
        Assert.True(Tensor.Abs(network.Layers[1].Weight).Max().Item() > 0);
        Assert.Contains("the time was over after 1 of", Assert.Single(notes), StringComparison.Ordinal);
    }
}
