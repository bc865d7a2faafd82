using System.Runtime.InteropServices;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>
/// One graph with an open size, of graphs of the same function at several sizes. They must be equal in everything but whole numbers of the form a n + b, which are
/// then computed from the size n of an input.
/// </summary>
internal static class OnnxOpenSize
{
    /// <summary>The graph for any size.</summary>
    /// <param name="graphs">The graphs at the sizes.</param>
    /// <param name="sizes">Three sizes, none of which is 1 (operators broadcast along axes of size 1) and which grow unevenly.</param>
    /// <param name="name">What the open size is called.</param>
    /// <exception cref="OnnxException">Something else depends on the size.</exception>
    public static GraphProto Merge(GraphProto[] graphs, int[] sizes, string name)
    {
        var first = graphs[0];
        foreach (var graph in graphs[1..]) RequireSame(first, graph);
        var (input, axis) = Source(graphs, sizes) ?? throw Refused($"no axis of an input has the size ({string.Join(", ", sizes)} where it was traced)");
        var expressions = new Expressions(input, axis);
        var kept = new List<TensorProto>();
        for (var i = 0; i < first.Initializer.Count; i++)
        {
            var versions = Array.ConvertAll(graphs, graph => graph.Initializer[i]);
            if (versions.All(tensor => tensor.Equals(versions[0]))) kept.Add(versions[0]);
            else if (Inferred(first, versions, sizes) is { } inferred) kept.Add(inferred);
            else expressions.Add(versions[0].Name, Affine(versions, sizes), isScalar: versions[0].Dims.Count == 0);
        }
        first.Initializer.Clear();
        first.Initializer.AddRange([.. kept, .. expressions.Constants]);
        foreach (var node in Enumerable.Reverse(expressions.Nodes)) first.Node.Insert(0, node);
        Open(graphs, sizes, name, graph => graph.Input);
        Open(graphs, sizes, name, graph => graph.Output);
        return first;
    }

    /// <summary>The error of a size that has to be fixed.</summary>
    /// <param name="why">What depends on it.</param>
    public static OnnxException Refused(string why) =>
        new($"onnx: the size of the batch cannot be left open: {why}. Set HasDynamicBatch = false, or trace the computation for one size.");

