namespace Paramorph.Bayes;

/// <summary>
/// Kernel ridge regression, solved exactly: the function f of the kernel's space at which the mean of (f(x) - y)² plus ridge |f|² is least; equally the mean of a
/// Gaussian process whose noise has the variance n ridge.
/// </summary>
/// <param name="Points">The training inputs [n, dimensions].</param>
/// <param name="Coefficients">[n]: f(x) is the sum of coefficient times kernel over the points.</param>
/// <param name="Kernel">From points [a, dimensions] and [b, dimensions] to [a, b]; kept in a field, since each new closure is another function.</param>
[Tree]
public sealed partial record KernelRidge(Tensor Points, Tensor Coefficients, Func<Tensor, Tensor, Tensor> Kernel)
{
    /// <summary>Fits it; the time is that of a Cholesky factorisation of n rows.</summary>
    /// <param name="kernel">A positive semidefinite kernel, such as those of <see cref="DotProductKernel"/>.</param>
    /// <param name="points">[n, dimensions].</param>
    /// <param name="targets">[n].</param>
    /// <param name="ridge">The penalty, a positive scalar.</param>
    /// <exception cref="ShapeException">Points and targets are not equally many.</exception>
    public static KernelRidge Fit(Func<Tensor, Tensor, Tensor> kernel, Tensor points, Tensor targets, Tensor ridge)
    {
        if (points.Rank != 2 || targets.Shape != [points.Shape[0]])
            throw new ShapeException($"kernel ridge: points {points.Type} and targets {targets.Type} are not [n, dimensions] and [n].");
        double count = points.Shape[0];
        return new(points, RidgeRegression.Solve(kernel(points, points) / count, targets / count, ridge), kernel);
    }

    /// <summary>f at points: [m, dimensions] gives [m].</summary>
    public Tensor Call(Tensor x) => Kernel(x, Points).Dot(Coefficients);
}
