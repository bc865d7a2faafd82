using Google.Protobuf;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>A graph that is being written: nodes go into the innermost body, constants into the graph itself, which all bodies see.</summary>
internal sealed class OnnxBuilder(int opset)
{
    private readonly HashSet<string> names = [];
    private readonly Stack<GraphProto> bodies = [];

    /// <summary>The graph.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>The version of the operators.</summary>
    public int Opset { get; } = opset;

    private GraphProto Innermost => bodies.TryPeek(out var body) ? body : Graph;

    /// <summary>A name that nothing has yet: the given one, or one with a number behind it.</summary>
    public string Name(string wanted)
    {
        if (names.Add(wanted)) return wanted;
        for (var number = names.Count; ; number++)
            if (names.Add($"{wanted}_{number}")) return $"{wanted}_{number}";
    }

    /// <summary>Says that an operator, or a form of it, needs a version.</summary>
    /// <exception cref="OnnxException">The model is written in a lower one.</exception>
    public void Require(int version, string operators)
    {
        if (Opset < version)
            throw new OnnxException($"onnx: the computation needs {operators}, which operator set {version} brought: export with Opset = {version} or higher, not {Opset}.");
    }

    /// <summary>A node with one result.</summary>
    public string Node(string operation, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes) => Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>A node.</summary>
    public string[] Nodes(string operation, IEnumerable<string> inputs, int outputs, params IEnumerable<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation };
        node.Input.AddRange(inputs);
        for (var i = 0; i < outputs; i++) node.Output.Add(Name(operation.ToLowerInvariant()));
        node.Name = Name($"node_{node.Output[0]}");
        node.Attribute.AddRange(attributes);
        Innermost.Node.Add(node);
        return [.. node.Output];
    }

    /// <summary>A constant of its own; equal ones are made one when the graph is complete.</summary>
    public string Constant(Tensor value, string wanted = "constant")
    {
        var name = Name(wanted);
        Graph.Initializer.Add(OnnxTensors.Write(name, value));
        return name;
    }

    /// <summary>Sizes, axes or indices: a vector of i64.</summary>
    public string Integers(params IEnumerable<long> values) => Constant(Tensor.From<long>([.. values]), "integers");

    /// <inheritdoc cref="Integers(IEnumerable{long})"/>
    public string Integers(IEnumerable<int> values) => Integers(values.Select(value => (long)value));

    /// <summary>Writes a body: what is added until the returned function ends it.</summary>
    public GraphProto Body(string name, Action<GraphProto> write)
    {
        var body = new GraphProto { Name = Name(name) };
        bodies.Push(body);
        write(body);
        bodies.Pop();
        return body;
    }

    /// <summary>A value of the graph under a name of its own, as results of bodies must be.</summary>
    public string Copy(string value) => Node("Identity", [value]);

    /// <summary>A value of the graph under a given name, which <see cref="Name"/> has set aside.</summary>
    public void Copy(string value, string name)
    {
        Copy(value);
        Innermost.Node[^1].Output[0] = name;
    }

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Attribute(string name, GraphProto value) => new() { Name = name, G = value, Type = AttributeProto.Types.AttributeType.Graph };

    public static AttributeProto Attribute(string name, IEnumerable<int> values) => Attribute(name, values.Select(value => (long)value));

    public static AttributeProto Attribute(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>The description of an input or output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="hasShape">Whether the shape is told, too.</param>
    public static ValueInfoProto Describe(string name, TensorType type, bool hasShape = true)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = OnnxTensors.Number(type.ElementType) };
        if (hasShape)
        {
            tensor.Shape = new();
            tensor.Shape.Dim.AddRange(type.Shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        }
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }
}
