using Paramorph.Reference;
using Paramorph.Transforms;

namespace Paramorph.Primitives;

/// <summary>
/// A computation whose intermediate values are not kept for the reverse derivative but computed again: less memory for more arithmetic.
/// </summary>
public sealed record Rematerialise(Computation Body) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "remat";

    /// <inheritdoc/>
    public override IReadOnlyList<Computation> Bodies => [Body];

    /// <summary>Traces a function and applies it.</summary>
    internal static Tensor[] Build(Func<Tensor[]> function)
    {
        var body = Computation.TraceBlock("remat", _ => function(), [], out var captured);
        return Tensor.Bind(new Rematerialise(body), captured);
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [.. Body.Outputs.Select(t => t.Type)];

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        var mask = Array.Empty<bool>();
        var outputs = Build(() =>
        {
            var pushed = ForwardMode.Of(t => Body.Apply(t), operation.Inputs.ToArray(), tangents).Tangents;
            mask = Array.ConvertAll(pushed, t => t is not null);
            return [.. pushed.OfType<Tensor>()];
        });
        var next = 0;
        return [.. mask.Select(present => present ? outputs[next++] : null)];
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        var mask = Array.Empty<bool>();
        // Inside one more call, so that what is computed again is not taken for what was computed before.
        var outputs = Build(() =>
        {
            using var trace = new Trace("Vjp", isAbstract: false);
            var aliases = Array.ConvertAll(operation.Inputs.ToArray(), trace.Alias);
            var pulled = ReverseMode.Pull(Body.Apply(aliases), cotangents, trace, aliases);
            mask = [.. pulled.Select((t, i) => needed[i] && t is not null)];
            return [.. pulled.Where((_, i) => mask[i]).OfType<Tensor>()];
        });
        var next = 0;
        return [.. mask.Select(present => present ? outputs[next++] : null)];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Build(() =>
    {
        var (outputs, are) = Body.Batch(inputs, batched, size);
        return [.. outputs.Select((t, i) => are[i] ? t : Tensor.AddBatchAxis(t, size))];
    });

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => Body.Cost;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) => evaluator.Run(Body, inputs);
}

/// <summary>The user's rule for the derivative of a computation.</summary>
internal abstract record DerivativeRule
{
    /// <summary>Forward: from inputs, outputs and tangents of all differentiable inputs (zeros where null) to tangents of the outputs.</summary>
    public sealed record OfTangents(Func<Tensor[], Tensor[], Tensor[], Tensor[]> Rule) : DerivativeRule;

    /// <summary>Reverse: from inputs, outputs and cotangents of the outputs to cotangents of the inputs.</summary>
    public sealed record OfCotangents(Func<Tensor[], Tensor[], Tensor[], Tensor[]> Rule) : DerivativeRule;
}

/// <summary>A computation whose derivative is stated by the user, in one mode; the other mode is its transpose.</summary>
public sealed record CustomDerivativeCall : Primitive
{
    private readonly DerivativeRule rule;

    internal CustomDerivativeCall(Computation body, DerivativeRule rule) => (Body, this.rule) = (body, rule);

    /// <summary>What is computed.</summary>
    public Computation Body { get; }

    /// <inheritdoc/>
    public override string Name => "custom_derivative";

