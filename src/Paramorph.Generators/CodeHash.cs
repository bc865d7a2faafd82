using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Paramorph.Generators;

/// <summary>A fingerprint of a file of code: of its tokens, so that comments and layout do not count, without what an experiment only says of itself.</summary>
internal static class CodeHash
{
    /// <summary>Properties whose values are words for people: a reason that is found after a run does not make its record stale.</summary>
    private static readonly ImmutableHashSet<string> words = ["Question", "Original", "Difference", "Why", "Earlier"];

    /// <summary>Sixteen hexadecimal digits.</summary>
    public static string Of(SyntaxNode node)
    {
        using var hash = SHA256.Create();
        var bytes = hash.ComputeHash(Encoding.UTF8.GetBytes(string.Join(" ", node.SyntaxTree.GetRoot().DescendantTokens(static node => !IsOfWords(node)).Where(static token => !IsBehindReason(token)).Select(static token => token.Text))));
        return string.Concat(bytes.Take(8).Select(static part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Whether a token is the comma behind a reason, which a run may show to be needed; earlier verdicts come with a change of the code.</summary>
    private static bool IsBehindReason(SyntaxToken token) =>
        token.Parent is InitializerExpressionSyntax list && list.Expressions.GetSeparators().ToList().IndexOf(token) is >= 0 and var place
        && list.Expressions[place] is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "Why" } };

    private static bool IsOfWords(SyntaxNode node) => node is AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } && words.Contains(name.Identifier.Text);
}
