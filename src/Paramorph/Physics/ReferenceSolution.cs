using Paramorph.Formats;

namespace Paramorph.Physics;

/// <summary>A solution that is known at points, to judge others by.</summary>
/// <param name="Points">f64 [points, axes].</param>
/// <param name="Values">The first components of the field there: f64 [points, components].</param>
public sealed record ReferenceSolution(Tensor Points, Tensor Values)
{
    /// <summary>A solution on a grid of two axes.</summary>
    /// <param name="first">Places along the first axis.</param>
    /// <param name="second">Places along the second axis, such as times.</param>
    /// <param name="values">f64 [second, first] for each component.</param>
    public static ReferenceSolution OnGrid(IReadOnlyList<double> first, IReadOnlyList<double> second, params IReadOnlyList<Tensor> values) => new(
        Tensor.From<double>([.. second.SelectMany(y => first.SelectMany(x => new[] { x, y }))], [first.Count * second.Count, 2]),
        Tensor.Stack([.. values.Select(component => component.AsType(ElementType.Float64).Flatten())], 1).Evaluate());

    /// <summary>A solution on a grid of two axes, of arrays that were read from a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="first">The array of places along the first axis.</param>
    /// <param name="second">The array of places along the second.</param>
    /// <param name="values">The arrays of the components: [first, second] each.</param>
    /// <exception cref="UnreadableFileException">An array is missing, complex, or of another size.</exception>
    public static ReferenceSolution OfArrays(string path, IReadOnlyDictionary<string, Tensor> arrays, string first, string second, params IReadOnlyList<string> values)
    {
        Tensor Array(string name)
        {
            if (!arrays.TryGetValue(name, out var array)) throw new UnreadableFileException(path, $"variable {name}", $"is missing; there is {string.Join(", ", arrays.Keys)}");
            return array.ElementType.IsComplex()
                ? throw new UnreadableFileException(path, $"variable {name}", $"holds complex numbers ({array.Type}), and a solution is real")
                : array.AsType(ElementType.Float64).Evaluate();
        }
        var (x, y) = (Array(first).ToDoubles(), Array(second).ToDoubles());
        return OnGrid(x, y, [.. values.Select(name =>
        {
            var array = Array(name);
            return array.Rank == 2 && array.Shape[0] == x.Length && array.Shape[1] == y.Length
                ? array.T
                : throw new UnreadableFileException(path, $"variable {name}", $"is {array.Type}; with {x.Length} of {first} and {y.Length} of {second} it must be [{x.Length}, {y.Length}]");
        })]);
    }
}
