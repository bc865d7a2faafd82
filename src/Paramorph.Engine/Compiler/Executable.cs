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

    public Executable(Computation computation)
    {
        source = computation;
        Computation = Simplifier.Simplify(computation);
        lowering = new Lowering(Computation);
        constants = [.. lowering.Constants.Select(t => t.Value())];
    }

    /// <summary>What runs.</summary>
    public Computation Computation { get; }

    /// <summary>The steps, for people: which operations share a loop, which run by tiles, what memory they take.</summary>
    public string Explain() => lowering.Explain();

    /// <summary>The values of the outputs for values of the inputs.</summary>
    public Storage[] Run(ReadOnlySpan<Storage> inputs)
    {
        if (Debugging.CheckNaN) return RunChecked(inputs);
        var outputs = new Storage[Computation.Outputs.Count];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = new(Computation.Outputs[i].ElementType, Computation.Outputs[i].Count);
        var arena = Rent();
        var bases = stackalloc nint[lowering.Slots];
        bases[Place.Arena] = (nint)arena.Pointer;
        bases[Place.Tile] = bases[Place.Partials] = 0;
        var slot = Place.External;
        foreach (var input in inputs) bases[slot++] = (nint)input.Pointer;
        foreach (var constant in constants) bases[slot++] = (nint)constant.Pointer;
        foreach (var output in outputs) bases[slot++] = (nint)output.Pointer;
        foreach (var step in lowering.Steps) step.Run(bases, WorkerPool.Shared);
        Return(arena);
        return outputs;
    }

    /// <summary>Operation by operation, so that the first that makes a NaN is found and named.</summary>
    private Storage[] RunChecked(ReadOnlySpan<Storage> inputs)
    {
        var operands = new ReferenceArray[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = ReferenceArray.From(inputs[i], source.Inputs[i].Shape);
        return Array.ConvertAll(new ReferenceEvaluator(round: true, checkNaN: true).Run(source, operands), r => r.ToStorage());
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
