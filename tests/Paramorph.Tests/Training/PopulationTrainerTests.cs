using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class PopulationTrainerTests
{
    private static readonly Tensor points = Tensor.Linspace(-1, 1, 12, ElementType.Float64).ExpandDims(1);

    private static Tensor Error(Mlp model) => Tensor.Square(model.Call(points) - Tensor.Sin(2 * points)).Mean();

    private static Mlp Start(Key key) => Mlp.Create(key, [1, 5, 1], Activation.Tanh, type: ElementType.Float64);

    [Fact]
    public void Each_network_is_trained_as_it_would_be_alone()
    {
        double[] rates = [0.01, 0.03];
        var keys = Key.Of(4).SplitBatch(2);
        var together = new PopulationTrainer<Mlp>(new Adam(1), (model, _, _) => Error(model))
            .Train(Vmap.Of(Start, keys), Tensor.From(rates), Key.Of(1), 30, parts: 4);
        for (var i = 0; i < 2; i++)
        {
            var trainer = new Trainer<Mlp, Tensor>(new Adam(rates[i]), (model, _, _) => Error(model));
            var alone = trainer.Run(trainer.Start(Start(Key.Of(4).Split(2)[i]), Key.Of(1)), Batches.Whole(points), new(30)).State.Model;
            Tree.Zip(together, alone, (many, one) =>
            {
                Expect.Close(one, many[i], 1e-9);
                return one;
            });
        }
    }

    [Fact]
    public void Parts_are_looked_at_and_what_follows_a_step_is_done()
    {
        var seen = new List<int>();
        var trainer = new PopulationTrainer<Tensor>(new Sgd(1), (x, _, _) => -x, x => Tensor.Minimum(x, 0.5));
        var end = trainer.Train(Tensor.From(0.0, 0.1), Tensor.From(0.1, 0.2), Key.Of(1), 5, parts: 3, (steps, x) =>
        {
            seen.Add(steps);
            Assert.True(x.Max().Item() <= 0.5);
        });
        Assert.Equal([2, 4, 5], seen);
        Assert.Equal([0.5, 0.5], end.ToDoubles());
    }

    [Fact]
    public void Keys_differ_between_networks_and_steps()
    {
        // Steps of minus one times a random number each: the places are sums of five of them.
        var trainer = new PopulationTrainer<Tensor>(new Sgd(1), (x, key, _) => x * Sample.Normal(key, [], ElementType.Float64));
        var places = new List<double[]>();
        trainer.Train(Tensor.From(0.0, 0.0), Tensor.From(1.0, 1.0), Key.Of(1), 4, parts: 4, (_, x) => places.Add(x.ToDoubles()));
        var moves = places.SelectMany((at, i) => at.Select((value, k) => i == 0 ? value : value - places[i - 1][k])).Select(move => Math.Round(move, 9)).ToArray();
        Assert.Equal(8, moves.Distinct().Count());
    }
}
