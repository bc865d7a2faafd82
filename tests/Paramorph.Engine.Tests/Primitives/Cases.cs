namespace Paramorph.Tests.Primitives;

/// <summary>The table of cases; each family has a file of its own, whose property is named here.</summary>
internal static partial class Cases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        .. Products,
        .. Convolutions,
        .. Windows,
        .. FourierTransforms,
        .. Sorting,
        .. Paddings,
        .. RealFunctions,
        .. ComplexFunctions,
        .. PairFunctions,
        .. ExactFunctions,
        .. Conversions,
        .. Rearrangements,
        .. DynamicBlocks,
        .. Reductions,
        .. Accumulations,
        .. Gathers,
        .. Scatters,
        .. Loops,
        .. LinearAlgebras,
        .. Composed,
    ];

    public static Case Find(string name) => All.Single(c => c.ToString() == name);

    /// <summary>A case of real functions of one output, whose truth is computed element by element.</summary>
    private static Case Elementwise(string name, Func<Tensor, Tensor> function, Func<double, double> truth, double low, double high, string label = "") =>
        new(name, label, x => [function(x[0])], Case.Numbers([7], low, high))
        {
            Truth = x => [Tensor.From<double>([.. x[0].ToDoubles().Select(truth)], x[0].Shape)],
        };
}
