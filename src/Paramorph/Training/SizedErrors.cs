using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Training;

/// <summary>A trained model of some size, and its errors: by several of them it is seen how errors fall with parameters.</summary>
/// <param name="Parameters">Its trained numbers.</param>
/// <param name="Validation">The root of its mean squared error on examples that choose a size.</param>
/// <param name="Test">The same on examples that judge.</param>
public sealed record SizedErrors(long Parameters, double Validation, double Test)
{
    /// <summary>Those of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="validation">Examples that choose a size.</param>
    /// <param name="test">Examples that judge.</param>
    public static SizedErrors Of<TModel>(TModel model, RegressionData validation, RegressionData test)
        where TModel : ILayer, ITree<TModel> => new(ParameterCount.Of(model), Rmse(model, validation), Rmse(model, test));

    /// <summary>The root of the mean squared error.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Examples.</param>
    public static double Rmse(ILayer model, RegressionData data) => Metric.RootMeanSquared(model.Call(data.Inputs), data.Targets).Item();

    /// <summary>The size whose validation error is lowest.</summary>
    /// <param name="sizes">One or more.</param>
    public static SizedErrors Best(IEnumerable<SizedErrors> sizes) => sizes.MinBy(size => double.IsNaN(size.Validation) ? double.PositiveInfinity : size.Validation)!;

    /// <summary>The power of parameters with which test errors grow, by least squares of logarithms: negative where more parameters help.</summary>
    /// <param name="sizes">Two or more.</param>
    public static double Slope(IEnumerable<SizedErrors> sizes) => MathNet.Numerics.Fit.Line([.. sizes.Select(size => Math.Log(size.Parameters))], [.. sizes.Select(size => Math.Log(size.Test))]).B;
}
