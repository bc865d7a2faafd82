using System.Globalization;
using System.Text.Json;
using Paramorph.Data;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Sequences;

namespace Paramorph.Tests.Problems;

public sealed class ForecastingTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("paramorph-forecast-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static ProblemOptions With(params (string Name, string Value)[] settings) => new() { Settings = settings.ToDictionary(pair => pair.Name, pair => pair.Value) };

    /// <summary>Hours with a day as season; some rows may be left out.</summary>
    private static DataContent Hours(int count, Func<int, bool>? isLeftOut = null, Func<int, string>? value = null)
    {
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = Enumerable.Range(0, count).Where(i => isLeftOut?.Invoke(i) != true).Select(i => FormattableString.Invariant(
            $"{start.AddHours(i):yyyy-MM-dd HH:mm:ss},{value?.Invoke(i) ?? Math.Sin(2 * Math.PI * i / 24).ToString("R", CultureInfo.InvariantCulture)},{i}\n"));
        return Tables.Of("date,load,trend\n" + string.Concat(rows));
    }

    private static DataContent Months(int count) => Tables.Of("month,passengers\n" + string.Concat(Enumerable.Range(0, count).Select(i => FormattableString.Invariant(
        $"{new DateTime(1949, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(i):yyyy-MM-dd},{100 + 2 * i + 30 * Math.Sin(2 * Math.PI * i / 12)}\n"))));

    [Fact]
    public void A_drawing_shows_the_past_what_came_the_forecast_and_its_interval()
    {
        var problem = Forecasting.Read(Hours(600), With(("horizon", "12"), ("lookback", "48")));
        var model = Fit.Run(problem, new() { Methods = [Method.All.Single(method => method.Name == "linear-forecast")], Budget = Budget.OfPlannedSeconds(0.1), IsMixed = false }).Model;
        var drawings = problem.Illustrations(model.Layer, model.Calibration.HalfWidths).ToArray();
        Assert.Equal(["forecast-1", "forecast-2"], drawings.Select(seen => seen.Name));
        var lines = System.Xml.Linq.XDocument.Parse(drawings[0].Drawing!).Root!.Elements().Where(element => element.Name.LocalName == "polyline").Select(element => element.Attribute("points")!.Value.Split(' ').Length);
        Assert.Equal([24, 13, 13, 12, 12], lines);
        Assert.Contains("steps from the last time that was seen", drawings[0].Drawing, StringComparison.Ordinal);
        Assert.Equal(3, System.Xml.Linq.XDocument.Parse(problem.Illustrations(model.Layer, []).First().Drawing!).Root!.Elements().Count(element => element.Name.LocalName == "polyline"));
    }

    [Fact]
    public void A_table_whose_rows_are_hours_is_a_series()
    {
        Assert.Equal("forecasting", ProblemKind.Of(Hours(500), new()).Name);
        Assert.Equal("forecasting", ProblemKind.Of(Months(144), new()).Name);
        Assert.Equal("table-regression", ProblemKind.Of(Tables.Of(Tables.Linear(100)), new()).Name);
    }

    [Fact]
    public void A_file_with_other_steps_or_in_another_order_is_told_when_it_is_forecast()
    {
        var preparation = Forecasting.Read(Hours(500), With(("horizon", "4"), ("lookback", "12"))).Preparation;
        string[] Notes(DataContent content)
        {
            var notes = new List<string>();
            preparation.ReadInputs(content, notes);
            return [.. notes];
        }
        Assert.Empty(Notes(Hours(100)));
        Assert.Contains("a step of date is 2 hours, and it was an hour where the model learned", Assert.Single(Notes(Hours(100, i => i % 2 == 1))), StringComparison.Ordinal);
        var lines = ((DataContent.OfTable)Hours(30)).Table;
        var reversed = "date,load,trend\n" + string.Concat(Enumerable.Range(0, 30).Reverse().Select(i => FormattableString.Invariant($"{lines.Texts("date")[i]},{lines.Matrix(["load"]).ToDoubles()[i]},{i}\n")));
        Assert.Equal("rows are brought into the order of date", Assert.Single(Notes(Tables.Of(reversed))));
    }

    [Fact]
    public void Windows_forecast_within_their_own_part_and_look_back_into_the_one_before()
    {
        var problem = Forecasting.Read(Hours(24 * 30 * 5), With(("split", "3,1,1"), ("horizon", "24"), ("lookback", "48")));
        var (train, month) = (3 * 720, 720);
        Assert.Equal(train - 48 - 24 + 1, problem.Split.Train.Count);
        Assert.Equal(month - 24 + 1, problem.Split.Validation.Count);
        Assert.Equal(month - 24 + 1, problem.Split.Test.Count);
        // The first step of the first window that chooses is the first hour behind those that train.
        Assert.Equal(train, problem.Truth(problem.Split.Validation[..1].Evaluate())[0, 0, 1].Item());
        Assert.Equal(0, problem.Standardised[..(2 * train)].ToArray().Where((_, i) => i % 2 == 1).Average(x => (double)x), 1e-4);
    }

    [Fact]
    public void The_share_that_judges_is_a_fifth_unless_another_is_said_be_it_that_of_other_kinds()
    {
        static int Judges(double? share) => Forecasting.Read(Hours(1000), With(("horizon", "10")) with { TestShare = share }).Split.Test.Count + 10 - 1;
        Assert.Equal((200, 100), (Judges(null), Judges(0.1)));
    }

    [Fact]
    public void Windows_are_the_pieces_of_the_series()
    {
        var problem = Forecasting.Read(Hours(400), With(("horizon", "5"), ("lookback", "9")));
        var rows = Tensor.From(3, 100);
        var expected = SlidingWindows.Of(Tensor.From(problem.Standardised.ToArray(), [400, 2]), 9, 5);
        var windows = problem.At(rows);
        Assert.Equal(expected.Inputs.Take(rows).ToArray<float>(), windows.Inputs.ToArray<float>());
        Assert.Equal(expected.Targets.Take(rows).ToArray<float>(), windows.Targets.ToArray<float>());
        Assert.Equal(0, problem.Judge(windows.Targets, rows)["MSE"]);
    }

    [Fact]
    public void The_season_is_found_and_its_persistence_is_exact_for_a_wave()
    {
        var problem = Forecasting.Read(Hours(24 * 40), With());
        Assert.Equal(24, problem.Period);
        var wave = Forecasting.Read(Hours(24 * 40), With() with { Targets = ["load"] });
        Assert.Equal([problem.Signature.Input[0], 2], wave.Signature.Input);
        Assert.InRange(wave.SimpleAnswers().First(answer => answer.Name.StartsWith("seasonal", StringComparison.Ordinal)).Test["MSE"], 0, 1e-9);
        var random = Sample.Normal(Key.Of(2), [600], ElementType.Float64).ToDoubles();
        Assert.Null(SeasonalPeriod.Of(random, 1, 600));
    }

    [Fact]
    public void Windows_whose_future_is_a_gap_neither_train_nor_judge()
    {
        // Of the ten steps ahead one may be missing; with two from 100 to 119 that is windows whose first step ahead is 92 to 118.
        var problem = Forecasting.Read(Hours(600, value: i => i is >= 100 and < 120 ? "" : FormattableString.Invariant($"{i % 24}")), With(("horizon", "10"), ("lookback", "20")) with { Targets = ["load"] });
        var left = Enumerable.Range(92, 27).Select(target => target - 20);
        Assert.Equal(Enumerable.Range(0, 420 - 20 - 10 + 1).Except(left), problem.Split.Train.ToArray<int>());
        Assert.Contains("27 windows are left out, since more than a tenth of what would be forecast is missing", problem.Understood);
        // A single missing value leaves none out.
        Assert.Equal(391, Forecasting.Read(Hours(600, value: i => i == 100 ? "" : FormattableString.Invariant($"{i % 24}")), With(("horizon", "10"), ("lookback", "20")) with { Targets = ["load"] }).Split.Train.Count);
    }

    [Fact]
    public void Ends_of_months_go_on_with_ends_of_months()
    {
        var table = Tables.Of("day,sales\n" + string.Concat(Enumerable.Range(0, 122).Select(i => FormattableString.Invariant($"{new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(i + 1).AddDays(-1):yyyy-MM-dd},{i * i % 17}\n"))));
        Assert.Equal("forecasting", ProblemKind.Of(table, new()).Name);
        var problem = Forecasting.Read(table, With(("horizon", "3")));
        Assert.Equal(["2000-03-31", "2000-04-30", "2000-05-31"], problem.Preparation.Answers(Tensor.Zeros([1, 3, 1], ElementType.Float64), null, null, table).Texts("day"));
    }

    [Fact]
    public void Hours_stay_hours_where_the_last_is_midnight_and_written_as_a_date()
    {
        var table = Tables.Of("when,sales\n" + string.Concat(Enumerable.Range(0, 241).Select(i => new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i) is var time && time.Hour == 0
            ? FormattableString.Invariant($"{time:yyyy-MM-dd},{i % 17}\n") : FormattableString.Invariant($"{time:yyyy-MM-dd HH:mm:ss},{i % 17}\n"))));
        var problem = Forecasting.Read(table, With(("horizon", "2")));
        Assert.Equal(["1990-01-11 01:00:00", "1990-01-11 02:00:00"], problem.Preparation.Answers(Tensor.Zeros([1, 2, 1], ElementType.Float64), null, null, table).Texts("when"));
    }

    [Fact]
    public void Months_without_days_are_times()
    {
        var problem = Forecasting.Read(Tables.Of("month,sales\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{1990 + i / 12}-{1 + i % 12:00},{i * i % 17}\n"))), With(("horizon", "6")));
        Assert.Contains("month holds the times, a step is a month", problem.Understood);
        var table = problem.Preparation.Answers(Tensor.Zeros([1, 6, 1], ElementType.Float64), null, null, Tables.Of("month,sales\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{1990 + i / 12}-{1 + i % 12:00},{i}\n"))));
        Assert.Equal(["2000-01", "2000-02"], table.Texts("month").Take(2));
    }

    [Fact]
    public void Missing_times_and_values_are_told_and_filled_with_the_last_before()
    {
        var problem = Forecasting.Read(Hours(300, isLeftOut: i => i is 10 or 11, value: i => i == 20 ? "" : FormattableString.Invariant($"{i}")), With(("horizon", "5"), ("lookback", "9")));
        Assert.Contains(problem.Understood, note => note.Contains("2 times are missing", StringComparison.Ordinal));
        Assert.Contains(problem.Understood, note => note.Contains("3 of load", StringComparison.Ordinal));
        var truth = problem.Truth(Tensor.From(0, 1, 11));
        Assert.Equal([9, 9, 9, 12, 13], truth[0, .., 0].ToDoubles());
        Assert.Equal(19, truth[2, 0, 0].Item());
    }

    [Theory]
    [InlineData("horizon", "200", "does not fit into the")]
    [InlineData("split", "1,2", "three positive numbers")]
    [InlineData("split", "20,4,4", "and the series has 400")]
    [InlineData("lookback", "390", "which is less than a lookback of 390")]
    public void What_does_not_fit_is_said(string name, string value, string message) =>
        Assert.Contains(message, Assert.Throws<ProblemException>(() => Forecasting.Read(Hours(400), With((name, value)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Dates_with_the_month_first_are_times_and_a_forecast_goes_on_in_their_way()
    {
        string Date(int day) => new DateTime(2024, 1, 1).AddDays(day).ToString("M/d/yyyy", System.Globalization.CultureInfo.InvariantCulture);
        var content = Tables.Of("date,v\n" + string.Concat(Enumerable.Range(0, 90).Select(i => $"{Date(i)},{i % 7}\n")));
        var preparation = Forecasting.Read(content, With(("horizon", "3"))).Preparation;
        var answers = preparation.Answers(Tensor.Zeros([1, 3, 1]), null, null, content);
        Assert.Equal([Date(90), Date(91), Date(92)], answers.Texts("date"));
    }

    [Fact]
    public void A_series_that_stands_still_is_refused()
    {
        var still = Tensor.From<double>([.. Enumerable.Range(0, 200).SelectMany(t => new[] { 5.0, t % 7 })], [200, 2]);
        var content = new DataContent.OfArrays("still.npy", new Dictionary<string, Tensor> { ["array"] = still });
        Assert.Contains("every time that trains has the target 0 5", Assert.Throws<ProblemException>(() => Forecasting.Read(content, new() { Targets = ["0"] })).Message, StringComparison.Ordinal);
        Assert.Equal(2, Forecasting.Read(content, new()).Signature.Output[1]);
    }

    [Fact]
    public void Arrays_that_are_no_series_are_refused()
    {
        string Refusal(Tensor array) => Assert.Throws<ProblemException>(() =>
            Forecasting.Read(new DataContent.OfArrays("x.npy", new Dictionary<string, Tensor> { ["array"] = array.Evaluate() }), With())).Message;
        Assert.Contains("real numbers", Refusal(Tensor.Zeros([50, 2], ElementType.Complex64)), StringComparison.Ordinal);
        Assert.Contains("[times, channels] or [times]", Refusal(Tensor.Zeros([50, 2, 2])), StringComparison.Ordinal);
        Assert.Contains("no number at all", Refusal(Tensor.Full([50, 1], double.NaN)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_goes_on_in_months_behind_the_last_row_and_its_model_is_kept()
    {
        var (problem, folder) = (Forecasting.Read(Months(144), new()), Path.Combine(root, "model"));
        Assert.Equal(12, problem.Signature.Output[0]);
        var result = Fit.Run(problem, new() { Methods = [LinearForecast.Method], Budget = Budget.Parse("100steps"), Threads = 2, Out = folder });
        Assert.All(result.Simple, simple => Assert.True(result.Metrics.Test["MSE"] < simple.Metrics["MSE"], simple.Name));
        var model = Model.Load(folder);
        var source = Months(150);
        var answers = model.Predict(model.Preparation.ReadInputs(source, []));
        var table = model.Preparation.Answers(answers, model.Intervals(answers)!.Value.Low, model.Intervals(answers)!.Value.High, source);
        Assert.Equal(["month", "passengers", "passengers low", "passengers high"], table.Names);
        Assert.Equal(["1961-07-01", "1961-08-01"], table.Texts("month").Take(2));
        var truth = ((DataContent.OfTable)Months(162)).Table.Numbers("passengers").ToDoubles()[150..];
        Numbers.Close(truth, table.Numbers("passengers").ToDoubles(), 8);
        Assert.Equal(result.Model.Predict(model.Preparation.ReadInputs(source, [])).ToDoubles(), answers.ToDoubles());
    }

    [Fact]
    public void Too_few_rows_or_another_channel_is_said_by_a_model()
    {
        var preparation = Forecasting.Read(Months(144), new()).Preparation;
        Assert.Contains("times back", Assert.Throws<ProblemException>(() => preparation.ReadInputs(Months(10), [])).Message, StringComparison.Ordinal);
        var other = Tables.Of("month,x\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"{1950 + i}-01-01,{i}\n")));
        Assert.Contains("no channel passengers", Assert.Throws<ProblemException>(() => preparation.ReadInputs(other, [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlp-forecast")]
    [InlineData("recurrent-forecast")]
    [InlineData("dlinear")]
    public void Networks_learn_a_wave_and_are_kept(string name)
    {
        var problem = Forecasting.Read(Hours(600), With(("horizon", "6"), ("lookback", "24")) with { Targets = ["load"] });
        var (method, folder) = (Method.All.First(method => method.Name == name), Path.Combine(root, "model"));
        var result = Fit.Run(problem, new()
        {
            Methods = [method],
            Budget = Budget.Parse("6000steps"),
            Fixed = method.Hyperparameters.Where(parameter => parameter.Name != "epochs").ToDictionary(parameter => parameter.Name, parameter => parameter.Text(parameter.Default)).Append(new("epochs", "60")).ToDictionary(),
            Threads = 2,
            Out = folder,
        });
        Assert.InRange(result.Metrics.Test["MSE"], 0, 0.01);
        var raw = problem.Preparation.ReadInputs(Hours(100), []);
        Assert.Equal(result.Model.Predict(raw).ToDoubles(), Model.Load(folder).Predict(raw).ToDoubles());
    }

    [Fact]
    public void A_preparation_is_written_and_read_back()
    {
        var preparation = Forecasting.Read(Hours(400), With()).Preparation;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) preparation.Write(writer);
        var read = Forecasting.OfKind.ReadPreparation(JsonDocument.Parse(buffer.ToArray()).RootElement);
        var raw = preparation.ReadInputs(Hours(400), []);
        Assert.Equal(preparation.Encode(raw).ToArray<float>(), read.Encode(raw).ToArray<float>());
    }
}
