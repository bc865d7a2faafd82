using System.Text.Json;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Tests.Formats;

namespace Paramorph.Tests.Problems;

public sealed class TableProblemTests
{
    private static readonly ProblemOptions Usual = new();

    [Fact]
    public void Columns_are_understood_and_what_tells_nothing_is_left_out()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(100)), Usual);
        var columns = ((TablePreparation)problem.Preparation).Columns;
        Assert.Equal(["a", "b", "colour"], columns.Select(column => column.Name));
        Assert.Equal([ColumnType.Number, ColumnType.Number, ColumnType.Category], columns.Select(column => column.Type));
        Assert.Equal(5, problem.Signature.Inputs);
        Assert.Contains(problem.Understood, note => note == "left out: c, which is constant");
        Assert.Equal((80, 10, 10), (problem.Split.Train.Count, problem.Split.Validation.Count, problem.Split.Test.Count));
    }

    [Fact]
    public void The_scale_of_inputs_and_targets_comes_from_training_rows_alone()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(200)), Usual);
        var train = problem.Train;
        foreach (var column in (double[][])[train.Inputs[.., 0].ToDoubles(), train.Inputs[.., 1].ToDoubles(), train.Targets[.., 0].ToDoubles()])
        {
            Assert.Equal(0, column.Average(), 1e-5);
            Assert.Equal(1, Math.Sqrt(column.Average(x => x * x)), 1e-5);
        }
        var others = problem.At(problem.Split.Test).Inputs[.., 0].ToDoubles();
        Assert.NotEqual(0, others.Average(), 1e-5);
    }

    [Fact]
    public void The_truth_of_targets_is_in_their_own_units()
    {
        var content = (DataContent.OfTable)Tables.Of(Tables.Linear(60));
        var problem = TableRegression.Read(content, Usual);
        var y = content.Table.Numbers("y").ToDoubles();
        var rows = problem.Split.Test;
        Numbers.Close(rows.ToArray<int>().Select(row => y[row]).ToArray(), problem.Truth(rows).ToDoubles(), 1e-12);
        Assert.Equal(0, problem.Judge(problem.At(rows).Targets, rows)["RMSE"], 1e-5);
    }

    [Fact]
    public void Missing_numbers_are_the_mean_and_say_so_in_a_feature_of_their_own()
    {
        var text = "a,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => i % 4 == 1 ? $"NA,{i}\n" : $"{i},{i}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        Assert.Equal(2, problem.Signature.Inputs);
        var rows = Tensor.From(Enumerable.Range(0, 40).ToArray());
        var inputs = problem.At(rows).Inputs.ToArray<float>();
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(i % 4 == 1 ? 1 : 0, inputs[2 * i + 1]);
            if (i % 4 == 1) Assert.Equal(0, inputs[2 * i], 1e-6);
        }
    }

    [Fact]
    public void Rows_without_a_finite_target_are_left_out_and_told()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(50, row => row == 3 ? "NA" : row == 4 ? "inf" : $"{row}")), Usual);
        Assert.Equal(48, problem.Count);
        Assert.Contains(problem.Understood, note => note.StartsWith("2 of 50 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Times_become_a_trend_and_the_waves_that_they_span()
    {
        var start = new DateTime(2024, 1, 1);
        var text = "when,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{start.AddHours(6 * i):yyyy-MM-dd HH:mm},{i}\n")));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        var column = Assert.Single(((TablePreparation)problem.Preparation).Columns);
        Assert.Equal(ColumnType.Time, column.Type);
        // Fifty days in steps of six hours show days and weeks, but no year.
        Assert.Equal([86400.0, 604800.0], column.Periods);
        var raw = Tensor.From(column.Raw(((DataContent.OfTable)Tables.Of(text)).Table["when"], []));
        var features = column.Encode(raw);
        Numbers.Close([0, 1, 0, -1], features[..4, 1].ToDoubles(), 1e-9);
        Numbers.Close([1, 0, -1, 0], features[..4, 2].ToDoubles(), 1e-9);
    }

    [Fact]
    public void Classes_are_recognised_and_values_are_not()
    {
        string Table(Func<int, string> target) => Tables.Linear(120, target);
        Assert.Equal("table-classification", ProblemKind.Of(Tables.Of(Table(row => $"{row % 3}")), Usual).Name);
        Assert.Equal("table-classification", ProblemKind.Of(Tables.Of(Table(row => row % 2 == 0 ? "yes" : "no")), Usual).Name);
        Assert.Equal("table-classification", ProblemKind.Of(Tables.Of(Table(row => $"{1 - 2 * (row % 2)}")), Usual).Name);
        // Marks from 3 to 8 have an order and a distance.
        Assert.Equal("table-regression", ProblemKind.Of(Tables.Of(Table(row => $"{3 + row % 6}")), Usual).Name);
        Assert.Equal("table-regression", ProblemKind.Of(Tables.Of(Table(row => FormattableString.Invariant($"{row * 0.37}"))), Usual).Name);
    }

    [Fact]
    public void Answers_for_a_file_with_columns_in_another_order_are_the_same()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(100)), Usual);
        var notes = new List<string>();
        var one = problem.Preparation.ReadInputs(Tables.Of("a,b,c,colour\n0.5,50,7,red\n0.25,10,7,blue\n"), notes);
        var other = problem.Preparation.ReadInputs(Tables.Of("extra,colour,b,a\n1,red,50,0.5\n2,blue,10,0.25\n"), notes);
        Assert.Equal(one.ToDoubles(), other.ToDoubles());
        Assert.Empty(notes);
    }

    [Fact]
    public void A_new_category_is_told_and_is_none_of_the_known()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(100)), Usual);
        var notes = new List<string>();
        var raw = problem.Preparation.ReadInputs(Tables.Of("a,b,c,colour\n0.5,50,7,purple\n0.5,50,7,red\n"), notes);
        Assert.Contains("purple", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal([0, 0, 0], problem.Preparation.Encode(raw)[0, 2..].ToDoubles());
    }

    [Fact]
    public void A_missing_column_and_a_text_among_numbers_are_refused_by_name()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(100)), Usual);
        Assert.Contains("no column b", Refusal(() => problem.Preparation.ReadInputs(Tables.Of("a,c,colour\n1,7,red\n2,7,red\n"), [])), StringComparison.Ordinal);
        Assert.Contains("row 2 of the column \"b\" is \"many\"", Refusal(() => problem.Preparation.ReadInputs(Tables.Of("a,b,c,colour\n1,2,7,red\n1,many,7,red\n"), [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,y\n1,2\n", "one row with a target")]
    [InlineData("y\n1\n2\n", "no column that tells anything", "y")]
    [InlineData("a,y\n1,2\n", "no column z", "z")]
    public void What_cannot_be_learned_from_is_refused(string text, string expected, string? target = null)
    {
        if (target == "y") text = "y\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i}\n"));
        Assert.Contains(expected, Refusal(() => TableRegression.Read(Tables.Of(text), Usual with { Targets = target is null ? [] : [target] })), StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_stay_together_and_time_goes_forward()
    {
        var text = "machine,when,y\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"m{i % 20},{100 - i},{i * i % 17}\n"));
        var grouped = TableRegression.Read(Tables.Of(text), Usual with { Group = "machine" });
        var parts = new[] { grouped.Split.Train, grouped.Split.Validation, grouped.Split.Test }.Select(part => part.ToArray<int>().Select(row => row % 20).ToHashSet()).ToArray();
        Assert.Empty(parts[0].Intersect(parts[1]).Concat(parts[0].Intersect(parts[2])).Concat(parts[1].Intersect(parts[2])));
        Assert.Equal(100, grouped.Count);
        // Later times, which here are earlier rows, judge.
        var ordered = TableRegression.Read(Tables.Of(text), Usual with { Time = "when" });
        Assert.Equal(Enumerable.Range(0, 10).Reverse(), ordered.Split.Test.ToArray<int>().Select(row => ordered.FileRows![row]));
        Assert.Equal(Enumerable.Range(10, 10).Reverse(), ordered.Split.Validation.ToArray<int>().Select(row => ordered.FileRows![row]));
    }

    [Fact]
    public void Rows_in_time_are_held_out_and_drawn_again_in_stretches()
    {
        // A level that wanders: neighbours tell one another, and what lies ahead is told by none.
        var level = 0.0;
        var random = new Random(1);
        var text = "when,a,y\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => FormattableString.Invariant($"{i},{random.NextDouble()},{level += random.NextDouble() - 0.5}\n")));
        var problem = TableRegression.Read(Tables.Of(text), Usual with { Time = "when" });
        var drawn = TableRegression.Read(Tables.Of(text), Usual);
        Assert.Equal((1, 5), (problem.Reach, problem.TestBlock));
        Assert.Equal(((int?)null, 1), (drawn.Reach, drawn.TestBlock));
        var other = problem.With(problem.Split);
        Assert.Equal((1, 5), (other.Reach, other.TestBlock));
        FitOptions options = new() { Methods = [Method.All.Single(method => method.Name == "nearest-neighbours")], Budget = Budget.Parse("100Gflop"), Threads = 2 };
        Assert.True(Fit.Run(problem, options).Model.Calibration.HalfWidths[0] > 2 * Fit.Run(drawn, options).Model.Calibration.HalfWidths[0]);
    }

    [Fact]
    public void An_example_is_known_by_its_row_of_the_file()
    {
        var text = "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 13},{(i % 3 == 0 ? "" : $"{i * i % 17}")}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        Assert.Equal(Enumerable.Range(0, 60).Where(i => i % 3 != 0), problem.FileRows);
        Assert.All(Enumerable.Range(0, 40), row => Assert.Equal(problem.FileRows![row] * problem.FileRows[row] % 17, problem.Truth(Tensor.From<int>([row])).ToDoubles()[0]));
    }

    [Fact]
    public void A_number_of_rows_is_left_out_in_whatever_order_and_number_the_rows_are_kept()
    {
        using var scratch = new Scratch();
        string Row(int i, string y) => $"{i},{60 - i},{i * i % 13},{y}\n";
        var text = "id,when,a,y\n" + string.Concat(Enumerable.Range(1, 60).Select(i => Row(i, i == 3 ? "" : $"{i}")));
        File.WriteAllText(scratch["t.csv"], text);
        string[] Inputs(ProblemOptions options) => [.. ((TablePreparation)TableRegression.Read(DataContent.Read(scratch["t.csv"], options.Text), options).Preparation).Columns.Select(column => column.Name)];
        Assert.Equal(["when", "a"], Inputs(Usual));
        Assert.Equal(["when", "a"], Inputs(Usual with { Time = "when" }));
        Assert.Equal(["when", "a"], Inputs(Usual with { Text = new() { MaxRows = 20 } }));
        // Of a file of which not all rows are kept nobody knows the numbers of the rows.
        var thin = Usual with { Text = new() { MaxRows = 20 } };
        Assert.Null(TableRegression.Read(DataContent.Read(scratch["t.csv"], thin.Text), thin).FileRows);
    }

    [Theory]
    [InlineData("MM/dd/yyyy")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss'+02:00'")]
    [InlineData("yyyy-MM-dd HH:mm:ss'+00:00'")]
    public void Rows_are_ordered_by_times_as_people_write_them(string format)
    {
        var first = new DateTime(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        var text = "when,a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{first.AddDays(60 - i).ToString(format, System.Globalization.CultureInfo.InvariantCulture)},{i * i % 13},{i}\n"));
        Assert.Equal(Enumerable.Range(0, 60).Reverse(), TableRegression.Read(Tables.Of(text), Usual with { Time = "when" }).FileRows);
    }

    [Fact]
    public void Rows_without_a_time_are_not_the_earliest()
    {
        var text = "when,a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i >= 55 ? "" : $"{i}")},{i * i % 13},{i}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual with { Time = "when" });
        Assert.Equal(Enumerable.Range(0, 55), problem.FileRows);
        Assert.Contains(problem.Understood, note => note == "5 of 60 rows have no time and are left out");
    }

    [Theory]
    [InlineData("forecasting", "group", "--target, --ignore, --time, --test")]
    [InlineData("field-fit", "time", "--target, --ignore, --test")]
    [InlineData("operator-learning", "ignore", "--target, --test")]
    [InlineData("image-classification", "category", "--target, --test")]
    [InlineData("differential-equation", "test", "it takes none of these options")]
    public void An_option_that_a_kind_has_no_use_for_is_refused(string kind, string option, string others)
    {
        var options = option switch
        {
            "group" => Usual with { Group = "a" },
            "time" => Usual with { Time = "a" },
            "ignore" => Usual with { Ignored = ["a"] },
            "category" => Usual with { Categories = ["a"] },
            _ => Usual with { TestShare = 0.2 },
        };
        DataContent content = kind == "differential-equation" ? new DataContent.OfName("burgers") : Tables.Of(Tables.Linear(60));
        var refusal = Refusal(() => ProblemKind.Named(kind).Read(content, options));
        Assert.StartsWith($"{kind} has no use for --{option}: ", refusal, StringComparison.Ordinal);
        Assert.Contains(others, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(3, 60)]
    public void Of_a_few_groups_one_judges_and_one_chooses(int groups, int rows)
    {
        var text = "machine,a,y\n" + string.Concat(Enumerable.Range(0, Math.Max(rows, 12)).Select(i => $"m{i % groups},{i * i % 7},{i * i % 17}\n"));
        foreach (var share in new double?[] { null, 0.05, 0.7 })
        {
            var split = TableRegression.Read(Tables.Of(text), Usual with { Group = "machine", TestShare = share }).Split;
            Assert.All([split.Train, split.Validation, split.Test], part => Assert.NotEmpty(part.ToArray<int>()));
            Assert.Empty(split.Test.ToArray<int>().Select(row => row % groups).Intersect(split.Train.ToArray<int>().Select(row => row % groups)));
        }
    }

    [Theory]
    [InlineData(1, "has 1 value, and rows of one value stay together")]
    [InlineData(2, "has 2 values, and rows of one value stay together")]
    public void Too_few_groups_are_refused(int groups, string expected)
    {
        var text = "machine,a,y\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"m{i % groups},{i * i % 7},{i}\n"));
        Assert.Contains(expected, Refusal(() => TableRegression.Read(Tables.Of(text), Usual with { Group = "machine" })), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_are_too_small_to_be_split_each_are_split_together()
    {
        var problem = TableClassification.Read(Tables.Of(Tables.Linear(80, row => $"kind{row % 20}")), Usual);
        Assert.Equal((64, 8, 8), (problem.Split.Train.Count, problem.Split.Validation.Count, problem.Split.Test.Count));
        Assert.Contains(problem.Understood, note => note.StartsWith("rows are split at random, across classes, which are too small to be split each", StringComparison.Ordinal));
    }

    [Fact]
    public void However_small_its_share_a_part_has_a_row()
    {
        foreach (var options in new[] { Usual with { TestShare = 0.01 }, Usual with { TestShare = 0.01, Time = "a" } })
            Assert.Equal((12, 1, 1), TableRegression.Read(Tables.Of(Tables.Linear(14)), options).Split is var split ? (split.Train.Count, split.Validation.Count, split.Test.Count) : default);
    }

    [Theory]
    [InlineData(0, "lets no row train")]
    [InlineData(4, "lets 4 rows train, and at least 5 are needed")]
    public void A_split_in_the_file_that_leaves_nothing_to_learn_from_is_refused(int trains, string expected)
    {
        var text = "a,split,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i < trains ? "train" : "test")},{i}\n"));
        Assert.Contains(expected, Refusal(() => TableRegression.Read(Tables.Of(text), Usual)), StringComparison.Ordinal);
        Assert.Equal(48, TableRegression.Read(Tables.Of(text), Usual with { Ignored = ["split"] }).Split.Train.Count);
    }

    [Fact]
    public void A_target_that_is_named_twice_is_one_target_and_one_that_is_named_a_category_has_classes()
    {
        var table = Tables.Of(Tables.Linear(60, row => $"{10 * (row % 3)}"));
        Assert.Single(((RegressionPreparation)TableRegression.Read(table, Usual with { Targets = ["y", "y"] }).Preparation).Targets);
        Assert.Equal("table-regression", ProblemKind.Of(table, Usual).Name);
        Assert.Equal("table-classification", ProblemKind.Of(table, Usual with { Categories = ["y"] }).Name);
    }

    [Fact]
    public void A_split_in_the_file_is_taken()
    {
        var text = "a,split,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 3 == 0 ? "test" : "train")},{i}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        Assert.All(problem.Split.Test.ToArray<int>(), row => Assert.Equal(0, row % 3));
        Assert.Equal((20, 4, 36), (problem.Split.Test.Count, problem.Split.Validation.Count, problem.Split.Train.Count));
        Assert.DoesNotContain("split", ((TablePreparation)problem.Preparation).Columns.Select(column => column.Name));
    }

    [Fact]
    public void The_preparation_is_the_same_after_writing_and_reading()
    {
        foreach (var problem in (Problem[])[TableRegression.Read(Tables.Of(Tables.Linear(100)), Usual), TableClassification.Read(Tables.Of(Tables.Linear(100, row => row % 2 == 0 ? "yes" : "no")), Usual)])
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer)) problem.Preparation.Write(writer);
            using var document = JsonDocument.Parse(buffer.ToArray());
            var read = ProblemKind.Named(problem.Kind).ReadPreparation(document.RootElement);
            var raw = problem.Preparation.ReadInputs(Tables.Of("a,b,c,colour\n0.123456789,50,7,red\n0.25,NA,7,blue\n"), []);
            Assert.Equal(problem.Preparation.Encode(raw).ToDoubles(), read.Encode(raw).ToDoubles());
            var outputs = Tensor.From<float>([0.3f, -0.7f], [1, 2])[.., ..problem.Signature.Outputs];
            Assert.Equal(problem.Preparation.Decode(outputs).ToDoubles(), read.Decode(outputs).ToDoubles());
        }
    }

    [Fact]
    public void The_simple_answer_of_ridge_solves_what_is_linear()
    {
        var problem = TableRegression.Read(Tables.Of(Tables.Linear(200)), Usual);
        var answers = problem.SimpleAnswers().ToDictionary(answer => answer.Name);
        Assert.True(answers["ridge"].Test["RMSE"] < 1e-3, $"{answers["ridge"].Test["RMSE"]}");
        Assert.True(answers["mean"].Test["R2"] < 0.1);
    }

    [Fact]
    public void Metrics_of_classes_are_those_of_a_small_example()
    {
        var logits = Tensor.From(new[,] { { 2f, 0f }, { 0f, 1f }, { 3f, 0f }, { 0f, 0f } });
        var labels = Tensor.From(0, 1, 1, 0);
        var measures = ClassMetrics.Judge(logits, labels, Tensor.From(0, 1, 2, 3));
        // The last example has equal logits, of which either may be taken.
        Assert.Equal(2.5 / 4, measures["accuracy"]);
        Assert.Equal((0.75 + 0.5) / 2, measures["balanced accuracy"]);
        var expected = (Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(3)) + Math.Log(2)) / 4;
        Assert.Equal(expected, measures["log loss"], 1e-9);
    }

    [Fact]
    public void The_most_frequent_of_balanced_classes_is_right_by_chance()
    {
        var problem = TableClassification.Read(Tables.Of(Tables.Linear(150, row => $"{"abc"[row % 3]}")), Usual);
        var answer = problem.SimpleAnswers().Single(answer => answer.Name == "most frequent class");
        Assert.Equal(1.0 / 3, answer.Test["accuracy"], 1e-12);
        Assert.Equal(1.0 / 3, answer.Test["balanced accuracy"], 1e-12);
    }

    [Fact]
    public void A_target_that_never_changes_is_refused()
    {
        Assert.Contains("every row has the target y 5", Refusal(() => TableRegression.Read(Tables.Of(Tables.Linear(60, _ => "5")), Usual)), StringComparison.Ordinal);
        Assert.Contains("every row has the target y 0.1", Refusal(() => TableRegression.Read(Tables.Of(Tables.Linear(60, _ => "0.1")), Usual)), StringComparison.Ordinal);
        // Beside one that changes a constant one may be kept.
        Assert.Equal(2, TableRegression.Read(Tables.Of(Tables.Linear(60)), Usual with { Targets = ["y", "c"] }).Signature.Outputs);
    }

    [Theory]
    [InlineData("table-regression", "foo", "has no setting foo: it has none of its own, and paramorph methods --problem table-regression tells")]
    [InlineData("table-classification", "horizon", "has no setting horizon")]
    [InlineData("forecasting", "lokback", "has no setting lokback: it has horizon, lookback, split")]
    [InlineData("operator-learning", "grid", "has no setting grid: it has input, axes, periodic, loss")]
    [InlineData("image-classification", "sise", "has no setting sise: it has size, labels")]
    [InlineData("field-fit", "parameter", "has no setting parameter: it has parameters")]
    [InlineData("differential-equation", "speeed", "has no setting speeed: it has speed")]
    public void A_setting_that_a_kind_does_not_have_is_refused_by_name(string kind, string setting, string expected)
    {
        var options = Usual with { Settings = new Dictionary<string, string> { [setting] = "3" } };
        DataContent content = kind == "differential-equation" ? new DataContent.OfName("wave") : Tables.Of(Tables.Linear(60));
        Assert.Contains(expected, Refusal(() => ProblemKind.Named(kind).Read(content, options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("M/d/yyyy", true, "the month first")]
    [InlineData("d/M/yyyy", false, "the day first")]
    [InlineData("MM/dd/yyyy h:mm tt", true, "the month first")]
    public void Dates_with_strokes_are_read_where_one_order_fits_all(string format, bool isMonthFirst, string told)
    {
        var start = new DateTime(2024, 1, 1, 6, 30, 0);
        string Date(int day) => start.AddDays(day).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        var problem = TableRegression.Read(Tables.Of("when,y\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{Date(i)},{i}\n"))), Usual);
        var column = Assert.Single(((TablePreparation)problem.Preparation).Columns);
        Assert.Equal((ColumnType.Time, isMonthFirst), (column.Type, column.IsMonthFirst));
        Assert.Contains(problem.Understood, note => note.Contains(told, StringComparison.Ordinal));
        // A file whose own dates tell nothing of their order is read as in training.
        var raw = problem.Preparation.ReadInputs(Tables.Of($"when,a\n{Date(31)},1\n{Date(33)},2\n"), []).ToDoubles();
        Assert.Equal((start.AddDays(31).Date - DateTime.UnixEpoch).TotalDays, Math.Floor(raw[0] / 86_400));
        Assert.Equal(2 * 86_400, raw[1] - raw[0]);
    }

    [Fact]
    public void Dates_that_may_be_either_are_left_out_under_their_own_reason()
    {
        var text = "when,a,id,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 12 + 1}/{i / 12 + 1}/{1990 + i},{i * i % 17},user{i},{i}\n"));
        var notes = TableRegression.Read(Tables.Of(text), Usual).Understood;
        Assert.Contains(notes, note => note.StartsWith("left out: when, which holds dates such as 1/1/1990 that may have the day or the month first", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("left out: id, which names each row", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_beside_signs_are_numbers()
    {
        using var scratch = new Scratch();
        string[] rows = ["price,share,fee,code,weight,place,y", .. Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"\"${1000 * i + 1000:N2}\",{i} %,{(i == 3 ? "NA" : $"-€{i}.5")},{(i % 2 == 0 ? "$" : "€")}{i % 3},\"{(i == 2 ? "-12.5" : $"{12000 * i:N1}")}\",\"{i + 1},000\",{i}"))];
        File.WriteAllLines(scratch["prices.csv"], rows);
        var table = ((DataContent.OfTable)DataContent.Read(scratch["prices.csv"])).Table;
        Assert.Equal([1000, 2000, 3000], table.Numbers("price").ToDoubles()[..3]);
        Assert.Equal([0, 1, 2], table.Numbers("share").ToDoubles()[..3]);
        Assert.Equal([-0.5, -1.5, -2.5, double.NaN, -4.5], table.Numbers("fee").ToDoubles()[..5]);
        Assert.Equal([0, 12000, -12.5, 36000], table.Numbers("weight").ToDoubles()[..4]);
        Assert.Contains("numbers of 'weight', such as 12,000.0, have marks between thousands, which are left out.", table.Understood);
        // The comma may stand before decimals here.
        Assert.Equal("1,000", table.Texts("place")[0]);
        // Of two currencies the sign is a part of what is said.
        Assert.Equal(["$0", "€1"], table.Texts("code").Take(2));
        Assert.Contains("numbers of 'share' stand before %: 12 % is read as 12.", table.Understood);
    }

    [Fact]
    public void A_comma_stands_between_thousands_where_decimals_have_points()
    {
        using var scratch = new Scratch();
        Table Read(string text, char? mark = null)
        {
            File.WriteAllText(scratch["t.csv"], text);
            return ((DataContent.OfTable)DataContent.Read(scratch["t.csv"], new() { Decimal = mark })).Table;
        }
        static string Rows(string y, char delimiter = ',') => $"price{delimiter}y\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"\"{i},840\"{delimiter}{i}{y}\n"));
        var table = Read(Rows(".5"));
        Assert.Equal([1840, 2840], table.Numbers("price").ToDoubles()[..2]);
        Assert.Contains("numbers of 'price', such as 1,840, have marks between thousands, which are left out.", table.Understood);
        Assert.DoesNotContain(table.Understood, note => note.Contains("kept as text", StringComparison.Ordinal));
        // Nothing tells what the comma is, or somebody does.
        Assert.Contains(Read(Rows("")).Understood, note => note.Contains("are kept as text, since the comma may stand between thousands", StringComparison.Ordinal));
        Assert.Equal([1840, 2840], Read(Rows(""), '.').Numbers("price").ToDoubles()[..2]);
        Assert.Equal([1.84, 2.84], Read(Rows("", ';').Replace("\"", "", StringComparison.Ordinal), ',').Numbers("price").ToDoubles()[..2]);
        // New rows say nothing of their own, and are read as those of the fit.
        File.WriteAllText(scratch["t.csv"], Rows(".5"));
        var preparation = TableRegression.Read(DataContent.Read(scratch["t.csv"]), Usual).Preparation;
        File.WriteAllText(scratch["new.csv"], "price\n\"1,500\"\n800\n");
        Assert.Equal([1500, 800], preparation.ReadInputs(scratch["new.csv"], before => before ?? new(), null, []).Inputs.ToDoubles());
    }

    [Theory]
    [InlineData("a;b;c;colour\n0,5;50;7;red\n0,25;10;7;blue\n", "semicolons")]
    [InlineData("a;colour\n0,5;red\n0,25;blue\n", "semicolons", "a,colour\n0.5,red\n0.25,blue\n")]
    [InlineData("a\tb\tc\tcolour\n0.5\t50\t7\tred\n0.25\t10\t7\tblue\n", "tabs")]
    public void A_file_that_looks_otherwise_than_that_of_the_fit_is_read_and_said(string text, string told, string? same = null)
    {
        using var scratch = new Scratch();
        var preparation = TableRegression.Read(Tables.Of(Tables.Linear(100)), same is null ? Usual : Usual with { Ignored = ["b"] }).Preparation;
        File.WriteAllText(scratch["new.csv"], text);
        File.WriteAllText(scratch["same.csv"], same ?? "a,b,c,colour\n0.5,50,7,red\n0.25,10,7,blue\n");
        var (notes, quiet) = (new List<string>(), new List<string>());
        var inputs = preparation.ReadInputs(scratch["new.csv"], before => before ?? new(), null, notes).Inputs;
        Assert.Equal(preparation.ReadInputs(scratch["same.csv"], before => before ?? new(), null, quiet).Inputs.ToDoubles(), inputs.ToDoubles());
        Assert.Contains(told, Assert.Single(notes), StringComparison.Ordinal);
        Assert.Empty(quiet);
    }

    [Fact]
    public void A_model_of_columns_without_names_takes_a_file_with_names_by_their_places_and_not_the_reverse()
    {
        using var scratch = new Scratch();
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 13},{i},{i}\n"));
        File.WriteAllText(scratch["bare.csv"], rows);
        File.WriteAllText(scratch["named.csv"], "u,v,w\n" + rows);
        var (bare, named) = (TableRegression.Read(DataContent.Read(scratch["bare.csv"]), Usual).Preparation, TableRegression.Read(DataContent.Read(scratch["named.csv"]), Usual).Preparation);
        var notes = new List<string>();
        var inputs = bare.ReadInputs(scratch["named.csv"], before => before ?? new(), null, notes).Inputs;
        Assert.Equal(bare.ReadInputs(scratch["bare.csv"], before => before ?? new(), null, []).Inputs.ToDoubles(), inputs.ToDoubles());
        Assert.Contains("names the columns", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("--delimiter, --header and --decimal", Refusal(() => named.ReadInputs(scratch["bare.csv"], before => before ?? new(), null, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_rows_are_said_to_be_so()
    {
        foreach (var kind in (string[])["table-regression", "table-classification"])
            Assert.Contains("table.csv has names (a, b, y) and no rows below them", Refusal(() => ProblemKind.Named(kind).Read(Tables.Of("a,b,y\n"), Usual)), StringComparison.Ordinal);
    }

    [Fact]
    public void Infinite_numbers_count_as_missing_and_are_said()
    {
        var text = "a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 20 == 7 ? "inf" : i == 8 ? "1e400" : $"{i * i % 7}")},{i}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        Assert.Contains("4 values of the column b are infinite or too large, and count as missing", problem.Understood);
        var notes = new List<string>();
        Assert.Equal([1, double.NaN], problem.Preparation.ReadInputs(Tables.Of("a,b\n1,-inf\n"), notes).ToDoubles());
        Assert.Equal("1 value of the column b is infinite or too large, and counts as missing", Assert.Single(notes));
    }

    [Fact]
    public void A_class_that_never_judges_is_said()
    {
        var notes = TableClassification.Read(Tables.Of(Tables.Linear(100, row => row == 5 ? "rare" : row % 2 == 0 ? "p" : "q")), Usual).Understood;
        Assert.Contains("no example of the class rare (1 example) judges: what is said of the model is not said of it", notes);
        Assert.DoesNotContain(TableClassification.Read(Tables.Of(Tables.Linear(100, row => row % 2 == 0 ? "p" : "q")), Usual).Understood, note => note.Contains("judges: what", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_without_a_class_are_left_out_and_not_said_to_be_kept()
    {
        var notes = TableClassification.Read(Tables.Of(Tables.Linear(100, row => row % 6 == 5 ? "" : row % 2 == 0 ? "p" : "q")), Usual).Understood;
        Assert.Contains(notes, note => note.StartsWith("16 of 100 rows have no finite target and are left out", StringComparison.Ordinal));
        Assert.DoesNotContain(notes, note => note.Contains("kept as they are", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Id")]
    public void A_column_that_numbers_the_rows_is_left_out_and_told(string name)
    {
        var text = $"{name},a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{i * i % 13},{i}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        Assert.Equal(["a"], ((TablePreparation)problem.Preparation).Columns.Select(column => column.Name));
        Assert.Contains(problem.Understood, note => note.Contains("numbers the rows as they stand in the file", StringComparison.Ordinal));
        // Another name, or gaps, and it is learned from.
        foreach (var other in (string[])[text.Replace($"{name},a", "step,a", StringComparison.Ordinal), text.Replace("\n7,", "\n700,", StringComparison.Ordinal)])
            Assert.Equal(2, ((TablePreparation)TableRegression.Read(Tables.Of(other), Usual).Preparation).Columns.Count);
    }

    [Fact]
    public void Times_that_are_not_understood_order_nothing()
    {
        string Table(Func<int, string> time) => "when,a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{time(i)},{i * i % 13},{i}\n"));
        Assert.Contains("the day or the month first", Refusal(() => TableRegression.Read(Tables.Of(Table(i => $"{1 + i % 9}/2/2024")), Usual with { Time = "when" })), StringComparison.Ordinal);
        Assert.Contains("\"Jan 5 2024\"", Refusal(() => TableRegression.Read(Tables.Of(Table(i => $"Jan {5 + i % 20} 2024")), Usual with { Time = "when" })), StringComparison.Ordinal);
    }

    [Fact]
    public void What_usually_stands_for_a_missing_value_does_so_among_times()
    {
        var text = "when,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i == 5 ? "NA" : $"2024-{1 + i % 12:00}-{1 + i % 28:00}")},{i}\n"));
        var problem = TableRegression.Read(Tables.Of(text), Usual);
        Assert.Equal(ColumnType.Time, Assert.Single(((TablePreparation)problem.Preparation).Columns).Type);
        Assert.True(double.IsNaN(problem.Preparation.ReadInputs(Tables.Of("when,b\nNA,1\n2024-05-31,2\n"), []).ToDoubles()[0]));
    }

    [Fact]
    public void What_is_said_to_be_something_else_is_not_guessed_to_be_the_target()
    {
        var text = "a,y,machine,notes,split\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 13},{i},{i % 5},{i % 7},{(i % 3 == 0 ? "test" : "train")}\n"));
        string Target(ProblemOptions options) => Assert.Single(((RegressionPreparation)TableRegression.Read(Tables.Of(text.Replace(",y,", ",price,", StringComparison.Ordinal)), options).Preparation).Targets);
        Assert.Equal("notes", Target(Usual));
        Assert.Equal("machine", Target(Usual with { Ignored = ["notes"] }));
        Assert.Equal("price", Target(Usual with { Ignored = ["notes", "split"], Group = "machine" }));
    }

    [Fact]
    public void Two_ways_to_divide_rows_at_once_are_refused()
    {
        var text = "a,when,machine,split,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 13},{i},{i % 5},{(i % 3 == 0 ? "test" : "train")},{i}\n"));
        Assert.Contains("--ignore split", Refusal(() => TableRegression.Read(Tables.Of(text), Usual with { Group = "machine" })), StringComparison.Ordinal);
        Assert.Contains("not by both", Refusal(() => TableRegression.Read(Tables.Of(text), Usual with { Group = "machine", Time = "when", Ignored = ["split"] })), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_left_out_whose_class_is_what_was_said_to_be_missing()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["t.csv"], Tables.Linear(100, row => row % 6 == 5 ? "unknown" : row % 2 == 0 ? "p" : "q"));
        var problem = TableClassification.Read(DataContent.Read(scratch["t.csv"], new() { Missing = ["", "unknown"] }), Usual);
        Assert.Equal(["p", "q"], ((ILabelled)problem.Preparation).Labels.Order());
    }

    [Fact]
    public void Lines_that_have_no_answer_are_told()
    {
        using var scratch = new Scratch();
        var preparation = TableRegression.Read(Tables.Of(Tables.Linear(100)), Usual).Preparation;
        File.WriteAllText(scratch["new.csv"], "# made by hand\na,b,c,colour\n0.5,50,7,red\n# a break\n\n0.25,10,7,blue\n\n");
        var notes = new List<string>();
        Assert.Equal(2, preparation.ReadInputs(scratch["new.csv"], before => before ?? new(), null, notes).Inputs.Shape[0]);
        Assert.Contains("2 lines between the rows of new.csv", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_are_text_in_a_new_file_whatever_it_holds()
    {
        using var scratch = new Scratch();
        string[] codes = ["01", "02", "2A", "3.10"];
        File.WriteAllText(scratch["old.csv"], "dep,a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{codes[i % 4]},{i * i % 13},{i}\n")));
        File.WriteAllText(scratch["new.csv"], "dep,a\n02,1\n01,2\n3.10,3\n");
        var preparation = (RegressionPreparation)TableRegression.Read(DataContent.Read(scratch["old.csv"]), Usual).Preparation;
        var notes = new List<string>();
        var raw = preparation.ReadInputs(scratch["new.csv"], before => before ?? new(), null, notes).Inputs[.., 0].ToDoubles();
        Assert.Equal(["02", "01", "3.10"], raw.Select(number => preparation.Columns[0].Categories[(int)number]));
        Assert.Empty(notes);
    }

    [Fact]
    public void A_first_row_that_counts_the_columns_names_them_and_one_that_holds_the_target_is_hinted_at()
    {
        var counted = "0,1,2\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 13},{i * 7 % 11},{i}\n"));
        Assert.Equal(60, TableRegression.Read(Tables.Of(counted), Usual).Count);
        var words = "cap,colour,class\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{"abc"[i % 3]},{"de"[i % 2]},{"pq"[i % 2]}\n"));
        Assert.Contains("--header true", Refusal(() => TableClassification.Read(Tables.Of(words), Usual with { Targets = ["class"] })), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_sparse_file_does_not_mention_is_zero()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["old.svm"], string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i * 0.37} 1:{i % 7} 2:{i % 5} 3:{i}\n"))));
        File.WriteAllText(scratch["new.svm"], "0 1:3\n0 3:2\n");
        var preparation = TableRegression.Read(DataContent.Read(scratch["old.svm"]), Usual).Preparation;
        Assert.Equal([3, 0, 0, 0, 0, 2], preparation.ReadInputs(scratch["new.svm"], before => before ?? new(), null, []).Inputs.ToDoubles());
    }

    private static string Refusal(Action action) => Assert.Throws<ProblemException>(action).Message;
}
