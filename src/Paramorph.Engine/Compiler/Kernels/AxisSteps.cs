using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;
using ArgReduce = Paramorph.Primitives.ArgReduce;
using Cumulative = Paramorph.Primitives.Cumulative;

namespace Paramorph.Compiler;

/// <summary>An array seen as [outer, count, inner] around one of its axes, cut into blocks of columns that are independent.</summary>
/// <param name="Outer">Positions before the axis.</param>
/// <param name="Count">Length of the axis.</param>
/// <param name="Inner">Numbers behind the axis.</param>
internal readonly record struct AxisView(int Outer, int Count, int Inner)
{
    private const int Columns = 512;

    /// <summary>The view of an axis; an element is made of <paramref name="parts"/> numbers.</summary>
    public static AxisView Of(Shape shape, int axis, int parts = 1) =>
        new(shape[..axis].ElementCount, shape[axis], shape[(axis + 1)..].ElementCount * parts);

    /// <summary>Blocks of columns in one outer position.</summary>
    public int Blocks => (Inner + Columns - 1) / Columns;

    /// <summary>Distance between outer positions.</summary>
    public nint OuterStride => (nint)Count * Inner;

    /// <summary>All blocks in pieces.</summary>
    public Cut Cut => Cut.Of((long)Outer * Blocks, (long)Count * Math.Min(Inner, Columns));

    /// <summary>The first column of a block and their number.</summary>
    public (int First, int Count) Block(int block) => (block * Columns, Math.Min(Columns, Inner - block * Columns));
}

/// <summary>Makes the steps of running sums, products and extremes.</summary>
internal static class CumulativeStep
{
    /// <summary>The step, or null for complex products.</summary>
    public static Step? Of(Cumulative cumulative, Operation operation, Place[] inputs, Place[] outputs) => operation.Output.ElementType switch
    {
        ElementType.Float32 => Of<float>(cumulative, operation, inputs, outputs),
        ElementType.Float64 => Of<double>(cumulative, operation, inputs, outputs),
        ElementType.Int32 => Of<int>(cumulative, operation, inputs, outputs),
        ElementType.Int64 => Of<long>(cumulative, operation, inputs, outputs),
        ElementType.Int8 => Of<sbyte>(cumulative, operation, inputs, outputs),
        ElementType.UInt8 => Of<byte>(cumulative, operation, inputs, outputs),
        // Complex numbers add as pairs of real ones.
        ElementType.Complex64 when cumulative.Kind == ReductionKind.Sum => Of<float>(cumulative, operation, inputs, outputs, 2),
        ElementType.Complex128 when cumulative.Kind == ReductionKind.Sum => Of<double>(cumulative, operation, inputs, outputs, 2),
        _ => null,
    };

    private static Step? Of<T>(Cumulative cumulative, Operation operation, Place[] inputs, Place[] outputs, int parts = 1)
        where T : unmanaged, INumber<T>
    {
        var view = AxisView.Of(operation.Input.Shape, cumulative.Axis, parts);
        return cumulative.Kind switch
        {
            ReductionKind.Sum => new CumulativeStep<T, SumOperation<T>>(cumulative, view, inputs[0], outputs[0]),
            ReductionKind.Product => new CumulativeStep<T, ProductOperation<T>>(cumulative, view, inputs[0], outputs[0]),
            ReductionKind.Max => new CumulativeStep<T, MaxOperation<T>>(cumulative, view, inputs[0], outputs[0]),
            ReductionKind.Min => new CumulativeStep<T, MinOperation<T>>(cumulative, view, inputs[0], outputs[0]),
            _ => null,
        };
    }
}

/// <summary>Running sums, products or extremes along an axis.</summary>
internal sealed unsafe class CumulativeStep<T, TOperation>(Cumulative cumulative, AxisView view, Place input, Place output) : Step
    where T : unmanaged, INumber<T>
    where TOperation : ICombine<T>
{
    private readonly Cut cut = view.Cut;

    public override string Description => $"{cumulative.Name} of [{view.Outer}, {view.Count}, {view.Inner}]";

    public override void Run(nint* bases, WorkerPool pool) =>
        Shared.Run(pool, cut.Pieces, new Job { Step = this, Input = (T*)input.Address(bases), Output = (T*)output.Address(bases) });

    private void Run(T* source, T* target, int first, int end)
    {
        (nint Outer, nint Axis) strides = (view.OuterStride, view.Inner);
        if (view.Blocks == 1)
        {
            Cpu.Cumulative.Run<T, TOperation>(source, strides, target, strides, view.Count, view.Inner, cumulative.IsReverse, first, end);
            return;
        }
        for (var i = first; i < end; i++)
        {
            var ((column, columns), outer) = (view.Block(i % view.Blocks), i / view.Blocks);
            Cpu.Cumulative.Run<T, TOperation>(source + column, strides, target + column, strides, view.Count, columns, cumulative.IsReverse, outer, outer + 1);
        }
    }

    private struct Job : IPieces
    {
        public CumulativeStep<T, TOperation> Step;
        public T* Input;
        public T* Output;

        public readonly void Run(int piece) => Step.Run(Input, Output, (int)Step.cut.First(piece), (int)Step.cut.End(piece));
    }
}

/// <summary>Makes the steps that find extremes along an axis.</summary>
internal static class ArgReduceStep
{
    /// <summary>The step for any ordered elements.</summary>
    public static Step Of(ArgReduce reduce, Operation operation, Place[] inputs, Place[] outputs)
    {
        var view = AxisView.Of(operation.Input.Shape, reduce.Axis);
        return operation.Input.ElementType switch
        {
            ElementType.Float32 => new ArgReduceStep<float>(reduce, view, inputs[0], outputs[0]),
            ElementType.Float64 => new ArgReduceStep<double>(reduce, view, inputs[0], outputs[0]),
            ElementType.Int32 => new ArgReduceStep<int>(reduce, view, inputs[0], outputs[0]),
            ElementType.Int64 => new ArgReduceStep<long>(reduce, view, inputs[0], outputs[0]),
            ElementType.Int8 => new ArgReduceStep<sbyte>(reduce, view, inputs[0], outputs[0]),
            _ => new ArgReduceStep<byte>(reduce, view, inputs[0], outputs[0]),
        };
    }
}

/// <summary>Where the extremes along an axis lie.</summary>
internal sealed unsafe class ArgReduceStep<T>(ArgReduce reduce, AxisView view, Place input, Place output) : Step
    where T : unmanaged, INumber<T>
{
    private readonly Cut cut = view.Cut;

    public override string Description => $"{reduce.Name} of [{view.Outer}, {view.Count}, {view.Inner}]";

    public override void Run(nint* bases, WorkerPool pool) =>
        Shared.Run(pool, cut.Pieces, new Job { Step = this, Input = (T*)input.Address(bases), Output = (int*)output.Address(bases) });

    private void Run(T* source, int* target, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            var ((column, columns), outer) = (view.Block(i % view.Blocks), i / view.Blocks);
            var from = source + outer * view.OuterStride + column;
            var to = target + (nint)outer * view.Inner + column;
            if (reduce.IsMax) Cpu.ArgReduce.Max(from, 0, view.Inner, view.Count, columns, to, 0, 1);
            else Cpu.ArgReduce.Min(from, 0, view.Inner, view.Count, columns, to, 0, 1);
        }
    }

    private struct Job : IPieces
    {
        public ArgReduceStep<T> Step;
        public T* Input;
        public int* Output;

        public readonly void Run(int piece) => Step.Run(Input, Output, (int)Step.cut.First(piece), (int)Step.cut.End(piece));
    }
}
