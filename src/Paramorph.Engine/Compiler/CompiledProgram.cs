namespace Paramorph.Compiler;

/// <summary>What was compiled of a function for arguments of one structure and of certain types.</summary>
/// <param name="structure">The structure.</param>
/// <param name="types">The types of the leaves.</param>
/// <param name="executable">What runs.</param>
/// <param name="given">The number of leading leaves whose memory it takes over.</param>
internal class CompiledProgram(TreeStructure structure, TensorType[] types, Executable executable, int given)
{
    /// <summary>The structure of the arguments.</summary>
    public TreeStructure Structure => structure;

    /// <summary>What runs.</summary>
    public Executable Executable => executable;

    /// <summary>The number of leading leaves whose memory it takes over.</summary>
    public int Given => given;

    /// <summary>When it ran last, on the function's clock: near enough where threads run at the same time.</summary>
    public long LastRun { get; set; }

    /// <summary>Whether leaves have its types.</summary>
    public bool Fits(ReadOnlySpan<Tensor> leaves)
    {
        if (leaves.Length != types.Length) return false;
        for (var i = 0; i < leaves.Length; i++)
            if (leaves[i].Type != types[i]) return false;
        return true;
    }

    /// <summary>A new program and those of the others that stay beside it: those that ran last, first.</summary>
    public static CompiledProgram[] Kept(CompiledProgram fresh, CompiledProgram[] others, CompilerOptions options)
    {
        var (kept, bytes) = (new List<CompiledProgram> { fresh }, fresh.Executable.WorkingBytes);
        foreach (var program in others.OrderByDescending(program => program.LastRun))
        {
            bytes += program.Executable.WorkingBytes;
            if (kept.Count >= options.MostPrograms || (kept.Count >= options.FewestPrograms && bytes > options.MostKeptBytes)) break;
            kept.Add(program);
        }
        return [.. kept];
    }
}
