using Paramorph.Layers;

namespace Paramorph.Data;

/// <summary>A function on [-1, 1]^dimensions that is to be maximised, of about deviation 1 over uniform points.</summary>
/// <param name="Dimensions">Coordinates of a point.</param>
/// <param name="Of">The value at a point.</param>
/// <param name="Highest">The highest value, by which regret is measured.</param>
public sealed record SearchObjective(int Dimensions, Func<double[], double> Of, double Highest)
{
    /// <summary>Minus the mean over the coordinates of (v⁴ - 16 v² + 5 v) / 2, v being five times a coordinate. (Styblinski and Tang, "Experiments in nonconvex optimization", 1990.)</summary>
    /// <param name="dimensions">Coordinates of a point.</param>
    public static SearchObjective StyblinskiTang(int dimensions)
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => Raw([-1 + (i + 0.5) / 500]))];
        var deviation = Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2))) / Math.Sqrt(dimensions);
        return new(dimensions, x => Raw(x) / deviation, 39.16617 / deviation);

        static double Raw(double[] x) => -x.Average(own => 5 * own is var v ? (v * v * v * v - 16 * v * v + 5 * v) / 2 : 0);
    }

    /// <summary>A drawn perceptron of one hidden layer of tanh, whose highest value is found by ascent from 200 points.</summary>
    /// <param name="key">Draws it.</param>
    /// <param name="dimensions">Coordinates of a point.</param>
    /// <param name="width">Hidden neurons.</param>
    public static SearchObjective Perceptron(Key key, int dimensions, int width)
    {
        var network = Mlp.Create(key, [dimensions, width, 1], Activation.Tanh, Initialiser.Normal(0.5), type: ElementType.Float64);
        Tensor Raw(Tensor x) => network.Call(x).Squeeze(-1);
        Tensor Drawn(int part, int count) => Sample.Uniform(key.Fold(part), [count, dimensions], -1.0, 1.0, ElementType.Float64);
        var (low, scale) = Raw(Drawn(1, 2000)) is var drawn ? (drawn.Mean().Item(), drawn.Std().Item()) : default;
        var highest = Compile.Of((Tensor x) => Raw(Control.Repeat(500, (_, x) => Tensor.Clamp(x + 0.05 * Gradient.Of(x, x => Raw(x).Sum()), -1.0, 1.0), x)).Max())(Drawn(2, 200));
        var call = Compile.Of((Tensor x) => Raw(x));
        return new(dimensions, x => (call(Tensor.From(x, [1, dimensions])).Item() - low) / scale, (highest.Item() - low) / scale);
    }
}
