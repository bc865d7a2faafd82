using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>Makes the steps of messages.</summary>
internal static class MessageSteps
{
    /// <summary>The step that puts edges in order.</summary>
    public static Step Of(EdgeOrder order, Operation operation, Place[] inputs, Place[] outputs) => operation.Input.ElementType == ElementType.Int32
        ? new EdgeOrderStep<int>(order, operation, inputs[0], outputs)
        : new EdgeOrderStep<long>(order, operation, inputs[0], outputs);

    /// <summary>The step that adds messages up.</summary>
    public static Step Of(MessageSum sum, Operation operation, Place[] inputs, Place output) =>
        (operation.Output.ElementType, operation.Inputs[1].ElementType) switch
        {
            (ElementType.Float32, ElementType.Int32) => new MessageSumStep<float, int>(sum, operation, inputs, output),
            (ElementType.Float32, _) => new MessageSumStep<float, long>(sum, operation, inputs, output),
            (_, ElementType.Int32) => new MessageSumStep<double, int>(sum, operation, inputs, output),
            _ => new MessageSumStep<double, long>(sum, operation, inputs, output),
        };
}

/// <summary>Puts edges in the order of their targets by counting.</summary>
internal sealed unsafe class EdgeOrderStep<TIndex>(EdgeOrder order, Operation operation, Place targets, Place[] outputs) : Step
    where TIndex : unmanaged, IBinaryInteger<TIndex>
{
    private readonly int edges = operation.Input.Count;

    public override string Description => $"{edges} edges in the order of {order.Targets[0]} targets";

    public override void Run(nint* bases, WorkerPool pool)
    {
        var indices = (TIndex*)targets.Address(bases);
        int* starts = (int*)outputs[0].Address(bases), ordered = (int*)outputs[1].Address(bases);
        var count = order.Targets[0];
        // Counts stand two places further on, so that they have become the starts when all edges are put.
        new Span<int>(starts, count + 1).Clear();
        for (var edge = 0; edge < edges; edge++)
        {
            var target = ulong.CreateTruncating(long.CreateTruncating(indices[edge]));
            if (target >= (ulong)count) throw Indexing.OutOfRange(order.Scatter.Addressing, order.Scatter.Name, order.Targets, indices, edge);
            if (target + 2 <= (ulong)count) starts[target + 2]++;
        }
        for (var i = 2; i <= count; i++) starts[i] += starts[i - 1];
        for (var edge = 0; edge < edges; edge++) ordered[starts[int.CreateTruncating(indices[edge]) + 1]++] = edge;
    }
}

/// <summary>
/// Adds up the messages of the edges of each target, in the order of the edges: in double precision, since single precision loses digits where many meet. Targets
/// are shared out among threads.
/// </summary>
internal sealed unsafe class MessageSumStep<T, TIndex> : Step
    where T : unmanaged, IFloatingPointIeee754<T>
    where TIndex : unmanaged, IBinaryInteger<TIndex>
{
    /// <summary>Edges between one and that whose row is asked for meanwhile.</summary>
    private const int Ahead = 4;

    private const int CacheLine = 64;

    /// <summary>Bytes of a row that are asked for; what follows them comes by itself.</summary>
    private const int MostFetched = 512;

    private readonly MessageSum sum;
    private readonly Shape table;
    private readonly Place[] inputs;
    private readonly Place output;
    private readonly int edges;
    private readonly int length;
    private readonly Cut cut;

    /// <summary>Sums whose operands have been placed.</summary>
    public MessageSumStep(MessageSum sum, Operation operation, Place[] inputs, Place output)
    {
        (this.sum, this.inputs, this.output) = (sum, inputs, output);
        table = operation.Input.Shape;
        edges = operation.Inputs[1].Count;
        length = sum.Result.Shape[1..].ElementCount;
        var targets = sum.Result.Shape[0];
        cut = Cut.Of(targets, (long)(edges / targets + 1) * length);
    }

    public override string Description => $"sums of {edges} {(inputs.Length > 5 ? "weighted " : "")}messages of {length} at {sum.Result.Shape[0]} targets";

    public override void Run(nint* bases, WorkerPool pool)
    {
        var bad = Indexing.None;
        var job = new Job
        {
            Step = this,
            Table = (T*)inputs[0].Address(bases),
            Sources = (TIndex*)inputs[1].Address(bases),
            Starts = (int*)inputs[2].Address(bases),
            Order = (int*)inputs[3].Address(bases),
            Start = double.CreateTruncating(*(T*)inputs[4].Address(bases)),
            Weights = inputs.Length > 5 ? (T*)inputs[5].Address(bases) : null,
            Sums = (T*)output.Address(bases),
            Bad = &bad,
        };
        Shared.Run(pool, cut.Pieces, job);
        if (bad != Indexing.None) throw Indexing.OutOfRange(sum.Gather, sum.Gather.Name, table, job.Sources, bad);
    }

    private struct Job : IPieces
    {
        public MessageSumStep<T, TIndex> Step;
        public T* Table;
        public TIndex* Sources;
        public int* Starts;
        public int* Order;
        public double Start;
        public T* Weights;
        public T* Sums;
        public long* Bad;

        public readonly void Run(int piece)
        {
            using var scratch = Scratch.Open();
            var (length, rows) = (Step.length, (ulong)Step.table[0]);
            var sums = scratch.Take<double>(length);
            var last = Starts[Step.cut.End(piece)] - Ahead;
            for (var target = Step.cut.First(piece); target < Step.cut.End(piece); target++)
            {
                new Span<double>(sums, length).Fill(Start);
                for (var i = Starts[target]; i < Starts[target + 1]; i++)
                {
                    var edge = Order[i];
                    var source = ulong.CreateTruncating(long.CreateTruncating(Sources[edge]));
                    if (source >= rows)
                    {
                        Indexing.Report(ref *Bad, edge);
                        continue;
                    }
                    if (i < last) Fetch(ulong.CreateTruncating(long.CreateTruncating(Sources[Order[i + Ahead]])), rows);
                    Add(Table + (long)source * length, Weights == null ? T.One : Weights[edge], sums, length);
                }
                var to = Sums + target * length;
                for (var i = 0; i < length; i++) to[i] = T.CreateTruncating(sums[i]);
            }
        }

        /// <summary>Asks for a row that comes from afar.</summary>
        private readonly void Fetch(ulong source, ulong rows)
        {
            if (!Sse.IsSupported || source >= rows) return;
            var row = (byte*)(Table + (long)source * Step.length);
            for (var line = 0; line < Math.Min(Step.length * sizeof(T), MostFetched); line += CacheLine) Sse.Prefetch0(row + line);
        }

        /// <summary>Adds a row times a number; the product is rounded to the type of the rows, as it is where it is a tensor of its own.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(T* row, T weight, double* sums, int length)
        {
            var i = 0;
            var (factor, lanes) = (new Vector<T>(weight), Vector<double>.Count);
            for (; i + Vector<T>.Count <= length; i += Vector<T>.Count)
            {
                var message = Vector.Load(row + i) * factor;
                if (typeof(T) == typeof(double))
                {
                    Vector.Store(Vector.Load(sums + i) + Vector.As<T, double>(message), sums + i);
                    continue;
                }
                Vector.Widen(Vector.As<T, float>(message), out var low, out var high);
                Vector.Store(Vector.Load(sums + i) + low, sums + i);
                Vector.Store(Vector.Load(sums + i + lanes) + high, sums + i + lanes);
            }
            for (; i < length; i++) sums[i] += double.CreateTruncating(row[i] * weight);
        }
    }
}
