namespace Paramorph.Methods;

/// <summary>What a fit costs, counted from its computation.</summary>
/// <param name="Flops">Floating-point operations in all.</param>
/// <param name="Calls">Compiled calls: each costs some time whatever it does.</param>
/// <param name="Programs">Programs that are compiled for it.</param>
/// <param name="Bytes">Bytes read and written when nothing is fused, of work that waits for memory and for functions such as tanh rather than for multiplications.</param>
public readonly record struct Effort(double Flops, double Calls, int Programs = 1, double Bytes = 0)
{
    /// <summary>Operations that one thread of a usual machine does in a second: what plans reckon with, chosen on the slow side.</summary>
    private const double FlopsPerSecond = 4e10;

    /// <summary>Most of the bytes are never written, since operations are fused: chosen by tanh networks and Gaussians under differential equations.</summary>
    private const double BytesPerSecond = 2.2e11;

    private const double SecondsPerCall = 1e-4, SecondsPerProgram = 0.4;

    /// <summary>Seconds on one thread of a usual machine; a plan made of them is the same on every machine.</summary>
    public double Seconds => Flops / FlopsPerSecond + Bytes / BytesPerSecond + Calls * SecondsPerCall + Programs * SecondsPerProgram;

    /// <summary>One behind the other.</summary>
    public static Effort operator +(Effort first, Effort second) => new(first.Flops + second.Flops, first.Calls + second.Calls, first.Programs + second.Programs, first.Bytes + second.Bytes);

    /// <summary>A part of the work, for which as many programs are compiled.</summary>
    public Effort Part(double share) => this with { Flops = Flops * share, Calls = Calls * share, Bytes = Bytes * share };
}
