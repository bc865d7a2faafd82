using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class MetricResponsesTests
{
    [Fact]
    public void Distances_of_responses_are_metrics_and_outliers_are_a_tenth()
    {
        var all = MetricResponses.All(Key.Of(3), 60);
        Assert.Equal(["numbers", "distributions", "directions", "matrices"], all.Take(4).Select(responses => responses.Name));
        foreach (var (clean, other) in all.Take(4).Zip(all.Skip(4)))
        {
            var (distances, moved) = (clean.Distances.ToDoubles().Chunk(60).ToArray(), other.Distances.ToDoubles().Chunk(60).ToArray());
            Assert.True(other.HasOutliers && !clean.HasOutliers);
            Assert.Equal(clean.Train.ToDoubles(), other.Train.ToDoubles());
            Assert.Equal(clean.Predictors.ToDoubles(), other.Predictors.ToDoubles());
            for (var i = 0; i < 60; i++)
            {
                for (var j = 0; j < 60; j++)
                {
                    Assert.Equal(distances[i][j], distances[j][i]);
                    // Of angles the arc cosine of rounded products is not exact near zero.
                    Assert.True(distances[i][j] <= distances[i][7] + distances[7][j] + 1e-3);
                    if (i % 10 != 0 && j % 10 != 0) Assert.Equal(distances[i][j], moved[i][j]);
                }
                if (i % 10 == 0) Assert.NotEqual(distances[i], moved[i]);
            }
        }
    }

    [Fact]
    public void Predictors_are_the_functions_that_they_are_said_to_be()
    {
        var matrices = MetricResponses.All(Key.Of(4), 20)[3];
        double[] expected = [.. matrices.Test.ToDoubles().Chunk(MetricResponses.Inputs).SelectMany(x => (double[])[Math.Tanh(x[0] + x[0] * x[1]), Math.Sin(x[2] + x[3])])];
        Numbers.Close(expected, matrices.Predictors.ToDoubles(), 1e-5);
    }
}
