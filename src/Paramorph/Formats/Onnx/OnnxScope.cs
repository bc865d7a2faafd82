using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>The values of a graph while it is called; a body sees those around it.</summary>
/// <param name="program">The model.</param>
/// <param name="outer">The scope around this one.</param>
internal sealed class OnnxScope(OnnxProgram program, OnnxScope? outer = null)
{
    private readonly Dictionary<string, Tensor> values = [];

    /// <summary>The model.</summary>
    public OnnxProgram Program { get; } = program;

    public Tensor this[string name]
    {
        get => Find(name) ?? throw new OnnxException($"onnx: nothing gives the value '{name}' before it is used: the graph is damaged or not in order.");
        set => values[name] = value;
    }

    /// <summary>The results of a body for given inputs.</summary>
    public Tensor[] Run(GraphProto body, IReadOnlyList<Tensor> inputs)
    {
        if (body.Input.Count != inputs.Count) throw new OnnxException($"onnx: the body '{body.Name}' takes {body.Input.Count} inputs, not {inputs.Count}.");
        var scope = new OnnxScope(Program, this);
        for (var i = 0; i < inputs.Count; i++) scope[body.Input[i].Name] = inputs[i];
        foreach (var constant in body.Initializer) scope[constant.Name] = Program.Constant(constant);
        scope.Run(body.Node);
        return [.. body.Output.Select(output => scope[output.Name])];
    }

    /// <summary>Calls nodes in their order.</summary>
    public void Run(IEnumerable<NodeProto> nodes)
    {
        foreach (var node in nodes)
        {
            var results = Call(node);
            for (var i = 0; i < Math.Min(results.Length, node.Output.Count); i++)
                if (node.Output[i].Length > 0) values[node.Output[i]] = results[i];
        }
    }

    private Tensor[] Call(NodeProto node)
    {
        Tensor?[] inputs = [.. node.Input.Select(name => name.Length > 0 ? this[name] : null)];
        if (Program.Function(node) is { } function) return Inline(function, node, inputs);
        try
        {
            return OnnxOperators.Find(node.Domain, node.OpType)!(new(this, node, inputs));
        }
        catch (TensorException error) when (error is not OnnxException)
        {
            throw new OnnxException($"onnx: {OnnxNode.Describe(node)}: {error.Message}");
        }
    }

    /// <summary>A function that the model brings along: its nodes, with the attributes of the call in place of those that they refer to.</summary>
    private Tensor[] Inline(FunctionProto function, NodeProto call, Tensor?[] inputs)
    {
        var scope = new OnnxScope(Program);
        for (var i = 0; i < function.Input.Count; i++)
            if (i < inputs.Length && inputs[i] is { } input) scope[function.Input[i]] = input;
        scope.Run(function.Node.Select(node => WithAttributes(node, function, call)));
        return [.. function.Output.Select(name => scope[name])];
    }

    private static NodeProto WithAttributes(NodeProto node, FunctionProto function, NodeProto call)
    {
        if (node.Attribute.All(attribute => attribute.RefAttrName.Length == 0)) return node;
        var replaced = node.Clone();
        replaced.Attribute.Clear();
        foreach (var attribute in node.Attribute)
        {
            if (attribute.RefAttrName.Length == 0) replaced.Attribute.Add(attribute);
            else if (call.Attribute.Concat(function.AttributeProto).FirstOrDefault(given => given.Name == attribute.RefAttrName) is { } given)
            {
                var named = given.Clone();
                named.Name = attribute.Name;
                replaced.Attribute.Add(named);
            }
        }
        return replaced;
    }

    private Tensor? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope.values.TryGetValue(name, out var value)) return value;
        return null;
    }

    private OnnxScope? Outer { get; } = outer;
}
