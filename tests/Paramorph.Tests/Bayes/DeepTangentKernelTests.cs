using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class DeepTangentKernelTests
{
    private static readonly Tensor Cosines = Tensor.From(0.2, 0.7, 0.95, 0.9999);

    [Fact]
    public void It_is_the_tangent_kernel_of_the_wide_network()
    {
        // Unit variances: h₁ = z, h₂ = (z² - 1) / √2, h₃ = (z³ - 3 z) / √6.
        var dual = DualActivation.Of(z => Math.Sqrt(0.5) * z + Math.Sqrt(0.3 / 2) * (z * z - 1.0) + Math.Sqrt(0.2 / 6) * (z * z * z - 3.0 * z), 8);
        var wide = new WideNetwork(dual, 4);
        foreach (var cosine in Cosines.ToDoubles())
        {
            var (x, y) = (Tensor.From(new[,] { { Math.Sqrt(2), 0 } }), Tensor.From(new[,] { { Math.Sqrt(2) * cosine, Math.Sqrt(2 * (1 - cosine * cosine)) } }));
            Assert.Equal(Math.Log(wide.Tangent(x, y).Item()), new DeepTangentKernel(4, 0, 0.5, 0.3, 0.2).Log(Tensor.From(cosine)).Item(), 9);
        }
        Assert.Equal(Math.Log(wide.Tangent(Tensor.From(new[,] { { 1.0, 1.0 } }), Tensor.From(new[,] { { 1.0, 1.0 } })).Item()), new DeepTangentKernel(4, 0, 0.5, 0.3, 0.2).LogDiagonal, 9);
    }

    [Fact]
    public void Scores_are_those_of_the_wide_network_but_for_factors_of_points()
    {
        var dual = DualActivation.Of(z => Math.Sqrt(0.5) * z + Math.Sqrt(0.3 / 2) * (z * z - 1.0) + Math.Sqrt(0.2 / 6) * (z * z * z - 3.0 * z), 8);
        static Tensor OnCircle(params double[] angles) => Tensor.From<double>([.. angles.SelectMany(angle => (double[])[Math.Cos(angle), Math.Sin(angle)])], [angles.Length, 2]);
        var (points, labels, asked) = (OnCircle(0.1, 0.4, 0.9, 1.4), Tensor.From(-1.0, 1, 1, -1), OnCircle(0.2, 0.6, 1.3));
        var kernel = new DeepTangentKernel(2, 0, 0.5, 0.3, 0.2);
        var answers = KernelRidge.Fit(new WideNetwork(dual, 2).Tangent, Math.Sqrt(2) * points, labels, Tensor.Scalar(1e-14)).Call(Math.Sqrt(2) * asked).ToDoubles();
        var highest = kernel.Log(Tensor.MatMul(asked, points.T)).Max(-1).ToDoubles();
        double[] expected = [.. answers.Zip(highest, (answer, log) => answer / Math.Exp(log - kernel.LogDiagonal))];
        Numbers.Close(expected, kernel.Scores(points, labels, asked).ToDoubles(), 1e-6);
    }

    [Fact]
    public void Squares_alone_square_the_cosine_in_every_layer()
    {
        // Σ = c^(2^L), and each of the L + 1 terms of the tangent kernel is 2^l of it.
        var kernel = new DeepTangentKernel(200, 0, 0, 1).Log(Cosines).ToDoubles();
        Assert.All(kernel.Zip(Cosines.ToDoubles()), pair => Assert.Equal(1, pair.First / (Math.Pow(2, 200) * Math.Log(pair.Second)), 12));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_singularity_has_the_order_asked_for(int order)
    {
        var kernel = DeepTangentKernel.Singular(200, order);
        Assert.Equal(order, kernel.Order, 12);
        // Twelve doublings of the squared distance, over which what is periodic in its logarithm is whole.
        var squares = new[] { 1e-6, 1e-6 * Math.Pow(2, 12) };
        double Power(DeepTangentKernel kernel)
        {
            var logs = kernel.Log(Tensor.From([.. squares.Select(square => 1 - square / 2)])).ToDoubles();
            return 2 * (logs[1] - logs[0]) / (12 * Math.Log(2));
        }
        Assert.Equal(-order, Power(DeepTangentKernel.Singular(1_000_000_000, order)), 0.02);
        Assert.Equal(-order - 2, Power(kernel), 0.05);
    }

    [Fact]
    public void What_is_known_of_further_layers_is_what_they_compute()
    {
        // 200 layers are computed up to where only the linear part acts; 40 of them one by one as well.
        static double[] Direct(int layers)
        {
            double[] kernel = Cosines.ToDoubles();
            double[] tangent = Cosines.ToDoubles();
            for (var layer = 0; layer < layers; layer++)
            {
                for (var i = 0; i < kernel.Length; i++)
                {
                    var c = kernel[i];
                    kernel[i] = 0.125 * c + 0.75 * c * c + 0.125 * c * c * c;
                    tangent[i] = kernel[i] + tangent[i] * (0.125 + 1.5 * c + 0.375 * c * c);
                }
            }
            return tangent;
        }
        var kernel = DeepTangentKernel.Singular(200, 6);
        Assert.All(kernel.Log(Cosines).ToDoubles().Zip(Direct(200)), pair => Assert.Equal(Math.Log(pair.Second), pair.First, 8));
        Assert.Equal(Math.Log((Math.Pow(2, 201) - 1) / (2 - 1)), kernel.LogDiagonal, 10);
    }

    [Fact]
    public void Squares_that_are_no_shares_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DeepTangentKernel(3, 0, 0.5));
        Assert.Throws<ArgumentException>(() => new DeepTangentKernel(3, 1));
    }
}
