using Paramorph.Data;

namespace Paramorph.Training;

/// <summary>
/// What each input variable adds to an output. A game gives each coalition of variables a value: the output where the others are at a baseline (<see cref="Game"/>). Shapley values share the difference
/// of the values of all and of none among the variables as the only shares that are fair in four ways. (Shapley, "A value for n-person games", 1953.)
/// </summary>
public static class Attribution
{
    /// <summary>Variables of which all coalitions are enumerated at most.</summary>
    private const int MostExact = 20;

    /// <summary>The value of coalitions: what a function makes of an input whose other variables are at a baseline.</summary>
    /// <param name="function">From [m, variables] to [m].</param>
    /// <param name="x">The input: [variables].</param>
    /// <param name="baseline">What stands for an absent variable: [variables].</param>
    /// <returns>From coalitions, 1 of who is in and 0 of who is not, [m, variables], to values [m].</returns>
    public static Func<Tensor, Tensor> Game(Func<Tensor, Tensor> function, Tensor x, Tensor baseline) => coalitions => function(baseline + coalitions.AsType(x.ElementType) * (x - baseline));

    /// <summary>All 2^variables coalitions, number c with the variables whose bits are set in it: f64 [2^variables, variables].</summary>
    /// <exception cref="ShapeException">There are no variables, or more than 20.</exception>
    public static Tensor Coalitions(int variables)
    {
        if (variables is < 1 or > MostExact) throw new ShapeException($"attribution: coalitions of {variables} variables are not enumerated: there are 1 to {MostExact}.");
        return Tensor.From<double>([.. Enumerable.Range(0, 1 << variables).SelectMany(c => Enumerable.Range(0, variables).Select(i => (double)(c >> i & 1)))], [1 << variables, variables]);
    }

    /// <summary>The Shapley values, by all coalitions: the mean over the orders of the variables of what a variable adds to those before it.</summary>
    /// <param name="game">From coalitions f64 [m, variables] to values [m].</param>
    /// <param name="variables">How many, up to 20.</param>
    /// <returns>f64 [variables].</returns>
    public static Tensor Shapley(Func<Tensor, Tensor> game, int variables)
    {
        var values = game(Coalitions(variables)).ToDoubles();
        // |S|! (n - |S| - 1)! / n! of a coalition without the variable.
        var weights = new double[variables];
        weights[0] = 1.0 / variables;
        for (var size = 1; size < variables; size++) weights[size] = weights[size - 1] * size / (variables - size);
        var shares = new double[variables];
        for (var c = 0; c < values.Length; c++)
            for (var i = 0; i < variables; i++)
                if ((c >> i & 1) == 0) shares[i] += weights[int.PopCount(c)] * (values[c | 1 << i] - values[c]);
        return Tensor.From(shares);
    }

    /// <summary>An estimate of the Shapley values from orders of the variables that are drawn. (Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on sampling", 2009.)</summary>
    /// <param name="key">Draws the orders.</param>
    /// <param name="game">From coalitions f64 [m, variables] to values [m].</param>
    /// <param name="variables">How many.</param>
    /// <param name="orders">Orders, each of which asks for variables + 1 values.</param>
    /// <returns>f64 [variables]; they add to the difference of all and none, as the exact ones do.</returns>
    public static Tensor SampledShapley(Key key, Func<Tensor, Tensor> game, int variables, int orders)
    {
        var (random, drawn) = (new KeyRandom(key), new List<int[]>());
        var coalitions = new double[orders * (variables + 1) * variables];
        for (var order = 0; order < orders; order++)
        {
            drawn.Add([.. random.Permutation(variables)]);
            for (var place = 0; place < variables; place++)
                for (var later = place + 1; later <= variables; later++) coalitions[(order * (variables + 1) + later) * variables + drawn[order][place]] = 1;
        }
        var values = game(Tensor.From(coalitions, [orders * (variables + 1), variables])).ToDoubles();
        var shares = new double[variables];
        for (var order = 0; order < orders; order++)
            for (var place = 0; place < variables; place++)
                shares[drawn[order][place]] += (values[order * (variables + 1) + place + 1] - values[order * (variables + 1) + place]) / orders;
        return Tensor.From(shares);
    }

