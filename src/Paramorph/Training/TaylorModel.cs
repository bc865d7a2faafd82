namespace Paramorph.Training;

/// <summary>
/// The Taylor polynomial of a model in its parameters: what a network would be if its derivatives of some order stayed as they are where training starts. Order 1 is the linear model, whose gradient descent is that
/// of the neural tangent kernel; order 2 the neural quadratic model, the first whose kernel can change. (Zhu, Liu and Belkin, "Quadratic models for understanding catapult dynamics of neural networks", 2024, Eq. 3.)
/// </summary>
/// <param name="Point">The model around which it is expanded. It is no parameter to train: give <c>step</c> alone to an optimiser, or freeze what begins with <c>point</c>.</param>
/// <param name="Step">How far the parameters are from there: of the structure of the point.</param>
/// <param name="Function">From a model and inputs to outputs; kept in a field, since each new closure is another function.</param>
/// <param name="Order">The degree of the polynomial, 0 or more.</param>
[Tree]
public sealed partial record TaylorModel<TModel>(TModel Point, TModel Step, Func<TModel, Tensor, Tensor> Function, int Order)
    where TModel : ITree<TModel>
{
    /// <summary>The polynomial: the sum over k up to the order of the k-th derivative along the step over k factorial.</summary>
    /// <param name="inputs">Inputs of the function.</param>
    public Tensor Call(Tensor inputs)
    {
        Func<TModel, Tensor> term = model => Function(model, inputs);
        var (sum, factorial) = (term(Point), 1.0);
        for (var k = 1; k <= Order; k++)
        {
            var before = term;
            term = model => Jvp.Of(model, Step, before).Tangent;
            sum += term(Point) / (factorial *= k);
        }
        return sum;
    }
}

/// <summary>Expands models.</summary>
public static class TaylorModel
{
    /// <summary>The polynomial at its point, where it equals the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="function">From a model and inputs to outputs.</param>
    /// <param name="order">The degree, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public static TaylorModel<TModel> Of<TModel>(TModel model, Func<TModel, Tensor, Tensor> function, int order)
        where TModel : ITree<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        return new(model, Tree.Map(model, Tensor.ZerosLike), function, order);
    }
}
