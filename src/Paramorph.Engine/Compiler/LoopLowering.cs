using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>An operand of a loop: memory of a tensor, the first element that the loop sees.</summary>
/// <param name="Root">The tensor whose memory it is.</param>
/// <param name="Offset">In elements.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
internal readonly record struct LoopOperandPlace(Tensor Root, long Offset, long RowStride);

/// <summary>A fused loop ready to be placed in memory.</summary>
/// <param name="Program">The loop.</param>
/// <param name="Places">Its operands.</param>
/// <param name="RowFactor">Steps of the outermost dimension in one row; 0 when there are no rows.</param>
/// <param name="Accumulated">Operands that add to what they hold, with the kind of the reduction.</param>
internal sealed record LoweredLoop(LoopProgram Program, List<LoopOperandPlace> Places, long RowFactor, List<(int Operand, ReductionKind Kind)> Accumulated);

/// <summary>Translates a cluster of elementwise operations and reductions into a loop program.</summary>
internal sealed class LoopLowering
{
    private static readonly Dictionary<Elementwise, LoopOperation> Operations = new()
    {
        [Elementwise.Negate] = LoopOperation.Negate,
        [Elementwise.Abs] = LoopOperation.Abs,
        [Elementwise.Sign] = LoopOperation.Sign,
        [Elementwise.Floor] = LoopOperation.Floor,
        [Elementwise.Ceil] = LoopOperation.Ceiling,
        [Elementwise.Round] = LoopOperation.Round,
        [Elementwise.Sqrt] = LoopOperation.Sqrt,
        [Elementwise.Rsqrt] = LoopOperation.ReciprocalSqrt,
        [Elementwise.Exp] = LoopOperation.Exp,
        [Elementwise.Expm1] = LoopOperation.Expm1,
        [Elementwise.Log] = LoopOperation.Log,
        [Elementwise.Log1p] = LoopOperation.Log1p,
        [Elementwise.Sin] = LoopOperation.Sin,
        [Elementwise.Cos] = LoopOperation.Cos,
        [Elementwise.Tan] = LoopOperation.Tan,
        [Elementwise.Asin] = LoopOperation.Asin,
        [Elementwise.Acos] = LoopOperation.Acos,
        [Elementwise.Atan] = LoopOperation.Atan,
        [Elementwise.Sinh] = LoopOperation.Sinh,
        [Elementwise.Cosh] = LoopOperation.Cosh,
        [Elementwise.Tanh] = LoopOperation.Tanh,
        [Elementwise.Sigmoid] = LoopOperation.Sigmoid,
        [Elementwise.Erf] = LoopOperation.Erf,
        [Elementwise.Erfc] = LoopOperation.Erfc,
        [Elementwise.Erfinv] = LoopOperation.ErfInv,
        [Elementwise.Lgamma] = LoopOperation.LogGamma,
        [Elementwise.Polygamma(0)] = LoopOperation.Digamma,
        [Elementwise.IsNaN] = LoopOperation.IsNaN,
        [Elementwise.IsFinite] = LoopOperation.IsFinite,
        [Elementwise.Not] = LoopOperation.Not,
        [Elementwise.Add] = LoopOperation.Add,
        [Elementwise.Subtract] = LoopOperation.Subtract,
        [Elementwise.Multiply] = LoopOperation.Multiply,
        [Elementwise.Divide] = LoopOperation.Divide,
        [Elementwise.FloorDivide] = LoopOperation.Divide,
        [Elementwise.Remainder] = LoopOperation.Remainder,
        [Elementwise.Power] = LoopOperation.Power,
        [Elementwise.Atan2] = LoopOperation.Atan2,
        [Elementwise.Maximum] = LoopOperation.Maximum,
        [Elementwise.Minimum] = LoopOperation.Minimum,
        [Elementwise.Equal] = LoopOperation.Equal,
        [Elementwise.NotEqual] = LoopOperation.NotEqual,
        [Elementwise.Less] = LoopOperation.Less,
        [Elementwise.LessEqual] = LoopOperation.LessOrEqual,
        [Elementwise.Greater] = LoopOperation.Greater,
        [Elementwise.GreaterEqual] = LoopOperation.GreaterOrEqual,
        [Elementwise.And] = LoopOperation.And,
        [Elementwise.Or] = LoopOperation.Or,
        [Elementwise.Xor] = LoopOperation.Xor,
        [Elementwise.ShiftLeft] = LoopOperation.ShiftLeft,
        [Elementwise.ShiftRight] = LoopOperation.ShiftRightArithmetic,
        [Elementwise.ShiftRightLogical] = LoopOperation.ShiftRightLogical,
    };

