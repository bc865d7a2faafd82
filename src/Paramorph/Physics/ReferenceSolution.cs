using Paramorph.Formats;

namespace Paramorph.Physics;

/// <summary>A known solution u(x, t) on a grid.</summary>
/// <param name="X">Places: f64 [places].</param>
/// <param name="T">Times: f64 [times].</param>
/// <param name="Values">u: f64 [times, places].</param>
public sealed record ReferenceSolution(Tensor X, Tensor T, Tensor Values)
{
    /// <summary>A solution that is kept in a MATLAB file as a table of places by times.</summary>
    /// <param name="path">The file.</param>
    /// <param name="x">The variable of the places.</param>
    /// <param name="t">The variable of the times.</param>
    /// <param name="u">The variable of the solution: [places, times].</param>
    /// <exception cref="UnreadableFileException">The file does not hold these, or their sizes differ.</exception>
    public static ReferenceSolution ReadMatlab(string path, string x, string t, string u)
    {
        var variables = Matlab.Read(path);
        Tensor Variable(string name) => variables.TryGetValue(name, out var value)
            ? value.ToTensor().AsType(ElementType.Float64).Evaluate()
            : throw new UnreadableFileException(path, $"variable {name}", $"is missing; there is {string.Join(", ", variables.Keys)}");
        var (places, times, values) = (Variable(x), Variable(t), Variable(u));
        if (values.Rank != 2 || values.Shape[0] != places.Count || values.Shape[1] != times.Count)
            throw new UnreadableFileException(path, $"variable {u}", $"is {values.Type}; with {places.Count} places and {times.Count} times it must be [{places.Count}, {times.Count}]");
        return new(places.Reshape(places.Count).Evaluate(), times.Reshape(times.Count).Evaluate(), values.T.Evaluate());
    }

    /// <summary>The grid's points as rows (x, t), time by time: f32 [times places, 2].</summary>
    public Tensor Points()
    {
        var (x, t) = (X.ToArray<double>(), T.ToArray<double>());
        var points = new float[2 * x.Length * t.Length];
        for (var i = 0; i < t.Length; i++)
            for (var j = 0; j < x.Length; j++)
                (points[2 * (i * x.Length + j)], points[2 * (i * x.Length + j) + 1]) = ((float)x[j], (float)t[i]);
        return Tensor.From(points, [x.Length * t.Length, 2]);
    }
}
