using System.Security.Cryptography;
using Paramorph.Problems;

namespace Paramorph.Experiments;

/// <summary>A task of a bench: a problem that it makes itself, or a file that the user has.</summary>
/// <param name="Name">Its name, in lower case with hyphens.</param>
/// <param name="Meaning">What is to be learned, in one sentence.</param>
/// <param name="Make">Makes the problem: from the seed, which draws data and split, and the path of the file, or null.</param>
public sealed record BenchTask(string Name, string Meaning, Func<int, string?, Problem> Make)
{
    /// <summary>The file that it reads; null of a task that makes its data.</summary>
    public BenchFile? File { get; init; }

    /// <summary>The problem under a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="folder">Where files are, or null; of a task that reads none, null.</param>
    public Problem Problem(int seed, string? folder = null) => Make(seed, File is null ? null : Path.Combine(folder!, File.Name));

    /// <summary>Whether its data are there.</summary>
    /// <exception cref="ProblemException">The file is there and is another one.</exception>
    internal bool IsThere(string? folder)
    {
        if (File is null) return true;
        if (folder is null || Path.Combine(folder, File.Name) is var path && !System.IO.File.Exists(path)) return false;
        using var stream = System.IO.File.OpenRead(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(stream));
        return found == File.Sha256 ? true : throw new ProblemException($"{path} is not the file of the task {Name}: its SHA-256 is {found}, not {File.Sha256}.");
    }
}

/// <summary>A file of others that a task reads.</summary>
/// <param name="Name">Its name in the folder of data.</param>
/// <param name="Sha256">Its fingerprint, 64 hexadecimal digits.</param>
/// <param name="Source">Where it can be had.</param>
public sealed record BenchFile(string Name, string Sha256, string Source);