    private readonly Cluster cluster;
    private readonly Func<Tensor, Strided> strided;
    private readonly Func<Tensor, bool> isStored;
    private readonly Func<Operation, bool> separate;
    private readonly List<Operand> operands = [];
    private readonly Dictionary<(Tensor, long, string), int> known = [];

    private LoopLowering(Cluster cluster, Func<Tensor, Strided> strided, Func<Tensor, bool> isStored, Func<Operation, bool> separate)
    {
        this.separate = separate;
        this.cluster = cluster;
        this.strided = strided;
        this.isStored = isStored;
    }

    public static bool Supports(Primitive primitive) => primitive switch
    {
        Elementwise function => Operations.ContainsKey(function),
        Cast or Select or Iota or Reduce => true,
        BitCast cast => cast.To is ElementType.Float32 or ElementType.Int32 or ElementType.Float64 or ElementType.Int64,
        _ => false,
    };

    /// <summary>Lowers a cluster.</summary>
    /// <param name="cluster">Operations of one loop.</param>
    /// <param name="strided">Where the elements of a tensor lie.</param>
    /// <param name="isStored">Whether a result must be in memory.</param>
    /// <param name="separate">Operations that are left out: they have steps of their own.</param>
    public static LoweredLoop Lower(Cluster cluster, Func<Tensor, Strided> strided, Func<Tensor, bool> isStored, Func<Operation, bool> separate) =>
        new LoopLowering(cluster, strided, isStored, separate).Lower();

    public static LoopType TypeOf(ElementType type) => type switch
    {
        ElementType.Bool => LoopType.Bool,
        ElementType.UInt8 => LoopType.U8,
        ElementType.Int8 => LoopType.I8,
        ElementType.Int32 => LoopType.I32,
        ElementType.Int64 => LoopType.I64,
        ElementType.Float32 => LoopType.F32,
        ElementType.Float64 => LoopType.F64,
        _ => throw new InvalidOperationException($"{type} has no loop type."),
    };

    private LoweredLoop Lower()
    {
        // First all operands are found, so that dimensions along which all of them run on are made one; then the program is built.
        var inside = cluster.Operations.SelectMany(o => o.Outputs.ToArray()).ToHashSet();
        foreach (var operation in cluster.Operations)
        {
            foreach (var input in operation.Inputs)
                if (!inside.Contains(input) && !IsConstant(input)) OperandOf(strided(input), null);
            if (separate(operation)) continue;
            if (operation.Primitive is Reduce reduce) OperandOf(Reduced(strided(operation.Output), reduce), operation.Output);
            else if (isStored(operation.Output)) OperandOf(strided(operation.Output), operation.Output);
        }
        var dimensions = new Dimensions(cluster, operands, cluster.Operations.Exists(o => o.Primitive is Iota));
        var builder = new LoopBuilder(dimensions.Extents);
        foreach (var operand in operands) builder.Operand(TypeOf(operand.Place.Root.ElementType), dimensions.Map(operand.Place));

        var values = new Dictionary<Tensor, LoopValue>();
        var accumulated = new List<(int, ReductionKind)>();
        foreach (var operation in cluster.Operations)
        {
            if (separate(operation)) continue;
            var inputs = Array.ConvertAll(operation.Inputs.ToArray(), t => Value(t, values, builder));
            if (operation.Primitive is Reduce reduce)
            {
                var at = OperandOf(Reduced(strided(operation.Output), reduce), operation.Output);
                var over = dimensions.Reduced(reduce);
                if (over.Length == 0) builder.Store(inputs[0], at);
                else builder.Reduce(KindOf(reduce.Kind), inputs[0], at, over);
                if (over.Contains(0)) accumulated.Add((at, reduce.Kind));
                continue;
            }
            var value = Apply(builder, operation, inputs, dimensions);
            values[operation.Output] = value;
            if (isStored(operation.Output)) builder.Store(value, OperandOf(strided(operation.Output), operation.Output));
        }
        var places = operands.Select(o => new LoopOperandPlace(o.Place.Root, o.Place.Offset, cluster.RowAxis < 0 ? 0 : o.Place.Strides[cluster.RowAxis])).ToList();
        return new(builder.Build(), places, dimensions.RowFactor, accumulated);
    }

