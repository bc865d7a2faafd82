using System.Globalization;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>
/// How a column of a table becomes numbers. A number is standardised; where it is missing it is the mean, and a feature of its own says so if that happened in
/// training. A category is one feature for each value that training saw; a new one is none of them. A time is its trend and the waves of day, week and year.
/// </summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Type">What its values are.</param>
public sealed record ColumnCode(string Name, ColumnType Type)
{
    /// <summary>Categories with fewer rows than all these are told apart no further.</summary>
    private const int MostCategories = 40;

    private const double Day = 86_400;

    private static readonly (string Name, double Seconds)[] Waves = [("day", Day), ("week", 7 * Day), ("year", 365.2425 * Day)];

    /// <summary>The ways of writing a time that are understood.</summary>
    internal static readonly string[] TimeFormats =
    [
        "yyyy-MM", "yyyy-MM-dd", "yyyy/MM/dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy/MM/dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "dd.MM.yyyy", "dd.MM.yyyy HH:mm", "dd.MM.yyyy HH:mm:ss",
        "yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd HH:mmzzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>The further ways of a column whose dates stand with strokes, of which some say by a number above 12 which is the day.</summary>
    private static readonly string[] MonthFirstFormats = Stroked("M/d/yyyy"), DayFirstFormats = Stroked("d/M/yyyy");

    /// <summary>The mean over training examples, of a time in seconds since 1970.</summary>
    public double Mean { get; init; }

    /// <summary>The standard deviation over training examples, and 1 of a constant.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether dates with strokes have the month first, as 5/31/2024, or the day, as 31/5/2024; null where there were none.</summary>
    public bool? IsMonthFirst { get; init; }

    /// <summary>Whether values were missing in training.</summary>
    public bool HasMissing { get; init; }

    /// <summary>The values that a category had in training, the most frequent first.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The periods of waves that a time shows, in seconds.</summary>
    public IReadOnlyList<double> Periods { get; init; } = [];

    /// <summary>Features that it becomes.</summary>
    [JsonIgnore]
    public int Features => Type switch
    {
        ColumnType.Category => Categories.Count,
        ColumnType.Time => 1 + 2 * Periods.Count,
        _ => HasMissing ? 2 : 1,
    };

    /// <summary>The type that the values of a column have.</summary>
    /// <param name="column">The column.</param>
    public static ColumnType TypeOf(TableColumn column)
    {
        if (column is not TableColumn.Text text) return ColumnType.Number;
        var told = text.Values.Where(IsTold).Distinct(StringComparer.Ordinal).ToArray();
        return told.Length > 0 && (told.All(value => Seconds(value) is not null) || MonthFirst(text) is not null) ? ColumnType.Time : ColumnType.Category;
    }

    /// <summary>Whether the dates with strokes of a column have the month first: one order fits all of them, and the other does not. Null where it holds no such dates, or both orders fit.</summary>
    internal static bool? MonthFirst(TableColumn column)
    {
        var (isMonthFirst, isDayFirst) = Orders(column);
        return isMonthFirst == isDayFirst ? null : isMonthFirst;
    }

    /// <summary>Whether a column holds dates with strokes of which none tells the month from the day.</summary>
    internal static bool IsAmbiguous(TableColumn column) => Orders(column) == (true, true);

    /// <summary>The first text of a column that is no time.</summary>
    internal static string? NoTime(TableColumn column) => ((TableColumn.Text)column).Values.FirstOrDefault(value => IsTold(value) && Seconds(value) is null);

    /// <summary>Whether a text among times says one: what usually stands for a missing value is none.</summary>
    private static bool IsTold(string text) => text.Length > 0 && !DelimitedTextOptions.UsualMissing.Contains(text);

    private static (bool IsMonthFirst, bool IsDayFirst) Orders(TableColumn column)
    {
        if (column is not TableColumn.Text { Values: var values }) return (false, false);
        var told = values.Where(IsTold).Distinct(StringComparer.Ordinal).ToArray();
        if (told.Length == 0 || !told[0].Contains('/', StringComparison.Ordinal) || Seconds(told[0]) is not null) return (false, false);
        return (told.All(value => Seconds(value, true) is not null), told.All(value => Seconds(value, false) is not null));
    }

    /// <summary>The code that training examples of a column give; null for a column that is the same in all of them, which tells nothing.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type">What its values are.</param>
    /// <param name="train">The rows that train.</param>
    public static ColumnCode? Of(TableColumn column, ColumnType type, ReadOnlySpan<int> train)
    {
        if (type == ColumnType.Category) return OfCategories(column, train);
        var isMonthFirst = type == ColumnType.Time ? MonthFirst(column) : null;
        var raw = new ColumnCode(column.Name, type) { IsMonthFirst = isMonthFirst }.Raw(column, []);
        var values = new List<double>(train.Length);
        foreach (var row in train)
            if (double.IsFinite(raw[row])) values.Add(raw[row]);
        if (values.Count == 0) return null;
        var mean = values.Average();
        var scale = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        var isConstant = !(scale > 1e-12 * Math.Abs(mean)) || scale == 0;
        var hasMissing = values.Count < train.Length;
        if (isConstant && !hasMissing) return null;
        var span = values.Max() - values.Min();
        var step = type == ColumnType.Time ? SmallestStep(values) : 0;
        return new(column.Name, type)
        {
            IsMonthFirst = isMonthFirst,
            Mean = mean,
            Scale = isConstant ? 1 : scale,
            HasMissing = hasMissing && type == ColumnType.Number,
            Periods = type == ColumnType.Time ? [.. Waves.Where(wave => span > 1.5 * wave.Seconds && step < wave.Seconds).Select(wave => wave.Seconds)] : [],
        };
    }

    /// <summary>The values of a column as raw numbers: numbers as they are, categories as their position or -1, times as seconds since 1970; NaN where nothing is told.</summary>
    /// <param name="column">The column.</param>
    /// <param name="notes">Takes a sentence on categories that training did not see.</param>
    /// <exception cref="ProblemException">A text stands where a number or a time must stand.</exception>
    public double[] Raw(TableColumn column, ICollection<string> notes)
    {
        double[] raw = Type == ColumnType.Number && column is TableColumn.Numeric numeric ? [.. numeric.Values.ToDoubles()] : OfTexts(column, notes);
        var infinite = raw.Count(double.IsInfinity);
        if (infinite == 0) return raw;
        notes.Add($"{(infinite == 1 ? "1 value" : $"{infinite} values")} of the column {Name} {(infinite == 1 ? "is infinite or too large, and counts" : "are infinite or too large, and count")} as missing");
        return [.. raw.Select(value => double.IsInfinity(value) ? double.NaN : value)];
    }

    private double[] OfTexts(TableColumn column, ICollection<string> notes)
    {
        var raw = new double[column.Count];
        var positions = Categories.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var (unknown, example) = (0, "");
        for (var row = 0; row < raw.Length; row++)
        {
            var text = TextOf(column, row);
            raw[row] = Type switch
            {
                _ when text.Length == 0 || (Type == ColumnType.Time && !IsTold(text)) => double.NaN,
                ColumnType.Category => positions.TryGetValue(text, out var position) ? position : -1,
                ColumnType.Time => Seconds(text, IsMonthFirst) ?? throw new ProblemException($"row {row + 1} of the column \"{Name}\" is \"{text}\", where a time such as {Example} must stand."),
                _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new ProblemException($"row {row + 1} of the column \"{Name}\" is \"{text}\", where a number must stand."),
            };
            if (raw[row] == -1 && Type == ColumnType.Category) (unknown, example) = (unknown + 1, text);
        }
        if (unknown > 0 && Categories.Count > 0) notes.Add($"{Counted.Of(unknown, "row", "rows")} of the column {Name} {(unknown == 1 ? "holds" : "hold")} a category that training did not tell apart, such as \"{example}\"");
        return raw;
    }

    private string Example => IsMonthFirst switch { true => "5/31/2024", false => "31/5/2024", _ => "2024-05-31 12:00:00" };

    /// <summary>What its raw numbers are, in a phrase.</summary>
    /// <param name="hasName">Whether the file named it; else it is known by its place.</param>
    internal string Describe(bool hasName)
    {
        var meaning = Type switch
        {
            ColumnType.Category => $"{string.Join(", ", Categories.Index().Select(pair => $"{pair.Index} for {pair.Item}"))}, -1 for any other",
            ColumnType.Time => "seconds since 1970-01-01 00:00:00 UTC",
            _ => "a number",
        };
        return $"{(hasName ? Name : $"column {Name}")}: {meaning}, NaN where it is missing";
    }

    /// <summary>Raw numbers as features.</summary>
    /// <param name="raw">f64 [n].</param>
    /// <returns>f64 [n, features].</returns>
    public Tensor Encode(Tensor raw)
    {
        if (Type == ColumnType.Category)
            return Tensor.Equal(raw.ExpandDims(1), Tensor.Arange(Categories.Count, ElementType.Float64)).AsType(ElementType.Float64);
        var isMissing = Tensor.IsNaN(raw);
        var known = Tensor.Where(isMissing, Mean, raw);
        var standard = (known - Mean) / Scale;
        if (Type == ColumnType.Number) return HasMissing ? Tensor.Stack([standard, isMissing.AsType(ElementType.Float64)], 1) : standard.ExpandDims(1);
        var waves = Periods.SelectMany(period =>
        {
            var angle = (known - period * Tensor.Floor(known / period)) * (2 * Math.PI / period);
            return new[] { Tensor.Sin(angle), Tensor.Cos(angle) };
        });
        return Tensor.Stack([standard, .. waves], 1);
    }

    /// <summary>The value of a row as text.</summary>
    internal static string TextOf(TableColumn column, int row) => column is TableColumn.Text text
        ? text.Values[row]
        : ((TableColumn.Numeric)column).Values is { ElementType: ElementType.Int64 } wholes
            ? wholes.AsSpan<long>()[row].ToString(CultureInfo.InvariantCulture)
            : ((TableColumn.Numeric)column).Values.AsSpan<double>()[row] is var number && double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A time in seconds since 1970, of formats that can be read in one way only; null for other text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isMonthFirst">Whether dates with strokes have the month or the day first; null to read none.</param>
    internal static double? Seconds(string text, bool? isMonthFirst = null) =>
        DateTime.TryParseExact(text, Formats(isMonthFirst), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out var time)
            ? (time - DateTime.UnixEpoch).TotalSeconds
            : null;

    /// <summary>The ways of writing a time of a column.</summary>
    /// <param name="isMonthFirst">As for <see cref="Seconds"/>.</param>
    internal static string[] Formats(bool? isMonthFirst) => isMonthFirst switch { true => MonthFirstFormats, false => DayFirstFormats, _ => TimeFormats };

    private static string[] Stroked(string date) => [date, $"{date} H:mm", $"{date} H:mm:ss", $"{date} h:mm tt", $"{date} h:mm:ss tt"];

    private static ColumnCode? OfCategories(TableColumn column, ReadOnlySpan<int> train)
    {
        var texts = new List<string>(train.Length);
        foreach (var row in train)
            if (TextOf(column, row) is { Length: > 0 } text) texts.Add(text);
        var counts = texts.CountBy(text => text, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        // Almost as many names as rows are no categories but identifiers, from which nothing is learned.
        if (counts.Length <= 1 && texts.Count == train.Length) return null;
        if (counts.Length == 0 || (counts.Length > MostCategories && counts.Length > 0.5 * texts.Count)) return null;
        return new(column.Name, ColumnType.Category) { Categories = [.. counts.Take(MostCategories).Select(pair => pair.Key)], HasMissing = texts.Count < train.Length };
    }

    private static double SmallestStep(List<double> values)
    {
        var sorted = values.Order().ToArray();
        var smallest = double.PositiveInfinity;
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i] > sorted[i - 1]) smallest = Math.Min(smallest, sorted[i] - sorted[i - 1]);
        return smallest;
    }
}
