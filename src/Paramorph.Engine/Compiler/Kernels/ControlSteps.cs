using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// A loop of a fixed number of steps: the compiled body runs on slices of the sequences in place, with two copies of the carry. Where the steps treat the rows of
/// a batch one by one, parts of them run through the whole loop by themselves.
/// </summary>
internal sealed unsafe class ScanStep : Step
{
    private readonly Scan scan;
    private readonly ScanParts? parts;
    private readonly Executable body;
    private readonly Place[] inputs;
    private readonly Place?[] outputs;
    private readonly long[] inputBytes;
    private readonly long[] outputBytes;
    private readonly long largestResult;

    /// <summary>A loop whose operands have been placed; results that nobody reads have no place.</summary>
    public ScanStep(Operation operation, Place[] inputs, Place?[] outputs, CompilerOptions options)
    {
        scan = (Scan)operation.Primitive;
        parts = ScanParts.Of(scan, options);
        var one = parts?.Body ?? scan.Body;
        body = new Executable(one, options, [.. Enumerable.Range(0, scan.Constants).Where(i => !HasRows(i))]);
        this.inputs = inputs;
        this.outputs = outputs;
        inputBytes = [.. one.Inputs.Select(t => t.Type.Bytes)];
        outputBytes = [.. one.Outputs.Select(t => t.Type.Bytes)];
        largestResult = outputBytes.Skip(scan.Carries).DefaultIfEmpty().Max();
    }

    public override string Description => $"{scan}{(parts is null ? "" : $" in {parts.Count} parts of the rows")}: {body.Explain().TrimEnd().ReplaceLineEndings("\n    ")}";

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        using var scratch = Scratch.Open();
        var kept = (nint)scratch.Take<byte>((nint)Math.Max(64, body.KeptBytes));
        var fixedInputs = stackalloc nint[scan.Constants + 1];
        for (var i = 0; i < scan.Constants; i++) fixedInputs[i] = (nint)inputs[i].Address(bases);
        body.Prepare(fixedInputs, kept, pool);
        if (parts is null)
        {
            RunPart(bases, 0, kept, pool, cancellation);
            return;
        }
        Shared.Run(pool, parts.Count, new Job { Step = this, Bases = bases, Kept = kept, Pool = pool, Cancellation = cancellation });
        // Parts that saw it have left steps out.
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>All steps for the rows of a part, or for all rows where there are no parts.</summary>
    private void RunPart(nint* bases, int part, nint kept, WorkerPool pool, CancellationToken cancellation)
    {
        using var scratch = Scratch.Open();
        var (carries, constants, results) = (scan.Carries, scan.Constants, outputBytes.Length - scan.Carries);
        var current = stackalloc nint[carries + 1];
        var next = stackalloc nint[carries + 1];
        for (var i = 0; i < carries; i++)
        {
            current[i] = (nint)scratch.Take<byte>((nint)outputBytes[i]);
            next[i] = (nint)scratch.Take<byte>((nint)outputBytes[i]);
            Copy(inputs[constants + i].Address(bases) + Within(part, HasRows(constants + i), outputBytes[i]), (byte*)current[i], outputBytes[i]);
        }
        var ignored = scratch.Take<byte>((nint)largestResult);
        var arguments = stackalloc nint[inputs.Length + 1];
        var made = stackalloc nint[outputBytes.Length + 1];
        var table = stackalloc nint[body.Slots];
        using var session = body.Open(table, kept);
        for (var i = 0; i < constants; i++) arguments[i] = (nint)(inputs[i].Address(bases) + Within(part, HasRows(i), inputBytes[i]));
        for (var step = 0; step < scan.Length; step++)
        {
            long at = scan.IsReverse ? scan.Length - 1 - step : step;
            for (var i = 0; i < carries; i++)
            {
                (arguments[constants + i], made[i]) = (current[i], next[i]);
                if (Written(carries + results + i, i, part) is { } history)
                    Copy((byte*)current[i], history.Address(bases) + At(at, part, GivesRows(i), outputBytes[i]), outputBytes[i]);
            }
            for (var i = constants + carries; i < inputs.Length; i++)
                arguments[i] = (nint)(inputs[i].Address(bases) + At(at, part, HasRows(i), inputBytes[i]));
            for (var i = carries; i < carries + results; i++)
                made[i] = (nint)(Written(i, i, part) is { } result ? result.Address(bases) + At(at, part, GivesRows(i), outputBytes[i]) : ignored);
            session.Run(arguments, made, pool, cancellation);
            var exchanged = current;
            current = next;
            next = exchanged;
        }
        for (var i = 0; i < carries; i++)
            if (Written(i, i, part) is { } last) Copy((byte*)current[i], last.Address(bases) + Within(part, GivesRows(i), outputBytes[i]), outputBytes[i]);
    }

    private bool HasRows(int input) => parts is not null && parts.Inputs[input];

    private bool GivesRows(int output) => parts is not null && parts.Outputs[output];

