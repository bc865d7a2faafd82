using Paramorph.Data;

namespace Paramorph.Papers.Bayes;

/// <summary>Functions that need few nodes or many of a network, in f64 and standardised by their training parts.</summary>
/// <param name="All">The functions.</param>
internal sealed record SmoothnessTask(IReadOnlyList<SmoothnessTask.Function> All)
{
    private const int Waves = 3;

    /// <summary>A teacher of rectified nodes in two inputs, a smooth function and a rough one, and two that leave a hole: a cubic of fewer rows and a table.</summary>
    /// <param name="key">The key.</param>
    /// <param name="nodes">Nodes of the teacher.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="test">Test rows.</param>
    public static SmoothnessTask Draw(Key key, int nodes, int rows, int test) => new(
    [
        Drawn("teacher", key.Fold(0), rows, test, 2, Teacher(key.Fold(1), nodes)),
        Drawn("smooth", key.Fold(2), rows, test, 1, x => Hoelder(x, 3)),
        Drawn("rough", key.Fold(3), rows, test, 1, x => Hoelder(x, 0.5)),
        Of(GapTask.Cubic(key.Fold(4), rows / 3, test)),
        Of(GapTask.Table(key.Fold(5), rows, test)),
    ]);

    private static Function Of(GapTask task) => new(task.Name, task.Train, task.Validation, task.Test, task.Hole);

    /// <summary>Nodes whose directions are spread over the circle, so that none can stand for another.</summary>
    private static Func<Tensor, Tensor> Teacher(Key key, int nodes)
    {
        var angles = 2 * Math.PI * (Tensor.Arange(nodes).AsType(ElementType.Float64) + 0.6 * Sample.Uniform(key.Fold(0), [nodes], type: ElementType.Float64)) / (double)nodes;
        var directions = Tensor.Stack([Tensor.Cos(angles), Tensor.Sin(angles)]);
        var (biases, weights) = (Sample.Uniform(key.Fold(1), [nodes], -0.3, 0.3, ElementType.Float64), Sample.Uniform(key.Fold(2), [nodes], 1, 2, ElementType.Float64));
        return x => Tensor.Relu(x.Dot(directions) + biases).Dot(weights);
    }

    /// <summary>A sum of cosines whose frequencies double while their heights fall as 2 to the power of minus the exponent: those of a function of Hölder's class of that exponent. (Weierstrass's function, cut off.)</summary>
    private static Tensor Hoelder(Tensor x, double exponent) =>
        Enumerable.Range(0, Waves).Select(k => Math.Pow(2, -exponent * k) * Tensor.Cos(0.5 * Math.PI * Math.Pow(2, k) * x[.., 0] + k)).Aggregate((a, b) => a + b);

    private static Function Drawn(string name, Key key, int rows, int test, int inputs, Func<Tensor, Tensor> function)
    {
        const double noise = 0.1;
        RegressionData Raw(int part, int count)
        {
            var x = Sample.Uniform(key.Fold(part).Fold(0), [count, inputs], -2, 2, ElementType.Float64).Evaluate();
            return new(x, function(x).Reshape(count, 1).Evaluate());
        }
        // The noise is a tenth of the deviation of the function, and all is standardised by the training part.
        var seen = Raw(0, rows);
        var (mean, deviation, centre, spread) = (seen.Targets.Mean().Item(), Deviation(seen.Targets).Item(), seen.Inputs.Mean(0).Evaluate(), Deviation(seen.Inputs));
        RegressionData Ready(int part, RegressionData raw) =>
            new(((raw.Inputs - centre) / spread).Evaluate(), ((raw.Targets - mean) / deviation + noise * Sample.Normal(key.Fold(part).Fold(1), raw.Targets.Shape, ElementType.Float64)).Evaluate());
        return new(name, Ready(0, seen), Ready(1, Raw(1, rows)), Ready(2, Raw(2, test)), null);
    }

    private static Tensor Deviation(Tensor x) => Tensor.Sqrt(Tensor.Square(x - x.Mean(0)).Mean(0)).Evaluate();

    /// <summary>One of the functions.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Train">[n, inputs] and [n, 1].</param>
    /// <param name="Validation">By which settings are chosen.</param>
    /// <param name="Test">By which it is judged.</param>
    /// <param name="Hole">Examples where there are none in training; null where there is no hole.</param>
    internal sealed record Function(string Name, RegressionData Train, RegressionData Validation, RegressionData Test, RegressionData? Hole);
}
