using static Paramorph.Bench.Workloads;

namespace Paramorph.Bench;

/// <summary>Steps of networks on graphs.</summary>
internal static class GraphWorkloads
{
    /// <summary>Two graph convolutions on 20,000 nodes with 120,000 weighted edges.</summary>
    public static Workload Convolution()
    {
        const int Nodes = 20_000, Edges = 120_000, Features = 128, Hidden = 64, Classes = 10;
        var random = new Random(0);
        var parameters = Mlp(random, [Features, Hidden, Classes]);
        var (from, to, weights) = (Labels(random, Edges, Nodes), Labels(random, Edges, Nodes), Uniform(random, [Edges, 1], 0, 1));
        var (x, labels) = (Uniform(random, [Nodes, Features], 0, 1), Labels(random, Nodes, Classes));
        Tensor Spread(Tensor values) => Segment.Sum(values.Take(from) * weights, to, Nodes);
        return Adam("gcn_20k", parameters, p =>
        {
            var h = Tensor.Relu(Spread(x.Dot(p[0]) + p[1]));
            return CrossEntropy(Spread(h.Dot(p[2]) + p[3]), labels);
        });
    }
}
