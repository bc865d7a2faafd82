using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>Runs a compiled body for each part of a batch, in memory that its parts use one after the other.</summary>
internal sealed unsafe class BatchPartsStep : Step
{
    private readonly BatchParts parts;
    private readonly Executable body;
    private readonly Place[] inputs;
    private readonly Place[] outputs;
    private readonly long[] inputBytes;
    private readonly long[] outputBytes;

    /// <summary>Parts whose operands have been placed.</summary>
    public BatchPartsStep(BatchParts parts, Place[] inputs, Place[] outputs, CompilerOptions options)
    {
        (this.parts, this.inputs, this.outputs) = (parts, inputs, outputs);
        body = new Executable(parts.Body, options with { WorthParts = long.MaxValue }, [.. Enumerable.Range(0, parts.Shared)]);
        inputBytes = [.. parts.Body.Inputs.Select(t => t.Type.Bytes)];
        outputBytes = [.. parts.Body.Outputs.Select(t => t.Type.Bytes)];
    }

    public override string Description => $"{parts.Count} parts of a batch: {body.Explain().TrimEnd().ReplaceLineEndings("\n    ")}";

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        using var scratch = Scratch.Open();
        var kept = (nint)scratch.Take<byte>((nint)Math.Max(64, body.KeptBytes));
        var arguments = stackalloc nint[inputs.Length + 1];
        for (var i = 0; i < parts.Shared; i++) arguments[i] = (nint)inputs[i].Address(bases);
        body.Prepare(arguments, kept, pool);
        Shared.Run(pool, parts.Count, new Job { Step = this, Bases = bases, Kept = kept, Pool = pool, Cancellation = cancellation });
        // Parts that saw it have left steps out.
        cancellation.ThrowIfCancellationRequested();
    }

    private void RunPart(nint* bases, int part, nint kept, WorkerPool pool, CancellationToken cancellation)
    {
        var arguments = stackalloc nint[inputs.Length + 1];
        var results = stackalloc nint[outputs.Length + 1];
        for (var i = 0; i < inputs.Length; i++) arguments[i] = (nint)(inputs[i].Address(bases) + (i < parts.Shared ? 0 : part * inputBytes[i]));
        for (var i = 0; i < outputs.Length; i++) results[i] = (nint)(outputs[i].Address(bases) + part * outputBytes[i]);
        var table = stackalloc nint[body.Slots];
        using var session = body.Open(table, kept);
        session.Run(arguments, results, pool, cancellation);
    }

    private struct Job : IPieces
    {
        public BatchPartsStep Step;
        public nint* Bases;
        public nint Kept;
        public WorkerPool Pool;
        public CancellationToken Cancellation;

        public readonly void Run(int piece) => Step.RunPart(Bases, piece, Kept, Pool, Cancellation);
    }
}