    private LoopValue Value(Tensor tensor, Dictionary<Tensor, LoopValue> values, LoopBuilder builder)
    {
        if (values.TryGetValue(tensor, out var value)) return value;
        if (!IsConstant(tensor)) return values[tensor] = builder.Load(OperandOf(strided(tensor), null));
        var scalar = ScalarOf(tensor);
        var type = TypeOf(tensor.ElementType);
        return values[tensor] = tensor.ElementType == ElementType.Int64 ? builder.Constant(type, scalar.Item<long>()) : builder.Constant(type, scalar.Item());
    }

    private static LoopValue Apply(LoopBuilder builder, Operation operation, LoopValue[] x, Dimensions dimensions)
    {
        switch (operation.Primitive)
        {
            case Cast cast:
                return builder.Cast(x[0], TypeOf(cast.To));
            case BitCast cast:
                return builder.Bitcast(x[0], TypeOf(cast.To));
            case Select:
                return builder.Apply(LoopOperation.Select, x[0], x[1], x[2]);
            case Iota iota:
                return dimensions.Of(iota.Axis) is { } d ? builder.Iota(TypeOf(iota.Type.ElementType), d) : builder.Constant(TypeOf(iota.Type.ElementType), 0L);
        }
        var function = (Elementwise)operation.Primitive;
        if (x.Length == 1) return builder.Apply(Operations[function], x[0]);
        if (function == Elementwise.FloorDivide && operation.Input.ElementType.IsInteger())
        {
            // Division cuts off, so that it is one too large where the signs differ and something is left.
            var (quotient, zero) = (builder.Apply(LoopOperation.Divide, x[0], x[1]), builder.Constant(TypeOf(operation.Input.ElementType), 0L));
            var isLeft = builder.Apply(LoopOperation.NotEqual, builder.Apply(LoopOperation.Remainder, x[0], x[1]), zero);
            var areApart = builder.Apply(LoopOperation.NotEqual, builder.Apply(LoopOperation.Less, x[0], zero), builder.Apply(LoopOperation.Less, x[1], zero));
            var lower = builder.Apply(LoopOperation.Subtract, quotient, builder.Constant(TypeOf(operation.Input.ElementType), 1L));
            return builder.Apply(LoopOperation.Select, builder.Apply(LoopOperation.And, isLeft, areApart), lower, quotient);
        }
        if (function == Elementwise.FloorDivide)
        {
            // What is left after the remainder is taken away divides without rest.
            var rest = builder.Apply(LoopOperation.Remainder, x[0], x[1]);
            return builder.Apply(LoopOperation.Divide, builder.Apply(LoopOperation.Subtract, x[0], rest), x[1]);
        }
        if (operation.Input.ElementType == ElementType.Bool) return OfBooleans(builder, function, x);
        return builder.Apply(Operations[function], x[0], x[1]);
    }

