using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Tests.Bayes;

public sealed class NoveltyTests
{
    private const int Inputs = 5, Classes = 3, Rows = 7;

    private static readonly Mlp network = Mlp.Create(Key.Of(1), [Inputs, 8, Classes], Tensor.Tanh, type: ElementType.Float64);

    private static readonly Tensor x = Sample.Normal(Key.Of(2), [Rows, Inputs], ElementType.Float64).Evaluate();

    [Fact]
    public void Odin_steps_along_the_signs_of_finite_differences()
    {
        const double Temperature = 3, Step = 0.01, Difference = 1e-5;
        double Highest(double[] point) => (network.Call(Tensor.From(point)) / Temperature).LogSoftmax().Max(-1).Item();
        double[] expected = [.. Enumerable.Range(0, Rows).Select(row =>
        {
            double[] point = x[row].ToDoubles(), moved = [.. point];
            for (var i = 0; i < Inputs; i++)
            {
                double[] up = [.. point], down = [.. point];
                (up[i], down[i]) = (up[i] + Difference, down[i] - Difference);
                moved[i] += Step * Math.Sign(Highest(up) - Highest(down));
            }
            return Highest(moved);
        })];
        Numbers.Close(expected, NoveltyScores.Odin(network, x, Tensor.Scalar(Temperature), Tensor.Scalar(Step)).ToDoubles(), 1e-12);
    }

    [Fact]
    public void The_gradient_norm_is_that_of_the_last_weights()
    {
        var (first, last) = (network.Layers[0], network.Layers[1]);
        var features = Tensor.Tanh(first.Call(x)).Evaluate();
        for (var row = 0; row < Rows; row++)
        {
            var own = features[row].Evaluate();
            var gradient = Gradient.Of(last, map => -map.Call(own).LogSoftmax().Mean(-1));
            Assert.Equal(Tensor.Abs(gradient.Weight).Sum().Item(), NoveltyScores.GradientNorm(features, network.Call(x))[row].Item(), 10);
        }
    }

    [Fact]
    public void The_energy_of_a_low_temperature_is_the_largest_logit() =>
        Numbers.Close(network.Call(x).Max(-1).ToDoubles(), NoveltyScores.Energy(network.Call(x), Tensor.Scalar(1e-3)).ToDoubles(), 1e-2);

    [Fact]
    public void Distances_from_classes_are_Mahalanobis()
    {
        var (features, labels) = (Sample.Normal(Key.Of(3), [40, 2], ElementType.Float64).Evaluate(), Tensor.From<int>([.. Enumerable.Range(0, 40).Select(i => i % 2)]));
        var gaussians = ClassGaussians.Of(features, labels, 2, ridge: 0);
        var point = Tensor.From(new double[,] { { 3, -1 } });
        // The covariance in closed form, of two features.
        var rows = features.ToDoubles().Chunk(2).Index().ToArray();
        double[][] means = [.. rows.GroupBy(row => row.Index % 2).Select(group => (double[])[group.Average(row => row.Item[0]), group.Average(row => row.Item[1])])];
        double Covariance(int i, int j) => rows.Average(row => (row.Item[i] - means[row.Index % 2][i]) * (row.Item[j] - means[row.Index % 2][j]));
        var (a, b, c) = (Covariance(0, 0), Covariance(0, 1), Covariance(1, 1));
        double Distance(double[] mean) => (3 - mean[0], -1 - mean[1]) is var (u, v) ? (c * u * u - 2 * b * u * v + a * v * v) / (a * c - b * b) : 0;
        Assert.Equal(-means.Min(Distance), gaussians.Score(point).Item(), 9);
    }

    [Fact]
    public void States_are_outputs_times_gradients_of_the_divergence_from_uniform()
    {
        var hidden = Tensor.Tanh(network.Layers[0].Call(x)).Evaluate();
        var states = ActivationCoverage.States(x => Tensor.Tanh(network.Layers[0].Call(x)), network.Layers[1].Call, x, Tensor.Scalar(2.0));
        // The gradient in the logits is softmax - 1 / classes.
        var gradient = Tensor.MatMul(network.Call(x).Softmax() - 1.0 / Classes, network.Layers[1].Weight.T);
        Numbers.Close(Tensor.Sigmoid(2.0 * hidden * gradient).ToDoubles(), states.ToDoubles(), 1e-12);
    }

    [Fact]
    public void Coverage_counts_states_that_were_seen()
    {
        var seen = Tensor.From(new double[,] { { 0.1, 0.9 }, { 0.15, 0.6 }, { 0.7, 0.95 } });
        // Of 4 bins the first neuron fills the first with 2 and the third with 1, the second neuron the third with 1 and the last with 2.
        var coverage = new ActivationCoverage(seen, bins: 4, enough: 2);
        Assert.Equal((1 + 0.5 + 0.5 + 1) / 8, coverage.Total, 12);
        Numbers.Close([1, 0.5, 0], coverage.Score(Tensor.From(new double[,] { { 0.2, 1 }, { 0.6, 0.7 }, { 0.3, 0.3 } })), 1e-12);
    }

    [Fact]
    public void Drawn_norms_change_by_their_noise_alone()
    {
        var norm = GroupNorm.Create(4, 2, 1, ElementType.Float64);
        var network = new Sequential([norm, new Elementwise(Activation.Relu), Linear.Create(Key.Of(5), 6, 2, type: ElementType.Float64)]);
        var scale = ((GroupNorm)BayesianNorms.Drawn(network, Key.Of(6), Tensor.Scalar(0.5)).Layers[0]).Scale.ToDoubles();
        Numbers.Close(Sample.Normal(Key.Of(6).Fold(0), [4], ElementType.Float64).ToDoubles(), [.. scale.Select(value => (value - 1) / 0.5)], 1e-12);
        Assert.Throws<ArgumentException>(() => BayesianNorms.Drawn(Linear.Create(Key.Of(7), 2, 2), Key.Of(6), Tensor.Scalar(0.5)));
    }

    [Fact]
    public void Adaptation_trains_norms_and_nothing_else()
    {
        var network = ResidualNetwork.Create(Key.Of(8), [1, 16, 16], 8, 1, 2);
        var data = new Paramorph.Problems.Examples(Sample.Normal(Key.Of(9), [8, 1, 16, 16]).Evaluate(), Tensor.From(0, 1, 0, 1, 0, 1, 0, 1));
        var adapted = BayesianNorms.Adapted(network, Batches.Whole(data), 0.2, 2, 1e-2, 2, Key.Of(10));
        var changed = Tree.Names((ILayer)network).Zip(Tree.Leaves((ILayer)network).Zip(Tree.Leaves(adapted), (a, b) => !a.ToDoubles().SequenceEqual(b.ToDoubles())));
        Assert.All(changed, leaf => Assert.Equal(BayesianNorms.Parameters(leaf.First, Tensor.Zeros([1])), leaf.Second));
    }

    [Fact]
    public void Members_are_mixed_by_their_probabilities()
    {
        Linear Sure(double logit) => new(Tensor.From(new double[,] { { logit, 0 } }), null);
        var mixed = new ProbabilityEnsemble([Sure(Math.Log(3)), Sure(-Math.Log(3))]).Call(Tensor.From(new double[,] { { 1 } }));
        Numbers.Close([Math.Log(0.5), Math.Log(0.5)], mixed.ToDoubles(), 1e-12);
        var both = new ProbabilityEnsemble([Sure(Math.Log(3)), Sure(0)]).Call(Tensor.From(new double[,] { { 1 } }));
        Assert.Equal(Math.Log(0.625), both[0, 0].Item(), 12);
    }
}
