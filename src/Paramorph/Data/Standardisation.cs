namespace Paramorph.Data;

/// <summary>
/// The map of features to mean 0 and standard deviation 1, fitted to training data and applied to all data: z = (x - mean) / scale. A constant feature
/// has scale 1 and becomes 0. Applying and inverting are tensor expressions, for use within compiled functions.
/// </summary>
/// <param name="Mean">The means, of a shape that broadcasts to the data's.</param>
/// <param name="Scale">The standard deviations, of the same shape; none is 0.</param>
[Tree]
public sealed partial record Standardisation(Tensor Mean, Tensor Scale)
{
    /// <summary>What standardises each feature of data.</summary>
    /// <param name="data">f32 or f64 [n, features...].</param>
    /// <returns>Mean and scale of the type of the data, [features...].</returns>
    /// <exception cref="ShapeException">There are no examples.</exception>
    public static Standardisation Of(Tensor data) => Fit(data, 1);

    /// <summary>What standardises each channel of images or fields, over all examples and places.</summary>
    /// <param name="data">f32 or f64 [n, channels, places...].</param>
    /// <returns>Mean and scale of the type of the data, [channels, 1...].</returns>
    /// <exception cref="ShapeException">There are no examples, or no channels.</exception>
    public static Standardisation OfChannels(Tensor data)
    {
        if (data.Rank < 2) throw new ShapeException($"standardisation: {data.Type} has no channels: it takes [n, channels, places...].");
        var places = data.Count / Math.Max(1, data.Shape[0] * data.Shape[1]);
        var fitted = Fit(data.Reshape(data.Shape[0], data.Shape[1], places), places);
        int[] shape = [data.Shape[1], .. Enumerable.Repeat(1, data.Rank - 2)];
        return new(fitted.Mean.Reshape(shape).Evaluate(), fitted.Scale.Reshape(shape).Evaluate());
    }

    /// <summary>(x - mean) / scale.</summary>
    public Tensor Apply(Tensor x) => (x - Mean) / Scale;

    /// <summary>z * scale + mean.</summary>
    public Tensor Invert(Tensor z) => z * Scale + Mean;

    /// <summary>Over examples and the last axis, which is that of places (or the features' own places, each alone, where there is one).</summary>
    private static Standardisation Fit(Tensor data, int places)
    {
        if (data.Rank == 0 || data.Shape[0] == 0) throw new ShapeException($"standardisation: {data.Type} has no examples to fit.");
        if (!data.ElementType.IsFloating()) throw new ElementTypeException($"standardisation: {data.Type} is not real: cast with AsType first.");
        var values = data.ToDoubles();
        var examples = data.Shape[0];
        var features = values.Length / examples / places;
        var (mean, scale) = (new double[features], new double[features]);
        var rounding = data.ElementType == ElementType.Float64 ? 1e-12 : 1e-7;
        for (var f = 0; f < features; f++)
        {
            var (of, count) = (f, examples * places);
            double Sum(Func<double, double> term)
            {
                var sum = 0.0;
                for (var i = 0; i < examples; i++)
                    for (var p = 0; p < places; p++) sum += term(values[(i * features + of) * places + p]);
                return sum;
            }
            var centre = mean[f] = Sum(x => x) / count;
            var deviation = Math.Sqrt(Sum(x => (x - centre) * (x - centre)) / count);
            // A constant leaves a deviation of rounding alone, which must not be blown up.
            scale[f] = deviation > rounding * Math.Abs(centre) && deviation > 0 ? deviation : 1;
        }
        Shape shape = places == 1 ? data.Shape[1..] : [features];
        Tensor As(double[] x) => Tensor.From(x, shape).AsType(data.ElementType).Evaluate();
        return new(As(mean), As(scale));
    }
}
