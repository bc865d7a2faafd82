using System.Globalization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>The times of a series: how they are written, and how one follows another.</summary>
/// <param name="Name">The column that holds them.</param>
/// <param name="Step">From one time to the next: seconds of dates, their own unit of numbers, or a count of months; 0 where steps differ.</param>
/// <param name="IsMonths">Whether the step is counted in months, which differ in length.</param>
/// <param name="Format">How dates are written; null of numbers.</param>
public sealed record SeriesTimes(string Name, double Step, bool IsMonths, string? Format)
{
    private const double Tolerance = 1e-6;

    /// <summary>Whether each time is the last day of its month.</summary>
    public bool IsMonthEnd { get; init; }

    /// <summary>What a step is, in words.</summary>
    public string Description => (IsMonths, Format) switch
    {
        _ when Step == 0 => "steps that differ",
        (true, _) => Step == 1 ? "a month" : $"{Step} months",
        (_, null) => Text(Step),
        _ => Step switch
        {
            86_400 => "a day",
            3600 => "an hour",
            60 => "a minute",
            1 => "a second",
            _ when Step % 86_400 == 0 => $"{Text(Step / 86_400)} days",
            _ when Step % 3600 == 0 => $"{Text(Step / 3600)} hours",
            _ when Step % 60 == 0 => $"{Text(Step / 60)} minutes",
            _ => $"{Text(Step)} seconds",
        },
    };

    /// <summary>Steps in a month of 30 days; null where that is not known.</summary>
    internal double? StepsPerMonth => Step == 0 || (Format is null && !IsMonths) ? null : IsMonths ? 1 / Step : 30 * 86_400 / Step;

    /// <summary>The times of a column as numbers: dates in seconds since 1970.</summary>
    /// <exception cref="ProblemException">A field is no time.</exception>
    internal static double[] Values(TableColumn column)
    {
        if (column is TableColumn.Numeric numeric)
        {
            var numbers = numeric.Values.ToDoubles();
            return Array.FindIndex(numbers, number => !double.IsFinite(number)) is >= 0 and var place
                ? throw new ProblemException($"row {place + 1} of the column {column.Name} has no time.")
                : numbers;
        }
        var (texts, isMonthFirst) = (((TableColumn.Text)column).Values, ColumnCode.MonthFirst(column));
        return [.. texts.Select((text, row) => ColumnCode.Seconds(text, isMonthFirst)
            ?? throw new ProblemException($"row {row + 1} of the column {column.Name} is \"{text}\", but holds a time such as 2024-05-31 12:00:00."))];
    }

    /// <summary>What the times of a series in rising order are.</summary>
    internal static SeriesTimes Of(TableColumn column, double[] times)
    {
        var format = column is TableColumn.Text text ? FormatOf(text.Values, ColumnCode.MonthFirst(column)) : null;
        if (times.Length < 3) return new(column.Name, 0, false, format);
        if (format is not null && Months(times) is { } months) return new(column.Name, months, true, format) { IsMonthEnd = times.All(IsLastDay) };
        var differences = Enumerable.Range(1, times.Length - 1).Select(i => times[i] - times[i - 1]).Order().ToArray();
        var step = differences[differences.Length / 2];
        var isRegular = step > 0 && differences.All(difference => IsWhole(difference / step));
        // A calendar of working days has regular holes, which are no missing values.
        var slots = isRegular ? (times[^1] - times[0]) / step + 1 : 0;
        return new(column.Name, isRegular && times.Length >= 0.8 * slots ? step : 0, false, format);
    }

    /// <summary>How many steps after the first time each of several is.</summary>
    internal int[] Slots(double[] times) => [.. times.Select(time => (int)Math.Round(IsMonths ? (Month(time) - Month(times[0])) / Step : (time - times[0]) / Step))];

    /// <summary>The times that follow a last one, as a column; null where steps differ.</summary>
    internal TableColumn? After(double last, int count)
    {
        if (Step == 0) return null;
        if (Format is null) return new TableColumn.Numeric(Name, Tensor.From<double>([.. Enumerable.Range(1, count).Select(i => last + i * Step)]));
        var time = DateTime.UnixEpoch.AddSeconds(last);
        DateTime Later(int i) => !IsMonths ? time.AddSeconds(i * Step) : IsMonthEnd ? time.AddDays(1).AddMonths(i * (int)Step).AddDays(-1) : time.AddMonths(i * (int)Step);
        return new TableColumn.Text(Name, [.. Enumerable.Range(1, count).Select(i => Later(i).ToString(Format, CultureInfo.InvariantCulture))]);
    }

    private static string Text(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private static bool IsWhole(double number) => Math.Abs(number - Math.Round(number)) <= Tolerance * Math.Max(1, Math.Abs(number)) && number > 0.5;

    private static int Month(double time) => DateTime.UnixEpoch.AddSeconds(time) is var date ? 12 * date.Year + date.Month : 0;

    private static bool IsLastDay(double time) => DateTime.UnixEpoch.AddSeconds(time) is var date && date.Day == DateTime.DaysInMonth(date.Year, date.Month);

    /// <summary>The least number of months between times, all of which lie on one day of the month or on its last; null where they do not.</summary>
    private static double? Months(double[] times)
    {
        var areLast = times.All(IsLastDay);
        (int, TimeSpan) Place(double time) => DateTime.UnixEpoch.AddSeconds(time) is var date ? (areLast ? 0 : date.Day, date.TimeOfDay) : default;
        if (times.Any(time => Place(time) != Place(times[0]))) return null;
        var differences = Enumerable.Range(1, times.Length - 1).Select(i => Month(times[i]) - Month(times[i - 1])).ToArray();
        var least = differences.Min();
        return least > 0 && differences.All(difference => difference % least == 0) && (Month(times[^1]) - Month(times[0])) / least + 1 <= 1.25 * times.Length ? least : null;
    }

    private static string FormatOf(IReadOnlyList<string> texts, bool? isMonthFirst) => ColumnCode.Formats(isMonthFirst).First(format =>
        DateTime.TryParseExact(texts.MaxBy(text => text.Length), format, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out _));
}
