namespace Paramorph;

/// <summary>The look that both drawings share: fills that carry dark text, lines that show on light and dark pages.</summary>
internal static class DiagramColours
{
    private const int LongestDetail = 44;

    public static (string Fill, string Line) Of(DiagramKind kind) => kind switch
    {
        DiagramKind.Input => ("#cfe3ff", "#5b8def"),
        DiagramKind.Constant => ("#e2e2e2", "#8c8c8c"),
        DiagramKind.Output => ("#d3efd3", "#4f9d4f"),
        DiagramKind.Elementwise => ("#fdeebd", "#c99a12"),
        DiagramKind.Product => ("#ffd2c4", "#d9623b"),
        DiagramKind.Reduction => ("#e4d6ff", "#8a63d2"),
        DiagramKind.Movement => ("#d2eeee", "#3d9a9a"),
        DiagramKind.Control => ("#ececec", "#8c8c8c"),
        _ => ("#ffd6ea", "#c24d88"),
    };

    /// <summary>What a legend calls the kind.</summary>
    public static string Name(DiagramKind kind) => kind == DiagramKind.Movement ? "moves elements" : kind.ToString().ToLowerInvariant();

    /// <summary>A detail short enough to stand in a node.</summary>
    public static string Shortened(string detail) => detail.Length <= LongestDetail ? detail : detail[..(LongestDetail - 1)] + "…";
}
