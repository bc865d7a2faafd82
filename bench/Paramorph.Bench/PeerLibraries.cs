using System.Text;

namespace Paramorph.Bench;

/// <summary>Which linear algebra a peer has loaded, as Linux's files on processes tell it: without a good one it looks several times slower than it is.</summary>
/// <param name="Name">Its name, or "unknown".</param>
/// <param name="IsReference">Whether it is the unoptimised reference implementation.</param>
internal readonly record struct PeerLibraries(string Name, bool IsReference)
{
    private static readonly Dictionary<(string, string), bool> Known = [];

    /// <summary>What a running process has loaded.</summary>
    public static PeerLibraries Of(int process)
    {
        var maps = $"/proc/{process}/maps";
        if (!File.Exists(maps)) return new("unknown", false);
        var loaded = File.ReadAllText(maps);
        bool Has(string part) => loaded.Contains(part, StringComparison.Ordinal);
        if (Has("openblas")) return new("OpenBLAS", false);
        if (Has("libblis")) return new("BLIS", false);
        if (Has("libmkl")) return new("MKL", false);
        if (Has("libblas.so")) return new("reference BLAS", true);
        var torch = loaded.Split('\n').Select(line => line[(line.IndexOf('/') + 1)..]).FirstOrDefault(path => path.EndsWith("libtorch_cpu.so", StringComparison.Ordinal));
        return new(torch is null ? "unknown" : IsBuiltIn($"/{torch}", "mkl_blas_") ? "MKL within libtorch" : "libtorch with the linear algebra in it", false);
    }

    /// <summary>Whether a library holds the names of another, which was linked into it.</summary>
    private static bool IsBuiltIn(string path, string name)
    {
        if (Known.TryGetValue((path, name), out var answer)) return answer;
        if (!File.Exists(path)) return false;
        var wanted = Encoding.ASCII.GetBytes(name);
        var (buffer, kept, found) = (new byte[1 << 20], 0, false);
        using var file = File.OpenRead(path);
        while (!found && file.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var held = buffer.AsSpan(0, kept + read);
            found = held.IndexOf(wanted) >= 0;
            // The end of what was read may be the beginning of the name.
            kept = Math.Min(held.Length, wanted.Length - 1);
            held[^kept..].CopyTo(buffer);
        }
        return Known[(path, name)] = found;
    }
}