    /// <summary>The rule is a function of tensors: what it computes tells it apart.</summary>
    internal override string HiddenAttributes
    {
        get
        {
            TensorType[] x = [.. Body.Inputs.Select(t => t.Type)], y = [.. Body.Outputs.Select(t => t.Type)];
            var (name, apply, directions) = rule switch
            {
                DerivativeRule.OfTangents forward => ("tangents", forward.Rule, x),
                DerivativeRule.OfCotangents reverse => ("cotangents", reverse.Rule, y),
                _ => throw new InvalidOperationException("a rule is forward or reverse."),
            };
            var computation = Computation.Trace(name, t => apply(t[..x.Length], t[x.Length..(x.Length + y.Length)], t[(x.Length + y.Length)..]), [.. x, .. y, .. directions]);
            return $" {name} {ComputationText.Of(computation, isExact: true)}";
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Computation> Bodies => [Body];

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [.. Body.Outputs.Select(t => t.Type)];

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        var (inputs, outputs) = (operation.Inputs.ToArray(), operation.Outputs.ToArray());
        if (rule is DerivativeRule.OfTangents forward)
        {
            var full = inputs.Select((x, i) => tangents[i] ?? Tensor.ZerosLike(x)).ToArray();
            return Moving(Checked(forward.Rule(inputs, outputs, full), outputs));
        }
        // The reverse rule is linear in the cotangents: its transpose takes tangents of inputs to tangents of outputs.
        using var trace = new Trace("CustomDerivative", isAbstract: true);
        var cotangents = Array.ConvertAll(outputs, t => trace.Placeholder(t.Type));
        var pulled = Checked(((DerivativeRule.OfCotangents)rule).Rule(inputs, outputs, cotangents), inputs);
        return ReverseMode.Pull(pulled, tangents, trace, cotangents);
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        if (rule is not DerivativeRule.OfCotangents reverse) return ReverseMode.TransposeJvp(operation, cotangents, needed);
        var (inputs, outputs) = (operation.Inputs.ToArray(), operation.Outputs.ToArray());
        var full = outputs.Select((y, i) => cotangents[i] ?? Tensor.ZerosLike(y)).ToArray();
        return Moving(Checked(reverse.Rule(inputs, outputs, full), inputs));
    }

    /// <inheritdoc/>
    /// <remarks>The batched call keeps the rule, itself batched. Inputs without the batch stay so; their cotangents are sums over it.</remarks>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var body = Computation.Trace("custom_derivative", t => Stack(Body.Batch(t, batched, size), size), [.. inputs.Select(t => t.Type)]);
        bool[] outputs = [.. Body.Outputs.Select(_ => true)];
        Tensor[] Lift(Func<Tensor[], Tensor[], Tensor[], Tensor[]> one, Tensor[] x, Tensor[] y, Tensor[] g, bool[] are) => Batching.Of(
            "Vmap", t => one(t[..x.Length], t[x.Length..(x.Length + y.Length)], t[(x.Length + y.Length)..]), [.. x, .. y, .. g], [.. batched, .. outputs, .. are], size);
        DerivativeRule lifted = rule switch
        {
            DerivativeRule.OfTangents forward => new DerivativeRule.OfTangents((x, y, t) => Lift(forward.Rule, x, y, t, batched)),
            _ => new DerivativeRule.OfCotangents((x, y, c) =>
                [.. Lift(((DerivativeRule.OfCotangents)rule).Rule, x, y, c, outputs).Select((t, i) => batched[i] ? t : t.Sum(0))]),
        };
        return Tensor.Bind(new CustomDerivativeCall(body, lifted), inputs);

        static Tensor[] Stack((Tensor[] Outputs, bool[] Batched) result, int size) =>
            [.. result.Outputs.Select((t, i) => result.Batched[i] ? t : Tensor.AddBatchAxis(t, size))];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => Body.Cost;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) => evaluator.Run(Body, inputs);

    /// <summary>What the rule gives for integers is dropped: they have no derivative.</summary>
    private static Tensor?[] Moving(Tensor[] derivatives) => Array.ConvertAll(derivatives, t => t.ElementType.IsDifferentiable() ? t : null);

    private static Tensor[] Checked(Tensor[] derivatives, Tensor[] of)
    {
        if (!derivatives.Select(t => t.Type).SequenceEqual(of.Select(t => t.Type)))
        {
            throw new ShapeException(
                $"custom_derivative: the rule gives ({string.Join(", ", derivatives.Select(t => t.Type))}) but must give ({string.Join(", ", of.Select(t => t.Type))}).");
        }
        return derivatives;
    }
}

/// <summary>An opaque C# function of values. It has no derivative of its own (see <see cref="CustomDerivative"/>), and a batch runs it example by example.</summary>
public sealed record ForeignCall : Primitive
{
    private readonly Func<Tensor[], Tensor[]> function;
    private readonly Sequence<TensorType> results;

    internal ForeignCall(string name, Func<Tensor[], Tensor[]> function, Sequence<TensorType> results)
    {
        Label = name;
        this.function = function;
        this.results = results;
    }

    /// <summary>What messages and the text form call it.</summary>
    public string Label { get; }

    /// <inheritdoc/>
    public override string Name => "foreign_call";

    /// <inheritdoc/>
    public override string Attributes => Label;

    internal override string HiddenAttributes => $" {function.Method.DeclaringType} {function.Method}";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [.. results];

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) =>
        throw new TransformException($"foreign_call {Label}: an opaque function has no derivative: state one with CustomDerivative, or cut it off with StopGradient.");

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var loop = Scan.Build(
            (_, slices) =>
            {
                var next = 0;
                return ([], Tensor.Bind(this, [.. inputs.Select((x, i) => batched[i] ? slices[next++] : x)]));
            },
            [], [.. inputs.Where((_, i) => batched[i])], size, false, false);
        return loop.Results;
    }

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var values = function([.. inputs.Select(x => new Tensor(x.Type, x.ToStorage()))]);
        if (!values.Select(t => t.Type).SequenceEqual(results))
            throw new EvaluationException($"foreign_call {Label}: it returned ({string.Join(", ", values.Select(t => t.Type))}) but was declared to return ({string.Join(", ", results)}).");
        return [.. values.Select(t => ReferenceArray.From(t.Value(), t.Shape))];
    }
}
