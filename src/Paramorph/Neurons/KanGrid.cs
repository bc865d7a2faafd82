using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// Other grids for the functions of Kolmogorov-Arnold layers, whose coefficients are fitted anew so that the functions stay: a network learns on a coarse grid and goes on learning on finer ones.
/// (Liu et al., "KAN: Kolmogorov-Arnold Networks", 2024, section 2.4 and Eq. 2.16.)
/// </summary>
public static class KanGrid
{
    /// <summary>A layer on a grid that divides each interval into so many: the same function, unless the family is of Gaussians, of which it is the nearest.</summary>
    /// <param name="layer">The layer, dense or convolutional.</param>
    /// <param name="factor">Intervals of an old one, 1 or more.</param>
    public static KanLayer Refined(KanLayer layer, int factor) => layer with { Groups = [.. layer.Groups.Select(group => Refined(group, factor))] };

    /// <summary>A network all of whose Kolmogorov-Arnold layers are refined.</summary>
    /// <inheritdoc cref="Refined(KanLayer, int)"/>
    public static Sequential Refined(Sequential network, int factor) => new([.. network.Layers.Select(layer => layer is KanLayer kan ? Refined(kan, factor) : layer)]);

    /// <summary>
    /// A dense layer each of whose inputs has a grid of its own: from the least to the greatest of its samples, in between where samples are, so that each interval has some. Coefficients are those of
    /// the nearest functions at the samples, by least squares.
    /// </summary>
    /// <param name="layer">The layer; its families may be any.</param>
    /// <param name="samples">What enters it: [n, inputs].</param>
    /// <param name="intervals">Intervals of a grid, 1 or more.</param>
    /// <param name="evenness">From 0, knots at quantiles of the samples, to 1, equal intervals.</param>
    /// <exception cref="ShapeException">The layer is a convolution, or the samples do not enter it.</exception>
    public static KanLayer Fitted(KanLayer layer, Tensor samples, int intervals, double evenness = 0.05)
    {
        if (layer.Base.Rank != 2 || samples.Rank != 2 || samples.Shape[1] != layer.Base.Shape[0] || intervals < 1)
            throw new ShapeException($"kan grid: {intervals} intervals for samples {samples.Type} do not fit a layer with weights {layer.Base.Type}: there is at least one, and samples are [n, inputs] of a dense layer.");
        var places = (layer.IsSquashed ? Tensor.Tanh(samples) : samples).AsType(ElementType.Float64).Evaluate();
        return layer with { Groups = [.. Enumerable.Range(0, layer.Base.Shape[0]).Select(input => Fitted(layer, input, places[.., input].Evaluate(), intervals, evenness))] };
    }

    /// <summary>A network whose Kolmogorov-Arnold layers are fitted to what enters each of them when samples enter the first.</summary>
    /// <inheritdoc cref="Fitted(KanLayer, Tensor, int, double)"/>
    public static Sequential Fitted(Sequential network, Tensor samples, int intervals, double evenness = 0.05)
    {
        var layers = new List<ILayer>();
        foreach (var layer in network.Layers)
        {
            layers.Add(layer is KanLayer kan ? Fitted(kan, samples, intervals, evenness) : layer);
            samples = layers[^1].Call(samples).Evaluate();
        }
        return new([.. layers]);
    }

    /// <summary>A dense network of cubic splines on equal grids, in f64.</summary>
    /// <param name="key">Draws the network, each layer from a part of its own.</param>
    /// <param name="sizes">Inputs, hidden nodes and outputs: <c>[2, 5, 1]</c>.</param>
    /// <param name="intervals">Intervals of a grid.</param>
    public static Sequential Create(Key key, IReadOnlyList<int> sizes, int intervals) => new([.. Enumerable.Range(0, sizes.Count - 1).Select(layer =>
        KanLayer.Create(key.Fold(layer), UnivariateBasis.BSplines(intervals + 3), sizes[layer], sizes[layer + 1], type: ElementType.Float64))]);

    /// <summary>The numbers of a dense network: of each edge its base and its coefficients.</summary>
    /// <param name="sizes">Inputs, hidden nodes and outputs.</param>
    /// <param name="intervals">Intervals of a grid.</param>
    public static int Parameters(IReadOnlyList<int> sizes, int intervals) => sizes.Zip(sizes.Skip(1)).Sum(pair => pair.First * pair.Second * (intervals + 4));

    /// <summary>A network that learns on one grid after the other, each time from the functions that it learned before.</summary>
    /// <param name="network">The network before; its layers are dense.</param>
    /// <param name="samples">What enters it: [n, inputs].</param>
    /// <param name="grids">Intervals of each grid, the coarsest first.</param>
    /// <param name="learn">From the network on a new grid to one that has learned there.</param>
    /// <returns>The network behind each grid, as it is asked for.</returns>
    public static IEnumerable<Sequential> Grown(Sequential network, Tensor samples, IEnumerable<int> grids, Func<Sequential, Sequential> learn)
    {
        foreach (var intervals in grids) yield return network = learn(Fitted(network, samples, intervals));
    }

    private static KanGroup Refined(KanGroup group, int factor)
    {
        var (finer, places) = (group.Basis.Refined(factor), group.Basis.Places());
        var coefficients = group.Coefficients.MoveAxis(1, 0);
        var old = group.Basis.Values(places).Dot(coefficients.AsType(ElementType.Float64)).Flatten(1);
        var fitted = LinearAlgebra.LeastSquares(finer.Values(places), old).Reshape([-1, .. coefficients.Shape.Sizes[1..]]);
        return group with { Basis = finer, Coefficients = fitted.MoveAxis(0, 1).AsType(group.Coefficients.ElementType).Evaluate() };
    }

    private static KanGroup Fitted(KanLayer layer, int input, Tensor places, int intervals, double evenness)
    {
        const int Degree = 3;
        var basis = UnivariateBasis.BSplines([.. Knots(places.ToDoubles(), intervals, evenness, Degree)], Degree);
        var own = layer.Groups.Where(group => group.Nodes.Contains(input)).Select(group =>
            group.Basis.Values(places).Dot(group.Coefficients[group.Nodes.Index().First(node => node.Item == input).Index].AsType(ElementType.Float64)));
        var fitted = LinearAlgebra.LeastSquares(basis.Values(places), own.Aggregate((sum, part) => sum + part), 1e-9);
        return new(basis, [input], fitted.ExpandDims(0).AsType(layer.Base.ElementType).Evaluate());
    }

    private static double[] Knots(double[] samples, int intervals, double evenness, int degree)
    {
        Array.Sort(samples);
        var (low, high) = (samples[0], samples[^1]);
        if (high <= low) (low, high) = (low - 1, low + 1);
        double Quantile(double share) => samples[(int)Math.Round(share * (samples.Length - 1))];
        var width = (high - low) / intervals;
        double[] ends = [.. Enumerable.Range(0, intervals + 1).Select(i => evenness * (low + i * width) + (1 - evenness) * Math.Clamp(Quantile((double)i / intervals), low, high))];
        (ends[0], ends[^1]) = (low, high);
        return [.. Enumerable.Range(-degree, degree).Select(i => low + i * width), .. ends, .. Enumerable.Range(1, degree).Select(i => high + i * width)];
    }
}
