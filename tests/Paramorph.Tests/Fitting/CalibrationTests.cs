using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Fitting;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(9, 0.9, 9)]
    [InlineData(19, 0.9, 18)]
    [InlineData(99, 0.9, 90)]
    [InlineData(4, 0.9, 4)]
    public void The_quantile_of_n_scores_is_the_one_whose_coverage_is_exact(int count, double level, double expected) =>
        Assert.Equal(expected, Calibration.Quantile([.. Enumerable.Range(1, count).Select(i => (double)(count + 1 - i))], level));

    [Fact]
    public void Intervals_hold_what_they_promise_for_any_noise()
    {
        var random = new KeyRandom(Key.Of(4));
        var held = 0;
        const int Repeats = 400, Count = 49;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            // Errors with heavy tails: a normal number over a uniform one.
            double[] errors = [.. Enumerable.Range(0, Count + 1).Select(_ => random.Normal() / (0.05 + random.Uniform()))];
            var calibration = Calibration.OfNumbers(Tensor.From(errors[..Count], [Count, 1]), Tensor.Zeros([Count, 1], ElementType.Float64), 0.9, 1);
            if (Math.Abs(errors[Count]) <= calibration.HalfWidths[0]) held++;
        }
        // 45 of 50 places, so the expected coverage is 0.9 exactly; the deviation of 400 draws is 0.015.
        Assert.InRange(held / (double)Repeats, 0.85, 0.95);
    }

    [Fact]
    public void Few_examples_promise_no_more_than_they_can_hold()
    {
        Assert.Equal(0.8, Calibration.OfNumbers(Tensor.From(new[,] { { 1.0 }, { 2 }, { 3 }, { 4 } }), Tensor.Zeros([4, 1], ElementType.Float64), 0.9, 1).Level, 1e-12);
        Assert.Equal(0.9, Calibration.OfNumbers(Tensor.Ones([9, 1], ElementType.Float64), Tensor.Zeros([9, 1], ElementType.Float64), 0.9, 1).Level);
        Assert.Equal(2.0 / 3, Calibration.OfClasses(Tensor.Zeros([2, 2]), Tensor.From(0, 1), 0.9).Level, 1e-12);
    }

    [Fact]
    public void The_temperature_undoes_what_made_logits_too_sure()
    {
        var random = new KeyRandom(Key.Of(8));
        const int Count = 4000;
        var (logits, labels) = (new float[Count * 2], new int[Count]);
        for (var i = 0; i < Count; i++)
        {
            var honest = 2 * random.Normal();
            labels[i] = random.Uniform() < 1 / (1 + Math.Exp(-honest)) ? 0 : 1;
            logits[2 * i] = (float)(3 * honest);
        }
        var calibration = Calibration.OfClasses(Tensor.From(logits, [Count, 2]), Tensor.From(labels), 0.9);
        Assert.InRange(calibration.Temperature, 2.6, 3.4);
        Assert.InRange(calibration.Threshold!.Value, 0, 1);
    }

    [Fact]
    public void Folds_hold_out_every_example_once_a_partition_and_never_see_the_test()
    {
        var split = Split.Of(Key.Of(3), 53);
        var folds = Folds.Of(Key.Of(4), Methods.Examples.Waves(53).With(split), partitions: 2, folds: 4);
        Assert.Equal(8, folds.Count);
        var test = split.Test.ToArray<int>();
        for (var partition = 0; partition < 2; partition++)
        {
            var members = Enumerable.Range(4 * partition, 4).Select(member => folds.Split(member, split.Test)).ToArray();
            Assert.Equal(folds.Rows.ToArray<int>(), members.SelectMany(member => member.Validation.ToArray<int>()).Order());
            foreach (var member in members)
            {
                Assert.Empty(member.Train.ToArray<int>().Intersect(member.Validation.ToArray<int>()));
                Assert.Empty(member.Train.ToArray<int>().Intersect(test));
                Assert.Equal(folds.Rows.Count, member.Train.Count + member.Validation.Count);
            }
            // Outputs that are the numbers of the examples come back in their order.
            var outputs = members.Select(member => member.Validation.AsType(ElementType.Float32).ExpandDims(1).Evaluate());
            Tensor[] all = [.. partition == 1 ? Enumerable.Range(0, 4).Select(member => folds.Split(member, split.Test).Validation.AsType(ElementType.Float32).ExpandDims(1).Evaluate()) : [], .. outputs];
            Assert.Equal(folds.Rows.ToDoubles(), folds.Honest(partition, all).ToDoubles());
        }
    }

    [Fact]
    public void Examples_of_one_group_are_held_out_together()
    {
        var text = "machine,a,y\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"m{i % 15},{i * i % 7},{i * i % 17}\n"));
        TableRegression Read(string group) => TableRegression.Read(Tables.Of(text), new() { Group = group });
        var problem = Read("machine");
        Assert.True(Folds.Suit(problem, 13));
        Assert.False(Folds.Suit(problem, 14));
        var folds = Folds.Of(Key.Of(4), problem, partitions: 2, folds: 4);
        foreach (var member in Enumerable.Range(0, folds.Count).Select(member => folds.Split(member, problem.Split.Test)))
            Assert.Empty(member.Train.ToArray<int>().Select(row => row % 15).Intersect(member.Validation.ToArray<int>().Select(row => row % 15)));
        Assert.Equal(folds.Rows.ToArray<int>(), Enumerable.Range(0, 4).SelectMany(member => folds.Split(member, problem.Split.Test).Validation.ToArray<int>()).Order());
    }

    [Fact]
    public void A_set_of_classes_holds_the_most_probable_one()
    {
        // A model that is right and sure of all examples but one in four, of which it is less sure.
        var labels = Enumerable.Range(0, 40).Select(i => i % 2).ToArray();
        var problem = TableClassification.Read(Tables.Of("a,y\n" + string.Concat(labels.Select((label, i) => $"{i},{(label == 0 ? "p" : "q")}\n"))), new());
        var logits = labels.SelectMany((label, i) => label == 0 ? new[] { i % 4 == 0 ? 1f : 9f, 0f } : [0f, 9f]).ToArray();
        var model = new Model(problem.Kind, problem.Preparation, problem.Signature, [], new Linear(Tensor.Zeros([1, 2]), Tensor.Zeros([2])), new Calibration(0.9) { Threshold = 0.99 });
        var told = Coverage.Of(problem, model, Tensor.From(logits, [40, 2]), Tensor.Arange(40).Evaluate())!;
        Assert.Equal((1.0, 1.0), (told.Coverage, told.Width));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 4)]
    public void Folds_of_a_series_are_stretches_of_time_beside_which_nothing_trains(int partitions, int count)
    {
        var series = "a\n" + string.Concat(Enumerable.Range(0, 500).Select(i => FormattableString.Invariant($"{Math.Sin(i)}\n")));
        var problem = Forecasting.Read(Tables.Of(series), new() { Settings = new Dictionary<string, string> { ["horizon"] = "6", ["lookback"] = "12" } });
        var folds = Folds.Of(Key.Of(4), problem, partitions, count);
        var members = Enumerable.Range(0, folds.Count).Select(member => folds.Split(member, problem.Split.Test)).ToArray();
        foreach (var partition in members.Chunk(count)) Assert.Equal(folds.Rows.ToArray<int>(), partition.SelectMany(member => member.Validation.ToArray<int>()).Order());
        Assert.Equal(members.Length, members.Select(member => string.Join(',', member.Validation.ToArray<int>())).Distinct().Count());
        foreach (var member in members)
        {
            var (train, held) = (member.Train.ToArray<int>(), member.Validation.ToArray<int>());
            Assert.True(train.Length > folds.Rows.Count / 2);
            Assert.All(train, row => Assert.True(held.Min(other => Math.Abs(row - other)) >= 6));
            Assert.InRange(held.Zip(held.Skip(1)).Count(pair => pair.Second - pair.First > 6), 0, 1);
        }
    }

    [Fact]
    public void An_ensemble_is_the_weighted_mean_of_its_members()
    {
        ILayer Constant(params float[] values) => new Linear(Tensor.Zeros([1, values.Length]), Tensor.From(values));
        var (x, members) = (Tensor.Zeros([2, 1]), new[] { Constant(1, 5), Constant(3, -1) });
        Numbers.Close([2.5, 0.5, 2.5, 0.5], new Ensemble([.. members], Tensor.From(0.25f, 0.75f)).Call(x).ToDoubles(), 1e-6);
        Numbers.Close([2, 2, 2, 2], Ensemble.Of(members).Call(x).ToDoubles(), 1e-6);
    }

    [Theory]
    [InlineData("60s", 120)]
    [InlineData("5m", 600)]
    [InlineData("2Gflop", 2e9)]
    [InlineData("500steps", 500)]
    public void Budgets_are_read(string text, double total) => Assert.Equal(total, Budget.Parse(text).Total(2));

    [Theory]
    [InlineData("soon")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("10parsec")]
    public void Other_budgets_are_refused(string text) => Assert.Contains("60s", Assert.Throws<Paramorph.Problems.ProblemException>(() => Budget.Parse(text)).Message, StringComparison.Ordinal);
}
