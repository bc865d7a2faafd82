using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class EnsembleSamplerTests
{
    private static readonly Tensor mean = Tensor.From(1.0, -2.0, 0.5);

    private static readonly Tensor factor = Tensor.From(new[,] { { 2.0, 0, 0 }, { 1.0, 0.5, 0 }, { -0.3, 0.1, 0.2 } });

    [Fact]
    public void A_normal_distribution_is_recovered()
    {
        var run = Compile.Of((Key key) =>
        {
            var sampler = new EnsembleSampler(x => -0.5 * Tensor.Square(LinearAlgebra.TriangularSolve(factor, (x - mean).Reshape(-1, 3).T)).Sum(0).ReshapeTo([.. x.Shape[..^1]]));
            return sampler.Run(key.Fold(0), Sample.Normal(key.Fold(1), [2, 40, 3], ElementType.Float64), burnIn: 300, kept: 600, thinning: 4);
        });
        var (positions, acceptance) = run(Key.Of(1));
        Assert.InRange(acceptance.Item(), 0.4, 0.8);
        // Two ensembles, each on its own.
        for (var ensemble = 0; ensemble < 2; ensemble++)
        {
            var x = positions[.., ensemble].Reshape(-1, 3);
            var centred = x - x.Mean(0);
            var (covariance, expected) = (centred.T.Dot(centred) / (double)x.Shape[0], factor.Dot(factor.T));
            Assert.True(Tensor.Abs(x.Mean(0) - mean).Max().Item() < 0.15);
            Assert.True(Tensor.Abs(covariance - expected).Max().Item() < 0.4);
        }
    }

    [Fact]
    public void Walkers_stay_where_the_density_is_not_zero()
    {
        var run = Compile.Of((Key key) =>
            new EnsembleSampler(x => Tensor.Log(x[TensorIndex.Ellipsis, 0]) - x.Sum(-1) + Tensor.Log(Tensor.Where(x[TensorIndex.Ellipsis, 1] > 0.0, Tensor.OnesLike(x.Sum(-1)), 0.0)))
                .Run(key.Fold(0), Sample.Uniform(key.Fold(1), [20, 2], type: ElementType.Float64), 50, 100, 1).Positions);
        Assert.True(run(Key.Of(2)).Min().Item() > 0);
    }

    [Fact]
    public void An_affine_map_of_the_space_maps_the_chain()
    {
        static Tensor Log(Tensor x) => -Tensor.Square(x).Sum(-1) - Tensor.Square(Tensor.Square(x)).Sum(-1);
        var map = Tensor.From(new[,] { { 3.0, 1.0 }, { 0.5, -2.0 } });
        var start = Sample.Normal(Key.Of(3), [8, 2], ElementType.Float64);
        var plain = new EnsembleSampler(Log).Run(Key.Of(4), start, 0, 5, 1).Positions;
        var mapped = new EnsembleSampler(x => Log(x.Dot(LinearAlgebra.Inverse(map)))).Run(Key.Of(4), start.Dot(map), 0, 5, 1).Positions;
        Assert.True(Tensor.Abs(plain.Dot(map) - mapped).Max().Item() < 1e-9);
    }

    [Fact]
    public void An_odd_number_of_walkers_is_refused() => Assert.Throws<ShapeException>(() => new EnsembleSampler(x => x.Sum(-1)).Start(Tensor.Zeros([5, 2])));
}
