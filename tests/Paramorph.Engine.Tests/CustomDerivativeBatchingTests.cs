namespace Paramorph.Tests;

public class CustomDerivativeBatchingTests
{
    private static readonly Tensor Many = Tensor.From(new double[,] { { 0.3, -1.2 }, { 0.7, 0.1 }, { -0.9, 0.2 } });
    private static readonly Tensor Shared = Tensor.From(0.5, -0.4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_shared_input_gets_the_derivative_of_the_whole_batch(bool isReverse)
    {
        Tensor Total(Tensor shared) => Vmap.Of(x => Custom(isReverse, shared, x), Many).Sum();
        Expect.Close(Many.Sum(0) * 3.0, Gradient.Of(Shared, Total), 1e-14);
        Expect.Close(Many.Sum(0).Dot(Shared) * 3.0, Jvp.Of(Shared, Shared, Total).Tangent, 1e-14);
        Expect.Close(Shared * 3.0, Vmap.Of(x => Gradient.Of(x, y => Custom(isReverse, Shared, y)), Many)[1], 1e-14);
    }

    [Fact]
    public void Constants_of_the_function_are_no_obstacle()
    {
        var tripled = Vmap.Of(x => CustomDerivative.OfTangents<Tensor, Tensor>(x, y => y.Dot(Tensor.Eye(2, ElementType.Float64) * 3.0), (_, _, d) => d), Many);
        Expect.Close(Many * 3.0, tripled, 1e-15);
    }

    /// <summary>The inner product, with three times its derivative so that it is told from the true one.</summary>
    private static Tensor Custom(bool isReverse, Tensor a, Tensor b)
    {
        TreePair<Tensor, Tensor> inputs = new(a, b);
        return isReverse
            ? CustomDerivative.OfCotangents<TreePair<Tensor, Tensor>, Tensor>(inputs, p => p.Item1.Dot(p.Item2), (p, _, c) => new(p.Item2 * c * 3.0, p.Item1 * c * 3.0))
            : CustomDerivative.OfTangents<TreePair<Tensor, Tensor>, Tensor>(
                inputs, p => p.Item1.Dot(p.Item2), (p, _, d) => (d.Item1.Dot(p.Item2) + p.Item1.Dot(d.Item2)) * 3.0);
    }
}
