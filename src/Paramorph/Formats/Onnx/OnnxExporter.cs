using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <summary>
/// Writes the operations of a computation as nodes. Each primitive has its translation in one table; one that has none is named in the error.
/// </summary>
internal sealed partial class OnnxExporter(OnnxBuilder graph)
{
    private readonly Dictionary<Tensor, OnnxValue> constants = [];

    /// <summary>Values that depend on parameters alone; they are lazy, so that nothing is computed that is not asked for.</summary>
    private readonly Dictionary<Tensor, Tensor> known = [];

    /// <summary>Those of them that are written as constants in place of the operations that give them.</summary>
    private readonly HashSet<Tensor> folded = [];

    private delegate OnnxValue[] Translation(OnnxExporter exporter, Primitive primitive, OnnxValue[] x, TensorType[] results);

    /// <summary>The table: from real operands to results. Complex ones are taken apart before, where a primitive is linear in them.</summary>
    private static readonly Dictionary<Type, Translation> Table = new()
    {
        [typeof(Identity)] = (_, _, x, _) => x,
        [typeof(StopGradient)] = (_, _, x, _) => x,
        [typeof(Cast)] = (e, p, x, y) => [e.Cast(x[0], y[0])],
        [typeof(Select)] = (e, _, x, y) => [e.Select(x, y[0])],
        [typeof(RealPart)] = (_, _, x, _) => [x[0].RealPart],
        [typeof(ImaginaryPart)] = (_, _, x, _) => [x[0].ImaginaryPart],
        [typeof(MakeComplex)] = (e, _, x, y) => [new(y[0], e.Full(x[0]).Name, e.Full(x[1]).Name)],
        [typeof(Reshape)] = (e, _, x, y) => [e.Reshape(x[0], y[0].Shape)],
        [typeof(Transpose)] = (e, p, x, _) => [e.Transpose(x[0], [.. ((Transpose)p).Permutation])],
        [typeof(Broadcast)] = (e, p, x, y) => [e.Broadcast(x[0], (Broadcast)p, y[0])],
        [typeof(Slice)] = (e, p, x, y) => [e.Slice(x[0], (Slice)p, y[0])],
        [typeof(Pad)] = (e, p, x, y) => [e.Pad(x[0], x[1], (Pad)p, y[0])],
        [typeof(Concatenate)] = (e, p, x, y) => [e.Concatenate(x, ((Concatenate)p).Axis, y[0])],
        [typeof(Reverse)] = (e, p, x, y) => [e.Reverse(x[0], (Reverse)p, y[0])],
        [typeof(Iota)] = (e, p, _, y) => [e.Iota((Iota)p, y[0])],
        [typeof(Reduce)] = (e, p, x, y) => [e.Reduce(x[0], (Reduce)p, y[0])],
        [typeof(ArgReduce)] = (e, p, x, y) => [e.ArgReduce(x[0], (ArgReduce)p, y[0])],
        [typeof(Cumulative)] = (e, p, x, y) => [e.Cumulative(x[0], (Cumulative)p, y[0])],
        [typeof(Dot)] = (e, p, x, y) => [e.Bilinear(x, y[0], (a, b, type) => e.Dot(a, b, (Dot)p, type))],
        [typeof(Convolution)] = (e, p, x, y) => [e.Bilinear(x, y[0], (a, b, type) => e.Convolve(a, b, (Convolution)p, type))],
        [typeof(WindowReduce)] = (e, p, x, y) => [e.WindowReduce(x[0], (WindowReduce)p, y[0])],
        [typeof(WindowArgReduce)] = (e, p, x, y) => [e.WindowArgReduce(x[0], (WindowArgReduce)p, y[0])],
        [typeof(Gather)] = (e, p, x, y) => [e.Gather(x[0], x[1], (Gather)p, y[0])],
        [typeof(Scatter)] = (e, p, x, y) => [e.Scatter(x, (Scatter)p, y[0])],
        [typeof(DynamicSlice)] = (e, _, x, y) => [e.DynamicSlice(x[0], x[1], y[0])],
        [typeof(DynamicUpdate)] = (e, _, x, y) => [e.DynamicUpdate(x, y[0])],
        [typeof(Sort)] = (e, p, x, y) => e.Sort(x, (Sort)p, y),
        [typeof(TopK)] = (e, p, x, y) => e.TopK(x[0], (TopK)p, y),
        [typeof(Fft)] = (e, p, x, y) => [e.Fft(x[0], (Fft)p, y[0])],
        [typeof(TriangularSolve)] = (e, p, x, y) => [e.TriangularSolve(x[0], x[1], (TriangularSolve)p, y[0])],
        [typeof(Cholesky)] = (e, _, x, y) => [e.Cholesky(x[0], y[0])],
        [typeof(Rematerialise)] = (e, p, x, _) => e.Write(((Rematerialise)p).Body, x),
        [typeof(CustomDerivativeCall)] = (e, p, x, _) => e.Write(((CustomDerivativeCall)p).Body, x),
        [typeof(While)] = (e, p, x, y) => e.While((While)p, x),
        [typeof(Cond)] = (e, p, x, y) => e.Cond((Cond)p, x, y),
    };