    /// <summary>
    /// An estimate of the Shapley values by least squares on coalitions drawn with the weights by which least squares gives the exact ones. (Lundberg and Lee, "A unified approach to interpreting model
    /// predictions", 2017, Theorem 2.)
    /// </summary>
    /// <param name="key">Draws the coalitions.</param>
    /// <param name="game">From coalitions f64 [m, variables] to values [m].</param>
    /// <param name="variables">How many, at least 2.</param>
    /// <param name="samples">Coalitions, two or more for each variable but one, of which each second is all that are not in the one before; those of all and of none are asked for beside.</param>
    /// <returns>f64 [variables]; they add to the difference of all and none.</returns>
    public static Tensor KernelShapley(Key key, Func<Tensor, Tensor> game, int variables, int samples)
    {
        if (variables < 2) throw new ShapeException($"attribution: {variables} variables leave nothing to share.");
        // A coalition and the one of all others say the same, so that two are asked for each unknown.
        if (samples < 2 * (variables - 1)) throw new ShapeException($"attribution: {samples} coalitions do not tell the shares of {variables} variables; at least {2 * (variables - 1)} are needed.");
        var random = new KeyRandom(key);
        // The weight of all coalitions of a size s is proportional to (n - 1) / (s (n - s)).
        double[] sizes = [.. Enumerable.Range(1, variables - 1).Select(size => 1.0 / (size * (variables - size)))];
        var rows = new List<double[]> { new double[variables], Enumerable.Repeat(1.0, variables).ToArray() };
        while (rows.Count < samples + 2)
        {
            var (rest, size) = (random.Uniform(0, sizes.Sum()), 1);
            while (size < variables - 1 && (rest -= sizes[size - 1]) > 0) size++;
            var row = new double[variables];
            foreach (var member in random.Permutation(variables).Take(size)) row[member] = 1;
            rows.Add(row);
            if (rows.Count < samples + 2) rows.Add([.. row.Select(member => 1 - member)]);
        }
        var all = Tensor.From<double>([.. rows.SelectMany(row => row)], [rows.Count, variables]);
        var values = game(all).AsType(ElementType.Float64).Evaluate();
        var (none, total) = (values[0], values[1] - values[0]);
        // The last share is what the others leave of the difference, so that all add to it.
        var (others, last) = (all[2.., ..^1], all[2.., ^1..]);
        var shares = LinearAlgebra.LeastSquares(others - last, (values[2..] - none - last.Squeeze(1) * total).ExpandDims(1)).Squeeze(1);
        return Tensor.Concatenate([shares, (total - shares.Sum()).Reshape(1)]).Evaluate();
    }

    /// <summary>
    /// The gradient along the straight way from a baseline to an input, times the way in each variable: shares that add to the difference of the outputs at its ends. (Sundararajan, Taly and Yan,
    /// "Axiomatic attribution for deep networks", 2017.)
    /// </summary>
    /// <param name="function">From [m, variables] to [m], where output i follows from row i.</param>
    /// <param name="x">The input: [variables].</param>
    /// <param name="baseline">Where the way begins: [variables].</param>
    /// <param name="steps">Places on the way at which the gradient is taken, in the middle of equal parts.</param>
    /// <returns>[variables].</returns>
    public static Tensor IntegratedGradients(Func<Tensor, Tensor> function, Tensor x, Tensor baseline, int steps = 64)
    {
        var places = (Tensor.Arange(steps, x.ElementType) + 0.5) / steps;
        var way = baseline + places.ExpandDims(1) * (x - baseline);
        return ((x - baseline) * Gradient.Of(way, way => function(way).Sum()).Mean(0)).Evaluate();
    }
}
