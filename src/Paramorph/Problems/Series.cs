using System.Globalization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>A series as a file holds it: channels over evenly spaced times, with gaps where values are missing.</summary>
/// <param name="Channels">The names of the channels.</param>
/// <param name="Values">Row by row, [times, channels]; NaN where nothing is told.</param>
/// <param name="Times">How the times are written; null where the file has none.</param>
/// <param name="Last">The last time as a number.</param>
/// <param name="HasNames">Whether the file names its channels.</param>
internal sealed record Series(IReadOnlyList<string> Channels, double[] Values, SeriesTimes? Times, double Last, bool HasNames)
{
    private static readonly string[] UsualArrays = ["series", "data", "array", "x", "values"];
    private static readonly string[] UsualTimes = ["time", "times", "date", "datetime", "timestamp", "ds", "t", "step", "year", "month"];

    /// <summary>Number of times.</summary>
    public int Length => Values.Length / Channels.Count;

    /// <summary>Understands a content.</summary>
    /// <param name="content">A table, or an array [times, channels] or [times].</param>
    /// <param name="time">The column of times, where it was named.</param>
    /// <param name="ignored">Columns that are left out.</param>
    /// <param name="notes">Takes what was understood.</param>
    /// <exception cref="ProblemException">It holds no series.</exception>
    public static Series Of(DataContent content, string? time, IReadOnlyList<string> ignored, ICollection<string> notes) => content switch
    {
        DataContent.OfTable table => OfTable(content.Path, table.Table, time, ignored, notes),
        DataContent.OfArrays arrays => OfArray(content.Path, ArrayOf(arrays), notes),
        _ => throw new ProblemException($"{content.Path} holds {content.Description}, and a series is a table or an array [times, channels]."),
    };

    /// <summary>The column of times that a table has, as far as can be told without asking; null for none.</summary>
    public static TableColumn? TimeColumn(Table table)
    {
        if (table.Columns.FirstOrDefault(column => column is TableColumn.Text && ColumnCode.TypeOf(column) == ColumnType.Time) is { } dates) return dates;
        return table.Columns.FirstOrDefault(column => column is TableColumn.Numeric numeric && UsualTimes.Contains(column.Name, StringComparer.OrdinalIgnoreCase)
            && numeric.Values.ToDoubles() is var values && Enumerable.Range(1, Math.Max(0, values.Length - 1)).All(i => values[i] > values[i - 1]));
    }

    /// <summary>Missing values replaced by the last one before them, or the first one after them where there is none: nothing of the future is used. Tells how many were filled.</summary>
    /// <param name="notes">Takes what was filled.</param>
    /// <exception cref="ProblemException">A channel holds no number.</exception>
    public Series Filled(ICollection<string> notes)
    {
        var (filled, width, missing) = ((double[])Values.Clone(), Channels.Count, new List<string>());
        for (var channel = 0; channel < width; channel++)
        {
            var first = Enumerable.Range(0, Length).FirstOrDefault(t => double.IsFinite(Values[t * width + channel]), -1);
            if (first < 0) throw new ProblemException($"the channel {Channels[channel]} holds no number at all.");
            var (last, count) = (Values[first * width + channel], 0);
            for (var t = 0; t < Length; t++)
            {
                ref var value = ref filled[t * width + channel];
                if (double.IsFinite(value)) last = value;
                else (value, count) = (last, count + 1);
            }
            if (count > 0) missing.Add($"{count} of {Channels[channel]}");
        }
        if (Values.Count(double.IsInfinity) is > 0 and var infinite) notes.Add($"{(infinite == 1 ? "1 value is infinite or too large, and counts" : $"{infinite} values are infinite or too large, and count")} as missing");
        if (missing.Count > 0)
            notes.Add($"values are missing ({string.Join(", ", missing.Take(6))}{(missing.Count > 6 ? ", ..." : "")}): the last one before stands for them");
        return this with { Values = filled };
    }

    /// <summary>How many values of some channels are told before each time, from the first to the one after the last.</summary>
    /// <param name="channels">The places of the channels.</param>
    public int[] Told(IReadOnlyList<int> channels)
    {
        var told = new int[Length + 1];
        for (var t = 0; t < Length; t++) told[t + 1] = told[t] + channels.Count(channel => double.IsFinite(Values[t * Channels.Count + channel]));
        return told;
    }

