using Google.Protobuf;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>From computations to graphs of ONNX with names.</summary>
internal static class OnnxGraphs
{
    /// <summary>The graph of a computation with fixed sizes.</summary>
    public static GraphProto Write(Computation computation, OnnxExportOptions options)
    {
        if (options.Opset is < 17 or > 22) throw new OnnxException($"onnx: operator set {options.Opset} is not written: choose one from 17 to 22.");
        Check(computation, options);
        var graph = new OnnxBuilder(options.Opset);
        var exporter = new OnnxExporter(graph);
        var (parameters, count) = (options.Parameters.Count, computation.Inputs.Count - options.Parameters.Count);
        var inputNames = Names(graph, options.InputNames, count, "input");
        // Reserved first: inner names make way for them.
        var outputNames = Names(graph, options.OutputNames, computation.Outputs.Count, "output");
        OnnxValue[] inputs =
        [
            .. options.Parameters.Select(parameter => Parameter(graph, parameter.Key, parameter.Value)),
            .. inputNames.Select((name, i) => Input(graph, name, computation.Inputs[parameters + i].Type)),
        ];
        var outputs = exporter.Write(computation, inputs, [.. options.Parameters.Select(parameter => parameter.Value)]);
        graph.Graph.Name = options.ModelName;
        for (var i = 0; i < outputs.Length; i++) Output(graph, outputNames[i], exporter.Full(outputs[i]));
        return graph.Graph;
    }

    private static void Check(Computation computation, OnnxExportOptions options)
    {
        if (options.Parameters.Count > computation.Inputs.Count)
            throw new OnnxException($"onnx: {options.Parameters.Count} parameters are given for {computation.Inputs.Count} inputs of '{computation.Name}'.");
        for (var i = 0; i < options.Parameters.Count; i++)
        {
            var (name, value) = options.Parameters[i];
            if (value.Type != computation.Inputs[i].Type)
                throw new OnnxException($"onnx: the parameter '{name}' is {value.Type}, but input {i} of '{computation.Name}' is {computation.Inputs[i].Type}.");
        }
    }

    private static string[] Names(OnnxBuilder graph, IReadOnlyList<string>? given, int count, string otherwise)
    {
        if (given is not null && given.Count != count)
            throw new OnnxException($"onnx: {given.Count} names are given for {count} {otherwise}s: give one for each, or none.");
        return [.. Enumerable.Range(0, count).Select(i => graph.Name(given?[i] ?? (count == 1 ? otherwise : $"{otherwise}{i}")))];
    }

    private static OnnxValue Parameter(OnnxBuilder graph, string name, Tensor value)
    {
        value.Evaluate();
        string Stored(string wanted, Tensor tensor) => graph.Constant(tensor, wanted) is var given && given == wanted
            ? given
            : throw new OnnxException($"onnx: the name '{wanted}' is that of a parameter and of something else: give inputs and outputs other names.");
        var names = ParameterNames(name, value);
        return value.ElementType.IsComplex()
            ? new(value.Type, Stored(names[0], Tensor.Real(value)), Stored(names[1], Tensor.Imaginary(value)))
            : new(value.Type, Stored(name, value));
    }

    /// <summary>The parts of a complex parameter are two.</summary>
    private static string[] ParameterNames(string name, Tensor value) => value.ElementType.IsComplex() ? [$"{name}.real", $"{name}.imaginary"] : [name];

    private static OnnxValue Input(OnnxBuilder graph, string name, TensorType type)
    {
        if (!type.ElementType.IsComplex())
        {
            graph.Graph.Input.Add(OnnxBuilder.Describe(name, type));
            return new(type, name);
        }
        graph.Graph.Input.Add(OnnxBuilder.Describe(name, Paired(type)));
        string Part(long index) => graph.Node("Gather", [name, graph.Constant(Tensor.Scalar(index), "integer")], OnnxBuilder.Attribute("axis", -1));
        return new(type, Part(0), Part(1));
    }

    private static TensorType Paired(TensorType type) => new(type.ElementType.RealType(), [.. type.Shape, 2]);

    private static void Output(OnnxBuilder graph, string name, OnnxValue value)
    {
        var (type, result) = (value.Type, value.Name);
        if (value.Imaginary is { } imaginary)
        {
            string Column(string part) => graph.Node("Unsqueeze", [part, graph.Integers([-1L])]);
            result = graph.Node("Concat", [Column(value.Name), Column(imaginary)], OnnxBuilder.Attribute("axis", -1));
            type = Paired(type);
        }
        graph.Copy(result, name);
        graph.Graph.Output.Add(OnnxBuilder.Describe(name, type));
    }

    /// <summary>Makes equal small constants one, and all constants nodes, so that the initialisers are the parameters and nothing else; what no output needs is left out.</summary>
    public static GraphProto Tidy(GraphProto graph, OnnxExportOptions options)
    {
        const int small = 256;
        var parameters = options.Parameters.SelectMany(parameter => ParameterNames(parameter.Key, parameter.Value)).ToHashSet();
        var names = new Dictionary<string, string>();
        var known = new Dictionary<(int, string, ByteString), string>();
        var constants = new List<NodeProto>();
        foreach (var tensor in graph.Initializer.Where(tensor => !parameters.Contains(tensor.Name)))
        {
            var key = (tensor.DataType, string.Join(',', tensor.Dims), tensor.RawData);
            if (tensor.RawData.Length > small || known.TryAdd(key, tensor.Name)) constants.Add(Constant(tensor));
            else names[tensor.Name] = known[key];
        }
        TensorProto[] kept = [.. graph.Initializer.Where(tensor => parameters.Contains(tensor.Name))];
        graph.Initializer.Clear();
        graph.Initializer.AddRange(kept);
        Rename(graph, names);
        NodeProto[] nodes = [.. constants, .. graph.Node];
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
        RemoveUnused(graph);
        return graph;
    }

    private static void RemoveUnused(GraphProto graph)
    {
        var used = graph.Output.Select(output => output.Name).ToHashSet();
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            if (graph.Node[i].Output.Any(used.Contains)) AddOperands(graph.Node[i], used);
            else graph.Node.RemoveAt(i);
        }
        for (var i = graph.Initializer.Count - 1; i >= 0; i--)
            if (!used.Contains(graph.Initializer[i].Name)) graph.Initializer.RemoveAt(i);
    }

    private static void AddOperands(NodeProto node, HashSet<string> names)
    {
        names.UnionWith(node.Input);
        foreach (var body in node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>())
        {
            names.UnionWith(body.Output.Select(output => output.Name));
            foreach (var inner in body.Node) AddOperands(inner, names);
        }
    }

    private static NodeProto Constant(TensorProto tensor)
    {
        var node = new NodeProto { OpType = "Constant", Name = $"node {tensor.Name}" };
        node.Output.Add(tensor.Name);
        node.Attribute.Add(new AttributeProto { Name = "value", T = tensor, Type = AttributeProto.Types.AttributeType.Tensor });
        return node;
    }

    private static void Rename(GraphProto graph, Dictionary<string, string> names)
    {
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++) node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
            foreach (var attribute in node.Attribute)
                if (attribute.G is { } body) Rename(body, names);
        }
    }
}
