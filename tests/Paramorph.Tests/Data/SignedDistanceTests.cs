using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class SignedDistanceTests
{
    private static readonly Dictionary<string, SignedDistance> Exact = new()
    {
        ["ball"] = SignedDistance.Ball(3, 0.6),
        ["box"] = SignedDistance.Box(0.5, 0.3, 0.4),
        ["capsule"] = SignedDistance.Capsule([-0.3, 0, 0.1], [0.4, 0.2, 0], 0.2),
        ["torus"] = SignedDistance.Torus(0.5, 0.2),
        ["cylinder"] = SignedDistance.Cylinder(0.4, 0.5),
        ["moved, turned and scaled box"] = SignedDistance.Box(0.5, 0.3, 0.4).Turned(0.5, 0, 2).Scaled(0.8).Moved(0.1, 0.2, -0.1),
        ["shell"] = SignedDistance.Ball(3, 0.6).Shell(0.1),
        ["rounded rectangle"] = SignedDistance.Box(0.5, 0.3).Rounded(0.1),
    };

    public static TheoryData<string> Names => [.. Exact.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_point_on_the_surface_lies_at_the_distance_and_none_nearer(string name)
    {
        // A dense sample of the surface bounds the distance from above; its spacing bounds it from below.
        var body = Exact[name];
        Assert.True(body.IsExact);
        var d = body.Dimensions;
        var surface = DistanceSamples.NearSurface(Key.Of(1), body, 8000, deviation: 0).Points.ToArray<float>();
        var samples = DistanceSamples.Uniform(Key.Of(2), body, 40, 0.9);
        var (points, distances) = (samples.Points.ToArray<float>(), samples.Distances.ToArray<float>());
        for (var i = 0; i < 40; i++)
        {
            double Distance(int s) => Math.Sqrt(Enumerable.Range(0, d).Sum(k => Math.Pow(points[i * d + k] - surface[s * d + k], 2)));
            var nearest = Enumerable.Range(0, 8000).Min(Distance);
            Assert.InRange(nearest, Math.Abs(distances[i]) - 1e-5, Math.Abs(distances[i]) + 0.06);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_slope_of_an_exact_distance_has_length_one(string name)
    {
        var body = Exact[name];
        var random = new KeyRandom(Key.Of(3));
        var slopes = Enumerable.Range(0, 200).Select(_ =>
        {
            double[] p = [.. Enumerable.Range(0, body.Dimensions).Select(_ => random.Uniform(-0.9, 0.9))];
            return Math.Sqrt(Enumerable.Range(0, body.Dimensions).Sum(k =>
            {
                double[] ahead = [.. p], behind = [.. p];
                (ahead[k], behind[k]) = (p[k] + 1e-6, p[k] - 1e-6);
                return Math.Pow((body.At(ahead) - body.At(behind)) / 2e-6, 2);
            }));
        });
        // All but those that happen to lie on an edge of the medial axis.
        Assert.InRange(slopes.Count(s => Math.Abs(s - 1) < 1e-4), 198, 200);
    }

    [Fact]
    public void Bodies_are_joined_as_sets()
    {
        var (a, b) = (SignedDistance.Ball(2, 0.5), SignedDistance.Box(0.6, 0.2));
        var random = new KeyRandom(Key.Of(4));
        for (var i = 0; i < 500; i++)
        {
            double[] p = [random.Uniform(-1, 1), random.Uniform(-1, 1)];
            var (inA, inB) = (a.At(p) < 0, b.At(p) < 0);
            Assert.Equal(inA || inB, a.Union(b).At(p) < 0);
            Assert.Equal(inA && inB, a.Intersection(b).At(p) < 0);
            Assert.Equal(inA && !inB, a.Difference(b).At(p) < 0);
            Assert.InRange(a.SmoothUnion(b, 0.1).At(p), a.Union(b).At(p) - 0.025 - 1e-12, a.Union(b).At(p));
        }
    }

    [Fact]
    public void Noise_near_the_surface_has_its_deviation()
    {
        var samples = DistanceSamples.NearSurface(Key.Of(5), SignedDistance.HalfSpace([0, 0, 2], 0.1), 4000, 0.05);
        Assert.InRange(Math.Sqrt(samples.Distances.ToDoubles().Average(d => d * d)), 0.047, 0.053);
    }

    [Fact]
    public void Bodies_of_different_dimensions_are_not_joined() =>
        Assert.Throws<ArgumentException>(() => SignedDistance.Ball(2, 1).Union(SignedDistance.Ball(3, 1)));

    [Fact]
    public void A_surface_that_is_not_there_is_reported() =>
        Assert.Throws<ArgumentException>(() => DistanceSamples.NearSurface(Key.Of(1), new SignedDistance(2, false, _ => 1), 1));
}
