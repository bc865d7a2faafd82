using Paramorph.Experiments;

namespace Paramorph.Data;

/// <summary>How many samples a learner of a <see cref="HierarchicalPolynomial"/> needs: samples in several numbers, each drawn several times.</summary>
/// <param name="Form">The polynomial.</param>
/// <param name="Validation">Examples by which penalties may be chosen.</param>
/// <param name="Test">Examples that judge.</param>
/// <param name="Train">For each number of samples, in increasing order, several draws of so many.</param>
public sealed record HierarchicalTask(HierarchicalPolynomial Form, HierarchicalExamples Validation, HierarchicalExamples Test, IReadOnlyList<HierarchicalExamples[]> Train)
{
    /// <summary>Draws a task.</summary>
    /// <param name="key">The key.</param>
    /// <param name="form">The polynomial.</param>
    /// <param name="sizes">The numbers of samples.</param>
    /// <param name="draws">Draws of each.</param>
    /// <param name="validation">Examples of validation.</param>
    /// <param name="test">Examples that judge.</param>
    public static HierarchicalTask Of(Key key, HierarchicalPolynomial form, IEnumerable<int> sizes, int draws, int validation = 1000, int test = 8000) => new(
        form, form.Draw(key.Fold(0), validation), form.Draw(key.Fold(1), test),
        [.. sizes.Select(size => Enumerable.Range(0, draws).Select(draw => form.Draw(key.Fold(2).Fold(size).Fold(draw), size)).ToArray())]);

    /// <summary>
    /// Tasks of several dimensions, each with d² samples and more, √2 times as many each time. Smaller dimensions cost less and vary more, and get more draws, as the square of their ratio.
    /// </summary>
    /// <param name="key">Folded by the dimension, the key of a task.</param>
    /// <param name="dimensions">The dimensions, even numbers, the largest last.</param>
    /// <param name="draws">Draws of each number of samples in the largest dimension.</param>
    /// <param name="most">The most samples in units of d², taken down to a power of two; 1 or more.</param>
    public static HierarchicalTask[] Several(Key key, IReadOnlyList<int> dimensions, int draws, int most)
    {
        int Draws(int dimension) => draws * dimensions[^1] * dimensions[^1] / (dimension * dimension);
        IEnumerable<int> Sizes(int dimension) => Enumerable.Range(0, (2 * int.Log2(most)) + 1).Select(half => (int)(dimension * dimension * Math.Pow(2, half / 2.0)));
        return [.. dimensions.Select(dimension => Of(key.Fold(dimension), new(dimension), Sizes(dimension), Draws(dimension)))];
    }

    /// <summary>The task with the first draw of each number of samples alone.</summary>
    public HierarchicalTask WithOneDraw() => this with { Train = [.. Train.Select(sets => sets[..1])] };

    /// <summary>Learns from each number of samples.</summary>
    /// <param name="key">Folded by the number of the draw, the key of a learner.</param>
    /// <param name="learn">From samples and a key to predictions of the test's h [n], and to what was found of p [n], up to an affine map.</param>
    /// <param name="progress">Told before each number of samples how many of how many are done; may be null.</param>
    public HierarchicalCurve Curve(Key key, Func<HierarchicalExamples, Key, (Tensor Prediction, Tensor Feature)> learn, Action<int, int>? progress = null)
    {
        var (target, feature) = (Test.Target.ToDoubles(), Test.Feature.ToDoubles());
        var (curve, prediction) = (new List<(double Samples, double Error, double Correlation)>(), Test.Target);
        foreach (var (size, sets) in Train.Index())
        {
            progress?.Invoke(size, Train.Count);
            var (errors, correlations) = (new List<double>(), new List<double>());
            foreach (var (draw, samples) in sets.Index())
            {
                var learned = learn(samples, key.Fold(draw));
                errors.Add(Trend.Unexplained(learned.Prediction.ToDoubles(), target));
                correlations.Add(Trend.Correlation(learned.Feature.ToDoubles(), feature));
                if (draw == 0) prediction = learned.Prediction;
            }
            curve.Add((sets[0].Count, errors.Average(), correlations.Average()));
        }
        return new(Form, [.. curve.Select(at => at.Samples)], [.. curve.Select(at => at.Error)], [.. curve.Select(at => at.Correlation)], prediction);
    }
}

/// <summary>What a learner made of a <see cref="HierarchicalTask"/>, for each number of samples the mean over draws.</summary>
/// <param name="Form">The polynomial.</param>
/// <param name="Samples">Numbers of samples.</param>
/// <param name="Errors">Squared errors of h over its variance.</param>
/// <param name="Correlations">Correlations of p with what was found of it.</param>
/// <param name="Prediction">The prediction of the test's h [n] from the first draw of the most samples.</param>
public sealed record HierarchicalCurve(HierarchicalPolynomial Form, IReadOnlyList<double> Samples, IReadOnlyList<double> Errors, IReadOnlyList<double> Correlations, Tensor Prediction)
{
    /// <summary>The samples, between those that were tried, at which the error falls to a level; NaN if it begins below or never does.</summary>
    public double ErrorPassing(double level) => Trend.Passing(Samples, [.. Errors.Select(error => Math.Log(error))], Math.Log(level));

    /// <summary>The samples at which the correlation rises to a share of what the best polynomial of degree two has; NaN if it begins above or never does.</summary>
    public double CorrelationPassing(double share) => Trend.Passing(Samples, [.. Correlations.Select(value => -value)], -share * Form.QuadraticCorrelation);
}
