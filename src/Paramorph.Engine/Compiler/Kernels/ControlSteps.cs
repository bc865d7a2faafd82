using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>A loop of a fixed number of steps: the compiled body runs on slices of the sequences in place, with two copies of the carry.</summary>
internal sealed unsafe class ScanStep : Step
{
    private readonly Scan scan;
    private readonly Executable body;
    private readonly Place[] inputs;
    private readonly Place?[] outputs;
    private readonly long[] carryBytes;
    private readonly long[] sliceBytes;
    private readonly long[] resultBytes;
    private readonly long largestResult;

    /// <summary>A loop whose operands have been placed; results that nobody reads have no place.</summary>
    public ScanStep(Operation operation, Place[] inputs, Place?[] outputs, CompilerOptions options)
    {
        scan = (Scan)operation.Primitive;
        body = new Executable(scan.Body, options);
        this.inputs = inputs;
        this.outputs = outputs;
        var types = scan.Body.Inputs.Select(t => t.Type.Bytes).ToArray();
        carryBytes = types[scan.Constants..(scan.Constants + scan.Carries)];
        sliceBytes = types[(scan.Constants + scan.Carries)..];
        resultBytes = [.. scan.Body.Outputs.Skip(scan.Carries).Select(t => t.Type.Bytes)];
        largestResult = resultBytes.DefaultIfEmpty().Max();
    }

    public override string Description => $"{scan}: {body.Explain().Split('\n')[0]}";

    public override void Run(nint* bases, WorkerPool pool) => Run(bases, pool, CancellationToken.None);

    public override void Run(nint* bases, WorkerPool pool, CancellationToken cancellation)
    {
        using var scratch = Scratch.Open();
        var (carries, constants) = (scan.Carries, scan.Constants);
        var current = stackalloc nint[carries + 1];
        var next = stackalloc nint[carries + 1];
        for (var i = 0; i < carries; i++)
        {
            current[i] = (nint)scratch.Take<byte>((nint)carryBytes[i]);
            next[i] = (nint)scratch.Take<byte>((nint)carryBytes[i]);
            Copy(inputs[constants + i].Address(bases), (byte*)current[i], carryBytes[i]);
        }
        var ignored = scratch.Take<byte>((nint)largestResult);
        var arguments = stackalloc nint[inputs.Length + 1];
        var results = stackalloc nint[carries + resultBytes.Length + 1];
        var table = stackalloc nint[body.Slots];
        using var session = body.Open(table);
        for (var i = 0; i < constants; i++) arguments[i] = (nint)inputs[i].Address(bases);
        for (var step = 0; step < scan.Length; step++)
        {
            long at = scan.IsReverse ? scan.Length - 1 - step : step;
            for (var i = 0; i < carries; i++)
            {
                (arguments[constants + i], results[i]) = (current[i], next[i]);
                if (outputs[carries + resultBytes.Length + i] is { } history) Copy((byte*)current[i], history.Address(bases) + at * carryBytes[i], carryBytes[i]);
            }
            for (var i = 0; i < sliceBytes.Length; i++)
                arguments[constants + carries + i] = (nint)(inputs[constants + carries + i].Address(bases) + at * sliceBytes[i]);
            for (var i = 0; i < resultBytes.Length; i++)
                results[carries + i] = (nint)(outputs[carries + i] is { } result ? result.Address(bases) + at * resultBytes[i] : ignored);
            session.Run(arguments, results, pool, cancellation);
            var exchanged = current;
            current = next;
            next = exchanged;
        }
        for (var i = 0; i < carries; i++)
            if (outputs[i] is { } last) Copy((byte*)current[i], last.Address(bases), carryBytes[i]);
    }

    internal static void Copy(byte* from, byte* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);
}

/// <summary>A loop that runs while its condition holds.</summary>
internal sealed unsafe class WhileStep(Operation operation, Place[] inputs, Place[] outputs, CompilerOptions options) : Step
{
    private readonly While loop = (While)operation.Primitive;
    private readonly Executable condition = new(((While)operation.Primitive).Condition, options);
    private readonly Executable body = new(((While)operation.Primitive).Body, options);
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
        using var question = condition.Open(ofCondition);
        using var session = body.Open(ofBody);
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
