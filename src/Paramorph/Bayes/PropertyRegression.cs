using Paramorph.Experiments;

namespace Paramorph.Bayes;

/// <summary>How well named properties of things tell a score of theirs, by ridge regression on all of them, judged by things that were left out.</summary>
/// <param name="Predictions">What is said of each thing by the fit to others.</param>
/// <param name="RSquared">The share of the variance of scores that these explain; below 0 where the mean says more.</param>
/// <param name="Correlations">The name of each property, and its own correlation with the score.</param>
public sealed record PropertyRegression(IReadOnlyList<double> Predictions, double RSquared, IReadOnlyList<(string Name, double Correlation)> Correlations)
{
    /// <summary>Predicts scores from properties.</summary>
    /// <param name="properties">Names and values of the properties of each thing, in one order.</param>
    /// <param name="scores">The scores, as many as things.</param>
    /// <param name="ridge">The penalty on standardised properties.</param>
    /// <param name="folds">In how many folds things are left out, at least 2; the i-th is in fold i modulo these.</param>
    public static PropertyRegression Of(IReadOnlyList<IReadOnlyList<(string Name, double Value)>> properties, IReadOnlyList<double> scores, double ridge = 0.1, int folds = 10)
    {
        var (features, targets) = (Tensor.From([.. properties.SelectMany(of => of.Select(property => property.Value))], [properties.Count, properties[0].Count]), Tensor.From([.. scores]));
        var predictions = RidgeRegression.LeftOut(features, targets, ridge, folds).ToArray<double>();
        return new(
            predictions, Training.Metric.RSquared(Tensor.From(predictions), targets).Item(),
            [.. properties[0].Select((property, p) => (property.Name, Trend.Correlation([.. properties.Select(of => of[p].Value)], scores)))]);
    }
}
