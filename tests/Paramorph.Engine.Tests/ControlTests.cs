namespace Paramorph.Tests;

public class ControlTests
{
    private static readonly Tensor Sequence = Tensor.From(0.1, 0.2, 0.3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Derivatives_of_a_scan_are_those_of_the_unrolled_loop(bool rematerialise)
    {
        Tensor Looped(Tensor w)
        {
            var (carry, squares) = Control.Scan<Tensor, Tensor, Tensor>(
                (c, x) => Tensor.Tanh(c * w + x) is var next ? (next, next * next) : default, Tensor.Scalar(0.5), Sequence, rematerialise: rematerialise);
            return carry + squares.Sum();
        }
        var w = Tensor.Scalar(0.7);
        Assert.Equal(Gradient.Of(w, Unrolled).Item(), Gradient.Of(w, Looped).Item(), 1e-12);
        Assert.Equal(Hessian.Of(w, Unrolled).Item(), Hessian.Of(w, Looped).Item(), 1e-12);
        Assert.Equal(Jvp.Of(w, 1.0, Unrolled).Tangent.Item(), Jvp.Of(w, 1.0, Looped).Tangent.Item(), 1e-12);
        var many = Tensor.From(0.1, 0.9);
        Expect.Close(Tensor.Stack([Gradient.Of(many[0], Unrolled), Gradient.Of(many[1], Unrolled)]), Vmap.Of(v => Gradient.Of(v, Looped), many), 1e-12);
    }

    private static Tensor Unrolled(Tensor w)
    {
        Tensor carry = Tensor.Scalar(0.5), sum = Tensor.Scalar(0.0);
        for (var i = 0; i < 3; i++)
        {
            carry = Tensor.Tanh(carry * w + Sequence[i]);
            sum += carry * carry;
        }
        return carry + sum;
    }
}