    private static Series OfTable(string path, Table table, string? time, IReadOnlyList<string> ignored, ICollection<string> notes)
    {
        foreach (var name in ignored) _ = Column(path, table, name);
        var times = time is null ? TimeColumn(table) : Column(path, table, time);
        var columns = table.Columns.Where(column => column != times && !ignored.Contains(column.Name)).ToArray();
        var channels = columns.OfType<TableColumn.Numeric>().ToArray();
        if (channels.Length == 0) throw new ProblemException($"{path} has no column of numbers to forecast.");
        foreach (var channel in channels) Magnitude.Require($"the column {channel.Name} of {path}", channel.Values);
        if (channels.Length < columns.Length) notes.Add($"left out, since they are no numbers: {string.Join(", ", columns.Where(column => column is TableColumn.Text).Select(column => column.Name).Take(6))}");
        var values = table.Matrix([.. channels.Select(column => column.Name)]).ToDoubles();
        var hasNames = table.Names.Index().Any(pair => pair.Item != pair.Index.ToString(CultureInfo.InvariantCulture));
        var series = new Series([.. channels.Select(column => column.Name)], values, null, 0, hasNames);
        if (times is null)
        {
            notes.Add("there is no column of times: rows follow one another in even steps");
            return series;
        }
        return series.At(times, notes);
    }

    /// <summary>It with a column of times: in their order, with gaps where a time is missing.</summary>
    private Series At(TableColumn column, ICollection<string> notes)
    {
        var (raw, width) = (SeriesTimes.Values(column), Channels.Count);
        // Of rows of one time the last one counts.
        int[] order = [.. Enumerable.Range(0, raw.Length).GroupBy(row => raw[row]).OrderBy(group => group.Key).Select(group => group.Last())];
        if (order.Length < raw.Length) notes.Add($"{Counted.Of(raw.Length - order.Length, "row repeats", "rows repeat")} a time of {column.Name}: the last row of each counts");
        if (Enumerable.Range(1, raw.Length - 1).Any(i => raw[i] < raw[i - 1])) notes.Add($"rows are brought into the order of {column.Name}");
        double[] times = [.. order.Select(row => raw[row])];
        var axis = SeriesTimes.Of(column, times);
        var slots = axis.Step == 0 ? [.. Enumerable.Range(0, order.Length)] : axis.Slots(times);
        var values = new double[(slots[^1] + 1) * width];
        Array.Fill(values, double.NaN);
        for (var i = 0; i < order.Length; i++) Values.AsSpan(order[i] * width, width).CopyTo(values.AsSpan(slots[i] * width));
        notes.Add(axis.Step == 0
            ? $"{column.Name} holds the times, whose steps differ: rows are taken as even steps, and forecasts have numbers and no times"
            : $"{column.Name} holds the times, a step is {axis.Description}");
        if (slots[^1] + 1 > order.Length) notes.Add($"{Counted.Of(slots[^1] + 1 - order.Length, "time is", "times are")} missing between the first and the last");
        return this with { Values = values, Times = axis, Last = times[^1] };
    }

    private static Tensor ArrayOf(DataContent.OfArrays content)
    {
        if (content.Arrays.Count == 1) return content.Arrays.Values.First();
        return UsualArrays.Select(name => content.Arrays.GetValueOrDefault(name)).FirstOrDefault(array => array is not null)
            ?? throw new ProblemException($"{content.Path} holds {content.Description}: name the one with the series \"series\".");
    }

    private static Series OfArray(string path, Tensor array, ICollection<string> notes)
    {
        if (array.ElementType.IsComplex()) throw new ProblemException($"the array of {path} is {array.Type}: a series has real numbers.");
        // MATLAB has no vectors, but matrices of one column or row.
        if (array.Rank == 2 && array.Shape[0] == 1) array = array.Reshape(-1).Evaluate();
        if (array.Rank is not (1 or 2)) throw new ProblemException($"the array of {path} is {array.Type}, and a series is [times, channels] or [times].");
        var channels = array.Rank == 1 ? 1 : array.Shape[1];
        if (channels >= array.Shape[0]) notes.Add($"the array is taken as [times, channels]: {Counted.Of(array.Shape[0], "time", "times")} of {Counted.Of(channels, "channel", "channels")}, which may be the other way round");
        Magnitude.Require($"the array of {path}", array);
        return new([.. Enumerable.Range(0, channels).Select(channel => channel.ToString(CultureInfo.InvariantCulture))], array.ToDoubles(), null, 0, HasNames: false);
    }

    private static TableColumn Column(string path, Table table, string name) => table.Names.Contains(name, StringComparer.Ordinal)
        ? table[name]
        : throw new ProblemException($"{path} has no column {name}: it has {string.Join(", ", table.Names.Take(20))}.");
}
