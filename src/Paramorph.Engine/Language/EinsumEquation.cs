namespace Paramorph;

/// <summary>
/// An equation of <see cref="Einsum"/> read for operands of known shapes: one label an axis. Axes under an ellipsis have labels of their own,
/// counted from the last; those of size 1 that broadcast have the label <see cref="Absent"/>.
/// </summary>
internal sealed record EinsumEquation(string[] Operands, string Output)
{
    /// <summary>Labels of axes under an ellipsis, from the private use area: this one for the last axis, the next for the one before.</summary>
    private const char FirstHidden = '\uE000';

    /// <summary>Stands for an ellipsis until its axes are known.</summary>
    private const char Ellipsis = '.';

    /// <summary>Stands for an axis of size 1 that disappears, since it broadcasts.</summary>
    public const char Absent = ' ';

    /// <summary>Reads an equation.</summary>
    /// <exception cref="ShapeException">It cannot be read, or the shapes do not fit it.</exception>
    public static EinsumEquation Parse(string equation, Shape[] shapes)
    {
        var arrow = equation.IndexOf("->", StringComparison.Ordinal);
        var left = arrow < 0 ? equation : equation[..arrow];
        var parts = left.Split(',');
        if (parts.Length != shapes.Length)
            throw new ShapeException($"einsum: \"{equation}\" names {parts.Length} operands but {shapes.Length} are given.");
        var operands = new string[parts.Length];
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            operands[i] = Labels(equation, start, parts[i]);
            start += parts[i].Length + 1;
        }
        var hidden = operands.Select((labels, i) => HiddenAxes(equation, labels, shapes[i], i)).Max();
        for (var i = 0; i < operands.Length; i++) operands[i] = Expand(equation, operands[i], shapes[i], i);
        var sizes = Sizes(equation, operands, shapes);
        var output = arrow < 0 ? Implicit(operands, hidden) : Explicit(equation, arrow + 2, operands, hidden);
        return new([.. operands.Select((labels, i) => string.Concat(labels.Select((l, axis) => shapes[i][axis] == sizes[l] ? l : Absent)))], output);
    }

    /// <summary>The labels of one part, with a single character for an ellipsis.</summary>
    private static string Labels(string equation, int start, string part)
    {
        var labels = new System.Text.StringBuilder();
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[i];
            if (char.IsAsciiLetter(c)) labels.Append(c);
            else if (c == '.' && part.AsSpan(i).StartsWith("...") && !labels.ToString().Contains(Ellipsis))
            {
                labels.Append(Ellipsis);
                i += 2;
            }
            else if (c != ' ')
            {
                var rule = c == '.'
                    ? "an ellipsis is three dots, once an operand"
                    : "labels are letters, operands are separated by commas, and -> comes before the result";
                throw new ShapeException($"einsum: \"{equation}\" cannot be read at position {start + i}, '{c}': {rule}.");
            }
        }
        return labels.ToString();
    }

    private static int HiddenAxes(string equation, string labels, Shape shape, int operand)
    {
        var hidden = shape.Rank - (labels.Length - (labels.Contains(Ellipsis) ? 1 : 0));
        if (hidden < 0 || (hidden > 0 && !labels.Contains(Ellipsis)))
            throw new ShapeException($"einsum: operand {operand} of \"{equation}\" has shape {shape}, which does not have one axis for each label.");
        return hidden;
    }

    private static string Expand(string equation, string labels, Shape shape, int operand) =>
        labels.Replace(Ellipsis.ToString(), Hidden(HiddenAxes(equation, labels, shape, operand)), StringComparison.Ordinal);

    /// <summary>The labels of so many axes under an ellipsis.</summary>
    private static string Hidden(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)(FirstHidden + count - 1 - i)));

    private static Dictionary<char, int> Sizes(string equation, string[] operands, Shape[] shapes)
    {
        var sizes = new Dictionary<char, int>();
        for (var i = 0; i < operands.Length; i++)
        {
            for (var axis = 0; axis < operands[i].Length; axis++)
            {
                var (label, size) = (operands[i][axis], shapes[i][axis]);
                var known = sizes.GetValueOrDefault(label, size);
                var isBroadcast = label >= FirstHidden && (known == 1 || size == 1);
                if (known != size && !isBroadcast)
                {
                    throw new ShapeException(
                        $"einsum: in \"{equation}\" {Name(label)} has size {known} and, in operand {i} of shape {shapes[i]}, {size}.");
                }
                sizes[label] = isBroadcast ? known * size : size;
            }
        }
        return sizes;
    }

    private static string Implicit(string[] operands, int hidden)
    {
        var once = string.Concat(operands).GroupBy(l => l).Where(g => g.Count() == 1 && g.Key < FirstHidden).Select(g => g.Key).Order();
        return Hidden(hidden) + string.Concat(once);
    }

    private static string Explicit(string equation, int start, string[] operands, int hidden)
    {
        var labels = Labels(equation, start, equation[start..]);
        for (var i = 0; i < labels.Length; i++)
        {
            var position = equation.IndexOf(labels[i], start);
            var names = $"einsum: in \"{equation}\" the result names {Name(labels[i])}";
            if (labels.IndexOf(labels[i]) < i) throw new ShapeException($"{names} twice: each of its axes has a label of its own.");
            if (labels[i] != Ellipsis && !operands.Any(o => o.Contains(labels[i])))
                throw new ShapeException($"{names}, at position {position}, which no operand has.");
        }
        return labels.Replace(Ellipsis.ToString(), Hidden(hidden), StringComparison.Ordinal);
    }

    private static string Name(char label) => label >= FirstHidden ? $"axis -{label - FirstHidden + 1} of the ellipsis" : $"label '{label}'";
}
