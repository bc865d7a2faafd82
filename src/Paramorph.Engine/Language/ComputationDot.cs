using System.Text;

namespace Paramorph;

/// <summary>The drawing of a computation as text for Graphviz.</summary>
internal static class ComputationDot
{
    public static string Of(Computation computation)
    {
        var text = new StringBuilder($"digraph {Quoted(computation.Name)} {{\n");
        text.Append("  bgcolor=transparent; node [shape=box, style=\"rounded,filled\", fontname=monospace, fontsize=11]; ");
        text.Append("edge [color=\"#7a7a7a\", fontcolor=\"#7a7a7a\", fontname=monospace, fontsize=9];\n");
        Write(text, new(computation), "n", "  ");
        return text.Append("}\n").ToString();
    }

    private static void Write(StringBuilder text, ComputationDiagram diagram, string prefix, string indent)
    {
        for (var i = 0; i < diagram.Nodes.Count; i++)
        {
            var (node, name) = (diagram.Nodes[i], $"{prefix}{i}");
            if (node.Bodies.Count == 0)
            {
                WriteNode(text, node, name, indent);
                continue;
            }
            // Edges of an operation with bodies start and end at the node that heads its cluster.
            text.Append($"{indent}subgraph cluster_{name} {{\n{indent}  style=rounded; color=\"#8c8c8c\";\n");
            WriteNode(text, node, name, indent + "  ");
            for (var b = 0; b < node.Bodies.Count; b++)
            {
                text.Append($"{indent}  subgraph cluster_{name}_{b} {{\n{indent}    style=dashed; fontcolor=\"#7a7a7a\"; label={Quoted(node.Bodies[b].Name)};\n");
                Write(text, node.Bodies[b].Diagram, $"{name}_{b}_", indent + "    ");
                text.Append($"{indent}  }}\n");
            }
            text.Append($"{indent}}}\n");
        }
        foreach (var edge in diagram.Edges)
        {
            var label = diagram.Nodes[edge.From].Results[edge.Result];
            text.Append($"{indent}{prefix}{edge.From} -> {prefix}{edge.To} [label={Quoted(label)}];\n");
        }
    }

    private static void WriteNode(StringBuilder text, DiagramNode node, string name, string indent)
    {
        var (fill, line) = DiagramColours.Of(node.Kind);
        var label = node.Detail.Length == 0 ? node.Title : $"{node.Title}\n{DiagramColours.Shortened(node.Detail)}";
        text.Append($"{indent}{name} [label={Quoted(label)}, tooltip={Quoted(node.Detail)}, fillcolor=\"{fill}\", color=\"{line}\"];\n");
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
