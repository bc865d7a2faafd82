using Paramorph.Data;

namespace Paramorph.Problems;

/// <summary>What a split leaves of classes with few examples.</summary>
internal static class ClassNotes
{
    /// <summary>A sentence on classes of which no example judges, and one on those of which none trains.</summary>
    /// <param name="labels">The names of the classes.</param>
    /// <param name="codes">The class of each example: i32 [n].</param>
    /// <param name="split">Which examples do what.</param>
    public static IEnumerable<string> Of(IReadOnlyList<string> labels, Tensor codes, Split split)
    {
        var all = codes.ToArray<int>();
        string[] Absent(Tensor rows)
        {
            var present = rows.ToArray<int>().Select(row => all[row]).ToHashSet();
            return [.. labels.Where((_, place) => !present.Contains(place))];
        }
        string Named(string[] absent)
        {
            var counts = absent.Take(6).Select(label => $"{label} ({Examples(all.Count(code => labels[code] == label))})");
            return $"{(absent.Length == 1 ? "the class" : "the classes")} {string.Join(", ", counts)}{(absent.Length > 6 ? ", ..." : "")}";
        }
        if (Absent(split.Test) is { Length: > 0 } unjudged) yield return $"no example of {Named(unjudged)} judges: what is said of the model is not said of {(unjudged.Length == 1 ? "it" : "them")}";
        if (Absent(split.Train) is { Length: > 0 } unseen) yield return $"no example of {Named(unseen)} trains: no answer will be {(unseen.Length == 1 ? "it" : "one of them")}";
    }

    private static string Examples(int count) => count == 1 ? "1 example" : $"{count} examples";
}
