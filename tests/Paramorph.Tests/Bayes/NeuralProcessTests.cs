using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class NeuralProcessTests
{
    private static readonly PriorTasks tasks = new(
        Sample.Normal(Key.Of(1), [3, 6, 2], ElementType.Float64), Sample.Normal(Key.Of(2), [3, 6], ElementType.Float64),
        Tensor.From(true, true, true, true, false, false, true, true, false, false, false, false, false, false, false, false, false, false).Reshape(3, 6));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    public void The_order_of_known_pairs_and_what_is_asked_have_no_influence(int heads, int latents)
    {
        var network = NeuralProcess.Create(Key.Of(3), 2, 8, heads, latents, type: ElementType.Float64);
        double[] Asked(PriorTasks tasks) => network.Predict(tasks, Key.Of(4), 2).Mean[.., 0, 4..].ToDoubles();
        var order = Tensor.From(2, 0, 3, 1, 4, 5);
        Numbers.Close(Asked(tasks), Asked(new(tasks.Inputs.Take(order, 1), tasks.Values.Take(order, 1), tasks.Known)), 1e-12);
        Numbers.Close(Asked(tasks), Asked(tasks with { Values = tasks.Values + Tensor.From(0.0, 0, 0, 0, 7, -5) }), 1e-12);
        for (var place = 0; place < 4; place++)
            Assert.NotEqual(Asked(tasks), Asked(tasks with { Values = tasks.Values + Tensor.OneHot(Tensor.Scalar(place), 6).AsType(ElementType.Float64) }));
        Assert.All(network.Predict(tasks, Key.Of(4), 2).Deviation.ToDoubles(), deviation => Assert.True(deviation >= 0.02));
    }

    [Fact]
    public void Without_attention_a_pair_that_is_known_twice_counts_twice()
    {
        var network = NeuralProcess.Create(Key.Of(3), 1, 8, type: ElementType.Float64);
        var some = new PriorTasks(Tensor.From(0.1, 0.1, 0.5).Reshape(3, 1), Tensor.From(1.0, 1, -2), Tensor.From(true, true, true));
        var representations = network.Represent(some);
        Numbers.Close(((2.0 * representations[0] + representations[2]) / 3.0).ToDoubles(), network.Combine(some, representations).ToDoubles(), 1e-12);
    }

    [Fact]
    public void Where_places_attend_two_at_one_input_have_one_answer()
    {
        var network = NeuralProcess.Create(Key.Of(3), 1, 8, heads: 2, type: ElementType.Float64);
        var some = new PriorTasks(Tensor.From(0.1, 0.7, 0.4, 0.4).Reshape(4, 1), Tensor.From(1.0, -1, 0, 9), Tensor.From(true, true, false, false));
        var answers = network.Predict(some, Key.Of(1), 1).Mean.ToDoubles();
        Assert.Equal(answers[2], answers[3], 12);
        Assert.NotEqual(answers[0], answers[2], 3);
    }

    [Fact]
    public void The_divergence_of_normal_distributions_is_the_integral_of_its_definition()
    {
        IndependentNormal p = new(Tensor.From(0.3), Tensor.From(0.7)), q = new(Tensor.From(-0.2), Tensor.From(1.1));
        var x = Tensor.Arange(200_000, ElementType.Float64) * 1e-4 - 10.0;
        var density = Tensor.Exp(p.LogDensity(x));
        Assert.Equal(1, 1e-4 * density.Sum().Item(), 1e-8);
        Assert.Equal(1e-4 * (density * (p.LogDensity(x) - q.LogDensity(x))).Sum().Item(), p.Divergence(q).Item(), 1e-8);
        Assert.Equal(0, p.Divergence(p).Item(), 1e-12);
    }

    [Fact]
    public void The_loss_of_a_latent_process_is_minus_the_bound_written_out()
    {
        var network = NeuralProcess.Create(Key.Of(5), 2, 8, latents: 3, type: ElementType.Float64);
        var one = Tree.Map(tasks, tensor => tensor[..1]);
        IndependentNormal Given(Tensor known) => network.Latent!.Call(Tensor.Concatenate([one.Inputs, one.Values.ExpandDims(-1)], -1), known);
        var (some, all) = (Given(one.Known), Given(Tensor.Ones([1, 6]) > 0.5));
        Assert.NotEqual(some.Mean.ToDoubles(), all.Mean.ToDoubles());
        var draws = all.Draw(Key.Of(6), 5);
        var bound = 0.0;
        for (var draw = 0; draw < 5; draw++)
        {
            var answer = network.Decode(one.Inputs, network.Combine(one, network.Represent(one)), draws[draw..(draw + 1)]);
            bound += answer.LogDensity(one.Values).Sum().Item() / 5;
        }
        double[] m = all.Mean.ToDoubles(), s = all.Deviation.ToDoubles(), n = some.Mean.ToDoubles(), t = some.Deviation.ToDoubles();
        for (var i = 0; i < 3; i++) bound -= Math.Log(t[i] / s[i]) + (s[i] * s[i] + (m[i] - n[i]) * (m[i] - n[i])) / (2 * t[i] * t[i]) - 0.5;
        Assert.Equal(-bound / 6, network.Loss(one, Key.Of(6), 5).Item(), 1e-10);
    }

    [Fact]
    public void A_mixture_of_normal_distributions_has_the_moments_of_its_draws()
    {
        var parts = new IndependentNormal(Tensor.From(-1.0, 0.5, 2).Reshape(3, 1), Tensor.From(0.5, 1, 0.2).Reshape(3, 1));
        var draws = parts.Draw(Key.Of(7), 100_000).Flatten();
        Assert.Equal(draws.Mean().Item(), parts.Mixed().Mean.Item(), 0.01);
        Assert.Equal(Math.Sqrt(draws.Variance().Item()), parts.Mixed().Deviation.Item(), 0.01);
    }
}
