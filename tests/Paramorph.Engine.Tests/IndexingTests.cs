namespace Paramorph.Tests;

/// <summary>Indexing against a plain-loop emulation of NumPy (of PyTorch where a position stands beside integer tensors: it is taken first).</summary>
public class IndexingTests
{
    private static readonly Tensor X = Tensor.From<double>([.. Enumerable.Range(0, 60).Select(i => (double)i)], [3, 4, 5]);

    [Fact]
    public void Random_indices_agree_with_plain_loops()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var parts = Enumerable.Range(0, random.Next(0, 4)).Select(a => RandomPart(X.Shape[a], random)).ToList();
            Part[] index = [.. WithNewAxes(parts, random)];
            var expected = Loop(X, index, out var shape);
            var actual = X[[.. index.Select(p => p.Index)]];
            var text = string.Join(", ", index.Select(p => p.Text));
            Assert.True(shape == actual.Shape, $"seed {seed}: [{text}] has shape {actual.Shape} but should have {shape}");
            Assert.True(expected.SequenceEqual(actual.ToDoubles()), $"seed {seed}: [{text}] has other elements");
        }
    }

    [Fact]
    public void An_ellipsis_stands_for_the_axes_that_are_not_named()
    {
        Assert.Equal(X[0..3, 0..4, 2].ToDoubles(), X[TensorIndex.Ellipsis, 2].ToDoubles());
        Assert.Equal(X[1, 0..4, 2].ToDoubles(), X[1, TensorIndex.Ellipsis, 2].ToDoubles());
        Assert.Equal(X[1].ToDoubles(), X[1, TensorIndex.Ellipsis].ToDoubles());
        Assert.Equal([3, 4, 1, 5], X[TensorIndex.Ellipsis, TensorIndex.NewAxis, 0..5].Shape);
        Assert.Equal(X.Shape, X[TensorIndex.Ellipsis].Shape);
        Assert.Equal(37, X[1, TensorIndex.Ellipsis, 3, 2].Item());
    }

    [Fact]
    public void Positions_and_ranges_count_from_the_end()
    {
        Assert.Equal(59, X[-1, ^1, -1].Item());
        Assert.Equal([55.0, 56, 57], X[^1, ^1, ..^2].ToDoubles());
        Assert.Equal([0], X[0, 0, 4..2].Shape);
        Assert.Equal([2], X[0, 0, 3..100].Shape);
        Assert.Equal([4.0, 2, 0], X[0, 0, TensorIndex.Every(-2, ..)].ToDoubles());
        Assert.Equal([3.0, 1], X[0, 0, TensorIndex.Every(-2, ..4)].ToDoubles());
    }

    [Fact]
    public void Integer_tensors_of_every_type_index()
    {
        foreach (var type in new[] { ElementType.UInt8, ElementType.Int8, ElementType.Int32, ElementType.Int64 })
            Assert.Equal([40.0, 20], X[Tensor.From(2, 1).AsType(type), 0, 0].ToDoubles());
        Assert.Equal([40.0, 20], X[Tensor.From<sbyte>(-1, -2), 0, 0].ToDoubles());
    }

    [Fact]
    public void Neighbouring_integer_tensors_are_replaced_in_place_and_others_go_first()
    {
        var (rows, columns) = (Tensor.From(new[,] { { 0 }, { 1 } }), Tensor.From(0, 1, 2));
        Assert.Equal([2, 3, 5], X[rows, columns].Shape);
        Assert.Equal([3, 2, 3], X[.., rows, columns].Shape);
        Assert.Equal([2, 3, 4], X[rows, .., columns].Shape);
        Assert.Equal([2, 3, 1, 5], X[rows, columns, TensorIndex.NewAxis].Shape);
        Assert.Equal([2, 3, 1, 5], X[rows, TensorIndex.NewAxis, columns].Shape);
    }

    private static Part RandomPart(int size, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                var position = random.Next(-size, size);
                return new(position, [position < 0 ? position + size : position], true, $"{position}");
            case 1:
                int start = random.Next(0, size + 1), end = random.Next(start, size + 1);
                return new(start..end, [.. Enumerable.Range(start, end - start)], false, $"{start}..{end}");
            case 2:
                var stride = random.Next(1, 4);
                return new(TensorIndex.Every(stride, 1..), [.. Enumerable.Range(1, size - 1).Where(i => (i - 1) % stride == 0)], false, $"1..:{stride}");
            case 3:
                var back = random.Next(1, 4);
                return new(TensorIndex.Every(-back, ..^1), [.. Enumerable.Range(0, size - 1).Reverse().Where((_, i) => i % back == 0)], false, $"..^1:-{back}");
            default:
                int[] indices = [.. Enumerable.Range(0, 2).Select(_ => random.Next(-size, size))];
                return new(Tensor.From(indices), [.. indices.Select(i => i < 0 ? i + size : i)], false, $"[{string.Join(' ', indices)}]") { IsTensor = true };
        }
    }

    private static IEnumerable<Part> WithNewAxes(List<Part> parts, Random random)
    {
        foreach (var part in parts)
        {
            if (random.Next(6) == 0) yield return new(TensorIndex.NewAxis, [0], false, "new") { IsNew = true };
            yield return part;
        }
    }

    /// <summary>The elements by loops: positions first, then ranges and new axes, then integer tensors together as NumPy places them.</summary>
    private static double[] Loop(Tensor x, Part[] index, out Shape shape)
    {
        var rest = Enumerable.Range(index.Count(p => !p.IsNew), x.Rank - index.Count(p => !p.IsNew));
        Part[] all = [.. index, .. rest.Select(a => new Part(.., [.. Enumerable.Range(0, x.Shape[a])], false, ".."))];
        Part[] kept = [.. all.Where(p => !p.IsDropped)];
        int[] tensors = [.. Enumerable.Range(0, kept.Length).Where(i => kept[i].IsTensor)];
        var isTogether = tensors.Zip(tensors.Skip(1), (a, b) => b == a + 1).All(t => t);
        var place = tensors.Length == 0 ? -1 : isTogether ? tensors[0] : 0;
        // The axes of the result: one for all integer tensors together, the others in order.
        var axes = Enumerable.Range(0, kept.Length).Where(i => !kept[i].IsTensor).Select(i => (int[])[i]).ToList();
        if (place >= 0) axes.Insert(place, tensors);
        shape = [.. axes.Select(a => kept[a[0]].Positions.Length)];
        var elements = new List<double>();
        foreach (var at in Paramorph.Reference.ReferenceArray.Places(shape))
        {
            var chosen = new Dictionary<Part, int>();
            for (var a = 0; a < axes.Count; a++)
                foreach (var part in axes[a]) chosen[kept[part]] = kept[part].Positions[at[a]];
            var offset = 0;
            var strides = x.Shape.Strides();
            var axis = 0;
            foreach (var part in all)
                if (!part.IsNew) offset += strides[axis++] * (part.IsDropped ? part.Positions[0] : chosen[part]);
            elements.Add(x.ToDoubles()[offset]);
        }
        return [.. elements];
    }

    /// <summary>One part of an index with the positions along its axis that it takes.</summary>
    private sealed class Part(TensorIndex index, int[] positions, bool isDropped, string text)
    {
        public TensorIndex Index { get; } = index;

        public int[] Positions { get; } = positions;

        public bool IsDropped { get; } = isDropped;

        public string Text { get; } = text;

        public bool IsTensor { get; init; }

        public bool IsNew { get; init; }
    }
}
