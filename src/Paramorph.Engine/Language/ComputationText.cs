using System.Globalization;
using System.Text;

namespace Paramorph;

/// <summary>
/// The text form of a computation. Tensors are numbered in order of appearance, small constants are written out, bodies are indented below their
/// operation. With <c>isExact</c> all elements of constants are written, so that equal texts mean equal computations.
/// </summary>
internal static class ComputationText
{
    private const int WrittenOut = 4;

    public static string Of(Computation computation, bool isExact)
    {
        var text = new StringBuilder();
        Write(text, computation, "", isExact);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Computation computation, string indent, bool isExact)
    {
        var names = new Dictionary<Tensor, string>();
        foreach (var input in computation.Inputs) names[input] = UniqueName(names, isExact ? null : input.Label);
        var inputs = string.Join(", ", computation.Inputs.Select(t => $"{names[t]}: {t.Type}"));
        text.Append(indent).Append(isExact ? "" : computation.Name).Append('(').Append(inputs).Append(")\n");
        foreach (var operation in computation.Operations)
        {
            var results = new List<string>();
            foreach (var output in operation.Outputs) results.Add($"{names[output] = UniqueName(names, null)}: {output.Type}");
            var operands = operation.Inputs.ToArray().Select(Name);
            text.Append(indent).Append("  ").AppendJoin(", ", results).Append(" = ").Append(operation.Primitive).Append(isExact ? operation.Primitive.HiddenAttributes : "");
            text.Append(operation.Inputs.Length == 0 ? "" : " ").AppendJoin(", ", operands).Append('\n');
            foreach (var body in operation.Primitive.Bodies) Write(text, body, indent + "    ", isExact);
        }
        text.Append(indent).Append("  return ").AppendJoin(", ", computation.Outputs.Select(Name)).Append('\n');

        string Name(Tensor t) => names.TryGetValue(t, out var name) ? name : Constant(t, isExact);
    }

    private static string UniqueName(Dictionary<Tensor, string> names, string? label) =>
        label is null || names.ContainsValue(label) ? $"%{names.Count}" : label;

    private static string Constant(Tensor t, bool isExact)
    {
        if (t.Count > WrittenOut && !isExact) return $"<{t.Type}>";
        if (t.ElementType.IsComplex() || isExact) return $"<{t.Type} {Convert.ToHexStringLower(t.Value().Bytes)}>";
        var elements = string.Join(", ", t.ToDoubles().Select(x => x.ToString("R", CultureInfo.InvariantCulture)));
        return t.Rank == 0 ? $"{elements}:{t.ElementType.ShortName()}" : $"<{t.Type} {elements}>";
    }
}
