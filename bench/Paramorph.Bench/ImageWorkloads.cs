using static Paramorph.Bench.Workloads;

namespace Paramorph.Bench;

/// <summary>Steps of convolutional networks.</summary>
internal static class ImageWorkloads
{
    /// <summary>Three convolutions with batch norm, two poolings.</summary>
    public static Workload Cnn() => Adam("cnn", Classifier(new Random(0), 64, 32, [(3, 32, false), (32, 32, true), (32, 64, true)], true, out var loss), loss);

    /// <summary>Three convolutions of few channels on small pictures.</summary>
    public static Workload Small() => Adam("cnn_small", SmallNetwork(new Random(0), out var loss), loss);

    /// <summary>Twenty of the small networks, each with first weights of its own, on the same pictures under one <c>Vmap</c>.</summary>
    public static Workload SmallTwenty()
    {
        const int Networks = 20;
        var one = SmallNetwork(new Random(0), out var loss);
        var random = new Random(1);
        TreeList<Tensor> all = [.. one.Select(t => (Uniform(random, [Networks, .. t.Shape], -0.02, 0.02) + t).Evaluate())];
        return Adam("cnn_small_20", all, p => Vmap.Of(loss, p).Sum());
    }

    /// <summary>Two residual blocks of a depthwise and two pointwise convolutions, with batch norm.</summary>
    public static Workload Depthwise()
    {
        const int Channels = 96;
        var random = new Random(0);
        var parameters = new List<Tensor>();
        for (var block = 0; block < 2; block++)
        {
            foreach (var (from, to, size) in new[] { (1, Channels, 3), (Channels, 2 * Channels, 1), (2 * Channels, Channels, 1) })
                parameters.AddRange([Kernel(random, from, to, size), .. Norm(to)]);
        }
        parameters.AddRange(Mlp(random, [Channels, 10]));
        var (x, labels) = (Uniform(random, [16, Channels, 14, 14], -1.7, 1.7), Labels(random, 16, 10));
        return Adam("depthwise_96", (TreeList<Tensor>)[.. parameters], p =>
        {
            var h = x;
            for (var block = 0; block < 2; block++)
            {
                var first = 9 * block;
                var inner = Tensor.Relu(Normed(Tensor.Convolve(h, p[first], new() { Padding = 1, Groups = Channels }), p[first + 1], p[first + 2]));
                inner = Tensor.Relu(Normed(Tensor.Convolve(inner, p[first + 3]), p[first + 4], p[first + 5]));
                h = Tensor.Relu(h + Normed(Tensor.Convolve(inner, p[first + 6]), p[first + 7], p[first + 8]));
            }
            return CrossEntropy(h.Mean(2, 3).Dot(p[^2]) + p[^1], labels);
        });
    }

    private static TreeList<Tensor> SmallNetwork(Random random, out Func<TreeList<Tensor>, Tensor> loss) =>
        Classifier(random, 32, 12, [(1, 16, true), (16, 32, true), (32, 32, false)], false, out loss);

    /// <summary>
    /// The parameters and the loss of convolutions of 3 x 3 and an affine map to ten classes; each convolution says its channels and whether a pooling follows.
    /// </summary>
    private static TreeList<Tensor> Classifier(
        Random random, int batch, int size, (int From, int To, bool Pools)[] layers, bool hasNorm, out Func<TreeList<Tensor>, Tensor> loss)
    {
        var parameters = new List<Tensor>();
        var each = hasNorm ? 4 : 2;
        foreach (var (from, to, _) in layers)
        {
            var bound = 1 / Math.Sqrt(9.0 * from);
            parameters.AddRange([Kernel(random, from, to, 3), Uniform(random, [to], -bound, bound)]);
            if (hasNorm) parameters.AddRange(Norm(to));
        }
        var last = size >> layers.Count(l => l.Pools);
        parameters.AddRange(Mlp(random, [layers[^1].To * last * last, 10]));
        var (x, labels) = (Uniform(random, [batch, layers[0].From, size, size], -1.7, 1.7), Labels(random, batch, 10));
        loss = p =>
        {
            var h = x;
            for (var i = 0; i < layers.Length; i++)
            {
                h = Tensor.Convolve(h, p[each * i], new() { Padding = 1 }) + p[each * i + 1].Reshape(-1, 1, 1);
                h = Tensor.Relu(hasNorm ? Normed(h, p[each * i + 2], p[each * i + 3]) : h);
                if (layers[i].Pools) h = h.MaxPool([2, 2]);
            }
            return CrossEntropy(h.Flatten(1).Dot(p[^2]) + p[^1], labels);
        };
        return [.. parameters];
    }

    /// <summary>A kernel that sees so many channels.</summary>
    private static Tensor Kernel(Random random, int from, int to, int size)
    {
        var bound = 1 / Math.Sqrt(from * size * size);
        return Uniform(random, [to, from, size, size], -bound, bound);
    }

    private static Tensor[] Norm(int channels) => [Tensor.Ones([channels]).Evaluate(), Tensor.Zeros([channels]).Evaluate()];

    /// <summary>Batch norm in training.</summary>
    private static Tensor Normed(Tensor h, Tensor scale, Tensor offset)
    {
        var mean = h.Mean(0, 2, 3).Reshape(-1, 1, 1);
        var variance = Tensor.Square(h - mean).Mean(0, 2, 3).Reshape(-1, 1, 1);
        return (h - mean) * Tensor.Rsqrt(variance + 1e-5) * scale.Reshape(-1, 1, 1) + offset.Reshape(-1, 1, 1);
    }
}
