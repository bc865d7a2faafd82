using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Makes of operations that treat the rows of a batch one by one the same operations on some of the rows: values that have rows become shorter along the
/// axis of these, all others stay.
/// </summary>
/// <param name="part">Rows that are kept.</param>
internal sealed class RowCutting(int part)
{
    private readonly Dictionary<Tensor, int> axes = [];
    private readonly Dictionary<Tensor, Tensor> made = [];
    private readonly Dictionary<(Tensor, int), Tensor> cut = [];
    private readonly HashSet<Tensor> started = [];

    /// <summary>What came from outside without rows and would have to have them along its first axis.</summary>
    public Tensor? Missing { get; private set; }

    /// <summary>Says what a value that comes from outside is.</summary>
    /// <param name="tensor">The value with all rows.</param>
    /// <param name="value">What takes its place.</param>
    /// <param name="axis">The axis of its rows; -1 when it has none.</param>
    public void Start(Tensor tensor, Tensor value, int axis)
    {
        made[tensor] = value;
        started.Add(tensor);
        if (axis >= 0) axes[tensor] = axis;
    }

    /// <summary>Whether a value has rows.</summary>
    public bool HasRows(Tensor tensor) => axes.ContainsKey(tensor);

    /// <summary>Makes the results of an operation; false when it mixes rows.</summary>
    public bool Apply(Operation operation)
    {
        var inputs = operation.Inputs.ToArray();
        var first = Array.FindIndex(inputs, axes.ContainsKey);
        if (first < 0)
        {
            var whole = operation.Apply([.. inputs.Select(Whole)]);
            for (var i = 0; i < whole.Length; i++) made[operation.Outputs[i]] = whole[i];
            return true;
        }
        if (RowRule.Of(operation, first, axes[inputs[first]]) is not { IsClosing: false } rule) return false;
        var operands = new Tensor[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (rule.Inputs[i] < 0 && HasRows(inputs[i])) return false;
            if ((rule.Inputs[i] < 0 ? Whole(inputs[i]) : Along(inputs[i], rule.Inputs[i])) is not { } operand) return false;
            operands[i] = operand;
        }
        axes[operation.Output] = rule.Axis;
        made[operation.Output] = Tensor.Bind(WithRows(operation.Primitive, rule.Axis), operands)[0];
        return true;
    }

    /// <summary>A value without rows.</summary>
    public Tensor Whole(Tensor tensor) => made.GetValueOrDefault(tensor, tensor);

    /// <summary>A value with the kept rows along an axis, or null: what has no rows must repeat itself there.</summary>
    public Tensor? Along(Tensor tensor, int axis)
    {
        if (axes.TryGetValue(tensor, out var own)) return own == axis ? made[tensor] : null;
        if (cut.TryGetValue((tensor, axis), out var known)) return known;
        if (started.Contains(tensor))
        {
            if (axis == 0) Missing = tensor;
            return null;
        }
        if (Repeating(tensor, axis) is not { } source) return null;
        var operands = new Tensor[source.Inputs.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            if ((source.Primitive is Broadcast ? Whole(source.Input) : Along(source.Inputs[i], axis)) is not { } operand) return null;
            operands[i] = operand;
        }
        return cut[(tensor, axis)] = Tensor.Bind(WithRows(source.Primitive, axis), operands)[0];
    }

    /// <summary>The operation of a value that may repeat itself along an axis: a broadcast along it, or what is made of such elementwise. Null for others.</summary>
    public static Operation? Repeating(Tensor tensor, int axis) => tensor is { IsEvaluated: false, Source: { } source }
        && source.Primitive is Broadcast or Elementwise or Select or Cast or BitCast && (source.Primitive is not Broadcast broadcast || !broadcast.Axes.Contains(axis)) ? source : null;

    private Primitive WithRows(Primitive primitive, int axis) => primitive switch
    {
        Broadcast broadcast => new Broadcast(broadcast.Shape.With(axis, part), broadcast.Axes),
        Reshape reshape => new Reshape(reshape.Shape.With(axis, part)),
        Slice slice => slice with { Limits = [.. slice.Limits.Select((limit, a) => a == axis ? part : limit)] },
        _ => primitive,
    };
}
