namespace Paramorph;

/// <summary>
/// How far numbers depend on the processor. They never depend on the number of threads; and they are the same on all processors of 256-bit vectors with fused multiply-add, which is all of x86
/// since about 2015. By default wider vectors cut a few sums differently (products of a row with a column, convolutions), and processors without fused multiply-add, among them programs that were
/// compiled ahead of time for any x86, round products and sums apart.
/// </summary>
public static class Reproducibility
{
    /// <summary>
    /// Whether every processor gives the bits that one of 256-bit vectors with fused multiply-add gives, with wider vectors left unused for products and convolutions, and fused operations computed
    /// without the processor where it has none, which takes many times as long. It is said before the program starts: by the environment variable <c>PARAMORPH_SAME_NUMBERS=1</c>, or by
    /// <c>&lt;RuntimeHostConfigurationOption Include="Paramorph.SameNumbers" Value="true" /&gt;</c> in a project file.
    /// </summary>
    public static bool IsSameEverywhere { get; } = Environment.GetEnvironmentVariable("PARAMORPH_SAME_NUMBERS") is { } text
        ? text == "1"
        : AppContext.TryGetSwitch("Paramorph.SameNumbers", out var isOn) && isOn;
}
