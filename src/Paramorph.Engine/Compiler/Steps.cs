using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>One step of an executable.</summary>
internal abstract unsafe class Step
{
    /// <summary>What the step is, for people.</summary>
    public abstract string Description { get; }

    /// <summary>Runs it on the addresses of the table, on all threads of the pool.</summary>
    public abstract void Run(nint* bases, WorkerPool pool);

    /// <summary>Runs it; a step that is made of many parts stops between them when it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; its results are not complete.</exception>
    public virtual void Run(nint* bases, WorkerPool pool, CancellationToken cancellation) => Run(bases, pool);
}

/// <summary>A step that can run for some rows of its group.</summary>
internal abstract unsafe class RowStep : Step
{
    /// <summary>Runs it for the rows from <paramref name="start"/> to before <paramref name="end"/>, the first of which begins the tile's memory.</summary>
    public abstract void Run(nint* bases, long start, long end);

    /// <summary>Gets ready what all rows share. Called once before the rows of a run.</summary>
    public virtual void Prepare(nint* bases)
    {
    }
}

/// <summary>A fused loop.</summary>
internal sealed unsafe class LoopStep : RowStep
{
    /// <summary>Points that are worth handing to another thread.</summary>
    private const long PointsPerPiece = 16 * 1024;

    /// <summary>Operations, loads and stores of a loop that is shared out at all.</summary>
    private const long SharedWork = 16 * PointsPerPiece;

    private const int MostPieces = 64;

    private readonly LoopKernel kernel;
    private readonly LoopProgram program;
    private readonly Place[] places;
    private readonly long rowFactor;
    private readonly List<Accumulator> accumulators;
    private readonly int pieces;
    private readonly long perPiece;
    private readonly long partialBytes;
    private readonly bool isShared;

    /// <summary>A loop whose operands have been placed.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="places">Where each operand begins, at row zero.</param>
    /// <param name="isTiled">Whether it runs by rows; otherwise it cuts its outermost dimension into pieces itself.</param>
    /// <param name="isEmitted">Whether its kernel is emitted as machine code.</param>
    public LoopStep(LoweredLoop loop, Place[] places, bool isTiled, bool isEmitted)
    {
        program = loop.Program;
        kernel = LoopKernels.Of(program, isEmitted);
        this.places = places;
        rowFactor = Math.Max(1, loop.RowFactor);
        accumulators = isTiled ? [] : [.. loop.Accumulated.Select(a => Accumulator.Of(program, a.Operand, a.Kind))];
        var outer = program.Extents[0];
        var points = program.Extents.Aggregate(1L, (p, e) => p * e);
        var wanted = Math.Clamp(points / PointsPerPiece, 1, MostPieces);
        // A loop of one dimension that reduces is cut at whole blocks, so that the order of the sum is that of the blocks.
        var unit = program.Rank == 1 && program.Reductions.Length > 0 ? LoopProgram.BlockLength : 1;
        perPiece = Math.Max(1, (outer + wanted - 1) / wanted);
        perPiece = (perPiece + unit - 1) / unit * unit;
        pieces = (int)Math.Max(1, (outer + perPiece - 1) / perPiece);
        partialBytes = accumulators.Sum(a => a.Bytes);
        isShared = pieces > 1 && points * (program.Instructions.Length + places.Length) >= SharedWork;
    }

    public override string Description =>
        $"loop over [{string.Join(", ", program.Extents)}]: {program.Instructions.Length} operations, {program.Stores.Length} stores, {program.Reductions.Length} reductions";

    public override void Run(nint* bases, long start, long end)
    {
        var operands = stackalloc void*[places.Length];
        for (var i = 0; i < places.Length; i++) operands[i] = places[i].RowZero(bases, start);
        kernel.Run(operands, start * rowFactor, end * rowFactor);
    }

    public override void Run(nint* bases, WorkerPool pool)
    {
        if (accumulators.Count > 0)
        {
            RunAccumulating(bases, pool);
            return;
        }
        if (pieces == 1)
        {
            RunPiece(bases, 0, null);
            return;
        }
        var job = new Job { Step = this, Bases = bases };
        Shared.Run(pool, pieces, job, isShared);
    }

