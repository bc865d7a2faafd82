using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Operands put in order together along an axis.</summary>
internal sealed unsafe class SortStep : Step
{
    private readonly Sort sort;
    private readonly AxisView view;
    private readonly ElementType[] types;
    private readonly Place[] inputs;
    private readonly Place[] outputs;
    private readonly Cut lines;

    /// <summary>A sort whose operands have been placed.</summary>
    public SortStep(Sort sort, Operation operation, Place[] inputs, Place[] outputs)
    {
        (this.sort, this.inputs, this.outputs) = (sort, inputs, outputs);
        view = AxisView.Of(operation.Input.Shape, sort.Axis);
        types = [.. operation.Inputs.ToArray().Select(t => t.ElementType)];
        lines = Cut.Of((long)view.Outer * view.Inner, view.Count * Sort.Comparisons(view.Count));
    }

    public override string Description => $"sort of [{view.Outer}, {view.Count}, {view.Inner}] by {sort.Keys} of {types.Length}";

    public override void Run(nint* bases, WorkerPool pool) => Shared.Run(pool, lines.Pieces, new Job { Step = this, Bases = bases });

    private void RunLines(nint* bases, long first, long end)
    {
        using var scratch = Scratch.Open();
        var order = scratch.Take<int>(view.Count);
        var work = scratch.Take<SortItem>(2 * (nint)view.Count);
        for (var line = first; line < end; line++)
        {
            var start = line / view.Inner * view.OuterStride + line % view.Inner;
            Sorting.Start(order, view.Count);
            for (var key = sort.Keys - 1; key >= 0; key--) SortBy(types[key], inputs[key].Address(bases), start, order, work);
            for (var i = 0; i < types.Length; i++)
                Lines.Take(types[i].Size(), inputs[i].Address(bases), outputs[i].Address(bases), start, view.Inner, order, view.Count);
            var places = (int*)outputs[^1].Address(bases) + start;
            for (nint i = 0; i < view.Count; i++) places[i * view.Inner] = order[i];
        }
    }

    private void SortBy(ElementType type, byte* keys, long start, int* order, SortItem* work)
    {
        switch (type)
        {
            case ElementType.Float32: SortBy((float*)keys + start, order, work); break;
            case ElementType.Float64: SortBy((double*)keys + start, order, work); break;
            case ElementType.Int32: SortBy((int*)keys + start, order, work); break;
            case ElementType.Int64: SortBy((long*)keys + start, order, work); break;
            case ElementType.Int8: SortBy((sbyte*)keys + start, order, work); break;
            default: SortBy(keys + start, order, work); break;
        }
    }

    private void SortBy<T>(T* keys, int* order, SortItem* work)
        where T : unmanaged, INumber<T> => Sorting.Sort(keys, view.Inner, view.Count, sort.IsDescending, order, work);

    private struct Job : IPieces
    {
        public SortStep Step;
        public nint* Bases;

        public readonly void Run(int piece) => Step.RunLines(Bases, Step.lines.First(piece), Step.lines.End(piece));
    }
}

/// <summary>Lines of elements of any size.</summary>
internal static unsafe class Lines
{
    /// <summary>Takes the elements of a line in an order; both lines begin at <paramref name="start"/>, counted in elements.</summary>
    public static void Take(int size, byte* source, byte* target, long start, nint stride, int* order, int count)
    {
        switch (size)
        {
            case 1: Sorting.Take(source + start, stride, order, count, target + start, stride); break;
            case 4: Sorting.Take((uint*)source + start, stride, order, count, (uint*)target + start, stride); break;
            case 8: Sorting.Take((ulong*)source + start, stride, order, count, (ulong*)target + start, stride); break;
            default: Sorting.Take((Complex*)source + start, stride, order, count, (Complex*)target + start, stride); break;
        }
    }
}

/// <summary>Makes the steps that choose the largest elements.</summary>
internal static class TopStep
{
    /// <summary>The step for any ordered elements.</summary>
    public static Step Of(TopK top, Operation operation, Place[] inputs, Place[] outputs) => operation.Input.ElementType switch
    {
        ElementType.Float32 => new TopStep<float>(top, operation.Input.Shape, inputs[0], outputs),
        ElementType.Float64 => new TopStep<double>(top, operation.Input.Shape, inputs[0], outputs),
        ElementType.Int32 => new TopStep<int>(top, operation.Input.Shape, inputs[0], outputs),
        ElementType.Int64 => new TopStep<long>(top, operation.Input.Shape, inputs[0], outputs),
        ElementType.Int8 => new TopStep<sbyte>(top, operation.Input.Shape, inputs[0], outputs),
        _ => new TopStep<byte>(top, operation.Input.Shape, inputs[0], outputs),
    };
}

/// <summary>The largest elements of the last axis.</summary>
internal sealed unsafe class TopStep<T>(TopK top, Shape shape, Place input, Place[] outputs) : Step
    where T : unmanaged, INumber<T>
{
    private readonly int size = shape[^1];
    private readonly Cut lines = Cut.Of(shape[..^1].ElementCount, shape[^1] * Sort.Comparisons(top.Count));

    public override string Description => $"top {top.Count} of {shape}";

    public override void Run(nint* bases, WorkerPool pool) => Shared.Run(pool, lines.Pieces, new Job
    {
        Step = this,
        Input = (T*)input.Address(bases),
        Values = (T*)outputs[0].Address(bases),
        Places = (int*)outputs[1].Address(bases),
    });

    private struct Job : IPieces
    {
        public TopStep<T> Step;
        public T* Input;
        public T* Values;
        public int* Places;

        public readonly void Run(int piece)
        {
            using var scratch = Scratch.Open();
            var (count, size) = (Step.Count, Step.size);
            var work = scratch.Take<SortItem>(2 * (nint)count);
            for (var line = Step.lines.First(piece); line < Step.lines.End(piece); line++)
            {
                Sorting.Top(Input + line * size, 1, size, count, largest: true, Places + line * count, work);
                Sorting.Take(Input + line * size, 1, Places + line * count, count, Values + line * count, 1);
            }
        }
    }

    private int Count => top.Count;
}
