using Paramorph.Data;

namespace Paramorph.Training;

/// <summary>
/// Gradient descent on the mean of half the squared errors of all examples at several learning rates, as one program: rates are in units of the critical one, 2 n over the largest eigenvalue of the first
/// tangent kernel of n examples, above which the linear model of a network is unstable. (Lewkowycz, Bahri, Dyer,
/// Sohl-Dickstein and Gur-Ari, "The large learning rate phase of deep learning: the catapult mechanism", 2020.)
/// </summary>
/// <param name="Rates">The rates, in units of the critical one.</param>
/// <param name="Losses">At each rate, the loss before each step.</param>
/// <param name="Errors">At each rate, the mean squared error on other examples at the end.</param>
/// <param name="Kernels">At each rate, the largest eigenvalue of the tangent kernel at the end over that at the start.</param>
public sealed record RateSweep(IReadOnlyList<double> Rates, IReadOnlyList<double[]> Losses, IReadOnlyList<double> Errors, IReadOnlyList<double> Kernels)
{
    /// <summary>The rates below the critical one, by their place.</summary>
    public IEnumerable<int> Below => Enumerable.Range(0, Rates.Count).Where(i => Rates[i] < 1);

    /// <summary>The rates above the critical one, by their place.</summary>
    public IEnumerable<int> Above => Enumerable.Range(0, Rates.Count).Where(i => Rates[i] > 1);

    /// <summary>Whether the loss ends below a tenth of the first at a rate.</summary>
    /// <param name="i">The place of the rate.</param>
    public bool IsConverged(int i) => Losses[i][^1] < 0.1 * Losses[i][0];

    /// <summary>The largest loss at a rate over the first one.</summary>
    /// <param name="i">The place of the rate.</param>
    public double Peak(int i) => Losses[i].Max() / Losses[i][0];

    /// <summary>Descends.</summary>
    /// <param name="start">The model before the first step, in f64.</param>
    /// <param name="answer">From a model and inputs [n, ...] to outputs [n].</param>
    /// <param name="known">The examples, with one target each.</param>
    /// <param name="tests">Others, which judge.</param>
    /// <param name="rates">The rates, in units of the critical one.</param>
    /// <param name="steps">Steps at each.</param>
    public static RateSweep Of<TModel>(
        TModel start, Func<TModel, Tensor, Tensor> answer, RegressionData known, RegressionData tests, IReadOnlyList<double> rates, int steps)
        where TModel : ITree<TModel>
    {
        var (targets, truth) = (known.Targets.Squeeze(1).Evaluate(), tests.Targets.Squeeze(1).Evaluate());
        Tensor Largest(TModel model) => LinearAlgebra.Eigh(TangentKernel.Of(model, known.Inputs, answer)).Item1[^1];
        var first = Largest(start).Item();
        var descend = Compile.Of((Tensor rates) => Vmap.Of(
            rate =>
            {
                var (model, losses) = Control.Scan(
                    (model, _) =>
                    {
                        var (loss, slope) = ValueAndGradient.Of(model, m => 0.5 * Tensor.Square(answer(m, known.Inputs) - targets).Mean());
                        return (Tree.Zip(model, slope, (leaf, change) => leaf - rate * change), loss);
                    },
                    start, Tensor.Arange(steps));
                return new TreeTriple<Tensor, Tensor, Tensor>(losses, Tensor.Square(answer(model, tests.Inputs) - truth).Mean(), Largest(model) / first);
            },
            rates));
        var (losses, errors, kernels) = descend(Tensor.From(rates.Select(rate => rate * 2 * targets.Count / first).ToArray()));
        return new(rates, [.. losses.ToDoubles().Chunk(steps)], errors.ToDoubles(), kernels.ToDoubles());
    }
}