    private void RunAccumulating(nint* bases, WorkerPool pool)
    {
        using var scratch = Scratch.Open();
        var partials = (byte*)scratch.Take<byte>((nint)(pieces * partialBytes));
        for (var piece = 0; piece < pieces; piece++)
        {
            var at = partials + piece * partialBytes;
            foreach (var accumulator in accumulators)
            {
                accumulator.Clear(at);
                at += accumulator.Bytes;
            }
        }
        if (pieces == 1) RunPiece(bases, 0, partials);
        else Shared.Run(pool, pieces, new Job { Step = this, Bases = bases, Partials = partials }, isShared);
        foreach (var accumulator in accumulators)
        {
            accumulator.Combine(partials, partialBytes, pieces, places[accumulator.Operand].Address(bases));
            partials += accumulator.Bytes;
        }
    }

    private void RunPiece(nint* bases, int piece, byte* partials)
    {
        var operands = stackalloc void*[places.Length];
        for (var i = 0; i < places.Length; i++) operands[i] = places[i].Address(bases);
        if (partials != null)
        {
            var at = partials + piece * partialBytes;
            foreach (var accumulator in accumulators)
            {
                operands[accumulator.Operand] = at;
                at += accumulator.Bytes;
            }
        }
        kernel.Run(operands, piece * perPiece, Math.Min(program.Extents[0], (piece + 1) * perPiece));
    }

    private struct Job : IPieces
    {
        public LoopStep Step;
        public nint* Bases;
        public byte* Partials;

        public readonly void Run(int piece) => Step.RunPiece(Bases, piece, Partials);
    }
}

/// <summary>Work in numbered pieces, without a closure.</summary>
internal interface IPieces
{
    void Run(int piece);
}

/// <summary>Hands pieces to a pool without allocating.</summary>
internal static unsafe class Shared
{
    /// <summary>Runs all pieces of a job.</summary>
    /// <param name="pool">The threads.</param>
    /// <param name="pieces">Number of pieces.</param>
    /// <param name="job">What a piece does.</param>
    /// <param name="isWorthSharing">Whether all pieces take longer than to wait for other threads; otherwise the caller runs them one after the other.</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "A static host of the trampoline.")]
    public static void Run<TJob>(WorkerPool pool, int pieces, TJob job, bool isWorthSharing = true)
        where TJob : struct, IPieces
    {
        if (!isWorthSharing)
        {
            for (var piece = 0; piece < pieces; piece++) job.Run(piece);
            return;
        }
        // The job lives on this stack until all pieces have ended; the workers see it through a pointer to it.
#pragma warning disable CS8500
        pool.Run(pieces, &Call<TJob>, &job);
#pragma warning restore CS8500
    }

    private static void Call<TJob>(void* job, int piece)
        where TJob : struct, IPieces
    {
#pragma warning disable CS8500
        ((TJob*)job)->Run(piece);
#pragma warning restore CS8500
    }
}

/// <summary>The result of a reduction over the rows, gathered in one copy for each piece and then combined in a fixed tree.</summary>
/// <param name="Operand">The operand of the loop.</param>
/// <param name="Type">Its elements.</param>
/// <param name="Count">Their number.</param>
/// <param name="Kind">How they combine.</param>
internal sealed unsafe record Accumulator(int Operand, ElementType Type, long Count, ReductionKind Kind)
{
    /// <summary>Bytes of one copy, rounded up so that copies stay aligned.</summary>
    public long Bytes => (Count * Type.Size() + 63) / 64 * 64;

    /// <summary>The accumulator of a loop's operand: the extent of its elements as the strides tell it.</summary>
    public static Accumulator Of(LoopProgram program, int operand, ReductionKind kind)
    {
        var (type, strides) = program.Operands[operand];
        var count = 1L;
        for (var d = 0; d < strides.Length; d++) count += strides[d] * (program.Extents[d] - 1);
        return new(operand, TypeOf(type), count, kind);
    }

