using Paramorph.Text;

namespace Paramorph.Papers;

/// <summary>Finds papers by what they are about. The index is made of the catalogue's own words when it is first asked.</summary>
public static class PaperSearch
{
    private static readonly Lazy<TextIndex> index = new(() => TextIndex.Of(Catalogue.Papers.Select(Parts), Thesaurus.Parse(Catalogue.Resource("thesaurus.txt")!)));
    private static readonly Lazy<IReadOnlyList<(double X, double Y)>> map = new(Plane);

    /// <summary>The papers that answer a query in everyday words, the best first; none where no word of it is known.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="most">At most so many.</param>
    public static IReadOnlyList<FoundPaper> Find(string query, int most = 10) => [.. Best(index.Value.Scores(query), most).Where(found => found.Score > 0)];

    /// <summary>The papers nearest in meaning to one of them, without itself.</summary>
    /// <param name="paper">A paper of the catalogue.</param>
    /// <param name="most">At most so many.</param>
    public static IReadOnlyList<FoundPaper> Similar(Paper paper, int most = 10)
    {
        var place = Catalogue.Papers.Index().First(pair => pair.Item.Id == paper.Id).Index;
        return [.. Best(index.Value.Similar(place), most + 1).Where(found => found.Paper.Id != paper.Id).Take(most)];
    }

    /// <summary>Where each paper lies on a plane on which papers near in meaning lie near each other; both coordinates from 0 to 1.</summary>
    public static IReadOnlyList<(double X, double Y)> Map => map.Value;

    internal static TextIndex Index => index.Value;

    private static IEnumerable<(string Part, double Weight)> Parts(Paper paper) => [(paper.Title, 2), (paper.What, 1), (paper.Show, 0.5), (paper.Family, 0.5), (paper.Id.Replace('-', ' '), 1)];

    private static IEnumerable<FoundPaper> Best(double[] scores, int most) =>
        scores.Index().OrderByDescending(pair => pair.Item).ThenBy(pair => pair.Index).Take(most).Select(pair => new FoundPaper(Catalogue.Papers[pair.Index], pair.Item));

    /// <summary>Classical scaling of the squared distances 2 - 2 cos to two dimensions, ranks in place of values so that the papers fill the plane. (Torgerson, "Multidimensional Scaling", 1952.)</summary>
    private static IReadOnlyList<(double X, double Y)> Plane()
    {
        var n = Catalogue.Papers.Count;
        var cosines = Tensor.From(Enumerable.Range(0, n).SelectMany(index.Value.Similar).ToArray()).Reshape(n, n);
        var centred = cosines - cosines.Mean(0).Reshape(1, n) - cosines.Mean(1).Reshape(n, 1) + cosines.Mean();
        var (_, vectors) = LinearAlgebra.Eigh(centred);
        double[] Ranks(int column)
        {
            var (values, ranks) = (vectors.SliceAxis(1, column, column + 1).ToArray<double>(), new double[n]);
            foreach (var (rank, place) in Enumerable.Range(0, n).OrderBy(i => values[i]).Index()) ranks[place] = rank / (n - 1.0);
            return ranks;
        }
        return [.. Ranks(n - 1).Zip(Ranks(n - 2))];
    }
}

/// <summary>A paper that was found.</summary>
/// <param name="Paper">The paper.</param>
/// <param name="Score">How well it fits: of a search without unit, of similar papers the cosine of their angle in the space of meaning.</param>
public sealed record FoundPaper(Paper Paper, double Score);
