namespace Paramorph.Tests.Operations;

public class EinsumTests
{
    [Theory]
    [InlineData("ij;jk->ik", "einsum: \"ij;jk->ik\" names 1 operands but 2 are given.")]
    [InlineData("ij,j1->i", "einsum: \"ij,j1->i\" cannot be read at position 4, '1': labels are letters, operands are separated by commas, and -> comes before the result.")]
    [InlineData("i..j,jk->ik", "einsum: \"i..j,jk->ik\" cannot be read at position 1, '.': an ellipsis is three dots, once an operand.")]
    [InlineData("ij,jk->i>k", "einsum: \"ij,jk->i>k\" cannot be read at position 8, '>': labels are letters, operands are separated by commas, and -> comes before the result.")]
    [InlineData("ij,jk->ii", "einsum: in \"ij,jk->ii\" the result names label 'i' twice: each of its axes has a label of its own.")]
    [InlineData("ij,jk->iz", "einsum: in \"ij,jk->iz\" the result names label 'z', at position 8, which no operand has.")]
    [InlineData("ijk,jk->i", "einsum: operand 0 of \"ijk,jk->i\" has shape [2, 3], which does not have one axis for each label.")]
    [InlineData("i,jk->i", "einsum: operand 0 of \"i,jk->i\" has shape [2, 3], which does not have one axis for each label.")]
    [InlineData("ij,ik->i", "einsum: in \"ij,ik->i\" label 'i' has size 2 and, in operand 1 of shape [3, 4], 3.")]
    public void What_cannot_be_read_or_does_not_fit_is_told_in_a_sentence(string equation, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => Einsum.Of(equation, Tensor.Zeros([2, 3]), Tensor.Zeros([3, 4]))).Message);

    [Fact]
    public void A_chain_is_contracted_in_the_cheap_order()
    {
        // From the right everything is a product of a matrix and a vector.
        var (a, b, v) = (Tensor.Ones([30, 30]), Tensor.Ones([30, 30]), Tensor.Ones([30]));

        var computation = Computation.Trace("chain", x => [Einsum.Of("ij,jk,k->i", x)], [a.Type, b.Type, v.Type]);

        Assert.Equal(2 * 2 * 900, computation.Cost.Flops);
    }

    [Fact]
    public void An_empty_sum_is_zero() => Expect.Close(Tensor.Zeros([2, 4]), Einsum.Of("ij,jk->ik", Tensor.Zeros([2, 0]), Tensor.Zeros([0, 4])), 0);

    [Fact]
    public void Axes_of_size_one_under_an_ellipsis_broadcast()
    {
        var (a, b) = (Tensor.Ones([1, 5, 2]), Tensor.Ones([4, 1, 2]));

        Expect.Close(Tensor.Full([4, 5], 2), Einsum.Of("...i,...i->...", a, b), 0);
        Expect.Close(Tensor.Ones([1, 2, 2]), Einsum.Of("...i,...j->...ij", a[.., 0], b[..1, 0]), 0);
    }
}
