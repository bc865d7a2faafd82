using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class DecayedClassifierTests
{
    private static readonly DecayedClassifier classifier = new(2, 3, new Adam(1));
    private static readonly LabelledData data = GaussianClusters.Of(Key.Of(1), 60, dimensions: 2, classes: 3, deviation: 0.2);

    [Fact]
    public void Each_squared_weight_is_multiplied_by_its_factor()
    {
        var map = new Linear(Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }), Tensor.Zeros([3]));
        var plain = Loss.CrossEntropy(map.Call(data.Inputs), data.Labels).Item();
        double Penalty(params double[] factors) => classifier.Penalised(map, Tensor.From<float>([.. factors.Select(factor => (float)Math.Log(factor))]), data).Item() - plain;
        Assert.Equal(1 + 4 + 2 * 9 + 3 * 16 + 25 + 5 * 36, Penalty(1, 1, 2, 3, 1, 5), 1e-2);
        // Of each class, the same for all of its weights.
        Assert.Equal(17 + 2 * 29 + 3 * 45, Penalty(1, 2, 3), 1e-2);
    }

    [Fact]
    public void It_learns_from_zeros_and_less_where_the_penalty_is_large()
    {
        Linear[] Trained(float logarithm) => [.. classifier.Train(Tensor.Full([3], logarithm).Evaluate(), data, 0.02, 100, 25)];
        var (free, held) = (Trained(-9), Trained(2));
        Assert.Equal(4, free.Length);
        Assert.True(Loss.CrossEntropy(free[^1].Call(data.Inputs), data.Labels).Item() < 0.6 * Math.Log(3));
        Assert.True(Tensor.Abs(held[^1].Weight).Max().Item() < 0.3 * Tensor.Abs(free[^1].Weight).Max().Item());
    }
}
