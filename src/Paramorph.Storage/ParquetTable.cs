using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Paramorph.Formats;

/// <summary>
/// Tables of Apache Parquet. Columns of numbers and truth values are numeric, with NaN where a value is missing; text, dates, times and identifiers are text, empty
/// where it is missing. Members of structures are columns named <c>structure/member</c>; lists and maps are left out.
/// </summary>
public static class ParquetTable
{
    private const double LargestExact = 1L << 53;

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says, has no column that can be read, or is beyond the limits.</exception>
    public static Table Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Table Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    private static Table Read(InputFile file)
    {
        try
        {
            // All waits are for the file, which is read at once.
            return ReadAsync(file).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (UnreadableFileException or OutOfMemoryException))
        {
            throw file.OtherFormat("ParquetTable.Read", "", $"this is no Parquet file that can be read, or it is damaged: {e.Message}", e);
        }
    }

    private static async Task<Table> ReadAsync(InputFile file)
    {
        await using var reader = await ParquetReader.CreateAsync(file.AsStream()).ConfigureAwait(false);
        var (columns, leftOut) = (new List<TableColumn>(), new List<string>());
        var rows = reader.RowGroups.Sum(group => group.RowCount);
        DataField[] fields = [.. reader.Schema.GetDataFields()];
        if (rows < 0 || rows * fields.Length > file.Limits.MaxElements) throw file.Error("", $"{rows} rows of {fields.Length} columns are more than {file.Limits.MaxElements} fields (FormatLimits.MaxElements).");
        foreach (var field in fields)
        {
            if (await ReadColumnAsync(reader, field, (int)rows).ConfigureAwait(false) is { } column) columns.Add(column);
            else leftOut.Add(Name(field));
        }
        if (columns.Count == 0) throw file.Error("", "there is no column of numbers or text.");
        return new(columns) { Understood = leftOut.Count == 0 ? [] : [$"lists, maps and binary columns are left out: {string.Join(", ", leftOut)}."] };
    }

    private static string Name(DataField field) => string.Join("/", field.Path.ToList());

    private static ValueTask<TableColumn?> ReadColumnAsync(ParquetReader reader, DataField field, int rows)
    {
        if (field.MaxRepetitionLevel > 0) return new((TableColumn?)null);
        ValueTask<TableColumn?> Numbers<T>(Func<T, double> number)
            where T : struct => NumericAsync(reader, field, rows, number);
        ValueTask<TableColumn?> Texts<T>(Func<T, string> text)
            where T : struct => TextAsync(reader, field, rows, text);
        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => Numbers<bool>(x => x ? 1 : 0),
            TypeCode.Byte => Numbers<byte>(x => x),
            TypeCode.SByte => Numbers<sbyte>(x => x),
            TypeCode.Int16 => Numbers<short>(x => x),
            TypeCode.UInt16 => Numbers<ushort>(x => x),
            TypeCode.Int32 => Numbers<int>(x => x),
            TypeCode.UInt32 => Numbers<uint>(x => x),
            TypeCode.Int64 => WholeAsync(reader, field, rows),
            TypeCode.UInt64 => Numbers<ulong>(x => x),
            TypeCode.Single => Numbers<float>(x => x),
            TypeCode.Double => Numbers<double>(x => x),
            TypeCode.Decimal => Numbers<decimal>(x => (double)x),
            TypeCode.DateTime => Texts<DateTime>(x => x.ToString(x.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)),
            _ when field.ClrType == typeof(DateOnly) => Texts<DateOnly>(x => x.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            _ when field.ClrType == typeof(Guid) => Texts<Guid>(x => x.ToString()),
            _ when field.ClrType == typeof(ReadOnlyMemory<char>) => Texts<ReadOnlyMemory<char>>(x => x.ToString()),
            _ => new((TableColumn?)null),
        };
    }

    private static async ValueTask<TableColumn?> NumericAsync<T>(ParquetReader reader, DataField field, int rows, Func<T, double> number)
        where T : struct
    {
        var numbers = new double[rows];
        await FillAsync<T>(reader, field, (row, value) => numbers[row] = value is { } known ? number(known) : double.NaN).ConfigureAwait(false);
        return new TableColumn.Numeric(Name(field), Tensor.From(numbers));
    }

    /// <summary>Whole numbers of 64 bits: kept as such where some are beyond what f64 tells apart and none is missing.</summary>
    private static async ValueTask<TableColumn?> WholeAsync(ParquetReader reader, DataField field, int rows)
    {
        var (wholes, isMissing) = (new long[rows], new bool[rows]);
        await FillAsync<long>(reader, field, (row, value) => (wholes[row], isMissing[row]) = (value ?? 0, value is null)).ConfigureAwait(false);
        if (!isMissing.Contains(true) && wholes.Any(x => x is > (long)LargestExact or < -(long)LargestExact)) return new TableColumn.Numeric(Name(field), Tensor.From(wholes));
        return new TableColumn.Numeric(Name(field), Tensor.From<double>([.. wholes.Zip(isMissing, (x, missing) => missing ? double.NaN : x)]));
    }

    private static async ValueTask<TableColumn?> TextAsync<T>(ParquetReader reader, DataField field, int rows, Func<T, string> text)
        where T : struct
    {
        var texts = new string[rows];
        await FillAsync<T>(reader, field, (row, value) => texts[row] = value is { } known ? text(known) : "").ConfigureAwait(false);
        return new TableColumn.Text(Name(field), texts);
    }

    /// <summary>Takes the values of a column, null where one is missing.</summary>
    private static async ValueTask FillAsync<T>(ParquetReader reader, DataField field, Action<int, T?> take)
        where T : struct
    {
        var row = 0;
        foreach (var group in reader.RowGroups)
        {
            var count = (int)group.RowCount;
            var (values, levels) = (new T[count], new int[field.MaxDefinitionLevel > 0 ? count : 0]);
            await group.ReadRawAsync<T>(field, values, field.MaxDefinitionLevel > 0 ? levels.AsMemory() : null, null).ConfigureAwait(false);
            // Only those that are there are stored, one after the other.
            for (int i = 0, next = 0; i < count; i++) take(row++, levels.Length == 0 || levels[i] == field.MaxDefinitionLevel ? values[next++] : null);
        }
    }
}
