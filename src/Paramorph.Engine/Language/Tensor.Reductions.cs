using Paramorph.Primitives;

namespace Paramorph;

/// <content>Reductions and cumulative operations. Axes may be counted from the end; no axis means all.</content>
public sealed partial class Tensor
{
    /// <summary>The sum along axes, which disappear. 8-bit integers, which hold few sums, give i64.</summary>
    public Tensor Sum(params ReadOnlySpan<int> axes) => Summable(this).Reduced(ReductionKind.Sum, axes, "sum");

    /// <summary>The product along axes, which disappear. 8-bit integers give i64.</summary>
    public Tensor Product(params ReadOnlySpan<int> axes) => Summable(this).Reduced(ReductionKind.Product, axes, "product");

    /// <summary>The largest element along axes, which disappear; NaN when one is NaN; ties share the derivative.</summary>
    public Tensor Max(params ReadOnlySpan<int> axes) => Reduced(ReductionKind.Max, axes, "max");

    /// <summary>The smallest element along axes, which disappear; NaN when one is NaN; ties share the derivative.</summary>
    public Tensor Min(params ReadOnlySpan<int> axes) => Reduced(ReductionKind.Min, axes, "min");

    /// <summary>Whether one of the booleans along axes holds.</summary>
    public Tensor Any(params ReadOnlySpan<int> axes) => Reduced(ReductionKind.Any, axes, "any");

    /// <summary>Whether all of the booleans along axes hold.</summary>
    public Tensor All(params ReadOnlySpan<int> axes) => Reduced(ReductionKind.All, axes, "all");

    /// <summary>The mean along axes, which disappear.</summary>
    public Tensor Mean(params ReadOnlySpan<int> axes)
    {
        var sum = Floating(this).Sum(axes);
        return sum * ((double)sum.Count / Count);
    }

    /// <summary>The mean squared distance from the mean along axes, which disappear; real for complex tensors too.</summary>
    /// <param name="axes">The axes.</param>
    public Tensor Variance(params ReadOnlySpan<int> axes)
    {
        var x = Floating(this);
        var centred = x - x.Mean(axes).RestoreAxes(axes, Shape);
        return Real(centred * Conjugate(centred)).Mean(axes);
    }

    /// <summary>
    /// The standard deviation along axes, which disappear: the root of the <see cref="Variance"/>, of n elements and not n - 1. Its derivative where all elements
    /// are equal is 0.
    /// </summary>
    /// <param name="axes">The axes.</param>
    public Tensor Std(params ReadOnlySpan<int> axes) => SafeSqrt(Variance(axes));

    /// <summary>The i32 index of the largest element along an axis: the first of several, or of the first NaN.</summary>
    public Tensor ArgMax(int axis) => Bind(new ArgReduce(true, Shape.Axis(axis, "argmax")), this)[0];

    /// <summary>The i32 index of the smallest element along an axis: the first of several, or of the first NaN.</summary>
    public Tensor ArgMin(int axis) => Bind(new ArgReduce(false, Shape.Axis(axis, "argmin")), this)[0];

    /// <summary>The sum of all elements up to each along an axis, or from each on when reversed. 8-bit integers give i64.</summary>
    public Tensor CumulativeSum(int axis, bool isReverse = false) => Summable(this).Cumulate(ReductionKind.Sum, axis, isReverse);

    /// <summary>The product of all elements up to each along an axis, or from each on when reversed. 8-bit integers give i64.</summary>
    public Tensor CumulativeProduct(int axis, bool isReverse = false) => Summable(this).Cumulate(ReductionKind.Product, axis, isReverse);

    /// <summary>The largest of all elements up to each along an axis, or from each on when reversed.</summary>
    public Tensor CumulativeMax(int axis, bool isReverse = false) => Cumulate(ReductionKind.Max, axis, isReverse);

    /// <summary>The smallest of all elements up to each along an axis, or from each on when reversed.</summary>
    public Tensor CumulativeMin(int axis, bool isReverse = false) => Cumulate(ReductionKind.Min, axis, isReverse);

    /// <summary>A reduced tensor with its axes back at size 1, so that it broadcasts against what was reduced.</summary>
    /// <param name="axes">The axes that were reduced.</param>
    /// <param name="shape">The shape before.</param>
    internal Tensor RestoreAxes(ReadOnlySpan<int> axes, Shape shape)
    {
        var sizes = shape.Sizes.ToArray();
        foreach (var axis in shape.Axes(axes, "restore_axes")) sizes[axis] = 1;
        return Reshape(sizes);
    }

    private Tensor Reduced(ReductionKind kind, ReadOnlySpan<int> axes, string name)
    {
        if (Rank == 0 && axes.Length == 0) return kind is ReductionKind.Any or ReductionKind.All && ElementType != ElementType.Bool ? NotEqual(this, 0) : this;
        var x = kind is ReductionKind.Any or ReductionKind.All ? AsType(ElementType.Bool) : this;
        return Bind(new Reduce(kind, [.. Shape.Axes(axes, name)]), x)[0];
    }

    /// <summary>A tensor of a type that holds the sums of its elements.</summary>
    internal static Tensor Summable(Tensor x) => x.ElementType is ElementType.UInt8 or ElementType.Int8 ? x.AsType(ElementType.Int64) : x;

    private Tensor Cumulate(ReductionKind kind, int axis, bool isReverse) => Bind(new Cumulative(kind, Shape.Axis(axis, "cumulative"), isReverse), this)[0];
}
