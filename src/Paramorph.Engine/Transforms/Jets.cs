using Paramorph.Primitives;

namespace Paramorph.Transforms;

/// <summary>A coefficient of a power series: a tensor, or null for zero; with <c>HasDirections</c> it carries one slice for each direction first.</summary>
internal readonly record struct Coefficient(Tensor? Value, bool HasDirections)
{
    public static Coefficient Zero => default;
}

/// <summary>
/// The power series of a tensor along a curve, computed coefficient by coefficient when asked. Its level tells how many derivatives the tensor
/// holds already: coefficient k is of total order k + level.
/// </summary>
internal sealed class Series(int level, Func<int, Coefficient> compute)
{
    private readonly List<Coefficient?> known = [];

    public int Level { get; } = level;

    public Coefficient this[int order]
    {
        get
        {
            while (known.Count <= order) known.Add(null);
            if (known[order] is { } ready) return ready;
            var coefficient = compute(order);
            known[order] = coefficient;
            return coefficient;
        }
    }
}

/// <summary>
/// Taylor-mode propagation. The series of each result follows from those of the operands: a linear primitive acts on each coefficient, a product
/// is a convolution of coefficients, and for every other primitive y' = Jvp(x, x') is itself an expression whose series up to order k - 1 gives
/// coefficient k of y. So a primitive that states its derivative has jets of every order, without nested differentiation.
/// </summary>
/// <remarks>
/// With several directions the coefficients between the value and the highest order carry a slice for each of them, while the highest is summed over
/// them as soon as it arises: it enters linearly, so the sum travels instead of every direction (collapsed Taylor mode).
/// </remarks>
internal sealed class Jets(int order, int? directions)
{
    private readonly Dictionary<Tensor, Series> series = [];
    private readonly Dictionary<(Primitive, Tensor), Series> unary = [];
    private readonly List<Trace> traces = [];

    /// <summary>Tells the series of an input of a trace.</summary>
    public void Add(Trace trace, Tensor input, Series known)
    {
        if (!traces.Contains(trace)) traces.Add(trace);
        series[input] = known;
    }

    /// <summary>The series of a tensor; at level 0 its first coefficient is the tensor of the expression itself. The walk is iterative down to what is known, so that deep expressions do not exhaust the stack.</summary>
    public Series Of(Tensor tensor)
    {
        if (!series.ContainsKey(tensor))
            foreach (var operation in Graph.Sort([tensor], t => series.ContainsKey(t) || !IsMoving(t))) Enter(operation);
        return series.TryGetValue(tensor, out var found) ? found : new Series(0, k => k == 0 ? new(tensor, false) : Coefficient.Zero);
    }

    private bool IsMoving(Tensor tensor) => traces.Exists(tensor.DependsOn);

    private void Enter(Operation operation)
    {
        var inputs = Array.ConvertAll(operation.Inputs.ToArray(), Of);
        var primitive = operation.Primitive;
        if (primitive is Elementwise && inputs.Length == 1)
        {
            // Sine and cosine, say, refer to each other: each is entered once.
            if (!unary.TryGetValue((primitive, operation.Input), out var same)) unary[(primitive, operation.Input)] = same = General(operation, inputs)[0];
            series[operation.Output] = same;
            return;
        }
        var outputs = primitive switch
        {
            _ when primitive == Elementwise.Divide => [Quotient(operation, inputs)],
            { Linearity: Linearity.Multi } => [Product(operation, inputs)],
            { Linearity: Linearity.Joint } => [Linear(operation, inputs)],
            _ => General(operation, inputs),
        };
        for (var i = 0; i < outputs.Length; i++) series[operation.Outputs[i]] = outputs[i];
    }

    private Series Linear(Operation operation, Series[] inputs)
    {
        var level = inputs.Max(s => s.Level);
        return new Series(level, k =>
        {
            if (k == 0 && level == 0) return new(operation.Output, false);
            var operands = new Coefficient[inputs.Length];
            var any = false;
            for (var i = 0; i < inputs.Length; i++)
            {
                var moves = operation.Inputs[i].ElementType.IsDifferentiable();
                operands[i] = moves ? inputs[i][k] : inputs[i][0];
                any |= moves && operands[i].Value is not null;
                if (moves && operands[i].Value is null) operands[i] = new(Tensor.ZerosLike(operation.Inputs[i]), false);
            }
            return any ? Finish(Apply(operation, operands)[0], k + level) : Coefficient.Zero;
        });
    }

