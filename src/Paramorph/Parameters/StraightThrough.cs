namespace Paramorph.Parameters;

/// <summary>The straight-through estimator: a step whose derivative is taken to be that of the identity.</summary>
public static class StraightThrough
{
    /// <summary>The value of a function, with the derivative of the identity.</summary>
    /// <param name="x">Where.</param>
    /// <param name="step">A function that keeps the type of x: rounding, a sign, a threshold.</param>
    /// <exception cref="ShapeException">When it is differentiated: the function changes the type.</exception>
    public static Tensor Of(Tensor x, Func<Tensor, Tensor> step) => CustomDerivative.OfTangents(x, step, (_, _, tangent) => tangent);
}
