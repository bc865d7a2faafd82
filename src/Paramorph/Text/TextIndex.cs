namespace Paramorph.Text;

/// <summary>
/// Texts that are found by words (Okapi BM25) and by meaning: latent semantic analysis puts texts with words in common, and those with words that stand together elsewhere, near one another in a space
/// of few dimensions. Nothing is read but the texts themselves and a thesaurus.
/// </summary>
/// <remarks>
/// Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; Deerwester and others, "Indexing by latent semantic analysis", 1990. The space is that of the leading
/// singular vectors of the matrix of texts and terms, in which an entry is (1 + ln f) times the rarity of its term, with rows of length 1; they are found by subspace iteration (Halko and others, "Finding structure with randomness", 2011).
/// </remarks>
public sealed class TextIndex
{
    private const double Saturation = 1.2, Lengthening = 0.6, RelatedWeight = 0.3, MeaningWeight = 5;
    private const int Oversampling = 32, Turns = 12, ShortestBeginning = 3;

    private readonly Dictionary<string, int> places = [];
    private readonly double[] rarity;
    private readonly Dictionary<int, double>[] counts;
    private readonly double[] lengths;
    private readonly double[,] directions;
    private readonly double[,] vectors;

    private TextIndex(Dictionary<string, double>[] texts, int dimensions)
    {
        foreach (var term in texts.SelectMany(text => text.Keys)) places.TryAdd(term, places.Count);
        counts = [.. texts.Select(text => text.ToDictionary(pair => places[pair.Key], pair => pair.Value))];
        lengths = [.. texts.Select(text => text.Values.Sum())];
        var found = new double[places.Count];
        foreach (var (term, count) in counts.SelectMany(text => text)) found[term] += Math.Min(1, count);
        rarity = [.. found.Select(n => Math.Log(1 + ((counts.Length - n + 0.5) / (n + 0.5))))];
        (vectors, directions) = Space(Math.Min(dimensions, counts.Length));
    }

    /// <summary>How many texts there are.</summary>
    public int Count => counts.Length;

    /// <summary>Makes an index.</summary>
    /// <param name="texts">Of each text its parts, with what a word counts in them: a title more than a remark.</param>
    /// <param name="thesaurus">What else people say for what the texts say.</param>
    /// <param name="dimensions">Dimensions of the space of meaning.</param>
    public static TextIndex Of(IEnumerable<IEnumerable<(string Part, double Weight)>> texts, Thesaurus thesaurus, int dimensions = 64) =>
        texts.Select(parts => Counts(parts, thesaurus)).ToArray() is { Length: > 0 } all ? new(all, dimensions) : throw new ArgumentException("there is no text.", nameof(texts));

    /// <summary>How well each text fits a query by its words alone (BM25; 0 without a word in common).</summary>
    public double[] ByWords(string query)
    {
        var (scores, mean) = (new double[Count], lengths.Average());
        foreach (var place in Asked(query).Distinct())
            for (var text = 0; text < Count; text++)
                if (counts[text].TryGetValue(place, out var f))
                    scores[text] += rarity[place] * f * (Saturation + 1) / (f + (Saturation * (1 - Lengthening + (Lengthening * lengths[text] / mean))));
        return scores;
    }

    /// <summary>How near each text is to a query in the space of meaning: the cosine of their angle, 0 for all where no word is known.</summary>
    public double[] ByMeaning(string query)
    {
        var at = new double[vectors.GetLength(1)];
        foreach (var place in Asked(query))
            for (var axis = 0; axis < at.Length; axis++) at[axis] += rarity[place] * directions[place, axis];
        return Cosines(at);
    }

    /// <summary>Both together: words, and five times the cosine of meaning.</summary>
    public double[] Scores(string query) => [.. ByWords(query).Zip(ByMeaning(query), (words, meaning) => words + (MeaningWeight * meaning))];

