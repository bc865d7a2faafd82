namespace Paramorph;

/// <summary>What lies outside a grid.</summary>
public enum Boundary
{
    /// <summary>The nearest value on the boundary.</summary>
    Clamp,

    /// <summary>The grid again: position n is position 0.</summary>
    Periodic,

    /// <summary>Zeros.</summary>
    Zero,
}

/// <summary>
/// Values between the points of a regular grid. Values are [channels..., n1, ..., nd], any number of channel axes; coordinates are [points..., d]
/// in units of grid points, 0 to n - 1 from the first point to the last; results are [channels..., points...].
/// </summary>
public static class Interpolate
{
    /// <summary>
    /// Linear interpolation along every axis of the grid, differentiable in values and coordinates; at a grid point the derivative is that of the
    /// cell above it. A value that is not finite, such as a mark of what is missing, spreads to the cells around it and not to the points that bound them: where
    /// its weight is 0 there is 0 in its place, in the derivative too.
    /// </summary>
    /// <exception cref="ShapeException">The values have fewer axes than the coordinates have numbers.</exception>
    public static Tensor Linear(Tensor values, Tensor coordinates, Boundary boundary = Boundary.Clamp)
    {
        var grid = Grid(values, coordinates, "linear");
        if (!values.ElementType.IsDifferentiable()) values = values.AsType(ElementType.Float32);
        var corners = new List<Corner> { Corner.First(coordinates) };
        for (var axis = 0; axis < grid.Rank; axis++)
        {
            var position = coordinates[TensorIndex.Ellipsis, axis];
            var cell = Tensor.Floor(position);
            var fraction = position - cell;
            var (low, size) = (Index(cell, grid[axis]), grid[axis]);
            corners = [.. corners.Select(c => c.Step(low, 1.0 - fraction, size, boundary)), .. corners.Select(c => c.Step(low + 1, fraction, size, boundary))];
        }
        return corners.Select(c => Weighted(Pick(values, c.Offset, grid), c)).Aggregate((a, b) => a + b);
    }

    /// <summary>The value of the nearest grid point (the upper one half way), differentiable in the values.</summary>
    /// <exception cref="ShapeException">The values have fewer axes than the coordinates have numbers.</exception>
    public static Tensor Nearest(Tensor values, Tensor coordinates, Boundary boundary = Boundary.Clamp)
    {
        var grid = Grid(values, coordinates, "nearest");
        var corner = Corner.First(coordinates);
        for (var axis = 0; axis < grid.Rank; axis++)
        {
            var index = Index(Tensor.Floor(coordinates[TensorIndex.Ellipsis, axis] + 0.5), grid[axis]);
            corner = corner.Step(index, null, grid[axis], boundary);
        }
        return Weighted(Pick(values, corner.Offset, grid), corner);
    }

    private static Shape Grid(Tensor values, Tensor coordinates, string name)
    {
        if (coordinates.Rank == 0 || coordinates.Shape[^1] == 0 || coordinates.Shape[^1] > values.Rank)
        {
            throw new ShapeException(
                $"interpolate_{name}: coordinates {coordinates.Type} do not address {values.Type}: their last axis has one number for each axis of the grid.");
        }
        var grid = values.Shape[^coordinates.Shape[^1]..];
        return grid.Contains(0) ? throw new ShapeException($"interpolate_{name}: the grid {grid} of {values.Type} has no points.") : grid;
    }

    /// <summary>A whole number as an index; kept within what an i32 and the rule of the boundary can take.</summary>
    private static Tensor Index(Tensor whole, int size) =>
        Tensor.Clamp(Tensor.StopGradient(whole), -(1 << 30), (1 << 30) + size).AsType(ElementType.Int32);

    /// <summary>Values at offsets into the flattened grid: [channels..., points...].</summary>
    private static Tensor Pick(Tensor values, Tensor offsets, Shape grid) =>
        values.ReshapeTo([.. values.Shape[..^grid.Rank], grid.ElementCount]).Take(offsets, -1);

    private static Tensor Weighted(Tensor picked, Corner corner)
    {
        if (corner.Weight is not { } weight) return picked;
        var isMissing = Tensor.Equal(weight, 0.0) & !(picked.ElementType.IsComplex() ? Tensor.IsFinite(Tensor.Abs(picked)) : Tensor.IsFinite(picked));
        return Tensor.Where(isMissing, 0.0, picked) * weight.AsType(picked.ElementType);
    }

    /// <summary>A grid point: its offset and its weight (1 when null) for each of the coordinates.</summary>
    private readonly record struct Corner(Tensor Offset, Tensor? Weight)
    {
        public static Corner First(Tensor coordinates) => new(Tensor.Zeros(coordinates.Shape[..^1], ElementType.Int32), null);

        /// <summary>The point with an index along one more axis of the grid.</summary>
        public Corner Step(Tensor index, Tensor? weight, int size, Boundary boundary)
        {
            var inside = boundary == Boundary.Periodic ? index % size : Tensor.Clamp(index, 0, size - 1);
            if (boundary == Boundary.Zero)
            {
                var isInside = Tensor.Equal(index, inside);
                weight = weight is null ? isInside.AsType(ElementType.Float32) : Tensor.Where(isInside, weight, 0.0);
            }
            var product = Weight is null ? weight : weight is null ? Weight : Weight * weight;
            return new(Offset * size + inside, product);
        }
    }
}
