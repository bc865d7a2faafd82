namespace Paramorph.Optimisers;

/// <summary>
/// <see cref="LevenbergMarquardt"/> for noisy data, whose weight decay follows from the data: it lowers half of β |r|² + α |w|², and after each step α and β become those of the highest evidence where
/// residuals are linear, α = γ / |w|² and β = (N - γ) / |r|², with γ = n - α tr (β JᵀJ + α)⁻¹ the effective number of parameters. It needs no validation data. Residuals should outnumber parameters; where a
/// model can fit all of them exactly, it may take noise for none. (MacKay, "A practical Bayesian framework for backpropagation networks", 1992; Foresee and Hagan, "Gauss-Newton approximation to Bayesian
/// learning", 1997.)
/// </summary>
/// <param name="Damping">The damping at the start, above 0.</param>
/// <param name="Decay">α at the start, where β is 1.</param>
/// <param name="Stop">When it stops: after so many steps, or where neither the loss nor the weights of its parts change by more than its share.</param>
public sealed record BayesianLevenbergMarquardt(double Damping = 1e-3, double Decay = 0.01, StoppingRule? Stop = null)
{
    private const double LeastDamping = 1e-12, MostDamping = 1e10, MostPrecision = 1e14, LeastFreedom = 1e-9, Rounding = 1e-14, Steady = 1e-7;

    /// <summary>Looks for the most probable parameters from a model on.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="residuals">From a model to real residuals of any shape, those of different data along the first axis; it is compiled.</param>
    /// <exception cref="TreeException">The model has no leaf to train.</exception>
    public BayesianMinimum<TModel> Minimise<TModel>(TModel model, Func<TModel, Tensor> residuals)
        where TModel : ITree<TModel>
    {
        var (stop, point) = (Stop ?? new StoppingRule(200, Loss: Steady), ParameterVector.Of(model).Evaluate());
        Tensor Residuals(Tensor point) => LevenbergMarquardt.Residuals(model, residuals, point);
        var linearise = Compile.Of((Tensor point) => LevenbergMarquardt.Linearise(point, Residuals));
        var attempt = Compile.Of((Tensor point, LevenbergMarquardt.Linear linear, Tensor weights, Tensor damping) => LevenbergMarquardt.Attempt(
            point, Penalised(point, linear, weights), damping, p => 0.5 * (weights[1] * Tensor.Square(Residuals(p)).Sum() + weights[0] * Tensor.Square(p).Sum())));
        var weigh = Compile.Of<LevenbergMarquardt.Linear, Tensor, Tensor>(Weigh);
        double count = Residuals(point).Count, parameters = point.Count;
        var (linear, alpha, beta, damping) = (linearise(point), Decay, 1.0, Damping);
        for (var iteration = 1; ; iteration++)
        {
            var fall = Step();
            var (effective, _) = Weighed();
            var (earlierAlpha, earlierBeta, loss) = (alpha, beta, linear.Loss.Item());
            (alpha, beta) = (effective / (2 * Squares()), Math.Min(MostPrecision, Math.Max(count - effective, LeastFreedom) / (2 * loss)));
            stop.Progress?.Invoke(iteration, loss);
            var isSteady = Math.Max(fall, Math.Max(Math.Abs(1 - earlierAlpha / alpha), Math.Abs(1 - earlierBeta / beta))) <= stop.Loss;
            StopReason? reason = !double.IsFinite(alpha + beta) ? StopReason.NotFinite : isSteady ? StopReason.LossIsSteady
                : iteration >= stop.Iterations ? StopReason.IterationsAreUsedUp : stop.Cancellation.IsCancellationRequested ? StopReason.Cancelled : null;
            if (reason is { } why) return Found(iteration, why);
        }

        double Squares() => 0.5 * point.ToDoubles().Sum(weight => weight * weight);

        // By which share a step lowers the loss; 0 where none does.
        double Step()
        {
            var before = alpha * Squares() + beta * linear.Loss.Item();
            for (; damping <= MostDamping; damping *= 10)
            {
                var (next, numbers) = attempt(point, linear, Tensor.From(alpha, beta), Tensor.Scalar(damping));
                if (numbers.ToDoubles() is not [var after, var predicted] || !(predicted > Rounding * before)) break;
                if (!(after < before)) continue;
                (point, linear, damping) = (next, linearise(next), Math.Max(LeastDamping, damping / 10));
                return (before - after) / before;
            }
            damping = Math.Min(damping, 1);
            return 0;
        }

        (double Effective, double LogDeterminant) Weighed() => weigh(linear, Tensor.From(alpha, beta)).ToDoubles() is [var trace, var logDeterminant] ? (parameters - alpha * trace, logDeterminant) : default;

        BayesianMinimum<TModel> Found(int iterations, StopReason reason)
        {
            var ((effective, logDeterminant), loss) = (Weighed(), linear.Loss.Item());
            var evidence = 0.5 * (parameters * Math.Log(alpha) + count * Math.Log(beta / (2 * Math.PI)) - logDeterminant) - alpha * Squares() - beta * loss;
            return new(Tree.Map(ParameterVector.Model(model, point), leaf => leaf.Evaluate()), loss, alpha, beta, effective, evidence, iterations, reason);
        }
    }

    /// <summary>The residuals near a point, weighted, with the decay as further ones.</summary>
    private static LevenbergMarquardt.Linear Penalised(Tensor point, LevenbergMarquardt.Linear linear, Tensor weights)
    {
        var gradient = weights[1] * linear.Gradient + weights[0] * point;
        return new(weights[1] * linear.Loss + 0.5 * weights[0] * Tensor.Square(point).Sum(), gradient, Tensor.Abs(gradient).Max(), weights[1] * linear.Normal + weights[0] * Tensor.Eye(point.Count, ElementType.Float64));
    }

    /// <summary>The trace of the inverse Hessian, and the logarithm of the determinant of the Hessian.</summary>
    private static Tensor Weigh(LevenbergMarquardt.Linear linear, Tensor weights)
    {
        var identity = Tensor.Eye(linear.Gradient.Count, ElementType.Float64);
        var factor = LinearAlgebra.Cholesky(weights[1] * linear.Normal + weights[0] * identity);
        return Tensor.Stack([Tensor.Square(LinearAlgebra.TriangularSolve(factor, identity)).Sum(), 2.0 * Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum()]);
    }
}

/// <summary>Where <see cref="BayesianLevenbergMarquardt"/> ended.</summary>
/// <param name="Model">The most probable model.</param>
/// <param name="Loss">Half the sum of squares of its residuals.</param>
/// <param name="Decay">α, the precision of the prior of the parameters.</param>
/// <param name="Precision">β, one over the variance of the noise.</param>
/// <param name="Effective">γ, the number of parameters that data determine.</param>
/// <param name="LogEvidence">The logarithm of the probability of the data under α and β, with residuals taken as linear around the model; exact where they are.</param>
/// <param name="Iterations">How many steps were taken.</param>
/// <param name="Reason">Why it stopped.</param>
public sealed record BayesianMinimum<TModel>(TModel Model, double Loss, double Decay, double Precision, double Effective, double LogEvidence, int Iterations, StopReason Reason)
    where TModel : ITree<TModel>;
