namespace Paramorph.Bench;

/// <summary>Which linear algebra a peer has loaded, as Linux's files on processes tell it: without a good one it looks several times slower than it is.</summary>
/// <param name="Name">Its name, or "unknown".</param>
/// <param name="IsReference">Whether it is the unoptimised reference implementation.</param>
internal readonly record struct PeerLibraries(string Name, bool IsReference)
{
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
        return new(Has("libtorch_cpu") ? "libtorch with the linear algebra in it" : "unknown", false);
    }
}
