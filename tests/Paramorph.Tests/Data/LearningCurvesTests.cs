using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class LearningCurvesTests
{
    public static TheoryData<string> Names => [.. LearningCurveFamily.All.Select(f => f.Name)];

    [Fact]
    public void Curves_rise_within_the_unit_interval()
    {
        var curves = LearningCurves.Of(Key.Of(1), 50, 30);
        Assert.Equal([50, 30], curves.Clean.Shape);
        Assert.All(curves.Clean.ToArray<float>(), y => Assert.InRange(y, 0, 1));
        Assert.All(Enumerable.Range(0, 50), n => Assert.True(curves.Clean[n, ^1].Item() >= curves.Clean[n, 0].Item()));
    }

    [Fact]
    public void Noise_has_the_median_deviation_of_its_prior()
    {
        var curves = LearningCurves.Of(Key.Of(2), 300, 40);
        var noise = (curves.Noisy - curves.Clean).Evaluate().ToArray<float>();
        var deviations = noise.Chunk(40).Select(c => Math.Sqrt(c.Average(x => (double)x * x))).Order().ToArray();
        Assert.InRange(Math.Log(deviations[150]), -4.2, -3.8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_family_has_curves_that_rise(string name)
    {
        var family = LearningCurveFamily.All.Single(f => f.Name == name);
        Assert.All(LearningCurves.Of(Key.Of(3), 5, 20, [family]).Clean.ToArray<float>(), y => Assert.InRange(y, 0, 1));
    }

    [Fact]
    public void Families_that_never_rise_are_reported() =>
        Assert.Throws<ArgumentException>(() => LearningCurves.Of(Key.Of(4), 1, 5, [new("falling", _ => x => 1 / x)]));
}