    private static void RequireSame(GraphProto first, GraphProto other)
    {
        var count = Math.Min(first.Node.Count, other.Node.Count);
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (first.Node[i], other.Node[i]);
            if (a.Equals(b)) continue;
            throw Refused(a.OpType == b.OpType && a.Input.Equals(b.Input)
                ? $"attributes of operator {i}, {a.OpType}, depend on it"
                : $"operator {i} is {a.OpType} for one size and {b.OpType}, or of other operands, for another");
        }
        if (first.Node.Count != other.Node.Count || first.Initializer.Count != other.Initializer.Count)
            throw Refused("the function does more operations for one size than for another");
    }

    /// <summary>The first input that has the size, and where.</summary>
    private static (string Name, int Axis)? Source(GraphProto[] graphs, int[] sizes)
    {
        for (var i = 0; i < graphs[0].Input.Count; i++)
        {
            var rank = Dimensions(graphs[0].Input[i]).Count;
            for (var axis = 0; axis < rank; axis++)
                if (graphs.Zip(sizes).All(pair => Dimensions(pair.First.Input[i])[axis].DimValue == pair.Second)) return (graphs[0].Input[i].Name, axis);
        }
        return null;
    }

    private static Google.Protobuf.Collections.RepeatedField<TensorShapeProto.Types.Dimension> Dimensions(ValueInfoProto value) => value.Type.TensorType.Shape.Dim;

    /// <summary>The shape of a Reshape with one open size, which the operator finds by itself; null for others.</summary>
    private static TensorProto? Inferred(GraphProto graph, TensorProto[] versions, int[] sizes)
    {
        var isShape = graph.Node.Any(node => node.OpType == "Reshape" && node.Input[1] == versions[0].Name);
        if (!isShape) return null;
        var affine = Affine(versions, sizes);
        if (affine.Count(term => term.Slope != 0) != 1 || affine.Any(term => term is { Slope: 0, Offset: 0 })) return null;
        return OnnxTensors.Write(versions[0].Name, Tensor.From<long>([.. affine.Select(term => term.Slope != 0 ? -1 : term.Offset)]));
    }

    private static (long Slope, long Offset)[] Affine(TensorProto[] versions, int[] sizes)
    {
        if (versions.Any(tensor => tensor.DataType != OnnxTensors.Number(ElementType.Int64) || !tensor.Dims.Equals(versions[0].Dims)))
            throw Refused($"numbers that the function uses depend on it ('{versions[0].Name}', such as the divisor of a mean over the batch)");
        var values = Array.ConvertAll(versions, tensor => MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray());
        return [.. values[0].Select((_, i) => Affine([.. values.Select(version => version[i])], sizes))];
    }

    private static (long Slope, long Offset) Affine(long[] values, int[] sizes)
    {
        var slope = (values[1] - values[0]) / (sizes[1] - sizes[0]);
        var offset = values[0] - slope * sizes[0];
        if (values.Zip(sizes).Any(pair => pair.First != slope * pair.Second + offset))
            throw Refused($"sizes {string.Join(", ", values)} for {string.Join(", ", sizes)} examples do not grow evenly with it");
        return (slope, offset);
    }

    private static void Open(GraphProto[] graphs, int[] sizes, string name, Func<GraphProto, IList<ValueInfoProto>> values)
    {
        for (var i = 0; i < values(graphs[0]).Count; i++)
        {
            var versions = Array.ConvertAll(graphs, graph => Dimensions(values(graph)[i]));
            for (var axis = 0; axis < versions[0].Count; axis++)
            {
                var (slope, offset) = Affine([.. versions.Select(version => version[axis].DimValue)], sizes);
                if (slope == 0) continue;
                versions[0][axis].DimParam = (slope == 1 ? name : $"{slope} {name}") + (offset == 0 ? "" : offset > 0 ? $" + {offset}" : $" - {-offset}");
            }
        }
    }

    /// <summary>Nodes that compute a n + b.</summary>
    private sealed class Expressions(string input, int axis)
    {
        private readonly string size = $"size of {input}";

        public List<NodeProto> Nodes { get; } = [];

        public List<TensorProto> Constants { get; } = [];

        /// <summary>Computes a vector, or a scalar, under a name.</summary>
        public void Add(string name, (long Slope, long Offset)[] terms, bool isScalar)
        {
            if (Nodes.Count == 0)
            {
                Node("Shape", size, [input], OnnxBuilder.Attribute("start", axis), OnnxBuilder.Attribute("end", axis + 1));
                Node("Squeeze", $"{size}, scalar", [size]);
            }
            Node("Mul", $"{name}, slope times size", [isScalar ? $"{size}, scalar" : size, Constant($"{name}, slope", terms.Select(t => t.Slope), isScalar)]);
            Node("Add", name, [$"{name}, slope times size", Constant($"{name}, offset", terms.Select(t => t.Offset), isScalar)]);
        }

        private string Constant(string name, IEnumerable<long> values, bool isScalar)
        {
            Constants.Add(OnnxTensors.Write(name, isScalar ? Tensor.Scalar(values.Single()) : Tensor.From<long>([.. values])));
            return name;
        }

        private void Node(string operation, string output, string[] inputs, params ReadOnlySpan<AttributeProto> attributes)
        {
            var node = new NodeProto { OpType = operation, Name = $"node {output}" };
            node.Input.AddRange(inputs);
            node.Output.Add(output);
            node.Attribute.AddRange(attributes.ToArray());
            Nodes.Add(node);
        }
    }
}
