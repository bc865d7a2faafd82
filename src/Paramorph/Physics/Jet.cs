namespace Paramorph.Physics;

/// <summary>
/// A field with its derivatives at points, each [n, components]: <c>u["x", "x"]</c> is u_xx. Derivatives are computed when they are asked for, by Taylor series: those along one axis together,
/// mixed ones of second order from those along sums of axes.
/// </summary>
public sealed class Jet
{
    private readonly Series series;
    private readonly Range components;

    private Jet(Series series, Range components) => (this.series, this.components) = (series, components);

    /// <summary>The values: [n, components].</summary>
    public Tensor U => Part(series.Value);

    /// <summary>The points.</summary>
    public Coordinates At => series.At;

    /// <summary>A derivative: [n, components].</summary>
    /// <param name="axes">The axes along which it is taken, one after the other: any number of times the same one, or two.</param>
    /// <exception cref="ArgumentException">There is no such axis, or more than two axes are mixed.</exception>
    public Tensor this[params string[] axes] => Part(series.Derivative([.. axes.Select(axis => Coordinates.Place(series.At.Axes, axis)).Order()]));

    /// <summary>The jet of one component.</summary>
    /// <param name="component">Its number, from 0.</param>
    public Jet Of(int component) => new(series, component..(component + 1));

    /// <summary>The jet of a field.</summary>
    /// <param name="u">From points [n, axes] to [n, components], row by row.</param>
    /// <param name="points">[n, axes].</param>
    /// <param name="axes">The axes.</param>
    public static Jet Of(Func<Tensor, Tensor> u, Tensor points, IReadOnlyList<Axis> axes) => new(new(u, new(points, axes)), ..);

    /// <summary>The jet of a field of a place x and a time t.</summary>
    /// <param name="u">From points [n, 2] to [n, components], row by row.</param>
    /// <param name="points">(x, t): [n, 2].</param>
    public static Jet Of(Func<Tensor, Tensor> u, Tensor points) => Of(u, points, PlaceAndTime);

    private static IReadOnlyList<Axis> PlaceAndTime { get; } = [new("x", 0, 1), new("t", 0, 1) { IsTime = true }];

    private Tensor Part(Tensor all) => components.Equals(..) ? all : all[.., components];

    /// <summary>The Taylor series of a field along the directions that were asked for.</summary>
    private sealed class Series(Func<Tensor, Tensor> u, Coordinates at)
    {
        private readonly Dictionary<(int, int), Tensor[]> known = [];
        private Tensor? value;

        public Coordinates At => at;

        public Tensor Value => value ??= known.Count > 0 ? known.Values.First()[0] : u(at.Points);

        public Tensor Derivative(int[] axes)
        {
            if (axes.Length == 0) return Value;
            if (axes.All(axis => axis == axes[0])) return Along((axes[0], axes[0]), axes.Length);
            if (axes.Length != 2) throw new ArgumentException("derivatives along several axes are of second order.", nameof(axes));
            // The second derivative along the sum of two axes holds the mixed one twice.
            return 0.5 * (Along((axes[0], axes[1]), 2) - Along((axes[0], axes[0]), 2) - Along((axes[1], axes[1]), 2));
        }

        private Tensor Along((int First, int Second) axes, int order)
        {
            // The first order is cheap beside the second, and mostly both are wanted: what is equal is computed once.
            if (known.TryGetValue(axes, out var all) && all.Length > order) return all[order];
            double[] direction = [.. Enumerable.Range(0, at.Axes.Count).Select(axis => axis == axes.First || axis == axes.Second ? 1.0 : 0)];
            known[axes] = Taylor.Derivatives(at.Points, Tensor.From(direction).AsType(at.Points.ElementType), order, u);
            return known[axes][order];
        }
    }
}
