using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>A window's place in an array [outer, spatial...].</summary>
/// <param name="Axes">The spatial axes.</param>
/// <param name="Outer">Size of the outer axis.</param>
internal sealed record WindowGeometry(ConvolutionAxis[] Axes, int Outer)
{
    /// <summary>Elements of an outer position in the result.</summary>
    public int OutputCount => Axes.Aggregate(1, (n, a) => n * a.OutputSize);

    /// <summary>The axes from the first over which the window slides; those over which it does not are axes of windows of one element. Null where that makes too many.</summary>
    public static WindowGeometry? Of(Window window, Shape shape)
    {
        if (window.Axes.Count == 0) return null;
        var axes = new List<ConvolutionAxis>();
        for (int a = window.Axes[0], k = 0; a < shape.Rank; a++)
        {
            if (k < window.Axes.Count && window.Axes[k] == a)
            {
                axes.Add(ConvolutionAxis.Padded(shape[a], window.Sizes[k], window.Strides[k], window.Low[k], window.High[k], 1, window.Dilations[k]));
                k++;
            }
            else if (k == window.Axes.Count)
            {
                var rest = shape[a..].ElementCount;
                axes.Add(new(rest, 1, rest));
                break;
            }
            else
            {
                axes.Add(new(shape[a], 1, shape[a]));
            }
        }
        return axes.Count > 3 ? null : new([.. axes], shape[..window.Axes[0]].ElementCount);
    }

    /// <summary>Outer positions in pieces.</summary>
    public Cut Cut => Cut.Of(Outer, (long)OutputCount * Axes.Aggregate(1, (n, a) => n * a.KernelSize));
}

/// <summary>Makes the steps of reductions over windows.</summary>
internal static class WindowStep
{
    /// <summary>The step, or null for complex elements and windows over too many axes.</summary>
    public static Step? Of(WindowReduce reduce, Operation operation, Place[] inputs, Place[] outputs)
    {
        if (WindowGeometry.Of(reduce.Window, operation.Input.Shape) is not { } geometry) return null;
        return operation.Output.ElementType switch
        {
            ElementType.Float32 => new WindowStep<float>(reduce, geometry, inputs[0], outputs[0]),
            ElementType.Float64 => new WindowStep<double>(reduce, geometry, inputs[0], outputs[0]),
            ElementType.Int32 => new WindowStep<int>(reduce, geometry, inputs[0], outputs[0]),
            ElementType.Int64 => new WindowStep<long>(reduce, geometry, inputs[0], outputs[0]),
            ElementType.Int8 => new WindowStep<sbyte>(reduce, geometry, inputs[0], outputs[0]),
            ElementType.UInt8 or ElementType.Bool => new WindowStep<byte>(reduce, geometry, inputs[0], outputs[0]),
            _ => null,
        };
    }
}

/// <summary>A reduction over windows.</summary>
internal sealed unsafe class WindowStep<T>(WindowReduce reduce, WindowGeometry geometry, Place input, Place output) : Step
    where T : unmanaged, INumber<T>
{
    private readonly Window<T> kernel = new(geometry.Axes);
    private readonly Cut cut = geometry.Cut;

    public override string Description => $"{reduce.Name} of {geometry.Outer} times {geometry.OutputCount} windows";

    public override void Run(nint* bases, WorkerPool pool) =>
        Shared.Run(pool, cut.Pieces, new Job { Step = this, Input = (T*)input.Address(bases), Output = (T*)output.Address(bases) });

    private void Run(T* source, T* target, int first, int end)
    {
        switch (reduce.Kind)
        {
            case ReductionKind.Sum: kernel.Sum(source, target, first, end); break;
            // Of the bytes 0 and 1 the product is their conjunction, also where a window is empty.
            case ReductionKind.Product or ReductionKind.All: kernel.Product(source, target, first, end); break;
            case ReductionKind.Max or ReductionKind.Any: kernel.Max(source, target, first, end); break;
            default: kernel.Min(source, target, first, end); break;
        }
    }

    private struct Job : IPieces
    {
        public WindowStep<T> Step;
        public T* Input;
        public T* Output;

        public readonly void Run(int piece) => Step.Run(Input, Output, (int)Step.cut.First(piece), (int)Step.cut.End(piece));
    }
}

/// <summary>Makes the steps that find the extremes of windows.</summary>
internal static class WindowArgStep
{
    /// <summary>
    /// The step, or null where the window does not slide over the last axes: indices count the axes of the window alone. A second output takes the
    /// extremes themselves.
    /// </summary>
    public static Step? Of(WindowArgReduce reduce, Operation operation, Place[] inputs, Place[] outputs)
    {
        if (Geometry(reduce, operation) is not { } geometry) return null;
        return operation.Input.ElementType switch
        {
            ElementType.Float32 => new WindowArgStep<float>(reduce, geometry, inputs[0], outputs),
            ElementType.Float64 => new WindowArgStep<double>(reduce, geometry, inputs[0], outputs),
            ElementType.Int32 => new WindowArgStep<int>(reduce, geometry, inputs[0], outputs),
            ElementType.Int64 => new WindowArgStep<long>(reduce, geometry, inputs[0], outputs),
            ElementType.Int8 => new WindowArgStep<sbyte>(reduce, geometry, inputs[0], outputs),
            _ => new WindowArgStep<byte>(reduce, geometry, inputs[0], outputs),
        };
    }

    /// <summary>Whether an operation gives the extremes, and none but these, whose places another finds by its kernel.</summary>
    public static bool IsCompanion(Operation places, Operation extremes) =>
        places.Primitive is WindowArgReduce arg && extremes.Primitive is WindowReduce reduce && places.Input == extremes.Input && arg.Window == reduce.Window
        && reduce.Kind == (arg.IsMax ? ReductionKind.Max : ReductionKind.Min) && places.Output.Count > 0 && Geometry(arg, places) is not null;

    private static WindowGeometry? Geometry(WindowArgReduce reduce, Operation operation)
    {
        var (axes, shape) = (reduce.Window.Axes, operation.Input.Shape);
        return axes.Count == 0 || axes[0] != shape.Rank - axes.Count ? null : WindowGeometry.Of(reduce.Window, shape);
    }
}

/// <summary>Where the extremes of windows lie, and where there is a second output the extremes.</summary>
internal sealed unsafe class WindowArgStep<T>(WindowArgReduce reduce, WindowGeometry geometry, Place input, Place[] outputs) : Step
    where T : unmanaged, INumber<T>
{
    private readonly Window<T> kernel = new(geometry.Axes);
    private readonly Cut cut = geometry.Cut;

    public override string Description => $"{reduce.Name}{(outputs.Length > 1 ? " and values" : "")} of {geometry.Outer} times {geometry.OutputCount} windows";

    public override void Run(nint* bases, WorkerPool pool)
    {
        var values = outputs.Length > 1 ? (T*)outputs[1].Address(bases) : null;
        Shared.Run(pool, cut.Pieces, new Job { Step = this, Input = (T*)input.Address(bases), Output = (int*)outputs[0].Address(bases), Values = values });
    }

    private void Run(T* source, int* target, T* values, int first, int end)
    {
        if (reduce.IsMax) kernel.ArgMax(source, target, values, first, end);
        else kernel.ArgMin(source, target, values, first, end);
    }

    private struct Job : IPieces
    {
        public WindowArgStep<T> Step;
        public T* Input;
        public int* Output;
        public T* Values;

        public readonly void Run(int piece) => Step.Run(Input, Output, Values, (int)Step.cut.First(piece), (int)Step.cut.End(piece));
    }
}
