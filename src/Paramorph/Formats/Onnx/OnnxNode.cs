using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>A node of a model that is being called: its inputs as tensors, and its attributes.</summary>
/// <param name="scope">The values around it, for bodies of loops and branches.</param>
/// <param name="stored">What the file says of it.</param>
/// <param name="inputs">The inputs; null where one is left out.</param>
internal sealed class OnnxNode(OnnxScope scope, NodeProto stored, Tensor?[] inputs)
{
    /// <summary>The values around it.</summary>
    public OnnxScope Scope { get; } = scope;

    /// <summary>The operator.</summary>
    public string Operator => stored.OpType;

    /// <summary>The version of the operators of its domain.</summary>
    public int Opset { get; } = scope.Program.Opset(stored.Domain);

    /// <summary>Number of inputs, with those left out between others.</summary>
    public int Count => inputs.Length;

    /// <summary>The inputs from one on, none of which may be left out.</summary>
    public Tensor[] From(int first) => [.. Enumerable.Range(first, Math.Max(0, inputs.Length - first)).Select(i => this[i])];

    /// <summary>All inputs.</summary>
    public Tensor[] Inputs => From(0);

    /// <summary>Number of outputs that the model asks for.</summary>
    public int OutputCount => stored.Output.Count;

    /// <summary>An input that must be there.</summary>
    public Tensor this[int input] => Optional(input) ?? throw Error($"input {input} is missing");

    /// <summary>How a node is named in messages.</summary>
    public static string Describe(NodeProto node) => $"node '{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "")}' ({node.OpType})";

    /// <summary>An input that may be left out.</summary>
    public Tensor? Optional(int input) => input < inputs.Length ? inputs[input] : null;

    /// <summary>Whether the model asks for an output.</summary>
    public bool IsUsed(int output) => output < stored.Output.Count && stored.Output[output].Length > 0;

    public OnnxException Error(string problem) => new($"onnx: {Describe(stored)}: {problem}.");

    public OnnxException Unsupported(string what) => Error($"{what} is not supported");

    public AttributeProto? Attribute(string name) => stored.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public bool Has(string name) => Attribute(name) is not null;

    public int Int(string name, int otherwise) => Attribute(name) is { } attribute ? Size(attribute.I) : otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public double Float(string name, double otherwise) => Attribute(name) is { } attribute ? attribute.F : otherwise;

    public string Text(string name, string otherwise) => Attribute(name) is { } attribute ? attribute.S.ToStringUtf8() : otherwise;

    public string[] Texts(string name) => Attribute(name) is { } attribute ? [.. attribute.Strings.Select(text => text.ToStringUtf8())] : [];

    public double[] Floats(string name) => Attribute(name) is { } attribute ? [.. attribute.Floats.Select(x => (double)x)] : [];

    public int[]? Ints(string name) => Attribute(name) is { } attribute ? [.. attribute.Ints.Select(Size)] : null;

    public GraphProto Body(string name) => Attribute(name)?.G ?? throw Error($"the attribute {name} is missing");

    /// <summary>The whole numbers of an input on which shapes depend: they must not depend on the inputs of the model.</summary>
    public long[] Longs(int input)
    {
        var tensor = this[input];
        if (!tensor.ElementType.IsInteger()) throw Error($"input {input} is {tensor.Type} but must be integers");
        try
        {
            return tensor.AsType(ElementType.Int64).ToArray<long>();
        }
        catch (TraceException)
        {
            throw Error($"input {input} depends on values that the model is given, but shapes must be known before: make it a constant");
        }
    }

    /// <summary>Such numbers as sizes, axes or bounds.</summary>
    public int[] Sizes(int input) => Array.ConvertAll(Longs(input), Size);

    /// <summary>Numbers that are an input in newer versions and an attribute in older ones; null when they are not given.</summary>
    public int[]? SizesOrAttribute(int input, string name) => Optional(input) is not null ? Sizes(input) : Ints(name);

    /// <summary>A number of any real type that shapes or tables depend on.</summary>
    public double[] Doubles(int input)
    {
        try
        {
            return this[input].AsType(ElementType.Float64).ToDoubles();
        }
        catch (TraceException)
        {
            throw Error($"input {input} depends on values that the model is given, but must be known before: make it a constant");
        }
    }

    /// <summary>An axis counted from the front.</summary>
    public int Axis(int axis, int rank)
    {
        var normal = axis < 0 ? axis + rank : axis;
        return normal >= 0 && normal < Math.Max(1, rank) ? normal : throw Error($"there is no axis {axis} of {rank}");
    }

    /// <summary>Numbers beyond 32 bits stand for "as far as possible".</summary>
    private static int Size(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
