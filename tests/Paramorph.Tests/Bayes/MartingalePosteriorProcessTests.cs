using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class MartingalePosteriorProcessTests
{
    private static readonly MartingalePosteriorProcess network = MartingalePosteriorProcess.Create(Key.Of(1), inputs: 2, features: 8, heads: 2, generated: 4, queries: 3, ElementType.Float64);

    private static readonly PriorTasks tasks = new(
        Sample.Normal(Key.Of(2), [2, 6, 2], ElementType.Float64), Sample.Normal(Key.Of(3), [2, 6], ElementType.Float64),
        Tensor.From(true, true, true, true, false, false, true, true, false, false, false, false).Reshape(2, 6));

    private static Tensor Noise => Sample.Normal(Key.Of(4), [5, 2, 4, 8], ElementType.Float64);

    [Fact]
    public void Without_generated_pairs_it_is_the_conditional_process() =>
        Numbers.Close(network.Process.Predict(tasks, Key.Of(5), 1).Mean.ToDoubles(), (network with { Generated = 0 }).Predict(tasks, Key.Of(5), 1).Mean.ToDoubles(), 1e-12);

    [Fact]
    public void Generated_pairs_are_exchangeable_and_follow_no_order_of_known_ones()
    {
        var (representations, order, pairs) = (network.Process.Represent(tasks), Tensor.From(3, 1, 0, 2), Tensor.From(1, 0, 2, 3, 5, 4));
        var generated = network.Generate(tasks.Known, representations, Noise);
        Numbers.Close(generated.Take(order, 2).ToDoubles(), network.Generate(tasks.Known, representations, Noise.Take(order, 2)).ToDoubles(), 1e-12);
        Numbers.Close(generated.ToDoubles(), network.Generate(tasks.Known, representations.Take(pairs, 1), Noise).ToDoubles(), 1e-12);
    }

    [Fact]
    public void Generated_pairs_follow_every_known_one_and_no_other()
    {
        var representations = network.Process.Represent(tasks);
        var generated = network.Generate(tasks.Known, representations, Noise)[.., 0].ToDoubles();
        for (var place = 0; place < 6; place++)
        {
            var changed = representations + Tensor.OneHot(Tensor.Scalar(place), 6).AsType(ElementType.Float64).ExpandDims(-1);
            var after = network.Generate(tasks.Known, changed, Noise)[.., 0].ToDoubles();
            if (place < 4) Assert.NotEqual(generated, after);
            else Assert.Equal(generated, after);
        }
    }

    [Fact]
    public void Answers_are_decoded_from_the_mean_of_known_and_generated_representations()
    {
        var representations = network.Process.Represent(tasks);
        var generated = network.Generate(tasks.Known, representations, Sample.Normal(Key.Of(6), [3, 2, 4, 8], ElementType.Float64));
        var answers = network.Predict(tasks, Key.Of(6), 3);
        for (var task = 0; task < 2; task++)
        {
            var known = task == 0 ? 4 : 2;
            var mean = Tensor.Concatenate([representations[task][..known], generated[1, task]], 0).Mean(0);
            Numbers.Close(network.Process.Decode(tasks.Inputs[task], mean.ExpandDims(0)).Mean.ToDoubles(), answers.Mean[1, task].ToDoubles(), 1e-12);
        }
    }

    [Fact]
    public void The_loss_is_the_sum_of_its_three_parts_written_out()
    {
        const int Draws = 3;
        var (representations, answers) = (network.Process.Represent(tasks), network.Predict(tasks, Key.Of(7), Draws));
        var generated = network.Generate(tasks.Known, representations, Sample.Normal(Key.Of(7), [Draws, 2, 4, 8], ElementType.Float64));
        static double Density(double x, double mean, double deviation) => Math.Exp(-0.5 * Math.Pow((x - mean) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI));
        double Of(IndependentNormal answer, int draw, int task)
        {
            double[] y = tasks.Values[task].ToDoubles(), mean = answer.Mean[draw, task].ToDoubles(), deviation = answer.Deviation[draw, task].ToDoubles();
            return y.Select((value, i) => Density(value, mean[i], deviation[i])).Aggregate(1.0, (a, b) => a * b);
        }
        var (plain, alone) = (network.Process.Predict(tasks, Key.Of(8), 1), network.Process.Decode(tasks.Inputs, generated.Mean(-2).ExpandDims(-2)));
        var loss = 0.0;
        for (var task = 0; task < 2; task++)
        {
            loss -= Math.Log(Enumerable.Range(0, Draws).Average(draw => Of(answers, draw, task))) + Math.Log(Of(plain, 0, task));
            loss -= Enumerable.Range(0, Draws).Average(draw => Math.Log(Of(alone, draw, task)));
        }
        Assert.Equal(loss / 12, network.Loss(tasks, Key.Of(7), Draws).Item(), 1e-10);
    }
}
