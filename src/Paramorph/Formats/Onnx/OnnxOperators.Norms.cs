using Paramorph.Layers;

namespace Paramorph.Formats;

/// <content>Normalisation.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Norms => new()
    {
        ["BatchNormalization"] = BatchNormalization,
        ["GroupNormalization"] = n => [GroupNormalization(n)],
        ["Hardmax"] = n => [OverAxis(n, (x, axis) => Hardmax(x, axis))],
        ["InstanceNormalization"] = n => [InstanceNormalization(n)],
        ["LRN"] = n => [LocalResponse(n)],
        ["LayerNormalization"] = LayerNormalization,
        ["LogSoftmax"] = n => [OverAxis(n, (x, axis) => x.LogSoftmax(axis))],
        ["LpNormalization"] = n => [LpNormalization(n)],
        ["MeanVarianceNormalization"] = n => [MeanVariance(n)],
        ["RMSNormalization"] = n => [RootMeanSquare(n)],
        ["Softmax"] = n => [OverAxis(n, (x, axis) => x.Softmax(axis))],
    };

    /// <summary>Up to version 12 all axes from the named one on are taken together, and it is 1 by default; from 13 on it is one axis, the last by default.</summary>
    private static Tensor OverAxis(OnnxNode node, Func<Tensor, int, Tensor> function)
    {
        var x = node[0];
        if (node.Opset >= 13) return function(x, node.Axis(node.Int("axis", -1), x.Rank));
        var axis = node.Axis(node.Int("axis", 1), x.Rank);
        return function(x.ReshapeTo([x.Shape[..axis].ElementCount, x.Shape[axis..].ElementCount]), 1).ReshapeTo(x.Shape);
    }

    private static Tensor Hardmax(Tensor x, int axis) =>
        Tensor.Equal(Tensor.Iota(x.Shape, axis), x.ArgMax(axis).ExpandDims(axis)).AsType(x.ElementType);

    /// <summary>With the given statistics, or in training with those of the batch, which move the given ones.</summary>
    private static Tensor[] BatchNormalization(OnnxNode node)
    {
        var (x, rank, epsilon) = (node[0], node[0].Rank, node.Float("epsilon", 1e-5));
        var (mean, variance) = (node[3], node[4]);
        Tensor[] moved = [];
        if (node.Flag("training_mode"))
        {
            int[] axes = [.. Enumerable.Range(0, rank).Where(axis => axis != 1)];
            var share = node.Float("momentum", 0.9);
            var (ofBatch, spread) = (x.Mean(axes), x.Variance(axes));
            moved = [share * mean + (1 - share) * ofBatch, share * variance + (1 - share) * spread];
            (mean, variance) = (ofBatch, spread);
        }
        var y = (x - OfChannels(mean, rank)) * (OfChannels(node[1], rank) * Tensor.Rsqrt(OfChannels(variance, rank) + epsilon)) + OfChannels(node[2], rank);
        return [y, .. moved];
    }

    private static Tensor[] LayerNormalization(OnnxNode node)
    {
        var (x, axis) = (node[0], node.Axis(node.Int("axis", -1), node[0].Rank));
        int[] axes = [.. Enumerable.Range(axis, x.Rank - axis)];
        var (mean, variance) = Moments.Of(x, axes);
        var inverse = Tensor.Rsqrt(variance + node.Float("epsilon", 1e-5));
        var y = (x - mean) * inverse * node[1];
        return [node.Optional(2) is { } offset ? y + offset : y, mean, inverse];
    }

    private static Tensor RootMeanSquare(OnnxNode node)
    {
        var (x, axis) = (node[0], node.Axis(node.Int("axis", -1), node[0].Rank));
        int[] axes = [.. Enumerable.Range(axis, x.Rank - axis)];
        var square = (x * x).Mean(axes).ReshapeTo([.. x.Shape.Sizes[..axis], .. axes.Select(_ => 1)]);
        return x * Tensor.Rsqrt(square + node.Float("epsilon", 1e-5)) * node[1];
    }

    private static Tensor InstanceNormalization(OnnxNode node) =>
        Moments.Standardise(node[0], Spatial(node[0]), node.Float("epsilon", 1e-5)) * OfChannels(node[1], node[0].Rank) + OfChannels(node[2], node[0].Rank);

    /// <summary>Scale and offset are one a group up to version 20, and one a channel from 21 on.</summary>
    private static Tensor GroupNormalization(OnnxNode node)
    {
        var (x, groups) = (node[0], node.Int("num_groups", 1));
        var grouped = x.ReshapeTo([x.Shape[0], groups, x.Shape[1] / groups, .. x.Shape.Sizes[2..]]);
        var y = Moments.Standardise(grouped, [.. Enumerable.Range(2, grouped.Rank - 2)], node.Float("epsilon", 1e-5)).ReshapeTo(x.Shape);
        Tensor OfGroups(Tensor t) => OfChannels(node.Opset < 21 ? t.Repeat(x.Shape[1] / groups, 0) : t, x.Rank);
        return y * OfGroups(node[1]) + OfGroups(node[2]);
    }

    private static Tensor LpNormalization(OnnxNode node)
    {
        var (x, axis) = (node[0], node.Axis(node.Int("axis", -1), node[0].Rank));
        return x / x.Norm(node.Int("p", 2), axis).ExpandDims(axis);
    }

    private static Tensor MeanVariance(OnnxNode node)
    {
        var x = node[0];
        var (mean, variance) = Moments.Of(x, [.. (node.Ints("axes") ?? [0, 2, 3]).Select(axis => node.Axis(axis, x.Rank))]);
        return (x - mean) / (Tensor.Sqrt(variance) + 1e-9);
    }

    /// <summary>Each element over a power of the squares in the channels around it.</summary>
    private static Tensor LocalResponse(OnnxNode node)
    {
        var (x, size) = (node[0], node.Int("size", 1));
        var squares = (x * x).MoveAxis(1, -1).SumPool([size], [1], Padding.Of(((size - 1) / 2, size / 2))).MoveAxis(-1, 1);
        return x / Tensor.Power(node.Float("bias", 1) + node.Float("alpha", 1e-4) / size * squares, node.Float("beta", 0.75));
    }
}
