using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Neurons;

namespace Paramorph.Tests.Methods;

public sealed class NetworkMethodTests
{
    private static readonly NetworkMethod mlp = (NetworkMethod)Mlp.Method;

    [Fact]
    public void Iterations_of_LBFGS_find_what_has_no_noise_more_accurately()
    {
        var (waves, exactly) = (Examples.Waves(), mlp with { Iterations = Hyperparameter.Whole("iterations", "iterations", 200, 50, 500) });
        Assert.True(waves.Train.Targets.Count > 0);
        var (usual, better) = (waves.Test(Examples.Fitted(mlp, waves))["RMSE"], waves.Test(Examples.Fitted(exactly, waves))["RMSE"]);
        Assert.True(better < 0.7 * usual, $"{better} after L-BFGS, {usual} without");
        Assert.True(exactly.Effort(waves, Configuration.Default(exactly.Hyperparameters)).Flops > mlp.Effort(waves, Configuration.Default(mlp.Hyperparameters)).Flops);
    }

    [Theory]
    [InlineData("tanh", 0)]
    [InlineData("swish", 2)]
    [InlineData("srelu", 8)]
    public void A_perceptron_takes_any_activation_and_learns_its_parameters(string name, int learned)
    {
        var (waves, choice) = (Examples.Waves(), Configuration.Default(mlp.Hyperparameters));
        var told = choice.With("activation", mlp.Hyperparameters.First(parameter => parameter.Name == "activation").Parse(name));
        long Parameters(Configuration choice) => Paramorph.Parameters.ParameterCount.Of(mlp.Create(Key.Of(1), waves.Signature, choice));
        Assert.Equal(Parameters(choice) + learned, Parameters(told));
        Assert.True(waves.Test(mlp.Fit(waves, new(told, Key.Of(1)) { Share = 0.3 }))["RMSE"] < 0.25);
    }

    [Fact]
    public void A_perceptron_of_a_learned_activation_is_saved_and_loaded() =>
        Examples.AssertKept(mlp, Examples.Waves(), ("activation", mlp.Hyperparameters.First(parameter => parameter.Name == "activation").Parse("prelu")));

    [Theory]
    [InlineData("xnet")]
    [InlineData("pau")]
    public void Learned_activations_fit_waves_and_rings_and_are_saved(string name)
    {
        var method = Method.All.First(method => method.Name == name);
        Assert.True(Examples.Waves() is var waves && waves.Test(Examples.Fitted(method, waves))["RMSE"] < 0.2);
        Examples.AssertKept(method, waves);
        Examples.AssertKept(method, Examples.Rings());
    }

    [Fact]
    public void Stages_follow_one_another_and_share_the_steps()
    {
        var before = new List<ILayer>();
        TrainingStage Stage(double share) => new(share)
        {
            Before = network =>
            {
                before.Add(network);
                return network;
            },
        };
        var staged = mlp with { Stages = [Stage(0.5), Stage(0.5)], Epochs = NetworkMethod.UsualEpochs.Within(4, 1, 10) };
        var model = Examples.Fitted(staged, Examples.Waves(100));
        Assert.Equal(2, before.Count);
        // The second stage begins with what the first one trained.
        double[] Weights(ILayer network) => ((Mlp)network).Layers[0].Weight.ToDoubles();
        Assert.NotEqual(Weights(before[0]), Weights(before[1]));
        Assert.NotEqual(Weights(before[1]), Weights(model));
    }

    [Fact]
    public void A_penalty_is_lowered_beside_the_loss()
    {
        Tensor Size(ILayer network) => Tensor.Square(((Mlp)network).Layers[0].Weight).Mean();
        double After(TrainingStage stage) => Size(Examples.Fitted(mlp with { Stages = [stage] }, Examples.Waves(100), ("rate", 0.02))).Item();
        Assert.True(After(new(1) { Penalty = network => 300.0 * Size(network) }) < 0.5 * After(new(1)));
    }

    [Fact]
    public void A_selectable_network_settles_on_one_family_for_each_input()
    {
        var network = (Sequential)Examples.Fitted(SelectableKanLayer.Method, Examples.Waves(100), ("epochs", 20));
        foreach (var layer in network.Layers.Cast<SelectableKanLayer>())
        {
            Assert.All(layer.Weights().ToDoubles(), weight => Assert.True(weight is 0 or 1));
            Assert.Equal(layer.Logits.Shape[0], layer.Weights().Sum().Item());
        }
        // What is pruned again computes the same.
        var x = Sample.Normal(Key.Of(1), [7, 3]).Evaluate();
        var (whole, pruned) = (network.Call(x).ToDoubles(), SelectableKanLayer.PrunedOf(network).Call(x).ToDoubles());
        Assert.All(whole.Zip(pruned), pair => Assert.Equal(pair.First, pair.Second, 4));
    }
}
