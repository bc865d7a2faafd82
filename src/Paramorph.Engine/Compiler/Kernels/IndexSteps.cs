using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;
using Gather = Paramorph.Primitives.Gather;

namespace Paramorph.Compiler;

/// <summary>What gathers and scatters share: their rows, and what they say of an index that does not exist.</summary>
internal static unsafe class Indexing
{
    /// <summary>No index was out of range.</summary>
    public const long None = long.MaxValue;

    /// <summary>The canonical form of an operand and its indices.</summary>
    /// <param name="gather">How they meet.</param>
    /// <param name="operand">The shape of the operand.</param>
    /// <param name="indices">The shape of the indices.</param>
    /// <param name="parts">Numbers of which an element is made.</param>
    public static IndexedRows Rows(Gather gather, Shape operand, Shape indices, int parts)
    {
        var batches = operand[..gather.BatchRank].ElementCount;
        var row = operand[(gather.BatchRank + gather.Indexed)..].ElementCount;
        int[] sizes = [.. operand[gather.BatchRank..(gather.BatchRank + gather.Indexed)]];
        return new(batches, indices[..^1].ElementCount / batches, sizes, row * parts);
    }

    /// <summary>Remembers the first place whose index is out of range.</summary>
    public static void Report(ref long first, long place)
    {
        if (place < 0) return;
        var seen = Volatile.Read(ref first);
        while (place < seen)
        {
            var before = Interlocked.CompareExchange(ref first, place, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    /// <summary>The error of an index that does not exist.</summary>
    public static EvaluationException OutOfRange<TIndex>(Gather gather, string name, Shape operand, TIndex* indices, long place)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (var k = 0; ; k++)
        {
            var index = long.CreateTruncating(indices[place * gather.Indexed + k]);
            if (index < 0 || index >= operand[gather.BatchRank + k]) return gather.OutOfRange(name, operand, k, index);
        }
    }
}

/// <summary>Makes the steps of gathers.</summary>
internal static class GatherStep
{
    /// <summary>The step for any elements.</summary>
    public static Step Of(Gather gather, Operation operation, Place[] inputs, Place[] outputs) => operation.Inputs[1].ElementType == ElementType.Int32
        ? new GatherStep<int>(gather, operation, inputs, outputs[0])
        : new GatherStep<long>(gather, operation, inputs, outputs[0]);
}

/// <summary>Rows of a table taken at indices.</summary>
internal sealed unsafe class GatherStep<TIndex> : Step
    where TIndex : unmanaged, IBinaryInteger<TIndex>
{
    private readonly Gather gather;
    private readonly Shape operand;
    private readonly Place[] inputs;
    private readonly Place output;
    private readonly IndexedRows rows;
    private readonly int elementSize;
    private readonly Cut cut;

    /// <summary>A gather whose operands have been placed.</summary>
    public GatherStep(Gather gather, Operation operation, Place[] inputs, Place output)
    {
        (this.gather, this.inputs, this.output) = (gather, inputs, output);
        operand = operation.Input.Shape;
        rows = Indexing.Rows(gather, operand, operation.Inputs[1].Shape, 1);
        elementSize = operation.Output.ElementType.Size();
        cut = Cut.Of(rows.Names, rows.RowLength + gather.Indexed);
    }

    public override string Description => $"gather of {rows.Names} rows of {rows.RowLength}";

    public override void Run(nint* bases, WorkerPool pool)
    {
        var bad = Indexing.None;
        var indices = (TIndex*)inputs[1].Address(bases);
        Shared.Run(pool, cut.Pieces, new Job { Step = this, Table = inputs[0].Address(bases), Indices = indices, Output = output.Address(bases), Bad = &bad });
        if (bad != Indexing.None) throw Indexing.OutOfRange(gather, gather.Name, operand, indices, bad);
    }

    private struct Job : IPieces
    {
        public GatherStep<TIndex> Step;
        public byte* Table;
        public TIndex* Indices;
        public byte* Output;
        public long* Bad;

        public readonly void Run(int piece) => Indexing.Report(
            ref *Bad, Cpu.Gather.Run(Step.rows, Step.elementSize, Table, Indices, Output, Step.cut.First(piece), Step.cut.End(piece)));
    }
}

/// <summary>Makes the steps of scatters.</summary>
internal static class ScatterStep
{
    /// <summary>The step; complex rows, which are added or replaced, are real rows of twice the length.</summary>
    public static Step Of(Scatter scatter, Operation operation, Place[] inputs, Place[] outputs) => operation.Output.ElementType.RealType() switch
    {
        ElementType.Float32 => Of<float>(scatter, operation, inputs, outputs),
        ElementType.Float64 => Of<double>(scatter, operation, inputs, outputs),
        ElementType.Int32 => Of<int>(scatter, operation, inputs, outputs),
        ElementType.Int64 => Of<long>(scatter, operation, inputs, outputs),
        ElementType.Int8 => Of<sbyte>(scatter, operation, inputs, outputs),
        _ => Of<byte>(scatter, operation, inputs, outputs),
    };

    /// <summary>The number of which the operand of a scatter consists, where it is a real scalar repeated; the step then takes that in its place.</summary>
    public static Tensor? Repeated(Operation operation)
    {
        // An operation without elements runs by its definition, which wants the operand whole.
        if (operation.Input.Count == 0 || operation.Inputs[1].Count == 0 || operation.Inputs[2].Count == 0) return null;
        var operand = operation.Input;
        while (operand is { IsEvaluated: false, Source: { Primitive: Broadcast or Reshape } view }) operand = view.Input;
        return operand is { Rank: 0 } && !ReferenceEquals(operand, operation.Input) && !operand.ElementType.IsComplex() ? operand : null;
    }

    private static Step Of<T>(Scatter scatter, Operation operation, Place[] inputs, Place[] outputs)
        where T : unmanaged, INumber<T> => operation.Inputs[1].ElementType == ElementType.Int32
            ? new ScatterStep<T, int>(scatter, operation, inputs, outputs[0])
            : new ScatterStep<T, long>(scatter, operation, inputs, outputs[0]);
}

/// <summary>Rows put into a copy of a table at indices.</summary>
internal sealed unsafe class ScatterStep<T, TIndex> : Step
    where T : unmanaged, INumber<T>
    where TIndex : unmanaged, IBinaryInteger<TIndex>
{
    private readonly Scatter scatter;
    private readonly Shape operand;
    private readonly Place[] inputs;
    private readonly Place output;
    private readonly IndexedRows rows;
    private readonly Cpu.Scatter<T> kernel;
    private readonly Cut copies;
    private readonly Cut positions;
    private readonly bool startsFromNumber;

    /// <summary>A scatter whose operands have been placed.</summary>
    public ScatterStep(Scatter scatter, Operation operation, Place[] inputs, Place output)
    {
        (this.scatter, this.inputs, this.output) = (scatter, inputs, output);
        operand = operation.Input.Shape;
        var parts = operation.Output.ElementType.IsComplex() ? 2 : 1;
        rows = Indexing.Rows(scatter.Addressing, operand, operation.Inputs[1].Shape, parts);
        kernel = new(KindOf(scatter.Kind), rows, scatter.HasUniqueIndices);
        copies = Cut.Of((long)operand.ElementCount * parts, 1);
        positions = Cut.Of(rows.Batch, (rows.TableRows + rows.Count) * rows.RowLength);
        startsFromNumber = ScatterStep.Repeated(operation) is not null;
    }

    public override string Description => $"{scatter.Name} of {rows.Names} rows of {rows.RowLength}";

    public override void Run(nint* bases, WorkerPool pool)
    {
        var bad = Indexing.None;
        T* source = (T*)inputs[0].Address(bases), table = (T*)output.Address(bases);
        var indices = (TIndex*)inputs[1].Address(bases);
        if (startsFromNumber && !kernel.OwnsBatchPositions) Shared.Run(pool, copies.Pieces, new Filling { Cut = copies, Value = *source, Target = table });
        if (!startsFromNumber && source != table) Shared.Run(pool, copies.Pieces, new Copy { Cut = copies, Source = source, Target = table });
        var pieces = kernel.OwnsBatchPositions ? positions.Pieces : kernel.Pieces(pool.Threads);
        var job = new Job { Step = this, Pieces = pieces, Source = source, Table = table, Indices = indices, Updates = (T*)inputs[2].Address(bases), Bad = &bad };
        Shared.Run(pool, job.Pieces, job);
        if (bad != Indexing.None) throw Indexing.OutOfRange(scatter.Addressing, scatter.Name, operand, indices, bad);
    }

    private static Cpu.ScatterKind KindOf(Primitives.ScatterKind kind) => kind switch
    {
        Primitives.ScatterKind.Add => Cpu.ScatterKind.Add,
        Primitives.ScatterKind.Max => Cpu.ScatterKind.Max,
        Primitives.ScatterKind.Min => Cpu.ScatterKind.Min,
        _ => Cpu.ScatterKind.Set,
    };

    private struct Copy : IPieces
    {
        public Cut Cut;
        public T* Source;
        public T* Target;

        public readonly void Run(int piece)
        {
            var bytes = (Cut.End(piece) - Cut.First(piece)) * sizeof(T);
            Buffer.MemoryCopy(Source + Cut.First(piece), Target + Cut.First(piece), bytes, bytes);
        }
    }

    private struct Filling : IPieces
    {
        public Cut Cut;
        public T Value;
        public T* Target;

        public readonly void Run(int piece) => new Span<T>(Target + Cut.First(piece), (int)(Cut.End(piece) - Cut.First(piece))).Fill(Value);
    }

    private struct Job : IPieces
    {
        public ScatterStep<T, TIndex> Step;
        public int Pieces;
        public T* Source;
        public T* Table;
        public TIndex* Indices;
        public T* Updates;
        public long* Bad;

        public readonly void Run(int piece)
        {
            if (!Step.kernel.OwnsBatchPositions)
            {
                Indexing.Report(ref *Bad, Step.kernel.Run(piece, Pieces, Table, Indices, Updates));
                return;
            }
            var (first, end) = ((int)Step.positions.First(piece), (int)Step.positions.End(piece));
            Indexing.Report(ref *Bad, Step.kernel.RunPositions(first, end, Step.startsFromNumber ? Source : null, Table, Indices, Updates));
        }
    }
}
