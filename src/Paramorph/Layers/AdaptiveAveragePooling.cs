namespace Paramorph.Layers;

/// <summary>
/// Means over as many windows as are asked for, whatever the size of the input: window i of m over n elements runs from floor(i n / m) to
/// ceil((i + 1) n / m), so that neighbours overlap where m does not divide n.
/// </summary>
/// <param name="Sizes">How many windows along each of the last axes.</param>
[Tree]
public sealed partial record AdaptiveAveragePooling(Sequence<int> Sizes) : ILayer
{
    /// <summary>[..., spatial...] gives [..., sizes...].</summary>
    /// <exception cref="ShapeException">The input has fewer axes than sizes are asked for, or a size is below 1.</exception>
    public Tensor Call(Tensor x)
    {
        if (Sizes.Count > x.Rank || Sizes.Any(size => size < 1))
            throw new ShapeException($"adaptive pooling: {x.Type} is not pooled to {Sizes}: it takes a size of 1 or more for at most each axis.");
        for (var i = 0; i < Sizes.Count; i++)
        {
            var axis = x.Rank - Sizes.Count + i;
            x = Tensor.Contract(x, Windows(x.Shape[axis], Sizes[i]).AsType(x.ElementType), [axis], [0]).MoveAxis(-1, axis);
        }
        return x;
    }

    /// <summary>The matrix [count, windows] whose column i holds the weights of window i.</summary>
    private static Tensor Windows(int count, int windows)
    {
        var weights = new double[count * windows];
        for (var i = 0; i < windows; i++)
        {
            var (first, end) = ((int)((long)i * count / windows), (int)(((long)(i + 1) * count + windows - 1) / windows));
            for (var k = first; k < end; k++) weights[k * windows + i] = 1.0 / (end - first);
        }
        return Tensor.From<double>(weights, [count, windows]);
    }
}