    /// <summary>Orders of booleans, false before true.</summary>
    private static LoopValue OfBooleans(LoopBuilder builder, Elementwise function, LoopValue[] x)
    {
        LoopValue Not(LoopValue v) => builder.Apply(LoopOperation.Not, v);
        LoopValue And(LoopValue a, LoopValue b) => builder.Apply(LoopOperation.And, a, b);
        LoopValue Or(LoopValue a, LoopValue b) => builder.Apply(LoopOperation.Or, a, b);
        if (function == Elementwise.Maximum) return Or(x[0], x[1]);
        if (function == Elementwise.Minimum) return And(x[0], x[1]);
        if (function == Elementwise.Less) return And(Not(x[0]), x[1]);
        if (function == Elementwise.Greater) return And(x[0], Not(x[1]));
        if (function == Elementwise.LessEqual) return Or(Not(x[0]), x[1]);
        if (function == Elementwise.GreaterEqual) return Or(x[0], Not(x[1]));
        return builder.Apply(Operations[function], x[0], x[1]);
    }

    private int OperandOf(Strided place, Tensor? result)
    {
        // A result is an operand of its own, even where it lies in memory that is also read.
        var key = (place.Root, place.Offset, string.Join(",", place.Strides) + (result is null ? "" : " written"));
        if (known.TryGetValue(key, out var index)) return index;
        operands.Add(new(place));
        return known[key] = operands.Count - 1;
    }

    /// <summary>The memory of a reduction's result as seen from the space of the loop: reduced axes stand still.</summary>
    private Strided Reduced(Strided result, Reduce reduce)
    {
        var strides = new long[cluster.Space.Rank];
        for (int a = 0, next = 0; a < strides.Length; a++) strides[a] = reduce.Axes.Contains(a) ? 0 : result.Strides[next++];
        return result with { Shape = cluster.Space, Strides = strides };
    }

    private static LoopReductionKind KindOf(ReductionKind kind) => kind switch
    {
        ReductionKind.Sum => LoopReductionKind.Sum,
        ReductionKind.Product => LoopReductionKind.Product,
        ReductionKind.Max => LoopReductionKind.Maximum,
        ReductionKind.Min => LoopReductionKind.Minimum,
        ReductionKind.Any => LoopReductionKind.Any,
        _ => LoopReductionKind.All,
    };

    internal static bool IsConstant(Tensor tensor) => ScalarOf(tensor) is { Rank: 0, IsEvaluated: true };

    private static Tensor ScalarOf(Tensor tensor)
    {
        while (tensor is { IsEvaluated: false, Source.Primitive: Broadcast or Reshape }) tensor = tensor.Source.Input;
        return tensor;
    }

    private sealed record Operand(Strided Place);

    /// <summary>The dimensions of the loop: rows outermost, axes of size 1 left out, neighbours that all operands run through made one.</summary>
    private sealed class Dimensions
    {
        private readonly List<List<int>> merged = [];
        private readonly Shape space;

        public Dimensions(Cluster cluster, List<Operand> operands, bool keepsAxes)
        {
            space = cluster.Space;
            var row = cluster.RowAxis;
            IEnumerable<int> axes = Enumerable.Range(0, space.Rank).Where(a => a != row && space[a] != 1);
            if (row >= 0) axes = axes.Prepend(row);
            foreach (var axis in axes)
            {
                if (merged.Count > 0 && !keepsAxes && operands.TrueForAll(o => o.Place.Strides[merged[^1][^1]] == o.Place.Strides[axis] * space[axis]))
                    merged[^1].Add(axis);
                else
                    merged.Add([axis]);
            }
            Extents = merged.Count == 0 ? [1] : [.. merged.Select(m => m.Aggregate(1L, (p, a) => p * space[a]))];
            RowFactor = row < 0 ? 0 : Extents[0] / Math.Max(1, space[row]);
        }

        public long[] Extents { get; }

        public long RowFactor { get; }

        public long[] Map(Strided place) => merged.Count == 0 ? [0] : [.. merged.Select(m => place.Strides[m[^1]])];

        public int? Of(int axis) => merged.FindIndex(m => m.Contains(axis)) is >= 0 and var d ? d : null;

        /// <summary>The dimensions over which a reduction runs; none where they have one element.</summary>
        public int[] Reduced(Reduce reduce) => [.. Enumerable.Range(0, merged.Count).Where(d => reduce.Axes.Contains(merged[d][^1]))];
    }
}
