using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class WideNetworkTests
{
    private static readonly Tensor X = Sample.Normal(Key.Of(1), [3, 4], ElementType.Float64).Evaluate();

    [Fact]
    public void A_linear_network_multiplies_variances()
    {
        var network = new WideNetwork(DualActivation.Of(u => u, 2), 2) { InputVariance = 1.5, WeightVariance = 0.5, BiasVariance = 0.1 };
        var input = (1.5 / 4 * Tensor.MatMul(X, X.T) + 0.1).ToDoubles();
        // c₂ = 0.5 c₁ + 0.1 twice; the gradient by each layer is a kernel of its inputs times the variances above it.
        double[] covariances = [.. input.Select(c => 0.25 * c + 0.15)];
        double[] tangents = [.. input.Select(c => 0.25 * c + 0.5 * (0.5 * c + 0.1) + 0.25 * c + 0.15)];
        Numbers.Close(covariances, network.Covariance(X, X).ToDoubles(), 1e-10);
        Numbers.Close(tangents, network.Tangent(X, X).ToDoubles(), 1e-10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kernels_are_means_over_networks_drawn(bool isErf)
    {
        const int Width = 256, Draws = 60;
        var dual = isErf ? DualActivation.Erf : DualActivation.Of(Tensor.Tanh);
        var wide = new WideNetwork(dual, 2) { InputVariance = 1.2, WeightVariance = 1.7, BiasVariance = 0.2 };
        Tensor Output(Tensor[] parameters, Tensor x)
        {
            var h = x;
            for (var layer = 0; layer < 3; layer++)
            {
                if (layer > 0) h = dual.Activation(h);
                h = Math.Sqrt((layer == 0 ? 1.2 : 1.7) / h.Shape[^1]) * h.Dot(parameters[2 * layer]) + Math.Sqrt(0.2) * parameters[2 * layer + 1];
            }
            return h[.., 0];
        }
        var once = Compile.Of((Key key) =>
        {
            int[] sizes = [4, Width, Width, 1];
            Tensor[] parameters = [.. Enumerable.Range(0, 6).Select(i => Sample.Normal(key.Fold(i), i % 2 == 0 ? [sizes[i / 2], sizes[i / 2 + 1]] : [sizes[i / 2 + 1]], ElementType.Float64))];
            var output = Output(parameters, X);
            var products = Tensor.Zeros([3, 3], ElementType.Float64);
            for (var p = 0; p < 6; p++)
            {
                Tensor[] gradients = [.. Enumerable.Range(0, 3).Select(row => Gradient.Of(parameters[p], value => Output([.. parameters[..p], value, .. parameters[(p + 1)..]], X[row..(row + 1)])[0]).Flatten())];
                var rows = Tensor.Stack(gradients);
                products += Tensor.MatMul(rows, rows.T);
            }
            return (output.ExpandDims(-1) * output, products);
        });
        var (covariance, tangent) = (new double[9], new double[9]);
        for (var draw = 0; draw < Draws; draw++)
        {
            var (c, t) = once(Key.Of(draw));
            var (products, gradients) = (c.ToDoubles(), t.ToDoubles());
            for (var i = 0; i < 9; i++) (covariance[i], tangent[i]) = (covariance[i] + products[i] / Draws, tangent[i] + gradients[i] / Draws);
        }
        Numbers.Close(wide.Tangent(X, X).ToDoubles(), tangent, 0.12);
        // A draw has one output: its square has a deviation of √2 of its mean.
        Numbers.Close(wide.Covariance(X, X).ToDoubles(), covariance, 0.6);
    }

    [Fact]
    public void Networks_of_the_rectifier_keep_the_length_of_inputs_under_Hes_initialisation()
    {
        var network = new WideNetwork(DualActivation.Relu, 30) { WeightVariance = 2 };
        var (before, after) = ((Tensor.Square(X).Sum(-1) / 4).ToDoubles(), LinearAlgebra.Diagonal(network.Covariance(X, X)).ToDoubles());
        Numbers.Close(before, after, 1e-10);
    }
}