    /// <summary>Writes the operations of a computation for given inputs.</summary>
    /// <param name="computation">The computation.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="parameters">The values of the first inputs. What depends on them alone and has no translation, as numbers drawn from a key, is computed now.</param>
    /// <returns>Its outputs, which are stored as they are.</returns>
    /// <exception cref="OnnxException">A primitive has no translation.</exception>
    public OnnxValue[] Write(Computation computation, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<Tensor>? parameters = null)
    {
        var values = new Dictionary<Tensor, OnnxValue>();
        for (var i = 0; i < parameters?.Count; i++) known[computation.Inputs[i]] = parameters[i];
        for (var i = 0; i < inputs.Count; i++) values[computation.Inputs[i]] = inputs[i];
        var used = computation.Outputs.Concat(computation.Operations.SelectMany(operation => operation.Inputs.ToArray())).ToHashSet();
        var makers = computation.Operations.SelectMany(operation => operation.Outputs.ToArray(), (operation, output) => (operation, output)).ToDictionary(pair => pair.output, pair => pair.operation);
        for (var index = 0; index < computation.Operations.Count; index++)
        {
            var operation = computation.Operations[index];
            var results = Known(operation, values.ContainsKey) is { } computed && operation.Inputs.ToArray().Any(folded.Contains)
                ? Folded(operation, computed)
                : Quantised(operation, makers, Value, values.ContainsKey) is { } pair
                    ? [pair]
                    : operation.Primitive is Scan scan
                        ? Scan(scan, Operands(operation), operation.OutputTypes(), [.. operation.Outputs.ToArray().Select(used.Contains)])
                        : Translate(operation.Primitive, Operands(operation), operation.OutputTypes()) ?? Folded(operation, Known(operation, values.ContainsKey));
            if (results is null) throw Untranslatable(computation, operation, index);
            for (var i = 0; i < results.Length; i++) values[operation.Outputs[i]] = results[i];
        }
        return [.. computation.Outputs.Select(Value)];

        OnnxValue[] Operands(Operation operation) => Array.ConvertAll(operation.Inputs.ToArray(), Value);

        OnnxValue Value(Tensor tensor) => values.TryGetValue(tensor, out var value) ? value : Constant(tensor);
    }

    /// <summary>The results of an operation on parameters and constants; null of one that depends on inputs.</summary>
    private Tensor[]? Known(Operation operation, Predicate<Tensor> isComputed)
    {
        if (known.ContainsKey(operation.Output)) return [.. operation.Outputs.ToArray().Select(output => known[output])];
        var operands = new Tensor[operation.Inputs.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            if (known.TryGetValue(operation.Inputs[i], out var value)) operands[i] = value;
            else if (isComputed(operation.Inputs[i])) return null;
            else operands[i] = operation.Inputs[i];
        }
        var results = operation.Apply(operands);
        for (var i = 0; i < results.Length; i++) known[operation.Outputs[i]] = results[i];
        return results;
    }

    private OnnxValue[]? Folded(Operation operation, Tensor[]? results)
    {
        if (results is null) return null;
        folded.UnionWith(operation.Outputs.ToArray());
        return Array.ConvertAll(results, result => Constant(result.Evaluate()));
    }

    private OnnxValue[]? Translate(Primitive primitive, OnnxValue[] x, TensorType[] results)
    {
        var isComplex = x.Any(value => value.Imaginary is not null) || results.Any(type => type.ElementType.IsComplex());
        if (primitive is Elementwise function)
            return (isComplex ? ComplexFunction(function, x, results[0]) : Function(function, x, results[0])) is { } value ? [value] : null;
        if (isComplex && OnnxComplexRules.IsComponentwise(primitive)) return [Componentwise(primitive, x, results)];
        if (isComplex && !OnnxComplexRules.IsOfComplex(primitive)) return null;
        return Table.TryGetValue(primitive.GetType(), out var translation) ? translation(this, primitive, x, results) : null;
    }

    private OnnxException Untranslatable(Computation computation, Operation operation, int index) => new(
        $"onnx: the primitive {operation.Primitive.Name} has no translation: it is operation {index} of '{computation.Name}', {operation} giving {operation.Output.Type}.");

    /// <summary>A value of the computation as an initialiser.</summary>
    public OnnxValue Constant(Tensor tensor)
    {
        if (constants.TryGetValue(tensor, out var known)) return known;
        var value = tensor.ElementType.IsComplex()
            ? new OnnxValue(tensor.Type, graph.Constant(Tensor.Real(tensor)), graph.Constant(Tensor.Imaginary(tensor)))
            : new OnnxValue(tensor.Type, graph.Constant(tensor));
        return constants[tensor] = value;
    }