    /// <summary>Where the rows of a part begin in what holds those of all parts, in bytes.</summary>
    private static long Within(int part, bool hasRows, long bytes) => hasRows ? part * bytes : 0;

    /// <summary>Where they begin in a sequence, at a step.</summary>
    private long At(long step, int part, bool hasRows, long bytes) => hasRows ? (step * parts!.Count + part) * bytes : step * bytes;

    /// <summary>Where a result goes, if somebody reads it; what has no rows is the same in all parts and written by the first.</summary>
    private Place? Written(int output, int ofBody, int part) => part == 0 || GivesRows(ofBody) ? outputs[output] : null;

    internal static void Copy(byte* from, byte* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    private struct Job : IPieces
    {
        public ScanStep Step;
        public nint* Bases;
        public nint Kept;
        public WorkerPool Pool;
        public CancellationToken Cancellation;

        public readonly void Run(int piece) => Step.RunPart(Bases, piece, Kept, Pool, Cancellation);
    }
}

/// <summary>A loop that runs while its condition holds.</summary>
internal sealed unsafe class WhileStep(Operation operation, Place[] inputs, Place[] outputs, CompilerOptions options) : Step
{
    private readonly While loop = (While)operation.Primitive;
    private readonly Executable condition = new(((While)operation.Primitive).Condition, options, [.. Enumerable.Range(0, ((While)operation.Primitive).ConditionConstants)]);
    private readonly Executable body = new(((While)operation.Primitive).Body, options, [.. Enumerable.Range(0, ((While)operation.Primitive).BodyConstants)]);
    private readonly long[] carryBytes = Array.ConvertAll(operation.OutputTypes(), t => t.Bytes);

    public override string Description => $"{loop}: {body.Explain().Split('\n')[0]}";

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        using var scratch = Scratch.Open();
        var carries = carryBytes.Length;
        var test = stackalloc nint[loop.ConditionConstants + carries + 1];
        var arguments = stackalloc nint[loop.BodyConstants + carries + 1];
        var results = stackalloc nint[carries + 1];
        for (var i = 0; i < loop.ConditionConstants; i++) test[i] = (nint)inputs[i].Address(bases);
        for (var i = 0; i < loop.BodyConstants; i++) arguments[i] = (nint)inputs[loop.ConditionConstants + i].Address(bases);
        for (var i = 0; i < carries; i++)
        {
            var current = scratch.Take<byte>((nint)carryBytes[i]);
            results[i] = (nint)scratch.Take<byte>((nint)carryBytes[i]);
            ScanStep.Copy(inputs[loop.ConditionConstants + loop.BodyConstants + i].Address(bases), current, carryBytes[i]);
            test[loop.ConditionConstants + i] = arguments[loop.BodyConstants + i] = (nint)current;
        }
        byte holds;
        var answer = (nint)(&holds);
        var ofCondition = stackalloc nint[condition.Slots];
        var ofBody = stackalloc nint[body.Slots];
        nint testKept = (nint)scratch.Take<byte>((nint)Math.Max(64, condition.KeptBytes)), bodyKept = (nint)scratch.Take<byte>((nint)Math.Max(64, body.KeptBytes));
        condition.Prepare(test, testKept, pool);
        body.Prepare(arguments, bodyKept, pool);
        using var question = condition.Open(ofCondition, testKept);
        using var session = body.Open(ofBody, bodyKept);
        while (true)
        {
            question.Run(test, &answer, pool, cancellation);
            if (holds == 0) break;
            session.Run(arguments, results, pool, cancellation);
            for (var i = 0; i < carries; i++)
            {
                var made = results[i];
                results[i] = arguments[loop.BodyConstants + i];
                test[loop.ConditionConstants + i] = arguments[loop.BodyConstants + i] = made;
            }
        }
        for (var i = 0; i < carries; i++) ScanStep.Copy((byte*)arguments[loop.BodyConstants + i], outputs[i].Address(bases), carryBytes[i]);
    }
}

/// <summary>One of two branches.</summary>
internal sealed unsafe class CondStep(Operation operation, Place[] inputs, Place[] outputs, CompilerOptions options) : Step
{
    private readonly Cond choice = (Cond)operation.Primitive;
    private readonly Executable then = new(((Cond)operation.Primitive).Then, options);
    private readonly Executable otherwise = new(((Cond)operation.Primitive).Else, options);

    public override string Description => $"{choice}: {then.Explain().Split('\n')[0]}; {otherwise.Explain().Split('\n')[0]}";

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        var holds = *inputs[0].Address(bases) != 0;
        var first = holds ? 1 : 1 + choice.Then.Inputs.Count;
        var count = holds ? choice.Then.Inputs.Count : choice.Else.Inputs.Count;
        var arguments = stackalloc nint[count + 1];
        var results = stackalloc nint[outputs.Length + 1];
        for (var i = 0; i < count; i++) arguments[i] = (nint)inputs[first + i].Address(bases);
        for (var i = 0; i < outputs.Length; i++) results[i] = (nint)outputs[i].Address(bases);
        (holds ? then : otherwise).Run(arguments, results, pool, cancellation);
    }
}
