namespace Paramorph.Cli;

/// <summary>What someone may have meant who wrote a name that there is not.</summary>
internal static class Nearest
{
    /// <summary>A question that names it, to stand behind a sentence; nothing where no name is near.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="names">What there is.</param>
    public static string Question(string wrong, IEnumerable<string> names)
    {
        var near = names.Select(name => (name, Edits: Edits(wrong, name))).Where(pair => pair.Edits <= Math.Max(1, pair.name.Length / 3)).OrderBy(pair => pair.Edits).ThenBy(pair => pair.name, StringComparer.Ordinal);
        return near.FirstOrDefault().name is { } name ? $" Is {name} meant?" : "";
    }

    /// <summary>The fewest letters to put in, take out, replace or swap with their neighbour (optimal string alignment).</summary>
    public static int Edits(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[from.Length, to.Length];
    }
}
