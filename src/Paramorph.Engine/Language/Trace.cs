namespace Paramorph;

/// <summary>
/// The time during which a transform runs a function to see what it does. An abstract trace gives the function placeholders without
/// values; a concrete one (derivatives) gives it values whose history is kept until the trace ends.
/// </summary>
internal sealed class Trace(string name, bool isAbstract) : IDisposable
{
    private static long clock;
    private volatile bool isOpen = true;

    /// <summary>What the user called: <c>Vmap</c>, <c>Scan</c>, <c>Compile</c>.</summary>
    public string Name { get; } = name;

    public bool IsAbstract { get; } = isAbstract;

    /// <summary>Whether the trace still goes on.</summary>
    public bool IsOpen => isOpen;

    /// <summary>When the trace began: later traces are inner ones, and later operations were done inside it.</summary>
    public long Number { get; } = Tick();

    /// <summary>The order in which traces begin and operations are built.</summary>
    public static long Tick() => Interlocked.Increment(ref clock);

    public void Dispose() => isOpen = false;

    /// <summary>An input of the function without a value.</summary>
    public Tensor Placeholder(TensorType type, string? label = null) => new(type, new TraceSet(this, null), label);

    /// <summary>The same value under another identity, so that a derivative is taken with respect to this use of it.</summary>
    public Tensor Alias(Tensor tensor) => tensor.Aliased(TraceSet.Union(new TraceSet(this, null), TraceSet.Current(tensor.Traces)));
}

/// <summary>The traces on whose inputs a tensor depends, innermost first.</summary>
internal sealed class TraceSet(Trace trace, TraceSet? rest)
{
    public Trace Trace { get; } = trace;

    public TraceSet? Rest { get; } = rest;

    public static TraceSet? Union(TraceSet? a, TraceSet? b)
    {
        if (a == b || b is null) return a;
        if (a is null) return b;
        if (a.Trace == b.Trace)
        {
            var common = Union(a.Rest, b.Rest);
            return common == a.Rest ? a : common == b.Rest ? b : new TraceSet(a.Trace, common);
        }
        var (inner, outer) = a.Trace.Number > b.Trace.Number ? (a, b) : (b, a);
        var rest = Union(inner.Rest, outer);
        return rest == inner.Rest ? inner : new TraceSet(inner.Trace, rest);
    }

    /// <summary>The set without concrete traces that have ended: they no longer matter.</summary>
    public static TraceSet? Current(TraceSet? set)
    {
        if (set is null) return null;
        var rest = Current(set.Rest);
        if (!set.Trace.IsOpen && !set.Trace.IsAbstract) return rest;
        return rest == set.Rest ? set : new TraceSet(set.Trace, rest);
    }

    public static bool Contains(TraceSet? set, Trace trace)
    {
        for (; set is not null; set = set.Rest)
            if (set.Trace == trace) return true;
        return false;
    }

    /// <summary>An abstract trace in the set, or null.</summary>
    public static Trace? Abstract(TraceSet? set)
    {
        for (; set is not null; set = set.Rest)
            if (set.Trace.IsAbstract) return set.Trace;
        return null;
    }

    public static bool AnyOpen(TraceSet? set)
    {
        for (; set is not null; set = set.Rest)
            if (set.Trace.IsOpen) return true;
        return false;
    }
}
