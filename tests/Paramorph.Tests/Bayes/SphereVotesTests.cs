using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class SphereVotesTests
{
    private static readonly double[] angles = [0.1, 0.3, 0.5, 0.9, 1.4], signs = [-1, -1, 1, 1, 1], places = [0.15, 0.48, 1.3];
    private static readonly Tensor points = OnCircle(angles), labels = Tensor.From(signs), asked = OnCircle(places);

    private static Tensor OnCircle(double[] angles) => Tensor.From<double>([.. angles.SelectMany(angle => (double[])[Math.Cos(angle), Math.Sin(angle)])], [angles.Length, 2]);

    [Fact]
    public void The_nearest_example_answers() => Numbers.Close([-1, 1, 1], SphereVotes.Nearest(points, labels, asked).ToDoubles(), 0);

    [Fact]
    public void Three_neighbours_vote() => Numbers.Close([-1, -1, 3], SphereVotes.Neighbours(points, labels, asked).ToDoubles(), 0);

    [Fact]
    public void The_majority_answers_everywhere() => Numbers.Close([1, 1, 1], SphereVotes.Majority(points, labels, asked).ToDoubles(), 0);

    [Fact]
    public void The_smoother_weighs_by_powers_of_distance()
    {
        // A chord of a circle is twice the sine of half the angle.
        double[] expected = [.. places.Select(place => angles.Zip(signs, (angle, sign) => sign * Math.Pow(2 * Math.Abs(Math.Sin((place - angle) / 2)), -3)).Sum())];
        Numbers.Close(expected, SphereVotes.Singular(3, points, labels, asked).ToDoubles(), 1e-8 * expected.Max(Math.Abs));
    }
}
