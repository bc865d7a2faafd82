using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class SelfTuningTests
{
    private const int Examples = 32;

    private static readonly Tensor ones = Tensor.Ones([Examples, 1]);

    /// <summary>Training wants the map at an input of one to answer with the hyperparameter, validation wants the answer 1.5: the hyperparameter goes there through the map alone.</summary>
    private static readonly SelfTuning<Tensor> tuning = new(
        new Adam(0.03), new Adam(0.03), Examples, entropy: 1e-3,
        (maps, free, x, _) => Tensor.Square(maps[0].Call(x, free) - free).Mean(), (maps, free, x, _) => Tensor.Square(maps[0].Call(x, free) - 1.5).Mean());

    [Fact]
    public void Hyperparameters_go_where_the_answer_of_the_maps_is_wanted()
    {
        var state = tuning.Start([BestResponseLinear.Create(Key.Of(1), 1, 1, 1)], 1, value: -1, deviation: 0.3);
        Assert.Equal(Math.Log(0.3), state.Hyper.Item2.ToDoubles()[0], 1e-6);
        state = tuning.Rounds(state, Batches.Whole(ones), Batches.Whole(ones), step => Key.Of(step), rounds: 600, trainings: 1).Last();
        Assert.Equal(1.5, state.Values.ToDoubles()[0], 0.1);
    }

    [Fact]
    public void Each_step_moves_its_own_side()
    {
        var start = tuning.Start([BestResponseLinear.Create(Key.Of(1), 1, 1, 1)], 1, value: -1, deviation: 0.3);
        var (trained, tuned) = (tuning.Train(start, ones, Key.Of(2)), tuning.Tune(start, ones, Key.Of(3)));
        Assert.Same(start.Hyper.Item1, trained.Hyper.Item1);
        Assert.Same(start.Maps, tuned.Maps);
        Assert.NotEqual(start.Maps[0].Gates.ToDoubles(), trained.Maps[0].Gates.ToDoubles());
    }
}
