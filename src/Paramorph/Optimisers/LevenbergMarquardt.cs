namespace Paramorph.Optimisers;

/// <summary>
/// The damped Gauss-Newton method for sums of squares of residuals, half |r(p)|²: each step solves (JᵀJ + damping D) d = -Jᵀr, where D is the diagonal of JᵀJ.
/// For models of up to some thousand parameters, since JᵀJ is a matrix. (Marquardt, "An algorithm for least-squares estimation of nonlinear
/// parameters", 1963; the damping follows Nielsen, "Damping parameter in Marquardt's method", 1999.) Equations are solved in double precision. J is found in the
/// cheapest way (<see cref="Jacobian.Of"/>): where each residual depends on its own data alone, as at the points of an equation, it takes the work of one gradient,
/// and JᵀJ is most of a step. Residuals of different kinds are put together along the first axis.
/// </summary>
/// <param name="Damping">The damping at the start, above 0.</param>
/// <param name="Stop">When it stops; by default <see cref="StoppingRule"/> as it is.</param>
public sealed partial record LevenbergMarquardt(double Damping = 1e-3, StoppingRule? Stop = null)
{
    // Below the least damping a matrix of dependent columns would not be positive definite after rounding.
    private const double LeastDamping = 1e-12;
    private const double MostDamping = 1e16;

    /// <summary>Looks for the least sum of squares from a model on.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="residuals">From a model to real residuals of any shape, those of different data along the first axis; it is compiled.</param>
    /// <returns>The loss is half the sum of squares.</returns>
    /// <exception cref="TreeException">The model has no leaf to train.</exception>
    public Minimum<TModel> Minimise<TModel>(TModel model, Func<TModel, Tensor> residuals)
        where TModel : ITree<TModel>
    {
        var stop = Stop ?? new StoppingRule();
        var point = ParameterVector.Of(model).Evaluate();
        var linearise = Compile.Of((Tensor point) => Linearise(point, p => Residuals(model, residuals, p)));
        var attempt = Compile.Of((Tensor point, Linear linear, Tensor damping) => Attempt(point, linear, damping, p => 0.5 * Tensor.Square(Residuals(model, residuals, p)).Sum()));

        var linear = linearise(point);
        var (loss, norm) = (linear.Loss.Item(), linear.GradientNorm.Item());
        var (losses, evaluations) = (new List<double> { loss }, 1);
        var (damping, growth) = (Math.Max(LeastDamping, Damping), 2.0);
        StopReason? reason = double.IsFinite(loss) && double.IsFinite(norm) ? stop.After(losses, norm) : StopReason.NotFinite;
        while (reason is null)
        {
            var (next, numbers) = attempt(point, linear, Tensor.Scalar(damping));
            var (nextLoss, predicted) = numbers.ToDoubles() is [var first, var second] ? (first, second) : default;
            evaluations++;
            if (nextLoss < loss && predicted > 0)
            {
                var gain = (loss - nextLoss) / predicted;
                (point, linear, loss) = (next, linearise(next), nextLoss);
                (damping, growth) = (Math.Max(LeastDamping, damping * Math.Max(1.0 / 3, 1 - Math.Pow(2 * gain - 1, 3))), 2);
                losses.Add(loss);
                reason = stop.After(losses, norm = linear.GradientNorm.Item());
            }
            else
            {
                (damping, growth) = (damping * growth, growth * 2);
                if (damping > MostDamping) reason = StopReason.NoProgress;
            }
        }
        return new(Tree.Map(ParameterVector.Model(model, point), leaf => leaf.Evaluate()), loss, norm, losses, evaluations, reason.Value);
    }

    /// <summary>The residuals near a point.</summary>
    /// <param name="Loss">Half the sum of squares.</param>
    /// <param name="Gradient">Jᵀr: f64[n].</param>
    /// <param name="GradientNorm">Its largest absolute component.</param>
    /// <param name="Normal">JᵀJ: f64[n, n].</param>
    [Tree]
    internal sealed partial record Linear(Tensor Loss, Tensor Gradient, Tensor GradientNorm, Tensor Normal);

    /// <summary>The residuals at a point, in double precision.</summary>
    internal static Tensor Residuals<TModel>(TModel model, Func<TModel, Tensor> residuals, Tensor point)
        where TModel : ITree<TModel> => residuals(ParameterVector.Model(model, point)).AsType(ElementType.Float64);

    /// <summary>The residuals near a point: their loss, its gradient, and JᵀJ.</summary>
    internal static Linear Linearise(Tensor point, Func<Tensor, Tensor> residuals)
    {
        var r = residuals(point).Flatten();
        var jacobian = Jacobian.Of(point, residuals).ReshapeTo([r.Count, point.Count]);
        var gradient = r.Dot(jacobian);
        return new(0.5 * Tensor.Square(r).Sum(), gradient, Tensor.Abs(gradient).Max(), jacobian.T.Dot(jacobian));
    }

    /// <summary>The point after a damped step, with its loss and the fall of the loss that the linear residuals foretell.</summary>
    internal static (Tensor Point, Tensor Numbers) Attempt(Tensor point, Linear linear, Tensor damping, Func<Tensor, Tensor> loss)
    {
        // A parameter on which nothing depends must not make the matrix singular.
        var diagonal = LinearAlgebra.Diagonal(linear.Normal);
        var scale = damping * Tensor.Maximum(diagonal, 1e-12 * Tensor.Maximum(diagonal.Max(), 1e-300));
        var factor = LinearAlgebra.Cholesky(linear.Normal + LinearAlgebra.DiagonalMatrix(scale));
        var half = LinearAlgebra.TriangularSolve(factor, -linear.Gradient.ExpandDims(1));
        var step = LinearAlgebra.TriangularSolve(factor, half, form: MatrixForm.Transposed).Squeeze(1);
        var next = point + step;
        var predicted = 0.5 * (step * (scale * step - linear.Gradient)).Sum();
        return (next, Tensor.Stack([loss(next), predicted]));
    }
}
