namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> Paddings =>
    [
        Padded(PaddingMode.Zero, (_, _) => -1),
        Padded(PaddingMode.Reflect, (i, n) => i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
        Padded(PaddingMode.Symmetric, (i, n) => i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i),
        Padded(PaddingMode.Replicate, (i, n) => Math.Clamp(i, 0, n - 1)),
        Padded(PaddingMode.Circular, (i, n) => (i + n) % n),
        new("pad", "reflect that cuts", x => [x[0].Pad(PaddingMode.Reflect, (-1, 2))], Case.Numbers([2, 5])) { Truth = x => [x[0].Take(Tensor.From(1, 2, 3, 4, 3, 2), 1)] },
    ];

    /// <summary>Two padded axes, whose elements come from a place inside.</summary>
    private static Case Padded(PaddingMode mode, Func<int, int, int> source) => new(
        "pad", mode.ToString().ToLowerInvariant(), x => [x[0].Pad(mode, (2, 1), (0, 3))], Case.Numbers([2, 3, 4]))
    {
        Truth = x =>
        {
            var values = Plain.Read(x[0]);
            Shape shape = [2, 6, 7];
            return [Plain.Write([.. Plain.Places(shape).Select(at => From(at) is var i && i >= 0 ? values[i] : 0)], shape, ElementType.Float64)];

            int From(int[] at) => Plain.Index(x[0].Shape, [at[0], Inside(at[1] - 2, 3), Inside(at[2], 4)]);
            int Inside(int i, int n) => i >= 0 && i < n ? i : source(i, n);
        },
    };
}
