using Paramorph.Experiments;

namespace Paramorph.Bayes;

/// <summary>A fit with a penalty, made with each of some penalties, of which the one that does best on other data is kept.</summary>
/// <typeparam name="TModel">What is fitted.</typeparam>
public sealed class RidgeChoice<TModel>
    where TModel : ITree<TModel>
{
    private readonly Func<TModel, Tensor, Tensor, Tensor, TModel> fit, compiled;
    private readonly double[] ridges;

    /// <summary>A choice.</summary>
    /// <param name="fit">From the model before it, inputs [n, ...], targets [n] and a penalty, a positive scalar, to the fitted model.</param>
    /// <param name="answer">From a model and inputs [n, ...] to answers [n].</param>
    /// <param name="ridges">The penalties, one or more; the first of equally good ones counts.</param>
    /// <exception cref="ArgumentException">There is no penalty.</exception>
    public RidgeChoice(Func<TModel, Tensor, Tensor, Tensor, TModel> fit, Func<TModel, Tensor, Tensor> answer, IReadOnlyList<double> ridges)
    {
        if (ridges.Count == 0) throw new ArgumentException("there is no penalty to choose.", nameof(ridges));
        (this.fit, this.ridges) = (fit, [.. ridges]);
        (compiled, Answer) = (Compile.Of(fit), Compile.Of(answer));
    }

    /// <summary>The answers of a model, compiled.</summary>
    public Func<TModel, Tensor, Tensor> Answer { get; }

    /// <summary>The fit that leaves the smallest share of the variance of other data, and the operations of all fits.</summary>
    /// <param name="start">The model before the fit, which is kept where no fit has a finite error.</param>
    /// <param name="train">Inputs [n, ...] and targets [n] to fit.</param>
    /// <param name="validation">Those by which the penalty is chosen.</param>
    public (TModel Model, double Flops) Best(TModel start, (Tensor Inputs, Tensor Targets) train, (Tensor Inputs, Tensor Targets) validation)
    {
        var once = Computation.Of(
            (TModel start, TreePair<Tensor, Tensor> data, Tensor ridge) => fit(start, data.Item1, data.Item2, ridge), start, new TreePair<Tensor, Tensor>(train.Inputs, train.Targets), Tensor.Scalar(1f));
        var (best, least, truth) = (start, double.PositiveInfinity, validation.Targets.ToDoubles());
        foreach (var ridge in ridges)
        {
            var model = compiled(start, train.Inputs, train.Targets, Tensor.Scalar((float)ridge));
            var left = Trend.Unexplained(Answer(model, validation.Inputs).ToDoubles(), truth);
            if (left < least) (best, least) = (model, left);
        }
        return (best, ridges.Length * (double)once.Cost.Flops);
    }
}
