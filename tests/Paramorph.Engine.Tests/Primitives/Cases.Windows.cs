using System.Numerics;
using Paramorph.Primitives;

namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static Window OneAxis => new([1], [3], [2], [1], [2], [1]);

    private static Window Dilated => new([0, 2], [2, 2], [1, 2], [0, 1], [1, 1], [2, 2]);

    private static Window Cutting => new([1], [2], [2], [-1], [-2], [1]);

    private static IEnumerable<Case> Windows =>
    [
        Windowed(ReductionKind.Sum, "over one axis", [2, 6], OneAxis),
        Windowed(ReductionKind.Sum, "dilated, over two axes", [3, 2, 5], Dilated),
        Windowed(ReductionKind.Sum, "with padding that cuts", [2, 8], Cutting),
        Windowed(ReductionKind.Sum, "of complex numbers", [2, 6], OneAxis, isComplex: true),
        Windowed(ReductionKind.Max, "over one axis", [2, 6], OneAxis),
        Windowed(ReductionKind.Max, "dilated, over two axes", [3, 2, 5], Dilated),
        Windowed(ReductionKind.Max, "with padding that cuts", [2, 8], Cutting),
        Windowed(ReductionKind.Min, "over one axis", [2, 6], OneAxis),
        Windowed(ReductionKind.Min, "dilated, over two axes", [3, 2, 5], Dilated),
        ArgWindowed(true, "over one axis", [2, 6], OneAxis),
        ArgWindowed(true, "dilated, over two axes", [3, 2, 5], Dilated),
        ArgWindowed(false, "with padding that cuts", [2, 8], Cutting),
        new("max_pool", "with same padding", x => [x[0].MaxPool([2, 3], [2], Padding.Same)], Case.Numbers([2, 3, 4]))
        {
            Truth = x => [Reduced(ReductionKind.Max, x[0], new([1, 2], [2, 3], [2, 2], [0, 0], [1, 1], [1, 1]))],
        },
        new("min_pool", "", x => [x[0].MinPool([2], padding: 1)], Case.Numbers([2, 4]))
        {
            Truth = x => [Reduced(ReductionKind.Min, x[0], new([1], [2], [2], [1], [1], [1]))],
        },
        new("average_pool", "that counts padding", x => [x[0].AveragePool([2, 2], [1], 1)], Case.Numbers([2, 3, 2]))
        {
            Truth = x => [Reduced(ReductionKind.Sum, x[0], new([1, 2], [2, 2], [1, 1], [1, 1], [1, 1], [1, 1])) / 4.0],
        },
        new("average_pool", "that does not count padding", x => [x[0].AveragePool([3], [2], 1, countIncludesPadding: false)], Case.Numbers([2, 5]))
        {
            Truth = x => [Reduced(ReductionKind.Sum, x[0], new([1], [3], [2], [1], [1], [1])) / Tensor.From(2.0, 3.0, 2.0)],
        },
        new("average_pool", "of complex numbers", x => [x[0].AveragePool([2], [1], 1, countIncludesPadding: false)], Case.Complexes([3]))
        {
            Truth = x => [Reduced(ReductionKind.Sum, x[0], new([0], [2], [1], [1], [1], [1])) / Tensor.From(1.0, 2.0, 2.0, 1.0)],
        },
        new("unfold", "with stride, padding and dilation", x => [x[0].Unfold([2, 2], [2, 1], Padding.Of((1, 0), (0, 1)), [1, 2])], Case.Numbers([2, 4, 3]))
        {
            Truth = x => [Patches(x[0], new([1, 2], [2, 2], [2, 1], [1, 0], [0, 1], [1, 2]))],
        },
        new("unfold", "with padding that cuts", x => [x[0].Unfold([3], padding: -1)], Case.Complexes([6]))
        {
            Truth = x => [Patches(x[0], new([0], [3], [1], [-1], [-1], [1]))],
        },
        new("fold", "with stride and padding", x => [x[0].Fold([4, 3], [2, 2], [2, 1], Padding.Of((1, 1), (0, 1)))], Case.Numbers([2, 2, 2, 3, 3]))
        {
            Truth = x => [Overlapped(x[0], [2, 4, 3], new([1, 2], [2, 2], [2, 1], [1, 0], [1, 1], [1, 1]))],
        },
        new("fold", "of complex numbers", x => [x[0].Fold([4], [3], dilation: [1])], Case.Complexes([3, 2]))
        {
            Truth = x => [Overlapped(x[0], [4], new([0], [3], [1], [0], [0], [1]))],
        },
    ];

    private static Case Windowed(ReductionKind kind, string label, Shape shape, Window window, bool isComplex = false) => new(
        new WindowReduce(kind, window).Name, label, x => Tensor.Bind(new WindowReduce(kind, window), x), isComplex ? Case.Complexes(shape) : Case.Numbers(shape))
    {
        Truth = x => [Reduced(kind, x[0], window)],
    };

    private static Case ArgWindowed(bool isMax, string label, Shape shape, Window window) => new(
        new WindowArgReduce(isMax, window).Name, label, x => Tensor.Bind(new WindowArgReduce(isMax, window), x), Case.Numbers(shape))
    {
        IsDifferentiable = false,
        Truth = x =>
        [
            Each(x[0], window, ElementType.Int32, elements =>
                (isMax ? elements.MaxBy(e => e.Value.Real) : elements.MinBy(e => e.Value.Real)).Place),
        ],
    };

    private static Tensor Reduced(ReductionKind kind, Tensor x, Window window) => Each(x, window, x.ElementType, elements => kind switch
    {
        ReductionKind.Sum => elements.Aggregate(Complex.Zero, (sum, e) => sum + e.Value),
        ReductionKind.Max => elements.Max(e => e.Value.Real),
        _ => elements.Min(e => e.Value.Real),
    });

    /// <summary>A number for each window, of its elements that are no padding and their places within the axes of the window.</summary>
    private static Tensor Each(Tensor x, Window w, ElementType type, Func<IReadOnlyList<(Complex Value, int Place)>, Complex> reduce)
    {
        var values = Plain.Read(x);
        var counts = Counts(x.Shape, w);
        var spatial = w.Axes.Select(a => x.Shape[a]).ToArray();
        return Plain.Write([.. Plain.Places(counts).Select(at => reduce([.. Plain.Places(w.Sizes).Select(tap => Source(at, tap))
            .Where(source => Plain.Index(x.Shape, source) >= 0)
            .Select(source => (values[Plain.Index(x.Shape, source)], Plain.Index(spatial, [.. w.Axes.Select(a => source[a])])))]))], counts, type);

        int[] Source(int[] at, int[] tap)
        {
            var source = at.ToArray();
            for (var k = 0; k < tap.Length; k++) source[w.Axes[k]] = at[w.Axes[k]] * w.Strides[k] + tap[k] * w.Dilations[k] - w.Low[k];
            return source;
        }
    }

    private static Shape Counts(Shape shape, Window w)
    {
        for (var k = 0; k < w.Axes.Count; k++)
        {
            var axis = w.Axes[k];
            shape = shape.With(axis, (shape[axis] + w.Low[k] + w.High[k] - (w.Sizes[k] - 1) * w.Dilations[k] - 1) / w.Strides[k] + 1);
        }
        return shape;
    }

    /// <summary>Patches [..., window..., places...] of a tensor, by their definition.</summary>
    private static Tensor Patches(Tensor x, Window w)
    {
        var (values, first) = (Plain.Read(x), w.Axes[0]);
        Shape shape = [.. x.Shape.Sizes[..first], .. w.Sizes, .. Counts(x.Shape, w).Sizes[first..]];
        return Plain.Write([.. Plain.Places(shape).Select(at => Source(x.Shape, w, at) is var i && i >= 0 ? values[i] : 0)], shape, x.ElementType);
    }

    /// <summary>Patches added up where they overlap, by their definition.</summary>
    private static Tensor Overlapped(Tensor patches, Shape shape, Window w)
    {
        var (values, sums, next) = (Plain.Read(patches), new Complex[shape.ElementCount], 0);
        foreach (var at in Plain.Places(patches.Shape))
        {
            var to = Source(shape, w, at);
            if (to >= 0) sums[to] += values[next];
            next++;
        }
        return Plain.Write(sums, shape, patches.ElementType);
    }

    private static int Source(Shape shape, Window w, int[] patch)
    {
        var (first, axes) = (w.Axes[0], w.Axes.Count);
        return Plain.Index(shape, [.. patch[..first], .. Enumerable.Range(0, axes).Select(k =>
            patch[first + axes + k] * w.Strides[k] + patch[first + k] * w.Dilations[k] - w.Low[k])]);
    }
}
