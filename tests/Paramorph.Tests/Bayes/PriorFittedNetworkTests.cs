using Paramorph.Bayes;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Bayes;

public sealed class PriorFittedNetworkTests
{
    private static readonly PriorFittedNetwork network = PriorFittedNetwork.Create(Key.Of(1), new(-1, -0.5, 0, 0.5, 1), inputs: 2, features: 8, heads: 2, layers: 2);

    private static readonly Func<PriorTasks, Tensor> call = Compile.Of((PriorTasks tasks) => network.Call(tasks));

    private static readonly PriorTasks tasks = new(
        Sample.Normal(Key.Of(2), [6, 2]), Sample.Normal(Key.Of(3), [6]), Tensor.From(true, true, true, true, false, false));

    [Fact]
    public void What_is_asked_for_has_no_influence()
    {
        var changed = tasks with { Values = tasks.Values + Tensor.From(0f, 0, 0, 0, 5, -3) };
        Assert.Equal(call(tasks).ToDoubles(), call(changed).ToDoubles());
    }

    [Fact]
    public void Places_that_are_asked_for_do_not_see_each_other()
    {
        var changed = tasks with { Inputs = tasks.Inputs + Tensor.From(0f, 0, 0, 0, 0, 7).ExpandDims(1) };
        var (before, after) = (call(tasks).ToDoubles(), call(changed).ToDoubles());
        Assert.Equal(before[..20], after[..20]);
        Assert.NotEqual(before[20..], after[20..]);
    }

    [Fact]
    public void Every_known_value_has_an_influence()
    {
        for (var place = 0; place < 4; place++)
        {
            var changed = tasks with { Values = tasks.Values + Tensor.OneHot(Tensor.Scalar(place), 6) };
            Assert.NotEqual(call(tasks)[4].ToDoubles(), call(changed)[4].ToDoubles());
        }
    }

    [Fact]
    public void The_order_of_what_is_known_has_no_influence()
    {
        var order = Tensor.From(2, 0, 3, 1, 4, 5);
        var permuted = new PriorTasks(tasks.Inputs.Take(order), tasks.Values.Take(order), tasks.Known);
        Assert.True(Tensor.Abs(call(tasks)[4..] - call(permuted)[4..]).Max().Item() < 1e-5);
    }

    [Fact]
    public void The_loss_is_the_mean_over_what_is_unknown() =>
        Assert.Equal(-network.Bars!.LogDensity(call(tasks)[4..], tasks.Values[4..]).Mean().Item(), network.Loss(tasks).Item(), 1e-5);

    [Fact]
    public void Tasks_count_alike_however_much_they_ask_for()
    {
        var other = tasks with { Known = Tensor.From(true, false, false, false, false, false) };
        var both = new PriorTasks(Tensor.Stack([tasks.Inputs, other.Inputs]), Tensor.Stack([tasks.Values, other.Values]), Tensor.Stack([tasks.Known, other.Known]));
        Assert.Equal((network.Loss(tasks).Item() + network.Loss(other).Item()) / 2, network.Loss(both).Item(), 1e-5);
    }

    [Fact]
    public void Trained_on_a_conjugate_normal_prior_it_approaches_the_posterior_predictive()
    {
        // Values with standard deviation 1/2 about a mean that has the standard normal prior: after n of them the mean is normal with precision 1 + 4 n.
        const int Places = 6;
        static Tensor Values(Key key, int count) => Sample.Normal(key.Fold(0), [count, 1]) + 0.5 * Sample.Normal(key.Fold(1), [count, Places]);
        static PriorTasks Tasks(Tensor values, Tensor known) => new(
            Tensor.Zeros([values.Shape[0], Places, 1]), values, (Tensor.Arange(Places) < known.ExpandDims(1)).BroadcastTo(values.Shape));
        var bars = BarDistribution.OfQuantiles(Values(Key.Of(4), 2000), 30);
        var trainer = new Trainer<PriorFittedNetwork, TreeList<Tensor>>(
            new Adam(Schedule.Cosine(5e-3, 600)),
            (network, _, key) => network.Loss(Tasks(Values(key.Fold(0), 64), Sample.Integers(key.Fold(1), [64], 0, Places))));
        var trained = trainer.Run(trainer.Start(PriorFittedNetwork.Create(Key.Of(5), bars, 1, 16, 2, 2), Key.Of(6)), Batches.Whole<TreeList<Tensor>>([]), new(600)).State.Model;
        var values = Values(Key.Of(7), 500);
        var logits = Compile.Of((Tensor values, Tensor known) => trained.Call(Tasks(values, known))[.., Places - 1]);
        foreach (var known in (int[])[1, 4])
        {
            var precision = 1 + 4.0 * known;
            var found = logits(values, Tensor.Full([500], known, ElementType.Int32));
            var (mean, deviation) = (4 * values[.., ..known].Sum(1) / precision, Math.Sqrt(1 / precision + 0.25));
            var exact = -0.5 * Tensor.Square((values[.., Places - 1] - mean) / deviation) - Math.Log(deviation * Math.Sqrt(2 * Math.PI));
            Assert.Equal(exact.Mean().Item(), bars.LogDensity(found, values[.., Places - 1]).Mean().Item(), 0.1);
            // Far out medians are those of the outermost bars, whose width the most extreme values of the prior decide.
            var isInner = Tensor.Where(Tensor.Abs(mean) < 1.5, 1.0, 0.0);
            Assert.InRange(((isInner * Tensor.Square(bars.Quantile(found, 0.5) - mean)).Sum() / isInner.Sum()).Item(), 0, 0.02);
        }
    }

