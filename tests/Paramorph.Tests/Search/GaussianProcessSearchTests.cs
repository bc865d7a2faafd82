using Paramorph.Search;

namespace Paramorph.Tests.Search;

public sealed class GaussianProcessSearchTests
{
    [Fact]
    public void Values_that_are_all_equal_say_that_far_places_are_unknown()
    {
        var search = new GaussianProcessSearch(1, 4);
        search.Tell(Tensor.From(0.5, 0.6).Reshape(2, 1), Tensor.From(3.0, 3.0));
        var at = Tensor.From(0.55, 5.0).Reshape(2, 1);
        Assert.All(search.Posterior(at).Mean.ToDoubles(), mean => Assert.Equal(3, mean, 1e-9));
        Assert.All((IEnumerable<Tensor>)[search.UpperBound(at, 2), search.ExpectedImprovement(at)], bound => Assert.True(bound[1].Item() > bound[0].Item() + 1e-3));
    }
}
