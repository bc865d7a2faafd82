using System.Diagnostics;
using Paramorph.Compiler;

namespace Paramorph;

/// <summary>
/// An immutable array of numbers, lazy and of static shape: a value, or a primitive applied to other tensors. Nothing runs until a value is asked
/// for; asking runs what is needed, and the expression becomes a value. A wrong shape throws when the expression is built.
/// </summary>
/// <remarks>Broadcasting, indexing and the names of operations follow NumPy; promotion follows <see cref="Promotion"/>.</remarks>
[DebuggerDisplay("{Description,nq}")]
public sealed partial class Tensor
{
    // Only what is still to be computed needs one.
    private readonly Lock? evaluation;
    private volatile Storage? storage;
    private volatile Operation? source;

    /// <summary>A value.</summary>
    internal Tensor(TensorType type, Storage storage)
    {
        Type = type;
        this.storage = storage;
    }

    /// <summary>A result of an operation.</summary>
    internal Tensor(TensorType type, Operation source, TraceSet? traces)
    {
        Type = type;
        evaluation = new();
        this.source = source;
        Traces = traces;
    }

    /// <summary>An input of a function that is being traced.</summary>
    internal Tensor(TensorType type, TraceSet traces, string? label)
    {
        Type = type;
        Traces = traces;
        Label = label;
    }

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The sizes along the axes.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>What the elements are.</summary>
    public ElementType ElementType => Type.ElementType;

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public int Count => Shape.ElementCount;

    /// <summary>The operation whose result this is; null for a value and for an input.</summary>
    public Operation? Source
    {
        get
        {
            var current = source;
            if (current is null || storage is null || TraceSet.AnyOpen(Traces)) return current;
            // It was evaluated while a derivative still needed its history; now nobody does.
            source = null;
            return null;
        }
    }

    /// <summary>Whether the value is there already.</summary>
    public bool IsEvaluated => storage is not null;

    /// <summary>Whether there is a value or one can be computed: not for what depends on an input of a function that is being compiled, batched or looped.</summary>
    public bool HasValue => storage is not null || TraceSet.Abstract(Traces) is null;

    /// <summary>The name that the text form gives an input.</summary>
    internal string? Label { get; }

    /// <summary>The traces on whose inputs this depends.</summary>
    internal TraceSet? Traces { get; }

    /// <summary>Set on C# literals, which take the type of what they are combined with.</summary>
    internal Literal? Weak { get; init; }

    internal Storage? StorageOrNull => storage;

    /// <summary>Runs what is needed to have the value, and returns this tensor.</summary>
    /// <exception cref="TraceException">The tensor depends on an input without a value, of a function that is being traced.</exception>
    public Tensor Evaluate() => Evaluate(CancellationToken.None);

    /// <summary>Runs what is needed to have the value, and returns this tensor. What was computed before a cancellation is kept.</summary>
    /// <param name="cancellation">Looked at between operations.</param>
    /// <exception cref="TraceException">The tensor depends on an input without a value, of a function that is being traced.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; asking again goes on from there.</exception>
    public Tensor Evaluate(CancellationToken cancellation)
    {
        Value(cancellation);
        return this;
    }

    /// <summary>The elements of the value, computed when they are not there yet.</summary>
    internal Storage Value(CancellationToken cancellation = default)
    {
        if (storage is { } ready) return ready;
        if (TraceSet.Abstract(Traces) is { } trace)
        {
            throw new TraceException(trace.IsOpen
                ? $"a value of {Type} is asked for while {trace.Name} traces the function: inside it tensors have shapes but no values."
                : $"a tensor {Type} left the function that {trace.Name} traced: return it from the function instead of keeping it.");
        }
        lock (evaluation!)
        {
            if (storage is null) LazyEvaluator.Evaluate([this], cancellation);
        }
        return storage!;
    }

    /// <summary>Makes the expression a value. Its history is dropped, unless a derivative in progress may still ask for it.</summary>
    internal void Become(Storage value)
    {
        storage = value;
        if (!TraceSet.AnyOpen(Traces)) source = null;
    }

    /// <summary>The same value under another identity. A plain value is shared; what another trace follows must stay connected to it.</summary>
    internal Tensor Aliased(TraceSet? traces) => storage is { } value && Source is null && !TraceSet.AnyOpen(Traces)
        ? new Tensor(Type, traces!, Label) { storage = value }
        : new Operation(new Primitives.Identity(), [this], [Type], traces).Output;

    /// <summary>Applies a primitive: the one door through which every operation is built.</summary>
    internal static Tensor[] Bind(Primitive primitive, params Tensor[] inputs)
    {
        var types = new TensorType[inputs.Length];
        TraceSet? traces = null;
        for (var i = 0; i < inputs.Length; i++)
        {
            types[i] = inputs[i].Type;
            var current = TraceSet.Current(inputs[i].Traces);
            for (var set = current; set is not null; set = set.Rest)
            {
                if (!set.Trace.IsOpen)
                {
                    throw new TraceException(
                        $"{primitive.Name}: the operand {types[i]} comes from a function that {set.Trace.Name} traced and that has returned: return it from there instead.");
                }
            }
            traces = TraceSet.Union(traces, current);
        }
        return new Operation(primitive, inputs, primitive.Infer(types), traces).Outputs.ToArray();
    }

    /// <summary>The type and the elements, long axes shortened to their ends. Runs what is needed; an input that is being traced has no value, and shows what it is.</summary>
    public override string ToString() => HasValue ? TensorText.Of(this) : Description;

    /// <summary>What a debugger shows, which must run nothing: the value when it is there, otherwise the type and what it comes from.</summary>
    private string Description => storage is not null
        ? TensorText.Of(this)
        : Source is { } operation ? $"{Type} = {operation}" : $"{Type} (input)";
}

/// <summary>A C# number beside a tensor, kept exactly until its type is known.</summary>
internal sealed record Literal(System.Numerics.Complex Complex, long Integer)
{
    public Tensor As(ElementType type) => Tensor.Constant(this, type);
}
