using Paramorph.Dynamics;

namespace Paramorph.Tests.Dynamics;

public sealed class LayerGeometryTests
{
    [Fact]
    public void A_square_is_aligned_with_itself_and_by_a_root_of_a_half_with_two_of_its_sides()
    {
        // Along the label all is parallel, each of the two features tells one half of the corners from the other, and the kernel is the sum of two orthogonal ones of equal size.
        var square = Tensor.From(new[,] { { 1f, 1f }, { 1f, -1f }, { -1f, -1f }, { -1f, 1f } });
        var geometry = LayerGeometry.Of<Tensor>((scale, conditions) => scale * conditions, [true, true, false, false])(Tensor.Scalar(3f), square);
        Assert.Equal(1, geometry.Input, 1e-6);
        Assert.Equal(Math.Sqrt(0.5), geometry.Target, 1e-6);
        Assert.Equal(1, geometry.Parallelism, 1e-6);
        Assert.Equal(1 / Math.Sqrt(3), geometry.Selectivity, 1e-6);
    }

    [Fact]
    public void What_answers_the_label_alone_is_aligned_with_it_and_not_with_a_square_of_which_it_is_a_diagonal()
    {
        var square = Tensor.From(new[,] { { 1f, 1f }, { 1f, -1f }, { -1f, -1f }, { -1f, 1f } });
        var geometry = LayerGeometry.Of<Tensor>((scale, conditions) => scale * (conditions[.., ..1] * conditions[.., 1..]), [true, false, true, false])(Tensor.Scalar(3f), square);
        Assert.Equal(1, geometry.Target, 1e-6);
        Assert.Equal(0, geometry.Input, 1e-6);
    }
}
