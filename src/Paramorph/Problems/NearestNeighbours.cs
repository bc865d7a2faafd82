namespace Paramorph.Problems;

/// <summary>The simple answer of the nearest training examples.</summary>
internal static class NearestNeighbours
{
    /// <summary>Training examples that are looked at; of more every n-th.</summary>
    private const int Most = 20_000;

    private static readonly Func<Tensor, Tensor, Tensor> Distances = Compile.Of((Tensor x, Tensor y) =>
        Tensor.Square(x).Sum(1).ExpandDims(1) + Tensor.Square(y).Sum(1) - 2.0 * Tensor.MatMul(x, y.T));

    /// <summary>The mean target of the k nearest by Euclidean distance.</summary>
    public static Func<Tensor, Tensor> Mean(Examples train, int k, ExamplesProblem problem)
    {
        var (places, targets) = (Nearest(train, k, problem), train.Targets.ToDoubles());
        var width = problem.Signature.Outputs;
        return rows =>
        {
            var near = places(rows);
            var outputs = new float[rows.Count * width];
            for (var i = 0; i < rows.Count; i++)
                for (var t = 0; t < width; t++) outputs[i * width + t] = (float)near[i].Average(place => targets[place * width + t]);
            return Tensor.From(outputs, [rows.Count, .. problem.Signature.Output]);
        };
    }

    /// <summary>The logarithm of the share of each class among the k nearest, each class with half a vote more.</summary>
    public static Func<Tensor, Tensor> Votes(Examples train, int k, ExamplesProblem problem)
    {
        var (places, labels, classes) = (Nearest(train, k, problem), train.Targets.ToArray<int>(), problem.Signature.Outputs);
        return rows =>
        {
            var near = places(rows);
            var outputs = new float[rows.Count * classes];
            for (var i = 0; i < rows.Count; i++)
                for (var c = 0; c < classes; c++)
                    outputs[i * classes + c] = (float)Math.Log((near[i].Count(place => labels[place] == c) + 0.5 / classes) / (near[i].Length + 0.5));
            return Tensor.From(outputs, [rows.Count, classes]);
        };
    }

    /// <summary>From rows to the places of the nearest among the training examples.</summary>
    private static Func<Tensor, int[][]> Nearest(Examples train, int k, ExamplesProblem problem)
    {
        var stride = (train.Count + Most - 1) / Most;
        var known = Flat(stride == 1 ? train.Inputs : train.Inputs[TensorIndex.Every(stride, ..)]).Evaluate();
        var count = Math.Min(k, known.Shape[0]);
        return rows =>
        {
            const int Chunk = 256;
            var found = new int[rows.Count][];
            var asked = rows.ToArray<int>();
            foreach (var chunk in asked.Chunk(Chunk).Index())
            {
                var distances = Distances(Flat(problem.At(Tensor.From(chunk.Item)).Inputs).Evaluate(), known).ToArray<float>();
                for (var i = 0; i < chunk.Item.Length; i++)
                {
                    var own = distances.AsSpan(i * known.Shape[0], known.Shape[0]).ToArray();
                    found[chunk.Index * Chunk + i] = [.. Enumerable.Range(0, own.Length).OrderBy(place => own[place]).Take(count).Select(place => place * stride)];
                }
            }
            return found;
        };
    }

    private static Tensor Flat(Tensor inputs) => inputs.Rank == 2 ? inputs : inputs.Reshape(inputs.Shape[0], -1);
}
