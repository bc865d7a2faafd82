using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>The operators of an ONNX model and how they hang together: the part of an <see cref="OnnxModel"/> that is no parameter.</summary>
public sealed class OnnxProgram
{
    private readonly Dictionary<string, int> opsets;
    private readonly Dictionary<(string Domain, string Name), FunctionProto> functions;
    private readonly Dictionary<TensorProto, Tensor> constants = new(ReferenceEqualityComparer.Instance);
    private readonly GraphProto graph;

    internal OnnxProgram(ModelProto model)
    {
        graph = model.Graph;
        opsets = model.OpsetImport.GroupBy(set => Domain(set.Domain)).ToDictionary(sets => sets.Key, sets => (int)sets.Max(set => set.Version));
        functions = model.Functions.GroupBy(function => (Domain(function.Domain), function.Name)).ToDictionary(group => group.Key, group => group.Last());
        var initialised = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        Inputs = [.. graph.Input.Where(input => !initialised.Contains(input.Name)).Select(Info)];
        Outputs = [.. graph.Output.Select(Info)];
        Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim();
        Metadata = model.MetadataProps.GroupBy(note => note.Key).ToDictionary(notes => notes.Key, notes => notes.Last().Value, StringComparer.Ordinal);
    }

    /// <summary>The inputs, in the order in which a call takes them.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    /// <summary>The outputs, in their order.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <summary>The version of the standard operators.</summary>
    public int OperatorSet => Opset("");

    /// <summary>What wrote the file.</summary>
    public string Producer { get; }

    /// <summary>What else the file notes.</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>How often each operator occurs; bodies of loops count once.</summary>
    public IReadOnlyDictionary<string, int> OperatorCounts => new SortedDictionary<string, int>(
        Nodes(graph).GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);

    internal GraphProto Graph => graph;

    internal static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    internal int Opset(string domain) => opsets.GetValueOrDefault(Domain(domain), opsets.GetValueOrDefault("", 1));

    internal FunctionProto? Function(NodeProto node) => functions.GetValueOrDefault((Domain(node.Domain), node.OpType));

    /// <summary>The real initialisers; others that stand in a file of their own are kept as constants.</summary>
    /// <param name="file">The file in which they stand, for messages and limits.</param>
    internal TreeDictionary<Tensor> ReadParameters(InputFile file)
    {
        var parameters = new Dictionary<string, Tensor>();
        foreach (var tensor in graph.Initializer)
        {
            if (OnnxTensors.TypeOf(tensor.DataType) is not { } type || !type.IsFloating())
            {
                // What stands in another file is read while it is known where that is.
                if (tensor.ExternalData.Count > 0) constants[tensor] = OnnxTensors.Read(file, tensor);
                continue;
            }
            if (!parameters.TryAdd(tensor.Name, OnnxTensors.Read(file, tensor))) throw file.Error($"tensor '{tensor.Name}'", "the name stands there twice.");
        }
        return parameters;
    }

    /// <summary>A constant of the graph, read once.</summary>
    internal Tensor Constant(TensorProto stored)
    {
        lock (constants)
        {
            if (constants.TryGetValue(stored, out var known)) return known;
            using var nothing = InputFile.Open(Stream.Null, null);
            return constants[stored] = OnnxTensors.Read(nothing, stored);
        }
    }

    /// <summary>All nodes, with those of bodies and functions.</summary>
    internal IEnumerable<NodeProto> Nodes(GraphProto graph)
    {
        foreach (var node in graph.Node)
        {
            yield return node;
            foreach (var attribute in node.Attribute)
                if (attribute.G is { } body)
                    foreach (var inner in Nodes(body)) yield return inner;
        }
    }

    /// <summary>The nodes whose operators are not supported.</summary>
    internal IEnumerable<NodeProto> Unsupported => Nodes(graph).Concat(functions.Values.SelectMany(function => function.Node))
        .Where(node => Function(node) is null && OnnxOperators.Find(node.Domain, node.OpType) is null);

    /// <summary>Which operators are not supported, in one sentence; null when all are.</summary>
    internal string? Obstacle
    {
        get
        {
            NodeProto[] missing = [.. Unsupported];
            if (missing.Length == 0) return null;
            string[] others = [.. missing.Select(node => node.OpType).Distinct().Skip(1)];
            return $"onnx: {OnnxNode.Describe(missing[0])}: the operator is not supported{(others.Length > 0 ? $", nor are {string.Join(", ", others)}" : "")}.";
        }
    }

    internal Tensor[] Call(IReadOnlyDictionary<string, Tensor> parameters, IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != Inputs.Count)
            throw new OnnxException($"onnx: the model takes {Inputs.Count} inputs ({string.Join(", ", Inputs)}), not {inputs.Count}.");
        var scope = new OnnxScope(this);
        foreach (var constant in graph.Initializer) scope[constant.Name] = parameters.TryGetValue(constant.Name, out var value) ? value : Constant(constant);
        for (var i = 0; i < inputs.Count; i++)
        {
            if (Inputs[i].ElementType is { } type && inputs[i].ElementType != type)
                throw new OnnxException($"onnx: the input '{Inputs[i].Name}' is {type.ShortName()}, not {inputs[i].Type}: cast it with AsType.");
            scope[Inputs[i].Name] = inputs[i];
        }
        scope.Run(graph.Node);
        return [.. Outputs.Select(output => scope[output.Name])];
    }

    private static OnnxValueInfo Info(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor) return new(value.Name, null, null);
        IReadOnlyList<int?>? shape = tensor.Shape is { } sizes
            ? [.. sizes.Dim.Select(size => size.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? (int?)size.DimValue : null)]
            : null;
        return new(value.Name, OnnxTensors.TypeOf(tensor.ElemType), shape);
    }
}
