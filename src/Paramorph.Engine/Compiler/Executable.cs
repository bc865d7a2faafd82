using System.Diagnostics;
using Paramorph.Cpu;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>A computation made ready to run on values: simplified, fused, tiled and placed in memory.</summary>
internal sealed unsafe class Executable
{
    /// <summary>Bytes to be got ready that are worth handing to other threads.</summary>
    private const long BytesWorthSharing = 256 * 1024;

    private readonly Computation source;
    private readonly int[] fixedInputs;
    private readonly Lowering lowering;
    private readonly Storage[] constants;
    private readonly Rooms rooms;
    private readonly Lock arenas = new();
    private readonly Stack<Arena> free = new();

    /// <summary>Makes it ready.</summary>
    /// <param name="computation">What it computes.</param>
    /// <param name="options">What the compiler does.</param>
    /// <param name="fixedInputs">Inputs that keep their values from run to run of a <see cref="Session"/>, as constants of loops do; none when null.</param>
    public Executable(Computation computation, CompilerOptions options, int[]? fixedInputs = null)
    {
        source = computation;
        this.fixedInputs = fixedInputs ?? [];
        var simple = TravellingSums.Apply(Simplifier.Simplify(computation, options), options);
        var merged = SpectrumTruncation.Apply(ScanSums.Apply(ScanMerging.Apply(simple, options), options), options);
        var factored = CommonFactors.Apply(MessagePassing.Apply(merged, options), options);
        Computation = ReductionSplitting.Apply(BatchRegions.Apply(factored, options), options);
        lowering = new Lowering(Computation, options, this.fixedInputs);
        constants = [.. lowering.Constants.Select(t => t.Value())];
        rooms = new Rooms(Computation);
    }

    /// <summary>What runs.</summary>
    public Computation Computation { get; }

    /// <summary>Bytes of working memory and of constants that it keeps from run to run.</summary>
    public long WorkingBytes => lowering.ArenaBytes + constants.Sum(constant => (long)constant.Bytes.Length);

    /// <summary>The steps, for people: which operations share a loop, which run by tiles, what memory they take.</summary>
    public string Explain() => lowering.Explain();

    /// <summary>
    /// The same with the time that each step takes on values of the inputs: the least of several runs, of short functions so many that the runtime has
    /// made its best code of the kernels.
    /// </summary>
    public string Explain(ReadOnlySpan<Storage> inputs)
    {
        const int FewestRuns = 5, MostRuns = 100;
        var enough = TimeSpan.FromSeconds(0.5);
        var times = new TimeSpan[lowering.Steps.Length];
        Array.Fill(times, TimeSpan.MaxValue);
        var outputs = Computation.Outputs.Select(t => new Storage(t.ElementType, t.Count)).ToArray();
        var bases = stackalloc nint[lowering.Slots];
        var all = Stopwatch.StartNew();
        for (var run = 0; run < FewestRuns || (run < MostRuns && all.Elapsed < enough); run++)
        {
            var arena = Rent();
            Fill(bases, arena);
            for (var i = 0; i < inputs.Length; i++) bases[Place.External + i] = (nint)inputs[i].Pointer;
            for (var i = 0; i < outputs.Length; i++) bases[lowering.Slots - outputs.Length + i] = (nint)outputs[i].Pointer;
            for (var i = 0; i < times.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                lowering.Steps[i].Run(bases, WorkerPool.Shared, CancellationToken.None);
                var time = Stopwatch.GetElapsedTime(start);
                if (time < times[i]) times[i] = time;
            }
            Return(arena);
        }
        GC.KeepAlive(outputs);
        foreach (var input in inputs) GC.KeepAlive(input);
        return lowering.Explain(times);
    }

    /// <summary>Computes the outputs for values of the inputs. After an exception the inputs are as they were.</summary>
    /// <param name="inputs">Values of the inputs.</param>
    /// <param name="outputs">Where the values of the outputs are put.</param>
    /// <param name="cancellation">Looked at between steps and, in loops and tiled groups, within them.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="EvaluationException">There is not enough memory.</exception>
    public void Run(ReadOnlySpan<Storage> inputs, Span<Storage> outputs, CancellationToken cancellation)
    {
        if (Debugging.CheckNaN)
        {
            RunChecked(inputs, outputs, cancellation);
            return;
        }
        rooms.Take(outputs);
        try
        {
            var arguments = stackalloc nint[inputs.Length + 1];
            var results = stackalloc nint[outputs.Length + 1];
            for (var i = 0; i < inputs.Length; i++) arguments[i] = (nint)inputs[i].Pointer;
            for (var i = 0; i < outputs.Length; i++) results[i] = (nint)outputs[i].Pointer;
            Run(arguments, results, WorkerPool.Shared, cancellation);
        }
        catch
        {
            rooms.Return(outputs);
            throw;
        }
        // The memory is pinned but must not be collected while it is used.
        foreach (var output in outputs) GC.KeepAlive(output);
        foreach (var input in inputs) GC.KeepAlive(input);
    }

