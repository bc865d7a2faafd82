using Paramorph.Experiments;

namespace Paramorph.Cli;

/// <summary>Settings as <c>name=value</c>.</summary>
internal static class Pairs
{
    /// <summary>Names and values.</summary>
    /// <exception cref="ExperimentException">A text is none, or a name is given twice.</exception>
    public static Dictionary<string, string> Of(string[] given)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) throw new ExperimentException($"--set takes name=value, not \"{text}\".");
            if (!pairs.TryAdd(text[..at], text[(at + 1)..])) throw new ExperimentException($"--set gives {text[..at]} twice.");
        }
        return pairs;
    }
}
