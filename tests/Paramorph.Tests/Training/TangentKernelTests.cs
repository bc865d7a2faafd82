using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class TangentKernelTests
{
    private static readonly Tensor first = Sample.Normal(Key.Of(2), [5, 3], ElementType.Float64).Evaluate(), second = Sample.Normal(Key.Of(3), [4, 3], ElementType.Float64).Evaluate();

    [Fact]
    public void Gradients_are_those_of_each_example_alone()
    {
        var model = Network(2);
        var all = TangentKernel.Gradients(model, first, static (m, x) => m.Call(x));
        for (var i = 0; i < 5; i++)
        {
            for (var k = 0; k < 2; k++)
            {
                var alone = Gradient.Of(model, m => m.Call(first[i..(i + 1)])[0, k]);
                Tree.Zip(all, alone, (many, one) =>
                {
                    Expect.Close(one, many[i, k], 1e-12);
                    return one;
                });
            }
        }
    }

    [Fact]
    public void The_kernel_is_the_product_of_jacobians_by_central_differences()
    {
        var model = Network(1);
        var (a, b) = (Differences(model, first), Differences(model, second));
        var kernel = TangentKernel.Of(model, first, second, static (m, x) => m.Call(x).Squeeze(1));
        Assert.Equal([5, 4], kernel.Shape.Sizes.ToArray());
        Expect.Close(Tensor.MatMul(a, b.T), kernel, 1e-7);
        Expect.Close(kernel, Compile.Of((Mlp m, Tensor x, Tensor y) => TangentKernel.Of(m, x, y, static (m, x) => m.Call(x).Squeeze(1)))(model, first, second), 1e-12);
    }

    [Fact]
    public void Gradients_of_dense_weights_are_not_written_down()
    {
        var computation = Computation.Trace("kernel", x => [TangentKernel.Of(Network(1, 64), x[0], static (m, x) => m.Call(x).Squeeze(1))], [first.Type]);
        Assert.DoesNotContain("f64[5, 64, 64]", computation.ToString());
        Assert.DoesNotContain("f64[5, 4096]", computation.ToString());
    }

    [Fact]
    public void Several_outputs_have_the_kernel_of_their_flat_jacobian()
    {
        var model = Network(2);
        var kernel = TangentKernel.Of(model, first, static (m, x) => m.Call(x));
        Assert.Equal([5, 2, 5, 2], kernel.Shape.Sizes.ToArray());
        var jacobian = Differences(model, first);
        Expect.Close(Tensor.MatMul(jacobian, jacobian.T), kernel.Reshape(10, 10), 1e-7);
    }

    [Fact]
    public void A_weight_that_is_used_twice_has_the_sum_of_its_gradients()
    {
        var weight = Sample.Normal(Key.Of(7), [3, 3], ElementType.Float64).Evaluate();
        static Tensor Twice(Tensor w, Tensor x) => Tensor.Tanh(x.Dot(w)).Dot(w).Sum(-1);
        var jacobian = Jacobian.Reverse(weight, w => Twice(w, first)).Reshape(5, 9);
        Expect.Close(Tensor.MatMul(jacobian, jacobian.T), TangentKernel.Of(weight, first, Twice), 1e-10);
    }

    [Fact]
    public void Products_are_those_with_the_matrix()
    {
        var model = Network(2);
        var vector = Sample.Normal(Key.Of(4), [5, 2], ElementType.Float64).Evaluate();
        var expected = Tensor.MatMul(TangentKernel.Of(model, first, static (m, x) => m.Call(x)).Reshape(10, 10), vector.Reshape(10, 1)).Reshape(5, 2);
        Expect.Close(expected, TangentKernel.Product(model, first, vector, static (m, x) => m.Call(x)), 1e-10);
    }

    [Fact]
    public void The_largest_eigenvalue_is_that_of_the_matrix()
    {
        var model = Network(2);
        var (values, _) = LinearAlgebra.Eigh(TangentKernel.Of(model, first, static (m, x) => m.Call(x)).Reshape(10, 10));
        Assert.Equal(values[^1].Item(), TangentKernel.LargestEigenvalue(model, first, static (m, x) => m.Call(x), Key.Of(5), 200).Item(), 8);
    }

    [Fact]
    public void A_wide_network_has_the_kernel_of_the_limit()
    {
        const int Width = 4000;
        // sqrt(2 / width) sum a relu(x·w / sqrt(3) + b) + c with all parameters normal.
        static Tensor Call(TreePair<Linear, Linear> m, Tensor x)
        {
            var hidden = Tensor.Relu((x / Math.Sqrt(3)).Dot(m.Item1.Weight) + m.Item1.Bias!);
            return (Math.Sqrt(2.0 / Width) * hidden.Dot(m.Item2.Weight) + m.Item2.Bias!).Squeeze(1);
        }
        Linear Drawn(Key key, int from, int to) => Linear.Create(key, from, to, weight: Initialiser.Normal(1), bias: Initialiser.Normal(1), type: ElementType.Float64);
        var kernels = Enumerable.Range(0, 8).Select(seed => TangentKernel.Of(new TreePair<Linear, Linear>(Drawn(Key.Of(seed), 3, Width), Drawn(Key.Of(seed + 100), Width, 1)), first, Call).Evaluate());
        Expect.Close(2 * DotProductKernel.NeuralTangent(1)(first, first), kernels.Aggregate((sum, next) => sum + next) / 8, 0.05);
    }

    [Fact]
    public void A_function_of_the_whole_batch_is_refused() =>
        Assert.Throws<ShapeException>(() => TangentKernel.Of(Network(1), first, static (m, x) => m.Call(x).Sum()));

    private static Mlp Network(int outputs, int width = 7) => Mlp.Create(Key.Of(1), [3, width, width, outputs], Activation.Tanh, type: ElementType.Float64);

    /// <summary>The Jacobian [examples · outputs, parameters] by central differences, a parameter after the other.</summary>
    private static Tensor Differences(Mlp model, Tensor inputs)
    {
        const double Step = 1e-5;
        var leaves = Tree.Leaves(model);
        var columns = new List<Tensor>();
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            for (var i = 0; i < leaves[leaf].Count; i++)
            {
                Tensor At(double step)
                {
                    var values = leaves[leaf].ToDoubles();
                    values[i] += step;
                    Tensor[] moved = [.. leaves];
                    moved[leaf] = Tensor.From<double>(values, leaves[leaf].Shape);
                    return Tree.Rebuild(model, moved).Call(inputs).Flatten();
                }
                columns.Add((At(Step) - At(-Step)) / (2 * Step));
            }
        }
        return Tensor.Stack(columns, 1).Evaluate();
    }
}