    /// <summary>
    /// Ends the first inputs of a run that has ended well: the results of later runs take their memory, so that a training loop alternates between
    /// two sets of memory and allocates none.
    /// </summary>
    /// <param name="inputs">The inputs of the run.</param>
    /// <param name="given">How many of them are ended.</param>
    public void TakeOver(ReadOnlySpan<Storage> inputs, int given) => rooms.Give(inputs, given, constants);

    /// <summary>Entries of a table for <see cref="Open"/>.</summary>
    public int Slots => lowering.Slots;

    /// <summary>Runs it on memory in row-major order.</summary>
    public void Run(nint* inputs, nint* outputs, WorkerPool pool, CancellationToken cancellation)
    {
        var bases = stackalloc nint[lowering.Slots];
        using var session = Open(bases);
        session.Run(inputs, outputs, pool, cancellation);
    }

    /// <summary>Bytes of what <see cref="Prepare"/> gets ready.</summary>
    public long KeptBytes => lowering.KeptBytes;

    /// <summary>Gets ready what sessions with the same values of the fixed inputs share.</summary>
    /// <param name="inputs">Addresses of the inputs, of which the fixed ones are read.</param>
    /// <param name="kept">Memory of <see cref="KeptBytes"/> for it.</param>
    /// <param name="pool">The threads.</param>
    public void Prepare(nint* inputs, nint kept, WorkerPool pool)
    {
        if (lowering.Prepared.Length == 0) return;
        var bases = stackalloc nint[lowering.Slots];
        new Span<nint>(bases, lowering.Slots).Clear();
        bases[Place.Kept] = kept;
        foreach (var input in fixedInputs) bases[Place.External + input] = inputs[input];
        Shared.Run(pool, lowering.Prepared.Length, new Preparation { Steps = lowering.Prepared, Bases = bases }, lowering.KeptBytes >= BytesWorthSharing);
    }

    private struct Preparation : IPieces
    {
        public RowStep[] Steps;
        public nint* Bases;

        public readonly void Run(int piece) => Steps[piece].Prepare(Bases);
    }

    /// <summary>Gets ready to run any number of times.</summary>
    /// <param name="bases">A table of <see cref="Slots"/> addresses, which outlives the session.</param>
    /// <param name="kept">What <see cref="Prepare"/> got ready; 0 where inputs are not fixed.</param>
    public Session Open(nint* bases, nint kept = 0)
    {
        var arena = Rent();
        Fill(bases, arena);
        bases[Place.Kept] = kept;
        return new(this, bases, arena);
    }

    /// <summary>Working memory and a table of addresses for runs that follow one another.</summary>
    public readonly ref struct Session(Executable executable, nint* bases, Arena arena)
    {
        private readonly nint* bases = bases;

        /// <summary>Runs it once on memory in row-major order.</summary>
        public void Run(nint* inputs, nint* outputs, WorkerPool pool, CancellationToken cancellation)
        {
            var (computation, slots) = (executable.Computation, executable.lowering.Slots);
            var (first, last) = (computation.Inputs.Count, computation.Outputs.Count);
            for (var i = 0; i < first; i++) bases[Place.External + i] = inputs[i];
            for (var i = 0; i < last; i++) bases[slots - last + i] = outputs[i];
            foreach (var step in executable.lowering.Steps)
            {
                cancellation.ThrowIfCancellationRequested();
                step.Run(bases, pool, cancellation);
            }
        }

        /// <summary>Gives the working memory back.</summary>
        public void Dispose() => executable.Return(arena);
    }

    /// <summary>The table of addresses without those of inputs, which come first, and of outputs, which come last.</summary>
    private void Fill(nint* bases, Arena arena)
    {
        bases[Place.Arena] = arena.Address;
        bases[Place.Tile] = bases[Place.Partials] = bases[Place.Kept] = 0;
        for (var i = 0; i < constants.Length; i++) bases[Place.External + Computation.Inputs.Count + i] = (nint)constants[i].Pointer;
    }

    /// <summary>Operation by operation, so that the first that makes a NaN is found and named.</summary>
    private void RunChecked(ReadOnlySpan<Storage> inputs, Span<Storage> outputs, CancellationToken cancellation)
    {
        var operands = new ReferenceArray[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = ReferenceArray.From(inputs[i], source.Inputs[i].Shape);
        var results = new ReferenceEvaluator(round: true, checkNaN: true, cancellation).Run(source, operands);
        for (var i = 0; i < results.Length; i++) outputs[i] = results[i].ToStorage();
    }

    /// <summary>Working memory: kept from run to run; runs at the same time have one each.</summary>
    private Arena Rent()
    {
        lock (arenas)
        {
            if (free.TryPop(out var arena)) return arena;
        }
        try
        {
            return new(lowering.ArenaBytes);
        }
        catch (OutOfMemoryException)
        {
            var largest = lowering.LargestValue is { } type ? $", of which {type} takes {type.Bytes}" : "";
            throw new EvaluationException(
                $"there is no memory for a compiled function, which works in {lowering.ArenaBytes} bytes{largest}: take smaller batches, or Remat where values are kept for a derivative.");
        }
    }

    private void Return(Arena arena)
    {
        lock (arenas) free.Push(arena);
    }
}
