namespace Paramorph.Physics;

/// <summary>Points whose coordinates have names.</summary>
/// <param name="Points">[n, axes].</param>
/// <param name="Axes">The axes.</param>
public sealed record Coordinates(Tensor Points, IReadOnlyList<Axis> Axes)
{
    /// <summary>A coordinate of every point: [n, 1].</summary>
    /// <param name="axis">Its name.</param>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor this[string axis] => Of(Place(Axes, axis));

    /// <summary>All zeros: [n, 1].</summary>
    public Tensor Zero => Tensor.ZerosLike(Of(0));

    /// <summary>A coordinate of every point by its number: [n, 1].</summary>
    internal Tensor Of(int axis) => Points[.., axis..(axis + 1)];

    /// <summary>The same points moved to one value of a coordinate.</summary>
    internal Coordinates At(int axis, double value) => this with
    {
        Points = Tensor.Concatenate([.. Enumerable.Range(0, Axes.Count).Select(other => other == axis ? Tensor.OnesLike(Of(axis)) * value : Of(other))], 1),
    };

    /// <summary>The number of an axis.</summary>
    internal static int Place(IReadOnlyList<Axis> axes, string name)
    {
        for (var i = 0; i < axes.Count; i++)
            if (axes[i].Name == name) return i;
        throw new ArgumentException($"there is no axis {name}: there is {string.Join(", ", axes.Select(axis => axis.Name))}.", nameof(name));
    }
}
