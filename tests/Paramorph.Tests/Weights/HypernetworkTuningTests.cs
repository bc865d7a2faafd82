using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class HypernetworkTuningTests
{
    [Fact]
    public void Hyperparameters_go_where_the_model_that_they_give_is_wanted()
    {
        // Training makes the one weight equal to the hyperparameter, validation wants it to be 1.5.
        var tuning = new HypernetworkTuning<Linear, Tensor>(
            new Adam(1), new Adam(0.02), spread: 0.3, values => values,
            (map, values, _) => Tensor.Square(map.Weight - values).Sum(), (map, target) => Tensor.Square(map.Weight - target).Sum());
        var hyper = Hypernetwork.Of(Key.Of(1), new Linear(Tensor.Zeros([1, 1]).Evaluate(), null), 1, [16], encodesInput: false, activation: Activation.Tanh);
        var state = tuning.Start(hyper, Tensor.Full([1], -1).Evaluate(), rate: 0.01);
        for (var i = 0; i < 600; i++) state = tuning.Tune(tuning.Learn(state, Tensor.Scalar(1.5f), Key.Of(i)), Tensor.Scalar(1.5f));
        Assert.Equal(1.5, state.Values.ToDoubles()[0], 0.1);
        Assert.Equal(1.5, tuning.Model(state).Weight.Item(), 0.1);
    }
}