    public void Clear(byte* copy)
    {
        switch (Type)
        {
            case ElementType.Float32: Fill((float)Initial, copy); break;
            case ElementType.Float64: Fill(Initial, copy); break;
            case ElementType.Int32: Fill(int.CreateSaturating(Initial), copy); break;
            case ElementType.Int64: Fill(long.CreateSaturating(Initial), copy); break;
            case ElementType.Int8: Fill(sbyte.CreateSaturating(Initial), copy); break;
            default: Fill(byte.CreateSaturating(Kind == ReductionKind.All ? 1 : Initial), copy); break;
        }
    }

    /// <summary>Combines the copies pairwise, neighbours first, and writes the result.</summary>
    public void Combine(byte* copies, long distance, int count, byte* result)
    {
        for (var reach = 1; reach < count; reach *= 2)
            for (var i = 0; i + reach < count; i += 2 * reach)
                Combine(copies + i * distance, copies + (i + reach) * distance);
        Buffer.MemoryCopy(copies, result, Count * Type.Size(), Count * Type.Size());
    }

    private double Initial => Reduce.Initial(Kind, Type);

    private static ElementType TypeOf(LoopType type) => type switch
    {
        LoopType.F32 => ElementType.Float32,
        LoopType.F64 => ElementType.Float64,
        LoopType.I32 => ElementType.Int32,
        LoopType.I64 => ElementType.Int64,
        LoopType.I8 => ElementType.Int8,
        LoopType.U8 => ElementType.UInt8,
        _ => ElementType.Bool,
    };

    private void Combine(byte* into, byte* from)
    {
        switch (Type)
        {
            case ElementType.Float32: Combine<float>(into, from); break;
            case ElementType.Float64: Combine<double>(into, from); break;
            case ElementType.Int32: Combine<int>(into, from); break;
            case ElementType.Int64: Combine<long>(into, from); break;
            case ElementType.Int8: Combine<sbyte>(into, from); break;
            default: Combine<byte>(into, from); break;
        }
    }

    private void Combine<T>(byte* into, byte* from)
        where T : unmanaged, INumber<T>
    {
        T* a = (T*)into, b = (T*)from;
        switch (Kind)
        {
            case ReductionKind.Sum:
                Combining.Into<T, SumOperation<T>>(a, b, Count);
                break;
            case ReductionKind.Product:
                Combining.Into<T, ProductOperation<T>>(a, b, Count);
                break;
            case ReductionKind.Max or ReductionKind.Any:
                Combining.Into<T, MaxOperation<T>>(a, b, Count);
                break;
            default:
                Combining.Into<T, MinOperation<T>>(a, b, Count);
                break;
        }
    }

    private void Fill<T>(T value, byte* copy)
        where T : unmanaged => new Span<T>(copy, checked((int)Count)).Fill(value);
}

/// <summary>An operation run by its definition, in double precision and slowly: for what has no kernel.</summary>
internal sealed unsafe class DefinitionStep(Operation operation, Place[] inputs, Place[] outputs) : Step
{
    public override string Description => $"definition of {operation.Primitive.Name}";

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        var values = new ReferenceArray[inputs.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Read(operation.Inputs[i], inputs[i].Address(bases));
        var results = new ReferenceEvaluator(round: true, cancellation: cancellation).Apply(operation, values);
        for (var i = 0; i < results.Length; i++)
        {
            var bytes = results[i].ToStorage().Bytes;
            bytes.CopyTo(new Span<byte>(outputs[i].Address(bases), bytes.Length));
        }
    }

    private static ReferenceArray Read(Tensor tensor, byte* address)
    {
        var storage = new Storage(tensor.ElementType, tensor.Count);
        new ReadOnlySpan<byte>(address, storage.Bytes.Length).CopyTo(storage.Bytes);
        return ReferenceArray.From(storage, tensor.Shape);
    }
}