    /// <summary>How near each text is to one of them: the cosine of their angle.</summary>
    public double[] Similar(int text) => Cosines([.. Enumerable.Range(0, vectors.GetLength(1)).Select(axis => vectors[text, axis])]);

    /// <summary>The known terms of a query. A last one that is not known may be the beginning of one that is: then the most frequent of those is meant.</summary>
    private IEnumerable<int> Asked(string query)
    {
        var terms = Terms.Of(query);
        foreach (var (number, term) in terms.Index())
            if (places.TryGetValue(term, out var place)) yield return place;
            else if (number == terms.Count - 1 && term.Length >= ShortestBeginning && places.Where(pair => pair.Key.StartsWith(term, StringComparison.Ordinal)).Select(pair => pair.Value).ToArray() is { Length: > 0 } begun)
                yield return begun.MinBy(known => rarity[known]);
    }

    private double[] Cosines(double[] at)
    {
        var length = Math.Sqrt(at.Sum(x => x * x));
        return [.. Enumerable.Range(0, Count).Select(text => length == 0 ? 0 : Enumerable.Range(0, at.Length).Sum(axis => vectors[text, axis] * at[axis]) / length)];
    }

    private static Dictionary<string, double> Counts(IEnumerable<(string Part, double Weight)> parts, Thesaurus thesaurus)
    {
        var (counts, all) = (new Dictionary<string, double>(), new List<string>());
        foreach (var (part, weight) in parts)
        {
            foreach (var term in Terms.Of(part))
            {
                counts[term] = counts.GetValueOrDefault(term) + weight;
                all.Add(term);
            }
            all.Add(""); // no phrase reaches from one part into the next
        }
        foreach (var term in thesaurus.Related(all)) counts.TryAdd(term, RelatedWeight);
        return counts;
    }

    /// <summary>Directions of the texts, of length 1 in the space [n, d], and the axes of the space among the terms [terms, d].</summary>
    private (double[,] Vectors, double[,] Directions) Space(int dimensions)
    {
        var rows = new double[Count * places.Count];
        for (var text = 0; text < Count; text++)
            foreach (var (place, f) in counts[text]) rows[text * places.Count + place] = (f >= 1 ? 1 + Math.Log(f) : f) * rarity[place];
        var matrix = Unit(Tensor.From(rows).Reshape(Count, places.Count)).Evaluate();
        var products = Tensor.MatMul(matrix, matrix.T);
        // A random space somewhat wider than asked turns towards the leading eigenvectors with each product; what is left is a small problem.
        var width = Math.Min(Count, dimensions + Oversampling);
        var space = Sample.Normal(Key.Of(0), [Count, width], ElementType.Float64);
        for (var turn = 0; turn < Turns; turn++) space = LinearAlgebra.Qr(Tensor.MatMul(products, space)).Q;
        var (values, columns) = LinearAlgebra.Eigh(Tensor.MatMul(space.T, Tensor.MatMul(products, space)));
        // The largest eigenvalues are the last; a space wider than the rank has axes of length zero.
        var sizes = Tensor.Sqrt(Tensor.Maximum(values.SliceAxis(0, width - dimensions, width), 0.0));
        var left = Tensor.MatMul(space, columns.SliceAxis(1, width - dimensions, width));
        return (Array(Unit(left * sizes)), Array(Tensor.MatMul(matrix.T, left) / Tensor.Maximum(sizes, 1e-6)));
    }

    /// <summary>Rows of length 1; those of nothing stay so.</summary>
    private static Tensor Unit(Tensor rows) => rows / Tensor.Maximum(Tensor.Sqrt(Tensor.Square(rows).Sum(1).ExpandDims(1)), 1e-12);

    private static double[,] Array(Tensor tensor)
    {
        var (values, array) = (tensor.ToArray<double>(), new double[tensor.Shape[0], tensor.Shape[1]]);
        Buffer.BlockCopy(values, 0, array, 0, values.Length * sizeof(double));
        return array;
    }
}
