using MathNet.Numerics;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Data;

/// <summary>A function on [-1, 1]^inputs that is composed of sums of functions of one number, as Kolmogorov-Arnold networks are.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Inputs">How many numbers it takes.</param>
/// <param name="Hidden">The sums in each hidden layer of a network of its shape.</param>
/// <param name="Value">The function.</param>
public sealed record ComposedFunction(string Name, int Inputs, IReadOnlyList<int> Hidden, Func<double[], double> Value)
{
    /// <summary>Four of the five functions of figure 3.1 of Liu et al., "KAN: Kolmogorov-Arnold Networks", 2024, all but that of a hundred numbers.</summary>
    public static IReadOnlyList<ComposedFunction> All { get; } =
    [
        new("Bessel function", 1, [1], x => SpecialFunctions.BesselJ(0, 20 * x[0])),
        new("sine and square in an exponential", 2, [1], x => Math.Exp(Math.Sin(Math.PI * x[0]) + x[1] * x[1])),
        new("product", 2, [2], x => x[0] * x[1]),
        new("two sines in an exponential", 4, [4, 2], x => Math.Exp((Math.Sin(Math.PI * (x[0] * x[0] + x[1] * x[1])) + Math.Sin(Math.PI * (x[2] * x[2] + x[3] * x[3]))) / 2)),
    ];

    /// <summary>Sizes of the layers of a network of its shape, from the inputs to the one output.</summary>
    public IReadOnlyList<int> Sizes => [Inputs, .. Hidden, 1];

    /// <summary>Examples with uniform inputs and no noise.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="count">Of each part.</param>
    public ComposedExamples Draw(Key key, int count)
    {
        var (x, y) = RegressionFunctions.Drawn(key, 3 * count, [.. Enumerable.Repeat((-1.0, 1.0), Inputs)], Value);
        RegressionData Part(int part) => new(x[(part * count)..((part + 1) * count)].Evaluate(), y.Reshape(-1, 1)[(part * count)..((part + 1) * count)].Evaluate());
        return new(this, Part(0), Part(1), Part(2));
    }
}

/// <summary>Examples of a function, f64 in equal parts.</summary>
/// <param name="Function">The function.</param>
/// <param name="Train">Those to train on.</param>
/// <param name="Validation">Those to choose by.</param>
/// <param name="Test">Those that judge.</param>
public sealed record ComposedExamples(ComposedFunction Function, RegressionData Train, RegressionData Validation, RegressionData Test)
{
    /// <summary>The size of a model, and its errors on what chooses and on what judges.</summary>
    /// <param name="model">The model.</param>
    public SizedErrors Errors<TModel>(TModel model)
        where TModel : ILayer, ITree<TModel> => SizedErrors.Of(model, Validation, Test);

    /// <summary>Lowers the mean squared error on the examples to train on.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="minimiser">The minimiser.</param>
    /// <param name="time">After which it ends in any case; no such time when null.</param>
    public Minimum<TModel> Minimise<TModel>(TModel model, Lbfgs minimiser, TimeSpan? time = null)
        where TModel : ILayer, ITree<TModel>
    {
        Tensor Error(TModel layer) => Tensor.Square(layer.Call(Train.Inputs) - Train.Targets).Mean();
        return time is { } most ? minimiser.Minimise(model, Error, most) : minimiser.Minimise(model, Error);
    }
}
