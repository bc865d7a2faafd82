using System.Diagnostics;
using Paramorph.Cpu;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>A computation made ready to run on values: simplified, fused, tiled and placed in memory.</summary>
internal sealed unsafe class Executable
{
    private readonly Computation source;
    private readonly Lowering lowering;
    private readonly Storage[] constants;
    private readonly Lock arenas = new();
    private readonly Stack<Storage> free = new();
    private readonly Dictionary<long, Stack<byte[]>> recycled = [];

    public Executable(Computation computation)
    {
        source = computation;
        Computation = SpectrumTruncation.Apply(Simplifier.Simplify(computation));
        lowering = new Lowering(Computation);
        constants = [.. lowering.Constants.Select(t => t.Value())];
    }

    /// <summary>What runs.</summary>
    public Computation Computation { get; }

    /// <summary>The steps, for people: which operations share a loop, which run by tiles, what memory they take.</summary>
    public string Explain() => lowering.Explain();

    /// <summary>The same with the time that each step takes on values of the inputs: the least of several runs.</summary>
    public string Explain(ReadOnlySpan<Storage> inputs)
    {
        const int Runs = 5;
        var times = new TimeSpan[lowering.Steps.Count];
        Array.Fill(times, TimeSpan.MaxValue);
        var outputs = Computation.Outputs.Select(t => new Storage(t.ElementType, t.Count)).ToArray();
        var bases = stackalloc nint[lowering.Slots];
        for (var run = 0; run < Runs; run++)
        {
            var arena = Rent();
            Fill(bases, arena);
            for (var i = 0; i < inputs.Length; i++) bases[Place.External + i] = (nint)inputs[i].Pointer;
            for (var i = 0; i < outputs.Length; i++) bases[lowering.Slots - outputs.Length + i] = (nint)outputs[i].Pointer;
            for (var i = 0; i < times.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                lowering.Steps[i].Run(bases, WorkerPool.Shared);
                var time = Stopwatch.GetElapsedTime(start);
                if (time < times[i]) times[i] = time;
            }
            Return(arena);
        }
        GC.KeepAlive(outputs);
        foreach (var input in inputs) GC.KeepAlive(input);
        return lowering.Explain(times);
    }

    /// <summary>The values of the outputs for values of the inputs.</summary>
    /// <param name="inputs">Values of the inputs.</param>
    /// <param name="given">
    /// The number of leading inputs whose memory may be used again once the run has ended well: that of this run's results is taken from what
    /// earlier runs were given, so that a training loop alternates between two sets of memory and allocates none.
    /// </param>
    public Storage[] Run(ReadOnlySpan<Storage> inputs, int given = 0)
    {
        if (Debugging.CheckNaN) return RunChecked(inputs);
        var outputs = new Storage[Computation.Outputs.Count];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = Allocate(Computation.Outputs[i].Type);
        var arguments = stackalloc nint[inputs.Length + 1];
        var results = stackalloc nint[outputs.Length + 1];
        for (var i = 0; i < inputs.Length; i++) arguments[i] = (nint)inputs[i].Pointer;
        for (var i = 0; i < outputs.Length; i++) results[i] = (nint)outputs[i].Pointer;
        Run(arguments, results, WorkerPool.Shared);
        // The memory is pinned but must not be collected while it is written.
        GC.KeepAlive(outputs);
        foreach (var input in inputs) GC.KeepAlive(input);
        for (var i = 0; i < given; i++)
            if (!constants.Contains(inputs[i]) && !inputs[given..].Contains(inputs[i])) Recycle(inputs[i]);
        return outputs;
    }

    /// <summary>Runs it on memory in row-major order.</summary>
    public void Run(nint* inputs, nint* outputs, WorkerPool pool)
    {
        var arena = Rent();
        var bases = stackalloc nint[lowering.Slots];
        Fill(bases, arena);
        for (var i = 0; i < Computation.Inputs.Count; i++) bases[Place.External + i] = inputs[i];
        for (var i = 0; i < Computation.Outputs.Count; i++) bases[lowering.Slots - Computation.Outputs.Count + i] = outputs[i];
        foreach (var step in lowering.Steps) step.Run(bases, pool);
        Return(arena);
    }

    /// <summary>The table of addresses without those of inputs, which come first, and of outputs, which come last.</summary>
    private void Fill(nint* bases, Storage arena)
    {
        bases[Place.Arena] = (nint)arena.Pointer;
        bases[Place.Tile] = bases[Place.Partials] = 0;
        for (var i = 0; i < constants.Length; i++) bases[Place.External + Computation.Inputs.Count + i] = (nint)constants[i].Pointer;
    }

    /// <summary>Operation by operation, so that the first that makes a NaN is found and named.</summary>
    private Storage[] RunChecked(ReadOnlySpan<Storage> inputs)
    {
        var operands = new ReferenceArray[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = ReferenceArray.From(inputs[i], source.Inputs[i].Shape);
        return Array.ConvertAll(new ReferenceEvaluator(round: true, checkNaN: true).Run(source, operands), r => r.ToStorage());
    }

    private Storage Allocate(TensorType type)
    {
        lock (arenas)
        {
            return new(type.ElementType, type.Shape.ElementCount, recycled.TryGetValue(type.Bytes, out var same) && same.TryPop(out var memory) ? memory : null);
        }
    }

    private void Recycle(Storage storage)
    {
        var bytes = (long)storage.Count * storage.ElementType.Size();
        if (storage.GiveUp() is not { } memory) return;
        lock (arenas)
        {
            (recycled.TryGetValue(bytes, out var same) ? same : recycled[bytes] = new()).Push(memory);
        }
    }

    /// <summary>Working memory: kept from run to run; runs at the same time have one each.</summary>
    private Storage Rent()
    {
        lock (arenas)
        {
            if (free.TryPop(out var arena)) return arena;
        }
        return new(ElementType.UInt8, checked((int)lowering.ArenaBytes));
    }

    private void Return(Storage arena)
    {
        lock (arenas) free.Push(arena);
    }
}
