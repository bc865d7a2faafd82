using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class KernelRidgeTests
{
    private static readonly Func<Tensor, Tensor, Tensor> line = DotProductKernel.Polynomial(1);

    [Fact]
    public void The_kernel_of_lines_gives_ridge_regression()
    {
        var (x, y, other) = (Normal(1, 12, 4), Normal(2, 12), Normal(3, 5, 4));
        // (1 + x·y / 4) / 2 is the product of these features.
        static Tensor Features(Tensor x) => Tensor.Concatenate([Tensor.Ones([x.Shape[0], 1], ElementType.Float64), x / 2.0], 1) / Math.Sqrt(2);
        var expected = Features(other).Dot(RidgeRegression.Weights(Features(x), y, 0.05));
        Assert.True(Tensor.Abs(KernelRidge.Fit(line, x, y, 0.05).Call(other) - expected).Max().Item() < 1e-10);
    }

    [Fact]
    public void Without_a_ridge_a_rich_kernel_passes_through_the_points()
    {
        var (x, y) = (Normal(4, 10, 3), Normal(5, 10));
        var fit = KernelRidge.Fit(DotProductKernel.NeuralTangent(2), x, y, 1e-12);
        Assert.True(Tensor.Abs(fit.Call(x) - y).Max().Item() < 1e-6);
    }

    [Fact]
    public void Points_and_targets_of_different_numbers_are_refused() =>
        Assert.Throws<ShapeException>(() => KernelRidge.Fit(line, Normal(1, 4, 2), Normal(2, 5), 1.0));

    [Fact]
    public void The_polynomial_kernel_is_a_power() =>
        Assert.Equal(Math.Pow((1 + (1 * 3 + 2 * -1) / 2.0) / 2, 3), DotProductKernel.Polynomial(3)(Tensor.From(new[,] { { 1.0, 2.0 } }), Tensor.From(new[,] { { 3.0, -1.0 } })).Item(), 12);

    [Fact]
    public void The_tangent_kernel_is_that_of_a_wide_network()
    {
        const int Width = 200_000;
        double[][] points = [[0.5, -1.2], [1.1, 0.3]];
        var random = new KeyRandom(Key.Of(6));
        // f(x) = sqrt(2 / width) sum a relu(w·x / sqrt(d) + b) + c, with all parameters normal: products of its gradients.
        var products = new double[3];
        (int First, int Second)[] pairs = [(0, 0), (0, 1), (1, 1)];
        for (var neuron = 0; neuron < Width; neuron++)
        {
            var (w0, w1, b, a) = (random.Normal(), random.Normal(), random.Normal(), random.Normal());
            double[] sums = [.. points.Select(x => (w0 * x[0] + w1 * x[1]) / Math.Sqrt(2) + b)];
            for (var k = 0; k < pairs.Length; k++)
            {
                var (i, j) = pairs[k];
                if (sums[i] <= 0 || sums[j] <= 0) continue;
                products[k] += 2.0 / Width * (sums[i] * sums[j] + a * a * ((points[i][0] * points[j][0] + points[i][1] * points[j][1]) / 2 + 1));
            }
        }
        var x = Tensor.From(new[,] { { 0.5, -1.2 }, { 1.1, 0.3 } });
        var kernel = DotProductKernel.NeuralTangent(1)(x, x).ToArray<double>();
        Assert.Equal((products[0] + 1) / 2, kernel[0], 0.02);
        Assert.Equal((products[1] + 1) / 2, kernel[1], 0.02);
        Assert.Equal((products[2] + 1) / 2, kernel[3], 0.02);
    }

    private static Tensor Normal(int seed, params int[] sizes) => Sample.Normal(Key.Of(seed), [.. sizes], ElementType.Float64);

    [Fact]
    public void A_row_left_out_is_foretold_as_without_it_and_without_its_part_of_the_offset()
    {
        var (x, y, noise) = (Normal(7, 9, 2), Normal(8, 9).ExpandDims(1).Evaluate(), Tensor.Scalar(0.3));
        KernelRidge Fitted(Tensor x, Tensor y) => KernelRidge.Solved(new(x, Tensor.ZerosLike(y), StationaryKernel.SquaredExponential, Tensor.Zeros([1], ElementType.Float64)), y, noise);
        var left = Fitted(x, y).LeaveOneOut(y, noise);
        Assert.Equal(Fitted(x[1..], y[1..]).Call(x[..1]).Item(), left[0, 0].Item(), 10);
        Assert.Equal(Fitted(x[..8], y[..8]).Call(x[8..]).Item(), left[8, 0].Item(), 10);
    }
}
