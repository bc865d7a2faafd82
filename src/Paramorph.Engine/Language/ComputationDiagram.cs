using System.Globalization;
using Paramorph.Primitives;

namespace Paramorph;

/// <summary>What a node of a drawing stands for, which gives its colour.</summary>
internal enum DiagramKind
{
    Input,
    Constant,
    Output,
    Elementwise,
    Product,
    Reduction,
    Movement,
    Control,
    Other,
}

/// <summary>A node of a drawing.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Title">The name of the primitive or of the input.</param>
/// <param name="Detail">Attributes and scalar operands, or the type of an input; may be empty.</param>
/// <param name="Results">The types of what leaves it.</param>
/// <param name="Bodies">What is drawn inside, with its names.</param>
internal sealed record DiagramNode(
    DiagramKind Kind, string Title, string Detail, IReadOnlyList<string> Results, IReadOnlyList<(string Name, ComputationDiagram Diagram)> Bodies);

/// <summary>An edge from a result of a node to another node.</summary>
internal readonly record struct DiagramEdge(int From, int Result, int To);

/// <summary>
/// What both drawings of a computation show: nodes in an order in which each comes after those that it needs, and edges. Scalar constants are written
/// into the operations that use them, and identities are the edges that they are.
/// </summary>
internal sealed class ComputationDiagram
{
    private readonly List<DiagramNode> nodes = [];
    private readonly List<DiagramEdge> edges = [];
    private readonly Dictionary<Tensor, (int Node, int Result)> sources = [];

    public ComputationDiagram(Computation computation)
    {
        foreach (var input in computation.Inputs) Add(DiagramKind.Input, input.Label ?? "input", input);
        foreach (var operation in computation.Operations)
        {
            if (Scalar(operation.Output) is not null) continue;
            var operands = operation.Inputs.ToArray();
            foreach (var operand in operands) Ensure(operand);
            if (operation.Primitive is Identity)
            {
                sources[operation.Output] = sources[operation.Input];
                continue;
            }
            var index = nodes.Count;
            nodes.Add(Node(operation));
            foreach (var operand in operands)
                if (sources.TryGetValue(operand, out var source)) edges.Add(new(source.Node, source.Result, index));
            for (var i = 0; i < operation.Outputs.Length; i++) sources[operation.Outputs[i]] = (index, i);
        }
        for (var i = 0; i < computation.Outputs.Count; i++)
        {
            var output = computation.Outputs[i];
            Ensure(output, evenScalars: true);
            var (node, result) = sources[output];
            edges.Add(new(node, result, nodes.Count));
            nodes.Add(new(DiagramKind.Output, computation.Outputs.Count == 1 ? "output" : $"output {i}", output.Type.ToString(), [], []));
        }
    }

    public IReadOnlyList<DiagramNode> Nodes => nodes;

    public IReadOnlyList<DiagramEdge> Edges => edges;

    private static DiagramNode Node(Operation operation)
    {
        var primitive = operation.Primitive;
        var operands = Array.ConvertAll(operation.Inputs.ToArray(), t => Scalar(t) ?? "·");
        var pattern = operands.Any(o => o != "·") ? $"({string.Join(", ", operands)})" : "";
        var names = primitive switch
        {
            While => ["condition", "body"],
            Cond => ["then", "else"],
            _ => new string[primitive.Bodies.Count],
        };
        return new(
            Kind(operation), primitive.Name, string.Join(" ", new[] { primitive.Attributes, pattern }.Where(part => part.Length > 0)),
            [.. operation.OutputTypes().Select(type => type.ToString())],
            [.. primitive.Bodies.Select((body, i) => (names[i] ?? "", new ComputationDiagram(body)))]);
    }

    private static DiagramKind Kind(Operation operation) => operation.Primitive switch
    {
        Elementwise or Select => DiagramKind.Elementwise,
        Reduce or ArgReduce or Cumulative => DiagramKind.Reduction,
        { Bodies.Count: > 0 } => DiagramKind.Control,
        { Linearity: Linearity.Multi } => DiagramKind.Product,
        _ when operation.Cost().Flops == 0 => DiagramKind.Movement,
        _ => DiagramKind.Other,
    };

    /// <summary>The text of a scalar constant, also when it is repeated to a shape; null for everything else.</summary>
    private static string? Scalar(Tensor tensor)
    {
        if (tensor.Source is { Primitive: Broadcast or Identity } source) return Scalar(source.Input);
        if (tensor.Rank != 0 || !tensor.IsEvaluated || tensor.Traces is not null) return null;
        return tensor.ElementType.IsComplex() ? tensor.ToString().Split(' ')[^1] : tensor.Item().ToString("G6", CultureInfo.InvariantCulture);
    }

    private void Ensure(Tensor tensor, bool evenScalars = false)
    {
        if (sources.ContainsKey(tensor) || (!evenScalars && Scalar(tensor) is not null)) return;
        Add(DiagramKind.Constant, Scalar(tensor) ?? "constant", tensor);
    }

    private void Add(DiagramKind kind, string title, Tensor tensor)
    {
        sources[tensor] = (nodes.Count, 0);
        nodes.Add(new(kind, title, tensor.Type.ToString(), [tensor.Type.ToString()], []));
    }
}
