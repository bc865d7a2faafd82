namespace Paramorph.Neurons;

/// <summary>
/// A Kolmogorov-Arnold layer whose functions have names: output j is a number and the sum over its edges of factor · f(scale · x + shift). (Liu et al., "KAN: Kolmogorov-Arnold Networks", 2024,
/// section 2.5.)
/// </summary>
/// <param name="Terms">The edges, by their function: one group for each of <see cref="SymbolicFunction.Library"/>, in its order.</param>
/// <param name="Bias">[outputs].</param>
[Tree]
public sealed partial record SymbolicLayer(TreeList<SymbolicTerms> Terms, Tensor Bias)
{
    /// <summary>The layer whose functions are those of the library that are nearest to a layer's at samples; what hardly varies is a number.</summary>
    /// <param name="layer">A dense layer.</param>
    /// <param name="samples">What enters it: [n, inputs].</param>
    /// <param name="threshold">The share that an edge must have of the largest deviation of one, not to be a number.</param>
    public static SymbolicLayer Of(KanLayer layer, Tensor samples, double threshold = 0.01)
    {
        var edges = KanPruning.Edges(layer, samples).AsType(ElementType.Float64).Evaluate();
        var deviations = edges.Std(0).Evaluate();
        var (least, bias, fits) = (threshold * deviations.Max().Item(), edges.Mean(0).Sum(0).ToDoubles(), new List<(int Input, int Output, SymbolicFit Fit)>());
        for (var input = 0; input < edges.Shape[1]; input++)
        {
            var x = samples[.., input].AsType(ElementType.Float64).ToDoubles();
            for (var output = 0; output < edges.Shape[2]; output++)
            {
                if (deviations[input, output].Item() <= least) continue;
                var y = edges[.., input, output].ToDoubles();
                var fit = SymbolicFunction.Best(x, y);
                bias[output] += fit.Offset - y.Average();
                fits.Add((input, output, fit));
            }
        }
        var terms = SymbolicFunction.Library.Select(function => fits.Where(edge => edge.Fit.Function == function).ToArray()).Select(own => new SymbolicTerms(
            Tensor.From<int>([.. own.Select(edge => edge.Input)]), Tensor.From<int>([.. own.Select(edge => edge.Output)]),
            Numbers(own.Select(edge => edge.Fit.Scale)), Numbers(own.Select(edge => edge.Fit.Shift)), Numbers(own.Select(edge => edge.Fit.Factor))));
        return new([.. terms], Tensor.From(bias));
    }

    /// <summary>[n, inputs] gives [n, outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var sum = Bias.BroadcastTo([x.Shape[0], Bias.Count]);
        foreach (var (function, terms) in SymbolicFunction.Library.Zip(Terms))
        {
            if (terms.Inputs.Count == 0) continue;
            var values = terms.Factor * function.Call(terms.Scale * x.Take(terms.Inputs, 1) + terms.Shift);
            sum += values.Dot(Tensor.OneHot(terms.Outputs, Bias.Count, x.ElementType));
        }
        return sum;
    }

    /// <summary>The formula of each output.</summary>
    /// <param name="inputs">How each input is written.</param>
    public IReadOnlyList<string> Formulas(IReadOnlyList<string> inputs)
    {
        var bias = Bias.ToDoubles();
        var sums = bias.Select(_ => new System.Text.StringBuilder()).ToArray();
        foreach (var (function, terms) in SymbolicFunction.Library.Zip(Terms))
        {
            var (scale, shift, factor) = (terms.Scale.ToDoubles(), terms.Shift.ToDoubles(), terms.Factor.ToDoubles());
            foreach (var (i, (input, output)) in terms.Inputs.ToArray<int>().Zip(terms.Outputs.ToArray<int>()).Index())
                sums[output].Append(function.Written(inputs[input], scale[i], shift[i], factor[i]));
        }
        return [.. sums.Zip(bias, (sum, offset) => (sum.Length > 0 && SymbolicFunction.IsZero(offset) ? sum : sum.Append(SymbolicFunction.Signed(offset))).ToString()).Select(text => text.StartsWith(" +", StringComparison.Ordinal) ? text[3..] : $"-{text[3..]}")];
    }

    private static Tensor Numbers(IEnumerable<double> values) => Tensor.From<double>([.. values]);
}

/// <summary>Edges of a symbolic layer that have one function.</summary>
/// <param name="Inputs">Where each begins: i32 [edges].</param>
/// <param name="Outputs">Where each ends: i32 [edges].</param>
/// <param name="Scale">What the argument of each is multiplied by: [edges].</param>
/// <param name="Shift">What is added to that: [edges].</param>
/// <param name="Factor">What the value is multiplied by: [edges].</param>
[Tree]
public sealed partial record SymbolicTerms(Tensor Inputs, Tensor Outputs, Tensor Scale, Tensor Shift, Tensor Factor);