    private Series Product(Operation operation, Series[] inputs)
    {
        var level = inputs[0].Level + inputs[1].Level;
        return new Series(level, k =>
        {
            if (k == 0 && level == 0) return new(operation.Output, false);
            var sum = Coefficient.Zero;
            for (var i = 0; i <= k; i++)
            {
                var (a, b) = (inputs[0][i], inputs[1][k - i]);
                if (a.Value is null || b.Value is null) continue;
                sum = Sum(sum, Finish(Apply(operation, [a, b])[0], k + level));
            }
            return sum;
        });
    }

    /// <summary>y = a / b from y b = a: coefficient k is (a_k - sum over j of b_j y_{k-j}) / b_0.</summary>
    private Series Quotient(Operation operation, Series[] inputs)
    {
        var (a, b) = (inputs[0], inputs[1]);
        Series? self = null;
        self = new Series(a.Level, k =>
        {
            if (k == 0 && a.Level == 0) return new(operation.Output, false);
            var sum = a[k];
            for (var j = 1; j <= k; j++)
            {
                if (b[j].Value is not { } divisor || self![k - j].Value is not { } earlier) continue;
                sum = Sum(sum, Finish(new(-(divisor * earlier), b[j].HasDirections || self[k - j].HasDirections), k + a.Level));
            }
            return sum.Value is null ? sum : Finish(Apply(operation, [sum, b[0]])[0], k + a.Level);
        });
        return self;
    }

    private Series[] General(Operation operation, Series[] inputs)
    {
        var level = inputs.Max(s => s.Level);
        var zeroth = new Lazy<Coefficient[]>(() => Apply(operation, Array.ConvertAll(inputs, s => s[0])));
        var derivatives = new Lazy<Series?[]>(() => Derivatives(operation, inputs));
        return
        [
            .. operation.Outputs.ToArray().Select((output, i) => new Series(level, k =>
            {
                if (k == 0) return level == 0 ? new(output, false) : Finish(zeroth.Value[i], level);
                if (!output.ElementType.IsDifferentiable() || derivatives.Value[i] is not { } derivative) return Coefficient.Zero;
                var (value, hasDirections) = derivative[k - 1];
                return value is null ? Coefficient.Zero : new(k == 1 ? value : value * (1.0 / k), hasDirections);
            })),
        ];
    }

    /// <summary>The series of y' = Jvp(x, x') for each output.</summary>
    private Series?[] Derivatives(Operation operation, Series[] inputs)
    {
        var trace = new Trace(operation.Primitive.Name, isAbstract: true);
        var tangents = new Tensor?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!operation.Inputs[i].ElementType.IsDifferentiable() || !(IsMoving(operation.Inputs[i]) || series.ContainsKey(operation.Inputs[i]))) continue;
            var input = inputs[i];
            tangents[i] = trace.Placeholder(operation.Inputs[i].Type);
            Add(trace, tangents[i]!, new Series(input.Level + 1, k =>
            {
                var (value, hasDirections) = input[k + 1];
                return value is null ? Coefficient.Zero : new(k == 0 ? value : value * (k + 1.0), hasDirections);
            }));
        }
        return Array.ConvertAll(operation.Primitive.Jvp(operation, tangents), t => t is null ? null : Of(t));
    }

    private Coefficient[] Apply(Operation operation, Coefficient[] operands)
    {
        var values = new Tensor[operands.Length];
        for (var i = 0; i < values.Length; i++) values[i] = operands[i].Value ?? Tensor.ZerosLike(operation.Inputs[i]);
        var carry = Array.ConvertAll(operands, c => c.HasDirections);
        var any = carry.Contains(true);
        var results = any ? operation.Primitive.Batch(operation, values, carry, directions!.Value) : Tensor.Bind(operation.Primitive, values);
        return Array.ConvertAll(results, t => new Coefficient(t, any));
    }

    private static Coefficient Sum(Coefficient a, Coefficient b) =>
        a.Value is null ? b : b.Value is null ? a : new(a.Value + b.Value, a.HasDirections || b.HasDirections);

    /// <summary>A coefficient of the highest order is summed over the directions.</summary>
    private Coefficient Finish(Coefficient coefficient, int totalOrder) =>
        totalOrder == order && coefficient is { HasDirections: true, Value: { } value } ? new(value.Sum(0), false) : coefficient;
}
