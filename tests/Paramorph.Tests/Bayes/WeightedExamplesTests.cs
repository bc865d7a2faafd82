using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class WeightedExamplesTests
{
    private const int Count = 12, Draws = 4000;

    // Four of class 0, eight of class 1; what is believed is sure of class 0 for half of them.
    private static readonly LabelledData data = new(Tensor.Zeros([Count, 1]), Tensor.From<int>([.. Enumerable.Range(0, Count).Select(i => i < 4 ? 0 : 1)]));
    private static readonly Tensor believed = Tensor.OneHot(Tensor.From<int>([.. Enumerable.Range(0, Count).Select(i => i % 2)]), 2, ElementType.Float64);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Minimisers_of_a_model_without_inputs_are_draws_of_the_conjugate_posterior(double concentration)
    {
        double[] shares = [.. Enumerable.Range(0, Draws).Select(draw => Share(WeightedExamples.Draw(Key.Of(draw), data, believed, concentration)))];
        var (a, b) = (4 + 6 * concentration, 8 + 6 * concentration);
        var (mean, variance) = (a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
        Assert.Equal(mean, shares.Average(), 4 * Math.Sqrt(variance / Draws));
        Assert.InRange(shares.Average(share => (share - mean) * (share - mean)) / variance, 0.9, 1.1);
    }

    [Fact]
    public void The_loss_is_least_where_probabilities_are_weighted_shares()
    {
        var examples = WeightedExamples.Draw(Key.Of(1), data, believed, 0.5);
        var share = Share(examples);
        var gradient = Gradient.Of(Tensor.From(Math.Log(share), Math.Log(1 - share)), logits => examples.Loss(logits.BroadcastTo([Count, 2])));
        Expect.Close(Tensor.Zeros([2], ElementType.Float64), gradient, 1e-12);
        Assert.Equal(Count, (examples.Weights + examples.BelievedWeights).Sum().Item(), 1e-12);
        Assert.Equal(Paramorph.Training.Loss.CrossEntropy(believed, data.Labels).Item(), examples.Even().Loss(believed).Item(), 1e-12);
    }

    /// <summary>The weight of class 0.</summary>
    private static double Share(WeightedExamples examples) =>
        ((examples.Weights * Tensor.Equal(data.Labels, 0).AsType(ElementType.Float64)).Sum() + (examples.BelievedWeights * believed[.., 0]).Sum()).Item() / Count;
}
