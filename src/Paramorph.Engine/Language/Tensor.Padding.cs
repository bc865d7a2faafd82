namespace Paramorph;

/// <content>Padding by what lies in the tensor.</content>
public sealed partial class Tensor
{
    /// <summary>The tensor continued beyond its ends along its last axes, one after the other.</summary>
    /// <param name="mode">By what.</param>
    /// <param name="padding">Amounts before and after, for as many last axes; negative amounts cut.</param>
    /// <exception cref="ShapeException">There are more pairs than axes, or the tensor has too few elements to mirror or to repeat.</exception>
    public Tensor Pad(PaddingMode mode, params ReadOnlySpan<(int Low, int High)> padding)
    {
        if (padding.Length > Rank) throw new ShapeException($"pad: {Type} has {Rank} axes but {padding.Length} amounts are given: at most one pair an axis.");
        var first = Rank - padding.Length;
        if (mode == PaddingMode.Zero) return Pad([.. Enumerable.Repeat((0, 0), first), .. padding]);
        var x = this;
        for (var k = 0; k < padding.Length; k++) x = x.Continued(mode, first + k, padding[k].Low, padding[k].High);
        return x;
    }

    private Tensor Continued(PaddingMode mode, int axis, int low, int high)
    {
        if (low < 0 || high < 0)
        {
            if (Math.Max(0, -low) + Math.Max(0, -high) > Shape[axis])
                throw new ShapeException($"pad: {low} before and {high} after cut more than the {Shape[axis]} elements of axis {axis} of {Type}.");
            var kept = SliceAxis(axis, Math.Max(0, -low), Shape[axis] - Math.Max(0, -high));
            return kept.Continued(mode, axis, Math.Max(0, low), Math.Max(0, high));
        }
        var size = Shape[axis];
        var most = mode switch { PaddingMode.Reflect => size - 1, PaddingMode.Replicate when size > 0 => int.MaxValue, _ => size };
        if (Math.Max(low, high) > Math.Max(0, most))
        {
            throw new ShapeException(
                $"pad: {low} before and {high} after are too many for {mode.ToString().ToLowerInvariant()} padding of axis {axis} of {Type}: at most {Math.Max(0, most)}.");
        }
        List<Tensor> parts = [];
        if (low > 0) parts.Add(Before(mode, axis, low));
        parts.Add(this);
        if (high > 0) parts.Add(Behind(mode, axis, high));
        return Concatenate(parts, axis);
    }

    private Tensor Before(PaddingMode mode, int axis, int count) => mode switch
    {
        PaddingMode.Reflect => SliceAxis(axis, 1, count + 1).Flip(axis),
        PaddingMode.Symmetric => SliceAxis(axis, 0, count).Flip(axis),
        PaddingMode.Replicate => SliceAxis(axis, 0, 1).BroadcastTo(Shape.With(axis, count)),
        _ => SliceAxis(axis, Shape[axis] - count, Shape[axis]),
    };

    private Tensor Behind(PaddingMode mode, int axis, int count) => mode switch
    {
        PaddingMode.Reflect => SliceAxis(axis, Shape[axis] - 1 - count, Shape[axis] - 1).Flip(axis),
        PaddingMode.Symmetric => SliceAxis(axis, Shape[axis] - count, Shape[axis]).Flip(axis),
        PaddingMode.Replicate => SliceAxis(axis, Shape[axis] - 1, Shape[axis]).BroadcastTo(Shape.With(axis, count)),
        _ => SliceAxis(axis, 0, count),
    };
}