    [Fact]
    public void What_is_remembered_of_known_places_answers_as_the_whole_sequence_does()
    {
        var (numbers, classes) = (network, PriorFittedNetwork.OfClasses(Key.Of(8), 3, inputs: 2, features: 8, heads: 2, layers: 2));
        var labels = tasks with { Values = Tensor.From(0, 2, 1, 2, 0, 0) };
        foreach (var (own, asked) in new[] { (numbers, tasks), (classes, labels) })
        {
            var whole = Compile.Of((PriorTasks tasks) => own.Call(tasks)[4..])(asked);
            var parts = Compile.Of((PriorTasks tasks) => own.Answer(own.Remember(tasks.Inputs[..4], tasks.Values[..4]), tasks.Inputs[4..]))(asked);
            Numbers.Close(whole.ToDoubles(), parts.ToDoubles(), 1e-5);
        }
    }

    [Fact]
    public void The_loss_of_classes_is_the_cross_entropy_of_those_that_are_unknown()
    {
        var classes = PriorFittedNetwork.OfClasses(Key.Of(8), 3, inputs: 2, features: 8, heads: 2, layers: 1);
        var labels = tasks with { Values = Tensor.From(0, 2, 1, 2, 1, 0) };
        var logits = Compile.Of((PriorTasks tasks) => classes.Call(tasks))(labels);
        Assert.Equal(Loss.CrossEntropy(logits[4..], labels.Values[4..]).Item(), classes.Loss(labels).Item(), 1e-5);
    }

    [Fact]
    public void Trained_on_a_Gaussian_process_it_approaches_its_posterior_mean()
    {
        const int Places = 16, Known = 10;
        const double Noise = 0.01;
        static PriorTasks Drawn(Key key, int count)
        {
            var x = Sample.Uniform(key.Fold(0), [count, Places, 1], Tensor.Scalar(-2.0), Tensor.Scalar(2.0), ElementType.Float64);
            // Values with the covariance exp(-d² / 2) and a little noise.
            var covariance = Tensor.Exp(-0.5 * Tensor.Square(x - x.SwapAxes(1, 2))) + Noise * Tensor.Eye(Places, ElementType.Float64);
            var values = Tensor.MatMul(LinearAlgebra.Cholesky(covariance), Sample.Normal(key.Fold(1), [count, Places, 1], ElementType.Float64))[.., .., 0];
            return new(x.AsType(ElementType.Float32), values.AsType(ElementType.Float32), (Tensor.Arange(Places) < Known).BroadcastTo([count, Places]));
        }
        var bars = BarDistribution.OfQuantiles(Sample.Normal(Key.Of(9), [5000]), 50);
        const int Steps = 1500;
        var trainer = new Trainer<PriorFittedNetwork, TreeList<Tensor>>(new Adam(Schedule.OneCycle(5e-3, Steps)), (network, _, key) => network.Loss(Drawn(key, 32)));
        var trained = trainer.Run(trainer.Start(PriorFittedNetwork.Create(Key.Of(10), bars, 1, 32, 2, 2), Key.Of(11)), Batches.Whole<TreeList<Tensor>>([]), new(Steps)).State.Model;
        var asked = Compile.Of((Key key) => Drawn(key, 100))(Key.Of(12));
        var means = Compile.Of((PriorTasks tasks) => bars.Mean(trained.Call(tasks)))(asked);
        var (error, variance) = (0.0, 0.0);
        for (var task = 0; task < 100; task++)
        {
            var (x, y) = (asked.Inputs[task].AsType(ElementType.Float64), asked.Values[task].AsType(ElementType.Float64));
            var exact = KernelRidge.Fit(StationaryKernel.SquaredExponential, x[..Known], y[..Known], Tensor.Scalar(Noise / Known)).Call(x[Known..]);
            error += Tensor.Square(means[task][Known..].AsType(ElementType.Float64) - exact).Sum().Item();
            variance += Tensor.Square(exact).Sum().Item();
        }
        Assert.InRange(error / variance, 0, 0.1);
    }
}
