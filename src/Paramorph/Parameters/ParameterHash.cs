using System.Security.Cryptography;
using System.Text;
using Paramorph.Formats;

namespace Paramorph.Parameters;

/// <summary>A fingerprint of the parameters of a tree, by which two trainings are compared to the last bit.</summary>
public static class ParameterHash
{
    /// <summary>The SHA-256 over the path, the type and the little-endian elements of each leaf, in their order: 64 hexadecimal digits.</summary>
    public static string Of<T>(T tree)
        where T : ITree<T>
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            foreach (var (name, leaf) in Tree.Names(tree).Zip(Tree.Leaves(tree)))
            {
                writer.Write(name);
                writer.Write(leaf.Type.ToString());
                writer.Flush();
                StoredTypes.WriteElements(stream, leaf.Evaluate());
            }
        }
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>One fingerprint of several, in their order.</summary>
    public static string Of(IEnumerable<string> hashes) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', hashes))));
}
