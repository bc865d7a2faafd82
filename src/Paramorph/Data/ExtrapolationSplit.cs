namespace Paramorph.Data;

/// <summary>
/// A regression whose examples to learn from lie in a region, with rows of that region and rows outside of it to judge by. All are standardised by the examples: f64 [n, inputs] and [n,
/// 1].
/// </summary>
/// <param name="Train">Examples to learn from.</param>
/// <param name="Inside">Other rows of their region.</param>
/// <param name="Outside">Rows whose first column is larger than in all of these.</param>
public sealed record ExtrapolationSplit(RegressionData Train, RegressionData Inside, RegressionData Outside)
{
    /// <summary>Divides rows: those whose first column is among the lower ones are the region.</summary>
    /// <param name="data">Rows in random order, enough of them on both sides.</param>
    /// <param name="rows">Examples to learn from.</param>
    /// <param name="tests">Rows to judge by, inside and outside.</param>
    /// <param name="share">The share of rows that are the region.</param>
    public static ExtrapolationSplit Of(RegressionData data, int rows, int tests, double share = 0.7)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (inputs, targets) = (data.Inputs.AsType(ElementType.Float64), data.Targets.AsType(ElementType.Float64));
        var first = inputs[.., 0].ToDoubles();
        var limit = first.Order().ElementAt((int)(share * first.Length));
        Tensor Rows(bool isInside) => Tensor.From([.. Enumerable.Range(0, first.Length).Where(i => first[i] < limit == isInside)]);
        var (inside, outside) = (Rows(isInside: true), Rows(isInside: false));
        var known = inside[..rows];
        var (x, y) = (Standardisation.Of(inputs.Take(known)), Standardisation.Of(targets.Take(known)));
        RegressionData Part(Tensor which) => new(x.Apply(inputs.Take(which)).Evaluate(), y.Apply(targets.Take(which)).Evaluate());
        return new(Part(known), Part(inside[rows..(rows + tests)]), Part(outside[..tests]));
    }
}
