namespace Paramorph.Tests.Primitives;

/// <summary>
/// One use of a primitive or of a composed operation that is checked in every way: values against an independent truth, both derivative modes,
/// second derivatives, the batching rule. The table of all cases is also what <c>docs/primitives.md</c> is generated from.
/// </summary>
/// <param name="Primitive">The name of the primitive in the text form, or of the operation that is composed.</param>
/// <param name="Label">What is particular about this use.</param>
/// <param name="Function">From inputs to outputs.</param>
/// <param name="Inputs">Where it is checked: in double precision, away from kinks.</param>
internal sealed record Case(string Primitive, string Label, Func<Tensor[], Tensor[]> Function, params Tensor[] Inputs)
{
    /// <summary>The outputs by other means: a closed form, another library, plain loops.</summary>
    public Func<Tensor[], Tensor[]>? Truth { get; init; }

    /// <summary>Whether the inputs are such that derivatives are checked.</summary>
    public bool IsDifferentiable { get; init; } = true;

    /// <summary>Whether the batching rule is checked.</summary>
    public bool IsBatched { get; init; } = true;

    /// <summary>Of values against the truth.</summary>
    public double Tolerance { get; init; } = 1e-12;

    /// <summary>Of derivatives against central differences.</summary>
    public double DerivativeTolerance { get; init; } = 1e-6;

    public override string ToString() => Label.Length == 0 ? Primitive : $"{Primitive} {Label}";

    /// <summary>Doubles of a shape, spread evenly over an interval and then mixed, the same each time.</summary>
    public static Tensor Numbers(Shape shape, double low = -1, double high = 1, int seed = 0)
    {
        var random = new Random(seed);
        var count = shape.ElementCount;
        var elements = Enumerable.Range(0, count).Select(i => low + (high - low) * (i + 0.5) / count).ToArray();
        random.Shuffle(elements);
        return Tensor.From<double>(elements, shape);
    }

    /// <summary>Complex numbers of a shape with both parts in an interval.</summary>
    public static Tensor Complexes(Shape shape, double low = -1, double high = 1, int seed = 0) =>
        Tensor.Complex(Numbers(shape, low, high, seed), Numbers(shape, low, high, seed + 100));
}
