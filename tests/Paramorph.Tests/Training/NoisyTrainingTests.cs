using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class NoisyTrainingTests
{
    private static readonly LabelledData data = GaussianClusters.Of(Key.Of(1), 90, dimensions: 4, classes: 3, deviation: 0.2);
    private static readonly TreeList<Linear> maps = [Linear.Create(Key.Of(2), 4, 16), Linear.Create(Key.Of(3), 16, 3)];

    private static TreeList<Linear>[] Trained(float dropout, int steps, int every) =>
        [.. new NoisyTraining(new Adam(1e-2)).Run(maps, Batches.Whole(data), _ => [0, dropout, dropout], step => Key.Of(step), steps, every)];

    private static double Error(TreeList<Linear> maps) => Loss.CrossEntropy(NoisyPerceptron.Call(data.Inputs, null, default, maps), data.Labels).Item();

    [Fact]
    public void Classes_are_learned_and_looked_at_now_and_then()
    {
        var looks = Trained(0.2f, 130, 60);
        Assert.Equal(2, looks.Length);
        Assert.True(Error(looks[1]) < 0.5 * Error(maps));
    }

    [Fact]
    public void Without_rates_a_step_is_the_optimisers()
    {
        var adam = new Adam(1e-2);
        var (expected, _) = adam.Update(maps, Gradient.Of(maps, m => Loss.CrossEntropy(new Mlp(m, Activation.Relu).Call(data.Inputs), data.Labels)), adam.Start(maps));
        Numbers.Close(expected[0].Weight.ToDoubles(), Trained(0, 1, 1)[0][0].Weight.ToDoubles(), 1e-5);
    }
}
