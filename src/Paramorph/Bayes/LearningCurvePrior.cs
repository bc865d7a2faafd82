namespace Paramorph.Bayes;

/// <summary>
/// The prior of learning curves of LC-PFN as a density of thirteen parameters: weights of three families, the parameters of each, and the logarithm of the noise's standard deviation.
/// <see cref="Data.LearningCurves"/> draws from it. (Adriaensen et al., "Efficient Bayesian learning curve extrapolation using prior-data fitted networks", 2023, section 3.)
/// </summary>
public static class LearningCurvePrior
{
    /// <summary>Weights, pow3, ilog2, Janoschek, noise.</summary>
    public const int Parameters = 3 + 3 + 2 + 4 + 1;

    /// <summary>Each parameter is uniform between two numbers, or normal with a mean and a standard deviation; positive ones stand for their logarithms.</summary>
    private static readonly (bool IsNormal, double First, double Second)[] forms =
    [
        (false, 0, 1), (false, 0, 1), (false, 0, 1),
        (false, -0.6, 0.6), (false, 0, 1.25), (true, 0, 2),
        (false, 0, 1), (false, -0.5, 0.5),
        (false, 0, 1), (false, 0, 2), (true, -2, 1), (true, 0, 0.5),
        (true, -4, 1),
    ];

    /// <summary>Parameters before curves are restricted to those that rise within [0, 1]: f32 [count, parameters].</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    public static Tensor Draw(Key key, int count)
    {
        var (uniform, normal) = (Sample.Uniform(key.Fold(0), [count, Parameters]), Sample.Normal(key.Fold(1), [count, Parameters]));
        var (first, second, isNormal) = Forms();
        return Tensor.Where(isNormal, first + second * normal, first + (second - first) * uniform);
    }

    /// <summary>Curves of parameters at epochs 1, 2, ...: [..., parameters] gives [..., epochs].</summary>
    /// <param name="parameters">As <see cref="Draw"/> gives them.</param>
    /// <param name="epochs">How many.</param>
    public static Tensor Curve(Tensor parameters, int epochs)
    {
        Tensor At(int index) => parameters[TensorIndex.Ellipsis, index].ExpandDims(-1);
        var x = Tensor.Log(Tensor.Arange(epochs, ElementType.Float32) + 1.0);
        var inverse = 1.0 / Tensor.Log(Tensor.Arange(epochs, ElementType.Float32) + 2.0);
        return At(0) * (At(4) - At(3) * Tensor.Exp(-Tensor.Exp(At(5)) * x))
            + At(1) * (At(6) - At(7) * inverse)
            + At(2) * (At(8) - (At(8) - At(9)) * Tensor.Exp(-Tensor.Exp(At(10) + Tensor.Exp(At(11)) * x)));
    }

    /// <summary>The logarithm of the density of values under parameters, an epoch each: [..., parameters] and [..., epochs] give [..., epochs].</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="values">The values, which broadcast.</param>
    public static Tensor LogDensity(Tensor parameters, Tensor values)
    {
        var logDeviation = parameters[TensorIndex.Ellipsis, ^1].ExpandDims(-1);
        return -0.5 * Tensor.Square((values - Curve(parameters, values.Shape[^1])) * Tensor.Exp(-logDeviation)) - logDeviation - 0.5 * Math.Log(2 * Math.PI);
    }

    /// <summary>The logarithm of prior density times likelihood of the known epochs, but for a constant: minus infinity where the prior has none.</summary>
    /// <param name="parameters">[curves or 1, n, parameters].</param>
    /// <param name="curves">[curves, epochs].</param>
    /// <param name="known">Which epochs are known: bool [curves, epochs].</param>
    /// <returns>[curves, n].</returns>
    public static Tensor LogPosterior(Tensor parameters, Tensor curves, Tensor known)
    {
        var (first, second, isNormal) = Forms();
        var isWithin = (parameters >= first) & (parameters <= second);
        var density = Tensor.Where(isNormal, -0.5 * Tensor.Square((parameters - first) / second), Tensor.Where(isWithin, 0.0, double.NegativeInfinity)).Sum(-1);
        var fits = Curve(parameters, curves.Shape[^1]);
        var isCurve = (fits.Min(-1) >= 0.0) & (fits.Max(-1) <= 1.0) & (fits[TensorIndex.Ellipsis, ^1] > fits[TensorIndex.Ellipsis, 0]);
        var likelihood = Tensor.Where(known.ExpandDims(1), LogDensity(parameters, curves.ExpandDims(1)), 0.0).Sum(-1);
        return Tensor.Where(isCurve, density + likelihood, double.NegativeInfinity);
    }

    /// <summary>
    /// What Markov chains predict of curves: for each part of the chains, the logarithm of the mean density of the values over the steps up to its end. (Domhan, Springenberg and Hutter, "Speeding
    /// up automatic hyperparameter optimization of deep neural networks by extrapolation of learning curves", 2015, with the sampler of <see cref="EnsembleSampler"/>.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="curves">f32 [curves, epochs].</param>
    /// <param name="known">Which epochs are known: bool [curves, epochs].</param>
    /// <param name="walkers">Walkers of a chain; they start at the best of forty times as many draws.</param>
    /// <param name="burnIn">Steps that do not count.</param>
    /// <param name="part">Counted steps of a part.</param>
    /// <param name="parts">Parts.</param>
    /// <param name="thinning">Steps from one that counts to the next.</param>
    /// <param name="stretch">The stretch of the sampler.</param>
    /// <returns>[parts, curves, epochs].</returns>
    public static Tensor Extrapolated(Key key, Tensor curves, Tensor known, int walkers, int burnIn, int part, int parts, int thinning, double stretch = 2)
    {
        var count = curves.Shape[0];
        var draws = Draw(key.Fold(0), 40 * walkers);
        var fits = LogPosterior(draws.ExpandDims(0), curves, known);
        var (_, best) = Tensor.Where(Tensor.IsFinite(fits), fits, -1e30).TopK(walkers);
        var sampler = new EnsembleSampler(x => LogPosterior(x, curves, known), stretch);
        var positions = sampler.Run(key.Fold(1), draws.Take(best.Flatten()).Reshape(count, walkers, Parameters), burnIn, parts * part, thinning).Positions;
        Tensor? sum = null;
        var answers = new List<Tensor>();
        for (var i = 0; i < parts; i++)
        {
            var parameters = positions[(i * part)..((i + 1) * part)].SwapAxes(0, 1).Reshape(count, part * walkers, Parameters);
            var own = LogDensity(parameters, curves.ExpandDims(1)).LogSumExp(1) - Math.Log(part * walkers);
            sum = sum is null ? own : Tensor.LogAddExp(sum, own);
            answers.Add(sum - Math.Log(i + 1));
        }
        return Tensor.Stack(answers);
    }

    private static (Tensor First, Tensor Second, Tensor IsNormal) Forms()
    {
        Tensor Of(Func<(bool IsNormal, double First, double Second), double> number) => Tensor.From<float>([.. forms.Select(form => (float)number(form))], [Parameters]);
        return (Of(form => form.First), Of(form => form.Second), Of(form => form.IsNormal ? 1 : 0) > 0.5);
    }
}
