namespace Paramorph.Neurons;

/// <summary>
/// The activations of the literature, family by family, as Kunc and Kléma, "Three decades of activations", 2024, gather them. A function whose paper the survey alone was read for has the survey as
/// its source. Parameters are written <c>a=1</c> where they are fixed and <c>a~1</c> where they are learned.
/// </summary>
internal static partial class Activations
{
    private const string Survey = "in Kunc and Kléma, 2024";

    /// <summary>All of them.</summary>
    public static IEnumerable<ActivationFunction> All =>
    [
        .. Family("sigmoids", Sigmoids), .. Family("rectifiers", Rectifiers), .. Family("exponentials", Exponentials), .. Family("gates", Gates), .. Family("waves", Waves),
        .. Family("bumps", Bumps), .. Family("sums", Sums),
    ];

    private static IEnumerable<ActivationFunction> Family(string name, ActivationFunction[] functions) => functions.Select(function => function with { Family = name });

    private static ActivationFunction Of(
        string name, string title, string formula, string source, string parameters = "", double low = double.NegativeInfinity, double high = double.PositiveInfinity) =>
        new(name, title, formula, [.. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parameter)]) { Source = source, Low = low, High = high };

    private static ActivationParameter Parameter(string text)
    {
        var at = text.IndexOfAny(['=', '~']);
        return new(text[..at], double.Parse(text.AsSpan(at + 1), System.Globalization.CultureInfo.InvariantCulture), text[at] == '~');
    }
}
