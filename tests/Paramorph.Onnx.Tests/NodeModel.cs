using Google.Protobuf;
using Paramorph.Formats;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Tests;

/// <summary>Models of one or a few nodes, as other programs write them.</summary>
internal static class NodeModel
{
    /// <summary>A model of nodes whose inputs are x0, x1, ... and whose outputs are y0, y1, ...; other names are between nodes.</summary>
    public static ModelProto Of(int opset, Tensor?[] inputs, int outputs, params NodeProto[] nodes)
    {
        var model = new ModelProto { IrVersion = opset < 15 ? 7 : opset < 20 ? 8 : opset < 23 ? 10 : 11, Graph = new() { Name = "test" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 3 });
        model.Graph.Node.AddRange(nodes);
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } input) model.Graph.Input.Add(OnnxBuilder.Describe($"x{i}", input.Type));
        for (var i = 0; i < outputs; i++) model.Graph.Output.Add(new ValueInfoProto { Name = $"y{i}" });
        return model;
    }

    /// <summary>A node, with attributes as numbers, text, or lists of them.</summary>
    public static NodeProto Node(string operation, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        return node;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        switch (value)
        {
            case int i: return OnnxBuilder.Attribute(name, (long)i);
            case double f: return new() { Name = name, F = (float)f, Type = AttributeProto.Types.AttributeType.Float };
            case string s: return OnnxBuilder.Attribute(name, s);
            case int[] integers: return OnnxBuilder.Attribute(name, integers);
            case GraphProto body: return OnnxBuilder.Attribute(name, body);
            case Tensor tensor: return new() { Name = name, T = OnnxTensors.Write("", tensor), Type = AttributeProto.Types.AttributeType.Tensor };
            case double[] numbers:
                var floats = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
                floats.Floats.AddRange(numbers.Select(x => (float)x));
                return floats;
            default:
                var texts = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
                texts.Strings.AddRange(((string[])value).Select(ByteString.CopyFromUtf8));
                return texts;
        }
    }
}
