using Microsoft.CodeAnalysis.CSharp;

namespace Paramorph.Generators;

/// <summary>Names of members, as paths and as C# write them.</summary>
internal static class Segments
{
    /// <summary>The names in camelCase; those that would coincide are kept as they are.</summary>
    public static string[] Of(IReadOnlyList<string> names)
    {
        var segments = names.Select(CamelCase).ToArray();
        var shared = segments.GroupBy(segment => segment).Where(group => group.Count() > 1).Select(group => group.Key).ToArray();
        return [.. segments.Select((segment, i) => shared.Contains(segment) ? names[i] : segment)];
    }

    /// <summary>The name as code may write it: <c>@class</c>.</summary>
    public static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary><c>Weight</c> to <c>weight</c>, <c>GRUCell</c> to <c>gruCell</c>, <c>_scale</c> to <c>scale</c>.</summary>
    private static string CamelCase(string name)
    {
        var letters = name.TrimStart('_').ToCharArray();
        if (letters.Length == 0) return name;
        for (var i = 0; i < letters.Length && char.IsUpper(letters[i]); i++)
        {
            var startsNextWord = i > 0 && i + 1 < letters.Length && char.IsLower(letters[i + 1]);
            if (startsNextWord) break;
            letters[i] = char.ToLowerInvariant(letters[i]);
        }
        return new(letters);
    }
}
