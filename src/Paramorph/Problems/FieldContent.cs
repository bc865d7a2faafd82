using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>Samples of a signal as contents hold them.</summary>
/// <param name="Points">f64 [n, coordinates].</param>
/// <param name="Samples">f64 [n, values].</param>
/// <param name="Coordinates">Names of the coordinates.</param>
/// <param name="Values">Names of the values.</param>
internal sealed record FieldContent(Tensor Points, Tensor Samples, string[] Coordinates, string[] Values)
{
    private const int MostCoordinates = 4;

    /// <summary>Usual names of arrays of coordinates, and of values.</summary>
    public static readonly string[] CoordinateNames = ["coords", "coordinates", "points", "xyz"];

    /// <inheritdoc cref="CoordinateNames"/>
    public static readonly string[] ValueNames = ["values", "signal", "field", "distances", "sdf"];

    private static readonly string[] Axes = ["x", "y", "z", "t"], Distances = ["d", "sd", "sdf", "distance"];

    /// <summary>Points along each axis where samples fill a grid; empty elsewhere.</summary>
    public int[] Grid { get; init; } = [];

    /// <summary>The ends of the axes of a grid, half a step outside its first and last points; of other samples the extremes.</summary>
    public double[]? Low { get; init; }

    /// <inheritdoc cref="Low"/>
    public double[]? High { get; init; }

    public bool IsPicture { get; init; }

    /// <summary>How the text of a table looked.</summary>
    public DelimitedTextOptions? Layout { get; init; }

    /// <summary>What reading it took for granted or left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether columns have names.</summary>
    public bool HasNames { get; init; } = true;

    /// <summary>Whether a table holds signed distances, by the names of its columns.</summary>
    public static bool AreDistances(Table table)
    {
        string[] names = [.. table.Names.Select(name => name.ToLowerInvariant())];
        return names.Length is 3 or 4 && names[..^1].SequenceEqual(Axes.Take(names.Length - 1)) && Distances.Contains(names[^1]);
    }

    /// <summary>Reads samples.</summary>
    /// <exception cref="ProblemException">The content holds none.</exception>
    public static FieldContent Of(DataContent content, ProblemOptions options) => content switch
    {
        DataContent.OfImage picture => OfPicture(picture),
        DataContent.OfArrays arrays when ImageContent.Find(arrays, CoordinateNames) is { } points => OfSamples(arrays, points),
        DataContent.OfArrays { Arrays: { Count: 1 } arrays } when arrays.Values.First() is { Rank: 2 or 3 } grid && !grid.ElementType.IsComplex() => OfGrid(content.Path, grid),
        _ when TableSource.Suits(content) => OfTable(content, options),
        _ => throw new ProblemException($"{content.Path} holds {content.Description}, of which no field is made: give a picture, a table of coordinates and values, arrays coords and values, or one array of 2 or 3 axes."),
    };

    /// <summary>The centres of the cells of a grid: f64 [cells, axes], the last axis of the grid first, as x comes before y.</summary>
    public static Tensor Centres(int[] grid, IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        var count = grid.Aggregate(1, (product, size) => product * size);
        var points = new double[count * grid.Length];
        for (var i = 0; i < count; i++)
        {
            for (int axis = 0, rest = i; axis < grid.Length; axis++)
            {
                var size = grid[^(axis + 1)];
                points[i * grid.Length + axis] = low[axis] + (high[axis] - low[axis]) * (rest % size + 0.5) / size;
                rest /= size;
            }
        }
        return Tensor.From(points, [count, grid.Length]);
    }

    private static FieldContent OfPicture(DataContent.OfImage picture)
    {
        var pixels = picture.Pixels.Rank == 2 ? picture.Pixels.ExpandDims(2).Evaluate() : picture.Pixels;
        var (height, width, channels) = (pixels.Shape[0], pixels.Shape[1], pixels.Shape[2]);
        var largest = pixels.ElementType == ElementType.UInt8 ? 255.0 : 65535.0;
        string[] names = channels switch { 1 => ["grey"], 2 => ["grey", "alpha"], 3 => ["red", "green", "blue"], _ => ["red", "green", "blue", "alpha"] };
        return OnGrid([height, width], (pixels.AsType(ElementType.Float64) / largest).Reshape(height * width, channels).Evaluate(), names) with { IsPicture = true };
    }

    private static FieldContent OfGrid(string path, Tensor grid)
    {
        Magnitude.Require(path, grid);
        return OnGrid([.. grid.Shape], grid.AsType(ElementType.Float64).Reshape(grid.Count, 1).Evaluate(), ["value"]);
    }

    private static FieldContent OnGrid(int[] grid, Tensor samples, string[] names)
    {
        double[] high = [.. grid.Reverse().Select(size => (double)size)], low = new double[grid.Length];
        return new(Centres(grid, low, high), samples, Axes[..grid.Length], names) { Grid = grid, Low = low, High = high };
    }

    private static FieldContent OfSamples(DataContent.OfArrays content, Tensor points)
    {
        var values = ImageContent.Found(content, ValueNames);
        if (points.Rank == 1) points = points.ExpandDims(1);
        if (values.Rank == 1) values = values.ExpandDims(1);
        if (points.Rank != 2 || values.Rank != 2 || points.Shape[0] != values.Shape[0])
            throw new ProblemException($"{content.Path} holds {content.Description}: coordinates must be [n, axes] and values [n] or [n, values].");
        string[] axes = [.. Enumerable.Range(0, points.Shape[1]).Select(i => i < Axes.Length ? Axes[i] : $"x{i}")];
        string[] names = [.. Enumerable.Range(0, values.Shape[1]).Select(i => values.Shape[1] == 1 ? "value" : $"value {i + 1}")];
        foreach (var array in (Tensor[])[points, values]) Magnitude.Require(content.Path, array);
        return new(points.AsType(ElementType.Float64).Evaluate(), values.AsType(ElementType.Float64).Evaluate(), axes, names);
    }

    private static FieldContent OfTable(DataContent content, ProblemOptions options)
    {
        // Of samples y is a coordinate and not, as in other tables, what is predicted.
        var source = TableSource.Of(content, options.Targets.Count > 0 ? options : options with { Targets = [TableSource.Tabular(content).Columns[^1].Name] });
        source.TakeRows();
        string[] axes = [.. source.Table.Names.Where(name => !source.Targets.Contains(name) && !options.Ignored.Contains(name))];
        if (axes.Length is 0 or > MostCoordinates) throw new ProblemException($"{content.Path} has {axes.Length} columns beside {string.Join(", ", source.Targets)}: a field has 1 to {MostCoordinates} coordinates, so name others with --ignore or --target.");
        if (axes.Concat(source.Targets).FirstOrDefault(name => source.Column(name) is TableColumn.Text) is { } text) throw new ProblemException($"the column {text} of {content.Path} holds text, and a field maps numbers to numbers: leave it out with --ignore.");
        string[] values = source.HasNames ? source.Targets : [.. source.Targets.Select(name => $"value {name}")];
        var points = source.Table.Matrix(axes);
        Magnitude.Require($"{content.Path}, in {string.Join(", ", axes)},", points);
        return new(points, source.Table.Matrix(source.Targets), axes, values) { HasNames = source.HasNames, Layout = source.Table.Layout, Notes = [.. source.Table.Understood, .. source.Notes] };
    }
}