    /// <summary>The value stored in its whole shape.</summary>
    public OnnxValue Full(OnnxValue x)
    {
        if (x.Actual == x.Shape) return x;
        return new(x.Type, Expand(x.Name, x.Shape), x.Imaginary is { } imaginary ? Expand(imaginary, x.Shape) : null);
    }

    private string Expand(string name, Shape shape) => graph.Node("Expand", [name, graph.Integers(shape)]);

    private string[] FullNames(IEnumerable<OnnxValue> values) => [.. values.Select(value => Full(value).Name)];

    /// <summary>Real and imaginary parts one after the other.</summary>
    private OnnxValue Componentwise(Primitive primitive, OnnxValue[] x, TensorType[] results)
    {
        TensorType[] types = [.. results.Select(type => type with { ElementType = type.ElementType.RealType() })];
        var real = Table[primitive.GetType()](this, primitive, [.. x.Select(value => value.Imaginary is null ? value : value.RealPart)], types)[0];
        var imaginary = Table[primitive.GetType()](this, primitive, [.. x.Select(value => value.Imaginary is null ? value : value.ImaginaryPart)], types)[0];
        return new(results[0], real.Actual, real.Name, imaginary.Name);
    }

    private OnnxExpression Expression(OnnxValue x) => new(graph, x.Name, x.Type.ElementType);

    /// <summary>The value of an expression of operands that broadcast to a type.</summary>
    private static OnnxValue Broadcasting(OnnxExpression result, IEnumerable<OnnxValue> operands, TensorType type) => new(type, Common(operands), result.Name);

    private static Shape Common(IEnumerable<OnnxValue> operands) => operands.Aggregate(Shape.Scalar, (shape, value) => Shape.Broadcast(shape, value.Actual, "onnx"));

    private OnnxValue? Function(Elementwise function, OnnxValue[] x, TensorType result)
    {
        if (function == Elementwise.Multiply || function == Elementwise.Divide) x = Array.ConvertAll(x, value => Spread(value, result));
        return OnnxElementwise.Translate(function, Array.ConvertAll(x, Expression), result.ElementType) is { } expression ? Broadcasting(expression, x, result) : null;
    }

    /// <summary>
    /// A factor of f64 repeated along the last axis. ONNX Runtime moves one that is a single number into a product of matrices behind it, and rounds it to f32 there.
    /// </summary>
    private OnnxValue Spread(OnnxValue factor, TensorType result) =>
        factor.Type.ElementType == ElementType.Float64 && factor.Actual.ElementCount == 1 && result.Shape.Rank > 0 && result.Shape[^1] > 1
            ? factor with { Name = Expand(factor.Name, [result.Shape[^1]]), Actual = [result.Shape[^1]] }
            : factor;

    private OnnxValue Select(OnnxValue[] x, TensorType result) =>
        Broadcasting(Expression(x[0]).Choose(Expression(x[1]), Expression(x[2])), x, result);

    /// <summary>Conversions: from real numbers to integers truncation, with what does not fit at the bounds and NaN at 0.</summary>
    private OnnxValue Cast(OnnxValue x, TensorType result)
    {
        var (from, to) = (x.Type.ElementType, result.ElementType);
        if (x.Imaginary is not null && to == ElementType.Bool)
            return new(result, x.Actual, (!(Expression(x.RealPart).EqualTo(0) & Expression(x.ImaginaryPart).EqualTo(0))).Name);
        if (x.Imaginary is not null && !to.IsComplex()) return Cast(x.RealPart, result);
        if (to.IsComplex())
        {
            var part = result with { ElementType = to.RealType() };
            var imaginary = x.Imaginary is null ? Zero(x.Actual, part.ElementType) : Cast(x.ImaginaryPart, part).Name;
            return new(result, x.Actual, Cast(x.RealPart, part).Name, imaginary);
        }
        var value = Expression(x);
        if (to == ElementType.Bool) value = !value.EqualTo(0);
        else if (from.IsFloating() && to.IsInteger()) value = Bounded(value, to);
        return new(result, x.Actual, value.As(to).Name);
    }

    private string Zero(Shape shape, ElementType type) => Expand(graph.Constant(Tensor.Full(Shape.Scalar, 0, type)), shape);

    private static OnnxExpression Bounded(OnnxExpression x, ElementType to)
    {
        var (low, high) = to switch
        {
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.Int32 => (int.MinValue, int.MaxValue),
            // The last double before 2^63.
            _ => (long.MinValue, 9223372036854774784.0),
        };
        var wide = x.As(ElementType.Float64);
        var bounded = wide.Maximum(wide.Constant(low)).Minimum(wide.Constant(high));
        return bounded.EqualTo(bounded).Choose(bounded, 0);
    }
}
