namespace Paramorph;

/// <summary>
/// Sums of products in the notation of Einstein: <c>Einsum.Of("bik,kj->bij", a, b)</c>. A label that the result lacks is summed over, a label
/// repeated in one operand takes its diagonal, <c>...</c> stands for leading axes that broadcast. Without an arrow the result has the labels that
/// occur once, in alphabetical order, after the ellipsis.
/// </summary>
public static class Einsum
{
    /// <summary>The sum of products that an equation describes. Several operands are contracted in pairs, the pair that shrinks most first.</summary>
    /// <exception cref="ShapeException">The equation cannot be read, or the operands do not fit it.</exception>
    public static Tensor Of(string equation, params ReadOnlySpan<Tensor> operands)
    {
        var parsed = EinsumEquation.Parse(equation, [.. operands.ToArray().Select(t => t.Shape)]);
        var type = operands.ToArray().Select(t => t.ElementType).Aggregate((a, b) => Promotion.Promote(a, b, "einsum"));
        var terms = new List<Term>();
        for (var i = 0; i < operands.Length; i++) terms.Add(Term.Of(operands[i].AsType(type), parsed.Operands[i]));
        // Labels that nobody else needs are summed at once, which makes what follows cheaper.
        for (var i = 0; i < terms.Count; i++) terms[i] = terms[i].SumOver(terms[i].Labels.Where(l => !IsNeeded(l, terms, i, i, parsed.Output)));
        while (terms.Count > 1)
        {
            var (i, j) = CheapestPair(terms, parsed.Output);
            terms[i] = Term.Product(terms[i], terms[j], string.Concat(Union(terms, i, j).Where(l => IsNeeded(l, terms, i, j, parsed.Output))));
            terms.RemoveAt(j);
        }
        return terms[0].Ordered(parsed.Output);
    }

    /// <summary>The pair whose product is smallest beside its factors; of several the one that takes the least arithmetic.</summary>
    private static (int I, int J) CheapestPair(List<Term> terms, string output)
    {
        var (best, pair) = ((double.PositiveInfinity, 0.0), (0, 1));
        for (var i = 0; i < terms.Count; i++)
        {
            for (var j = i + 1; j < terms.Count; j++)
            {
                var (product, work) = (1.0, 1.0);
                foreach (var label in Union(terms, i, j))
                {
                    var size = terms[i].Labels.Contains(label) ? terms[i].Size(label) : terms[j].Size(label);
                    work *= size;
                    if (IsNeeded(label, terms, i, j, output)) product *= size;
                }
                var cost = (product - terms[i].Tensor.Count - terms[j].Tensor.Count, work);
                if (cost.CompareTo(best) < 0) (best, pair) = (cost, (i, j));
            }
        }
        return pair;
    }

    private static IEnumerable<char> Union(List<Term> terms, int i, int j) => terms[i].Labels.Union(terms[j].Labels);

    /// <summary>Whether the result or a term other than two of them has a label.</summary>
    private static bool IsNeeded(char label, List<Term> terms, int i, int j, string output) =>
        output.Contains(label) || terms.Where((t, k) => k != i && k != j && t.Labels.Contains(label)).Any();

    /// <summary>A tensor whose axes have labels, each once.</summary>
    private sealed record Term(Tensor Tensor, string Labels)
    {
        public static Term Of(Tensor tensor, string labels)
        {
            int[] absent = [.. Enumerable.Range(0, labels.Length).Where(a => labels[a] == EinsumEquation.Absent)];
            if (absent.Length > 0) tensor = tensor.Squeeze(absent);
            labels = labels.Replace(EinsumEquation.Absent.ToString(), "", StringComparison.Ordinal);
            // A label that stands twice: its two axes go last and are cut along their diagonal.
            for (var first = 0; first < labels.Length; first++)
            {
                for (var second = labels.IndexOf(labels[first], first + 1); second >= 0; second = labels.IndexOf(labels[first], first + 1))
                {
                    tensor = Diagonal(tensor, first, second).MoveAxis(-1, first);
                    labels = labels.Remove(second, 1);
                }
            }
            return new(tensor, labels);
        }

        public int Size(char label) => Tensor.Shape[Labels.IndexOf(label)];

        public Term SumOver(IEnumerable<char> labels)
        {
            int[] axes = [.. labels.Select(l => Labels.IndexOf(l))];
            return axes.Length == 0 ? this : new(Tensor.Sum(axes), string.Concat(Labels.Where((_, a) => !axes.Contains(a))));
        }

        public static Term Product(Term a, Term b, string needed)
        {
            var shared = a.Labels.Intersect(b.Labels).ToArray();
            char[] batch = [.. shared.Where(needed.Contains)], contracted = [.. shared.Except(needed)];
            if (contracted.Length == 0) return Elementwise(a, b);
            var product = Tensor.Contract(a.Tensor, b.Tensor, Axes(a, contracted), Axes(b, contracted), Axes(a, batch), Axes(b, batch));
            return new(product, string.Concat([.. batch, .. a.Labels.Except(shared), .. b.Labels.Except(shared)]));
        }

        public Tensor Ordered(string labels) => Tensor.Transpose([.. labels.Select(l => Labels.IndexOf(l))]);

        /// <summary>Nothing is summed: a product with broadcasting.</summary>
        private static Term Elementwise(Term a, Term b)
        {
            var labels = string.Concat(a.Labels.Union(b.Labels));
            return new(a.Spread(labels) * b.Spread(labels), labels);
        }

        private Tensor Spread(string labels)
        {
            var ordered = Ordered(string.Concat(labels.Where(l => Labels.Contains(l))));
            return ordered.ReshapeTo([.. labels.Select(l => Labels.Contains(l) ? Size(l) : 1)]);
        }

        private static int[] Axes(Term term, char[] labels) => Array.ConvertAll(labels, l => term.Labels.IndexOf(l));

        /// <summary>The elements with equal indices along two axes, along a new last axis: every (n + 1)-th of the flattened matrix.</summary>
        private static Tensor Diagonal(Tensor tensor, int first, int second)
        {
            var size = tensor.Shape[first];
            var matrices = tensor.MoveAxis(second, -1).MoveAxis(first, -1);
            return matrices.ReshapeTo([.. matrices.Shape[..^2], size * size]).SliceAxis(-1, 0, size * size, size + 1);
        }
    }
}
