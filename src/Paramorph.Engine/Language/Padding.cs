namespace Paramorph;

/// <summary>
/// How much is put around the axes over which a window slides: <c>Padding.Same</c>, <c>Padding.Of((0, 1), (2, 2))</c>, or a number for all sides.
/// </summary>
public sealed record Padding
{
    private readonly bool isSame;
    private readonly Sequence<(int Low, int High)> amounts;

    private Padding(bool isSame, Sequence<(int Low, int High)> amounts)
    {
        this.isSame = isSame;
        this.amounts = amounts;
    }

    /// <summary>Nothing: the window stays inside.</summary>
    public static Padding Valid { get; } = new(false, [(0, 0)]);

    /// <summary>
    /// As much that the number of places is the size divided by the stride, rounded up; of an odd amount the larger half goes behind.
    /// </summary>
    public static Padding Same { get; } = new(true, []);

    /// <summary>Amounts before and after each spatial axis, or one pair for all of them; negative amounts cut.</summary>
    public static Padding Of(params ReadOnlySpan<(int Low, int High)> amounts) => new(false, [.. amounts]);

    /// <summary>The same amount before and after every spatial axis.</summary>
    public static implicit operator Padding(int amount) => new(false, [(amount, amount)]);

    /// <summary>The amounts before and after each axis.</summary>
    /// <param name="operation">The name in messages.</param>
    /// <param name="sizes">Sizes of the axes.</param>
    /// <param name="extents">Number of elements that the dilated window spans.</param>
    /// <param name="strides">Steps between places.</param>
    /// <exception cref="ShapeException">There are neither one pair nor as many as axes.</exception>
    public (int[] Low, int[] High) Resolve(string operation, ReadOnlySpan<int> sizes, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides)
    {
        var (low, high) = (new int[sizes.Length], new int[sizes.Length]);
        if (!isSame && amounts.Count != 1 && amounts.Count != sizes.Length)
            throw new ShapeException($"{operation}: the padding has {amounts.Count} pairs for {sizes.Length} spatial axes: give one an axis or one for all.");
        for (var a = 0; a < sizes.Length; a++)
        {
            if (isSame)
            {
                var places = (sizes[a] + strides[a] - 1) / strides[a];
                var total = Math.Max(0, (places - 1) * strides[a] + extents[a] - sizes[a]);
                (low[a], high[a]) = (total / 2, total - total / 2);
            }
            else
            {
                (low[a], high[a]) = amounts[amounts.Count == 1 ? 0 : a];
            }
        }
        return (low, high);
    }
}
