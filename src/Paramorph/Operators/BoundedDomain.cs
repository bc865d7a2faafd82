using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// An operator for periodic functions on a domain that does not wrap around: it is told the place as further channels, from 0 to 1 along each axis, and behind the far edges lie zeros, so that opposite
/// edges are no neighbours. (Li et al., "Fourier Neural Operator for Parametric Partial Differential Equations", 2021, section 5.)
/// </summary>
/// <param name="Inner">From [n, channels + axes, grid...] to [n, outputs, grid...].</param>
/// <param name="Padding">Places of zeros behind the edge of each axis.</param>
[Tree]
public sealed partial record BoundedDomain(ILayer Inner, Sequence<int> Padding) : ILayer
{
    /// <summary>[n, channels, grid...] gives [n, outputs, grid...].</summary>
    public Tensor Call(Tensor x)
    {
        var (axes, grid) = (Padding.Count, x.Shape[2..]);
        Tensor Coordinate(int axis)
        {
            int[] along = [.. Enumerable.Range(0, axes + 2).Select(i => i == axis + 2 ? grid[axis] : 1)];
            return Tensor.Linspace(0, 1, grid[axis]).AsType(x.ElementType).Reshape(along).BroadcastTo([x.Shape[0], 1, .. grid]);
        }
        Tensor placed = Tensor.Concatenate([x, .. Enumerable.Range(0, axes).Select(Coordinate)], 1);
        var y = Inner.Call(placed.Pad([(0, 0), (0, 0), .. Padding.Select(places => (0, places))]));
        for (var axis = 0; axis < axes; axis++) y = y.SliceAxis(axis + 2, 0, grid[axis]);
        return y;
    }
}
