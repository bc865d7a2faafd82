namespace Paramorph.Layers;

/// <summary>A perceptron of rectifiers under noise of its inputs and dropout before each of its maps, at rates of each example, so that the rates have derivatives where they enter maps as well.</summary>
public static class NoisyPerceptron
{
    /// <summary>The output of the last map.</summary>
    /// <param name="x">[n, inputs].</param>
    /// <param name="rates">
    /// For each example the standard deviation of the noise of inputs, then for each map the probability that a number that enters it is dropped, [n, 1 + maps]; neither noise nor dropout when null.
    /// </param>
    /// <param name="key">Draws both.</param>
    /// <param name="maps">How many maps.</param>
    /// <param name="map">A map, by its place: [n, ...] gives [n, ...].</param>
    public static Tensor Call(Tensor x, Tensor? rates, Key key, int maps, Func<int, Tensor, Tensor> map)
    {
        Tensor Dropped(Tensor x, int which) => rates is null ? x
            : x * Tensor.Where(Sample.Uniform(key.Fold(which), x.Shape) < rates[.., which..(which + 1)], 0.0, 1.0 / (1.0 - rates[.., which..(which + 1)]));
        if (rates is not null) x += rates[.., ..1] * Sample.Normal(key.Fold(0), x.Shape);
        for (var i = 0; i < maps; i++)
        {
            if (i > 0) x = Tensor.Relu(x);
            x = map(i, Dropped(x, i + 1));
        }
        return x;
    }

    /// <summary>The same of affine maps.</summary>
    /// <param name="x">[n, inputs].</param>
    /// <param name="rates">[n, 1 + maps] or null.</param>
    /// <param name="key">Draws noise and dropout.</param>
    /// <param name="maps">The maps.</param>
    public static Tensor Call(Tensor x, Tensor? rates, Key key, TreeList<Linear> maps) => Call(x, rates, key, maps.Count, (i, x) => maps[i].Call(x));
}
