using Paramorph.Transforms;

namespace Paramorph;

/// <summary>
/// Higher derivatives along directions by jets: the cost grows with the square of the order instead of doubling with each, and no derivative is
/// nested. For a function of rows (a network on a batch of points) one call serves all rows.
/// </summary>
public static class Taylor
{
    /// <summary>The value and the derivatives of order 1 to <paramref name="order"/> along one direction: d^k/dt^k f(x + t v) at t = 0.</summary>
    /// <param name="point">x, of any shape.</param>
    /// <param name="direction">v, of the shape of x or broadcast to it.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <param name="function">f, of one tensor.</param>
    /// <returns>The value first, then each derivative, all of the shape of f(x).</returns>
    /// <exception cref="ShapeException">The direction does not broadcast, or the order is below 1.</exception>
    public static Tensor[] Derivatives(Tensor point, Tensor direction, int order, Func<Tensor, Tensor> function)
    {
        var along = Direction(point, direction, point.Shape, order);
        using var trace = new Trace("Taylor", isAbstract: false);
        var alias = trace.Alias(point);
        var jets = new Jets(order, null);
        jets.Add(trace, alias, new Series(0, k => k switch { 0 => new(alias, false), 1 => new(along, false), _ => Coefficient.Zero }));
        var value = function(alias);
        var series = jets.Of(value);
        var result = new Tensor[order + 1];
        double factorial = 1;
        for (var k = 0; k <= order; k++)
        {
            factorial *= Math.Max(1, k);
            var coefficient = series[k].Value ?? Tensor.ZerosLike(value);
            result[k] = factorial == 1 ? coefficient : coefficient * factorial;
        }
        return result;
    }

    /// <summary>
    /// The sum over several directions of the derivative of one order, in collapsed form: the highest coefficient travels as a sum, the lower ones
    /// as one slice a direction.
    /// </summary>
    /// <param name="point">x, of any shape.</param>
    /// <param name="directions">[count, shape of x...], or [count, ...] with the rest broadcast to the shape of x.</param>
    /// <param name="order">The order, 1 or more.</param>
    /// <param name="function">f, of one tensor.</param>
    /// <returns>The value; the derivatives of orders 1 to order - 1 along each direction, [count, shape of f(x)...]; the sum of the derivatives of the order.</returns>
    /// <exception cref="ShapeException">The directions do not broadcast, or the order is below 1.</exception>
    public static (Tensor Value, Tensor[] Lower, Tensor Sum) SumOfDerivatives(Tensor point, Tensor directions, int order, Func<Tensor, Tensor> function)
    {
        if (directions.Rank == 0) throw new ShapeException($"taylor: the directions {directions.Type} must have one slice a direction along the first axis.");
        var count = directions.Shape[0];
        // Directions of fewer axes than the point broadcast behind the first axis.
        Shape spread = [count, .. Enumerable.Repeat(1, Math.Max(0, point.Rank + 1 - directions.Rank)), .. directions.Shape.Sizes[1..]];
        var along = Direction(point, directions.ReshapeTo(spread), point.Shape.Insert(0, count), order);
        using var trace = new Trace("Taylor", isAbstract: false);
        var alias = trace.Alias(point);
        var jets = new Jets(order, count);
        jets.Add(trace, alias, new Series(0, k => k switch
        {
            0 => new(alias, false),
            1 when order == 1 => new(along.Sum(0), false),
            1 => new(along, true),
            _ => Coefficient.Zero,
        }));
        var value = function(alias);
        var series = jets.Of(value);
        var lower = new Tensor[order - 1];
        double factorial = 1;
        for (var k = 1; k < order; k++)
        {
            factorial *= k;
            var (coefficient, hasDirections) = series[k];
            var full = coefficient is null ? Tensor.ZerosLike(value) : coefficient * factorial;
            lower[k - 1] = hasDirections ? full : Tensor.AddBatchAxis(full, count);
        }
        var sum = series[order].Value is { } top ? top * (factorial * order) : Tensor.ZerosLike(value);
        return (value, lower, sum);
    }

    /// <summary>The value, the gradient and the Laplacian of a field, for every row of points at once.</summary>
    /// <param name="points">[..., dimensions].</param>
    /// <param name="field">From points [..., dimensions] to values [...] or [..., components], each row by itself.</param>
    /// <returns>The values; the partial derivatives [dimensions, shape of the values...]; the Laplacian, of the shape of the values.</returns>
    public static (Tensor Value, Tensor Gradient, Tensor Laplacian) Laplacian(Tensor points, Func<Tensor, Tensor> field)
    {
        if (points.Rank == 0) throw new ShapeException($"laplacian: the points {points.Type} must have their coordinates along the last axis.");
        var (value, lower, sum) = SumOfDerivatives(points, Tensor.Eye(points.Shape[^1], points.ElementType), 2, field);
        return (value, lower[0], sum);
    }

    private static Tensor Direction(Tensor point, Tensor direction, Shape shape, int order)
    {
        if (order < 1) throw new ShapeException($"taylor: order {order} is no derivative: give 1 or more.");
        if (!point.ElementType.IsDifferentiable()) throw new ElementTypeException($"taylor: {point.Type} has no derivative: cast it to f32 or f64.");
        if (direction.Weak is not null) direction = direction.AsType(point.ElementType);
        if (direction.ElementType != point.ElementType)
            throw new ElementTypeException($"taylor: the direction {direction.Type} must have the element type of {point.Type}.");
        return direction.BroadcastTo(shape);
    }
}
