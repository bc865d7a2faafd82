using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Paramorph.Generators;

/// <summary>A fingerprint of a file of code: of its tokens, so that comments and layout do not count.</summary>
internal static class CodeHash
{
    /// <summary>Sixteen hexadecimal digits.</summary>
    public static string Of(SyntaxNode node)
    {
        using var hash = SHA256.Create();
        var bytes = hash.ComputeHash(Encoding.UTF8.GetBytes(string.Join(" ", node.SyntaxTree.GetRoot().DescendantTokens().Select(static token => token.Text))));
        return string.Concat(bytes.Take(8).Select(static part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
