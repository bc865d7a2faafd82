using static Paramorph.Bench.Workloads;

namespace Paramorph.Bench;

/// <summary>Steps of dense networks.</summary>
internal static class DenseWorkloads
{
    /// <summary>A classifier of pictures as long vectors.</summary>
    public static Workload Classifier()
    {
        var random = new Random(0);
        var parameters = Mlp(random, [784, 256, 256, 10]);
        var x = Uniform(random, [128, 784], -1.7, 1.7);
        var labels = Labels(random, 128, 10);
        return Adam("mlp_classifier", parameters, p => CrossEntropy(Forward(p, x, Tensor.Relu), labels));
    }

    /// <summary>A small perceptron on a small batch.</summary>
    public static Workload Small() => Regression("mlp_64", [16, 64, 64, 1], 32);

    /// <summary>Twelve layers of 128.</summary>
    public static Workload Deep() => Regression("deep_mlp_128", [.. Enumerable.Repeat(128, 13)], 256);

    /// <summary>128 networks 2-16-16-1, made from 8 numbers each by a network 8-64-64, on 32 points of their own.</summary>
    public static Workload Hypernetwork()
    {
        const int Networks = 128, Points = 32, Width = 16;
        var random = new Random(0);
        int[][] shapes = [[2, Width], [1, Width], [Width, Width], [1, Width], [Width, 1], [1, 1]];
        var parameters = Mlp(random, [8, 64, 64, shapes.Sum(s => s[0] * s[1])]);
        var (codes, x, y) = (Uniform(random, [Networks, 8], 0, 1), Uniform(random, [Networks, Points, 2], -1.7, 1.7), Uniform(random, [Networks, Points, 1], -1.7, 1.7));
        return Adam("hypernet_128", parameters, p =>
        {
            var (all, at) = (Forward(p, codes, Tensor.Relu), 0);
            Tensor Next(int[] shape)
            {
                var start = at;
                at += shape[0] * shape[1];
                return all[.., start..at].Reshape(Networks, shape[0], shape[1]);
            }
            var h = x;
            for (var i = 0; i < shapes.Length; i += 2)
            {
                h = Tensor.MatMul(h, Next(shapes[i])) + Next(shapes[i + 1]);
                if (i + 2 < shapes.Length) h = Tensor.Tanh(h);
            }
            return Tensor.Square(h - y).Mean();
        });
    }

    private static Workload Regression(string name, int[] sizes, int examples)
    {
        var random = new Random(0);
        var parameters = Mlp(random, sizes);
        var (x, y) = (Uniform(random, [examples, sizes[0]], -1.7, 1.7), Uniform(random, [examples, sizes[^1]], -1.7, 1.7));
        return Adam(name, parameters, p => Tensor.Square(Forward(p, x, Tensor.Relu) - y).Mean());
    }
}
