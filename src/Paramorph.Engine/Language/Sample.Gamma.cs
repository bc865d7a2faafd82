namespace Paramorph;

/// <content>The gamma distribution and its relatives.</content>
public static partial class Sample
{
    /// <summary>Nodes of the quadrature in the derivative of a gamma number: enough for 12 digits.</summary>
    private const int Nodes = 40;

    /// <summary>Below this value the derivative comes from a series instead, all terms of which are positive.</summary>
    private const double SmallValue = 0.5;

    /// <summary>Minus the logarithm of what is negligible.</summary>
    private const double Negligible = 38;

    /// <summary>
    /// Gamma numbers of a concentration (shape parameter) and scale 1, by the rejection method of Marsaglia and Tsang ("A simple method for
    /// generating gamma variables", 2000). Differentiable in the concentration by implicit reparametrisation (Figurnov et al., "Implicit
    /// reparameterization gradients", 2018): the number moves as the quantile that it is.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="concentration">Positive, broadcast to the shape.</param>
    /// <param name="shape">The shape; that of the concentration when null.</param>
    public static Tensor Gamma(Key key, Tensor concentration, Shape? shape = null)
    {
        var a = Floating(concentration);
        var places = shape ?? a.Shape;
        return CustomDerivative.OfTangents<TreePair<Tensor, Key>, Tensor>(
            (a.BroadcastTo(Full(key, places)), key),
            inputs => GammaValue(inputs.Item2, places, inputs.Item1),
            (inputs, value, tangents) => tangents.Item1 * GammaSlope(inputs.Item1, value));
    }

    /// <summary>Beta numbers in [0, 1], differentiable in both parameters, which are positive and broadcast.</summary>
    public static Tensor Beta(Key key, Tensor a, Tensor b, Shape? shape = null)
    {
        var places = shape ?? Shape.Broadcast(a.Shape, b.Shape, "beta");
        var (first, second) = key.Split();
        var (x, y) = (Gamma(first, a, places), Gamma(second, b, places));
        return x / (x + y);
    }

    /// <summary>
    /// Points of the simplex, differentiable in the concentrations: concentrations [..., n] give [leading..., ..., n], positive numbers with sum 1
    /// along the last axis.
    /// </summary>
    public static Tensor Dirichlet(Key key, Tensor concentration, Shape leading = default)
    {
        if (concentration.Rank == 0) throw new ShapeException($"dirichlet: {concentration.Type} has no axis of parts: concentrations are [..., n].");
        var parts = Gamma(key, concentration, [.. leading, .. concentration.Shape]);
        return parts / parts.Sum(-1).ExpandDims(-1);
    }

    private static Tensor GammaValue(Key key, Shape shape, Tensor a)
    {
        var type = a.ElementType;
        // No attempt for anything else would ever be accepted.
        var isValid = Tensor.Greater(a, 0.0) & Tensor.IsFinite(a);
        a = Tensor.Where(isValid, a, 1.0);
        var isSmall = Tensor.Less(a, 1.0);
        // Concentrations below 1 are raised by 1 and the number multiplied by U^(1/a).
        var d = Tensor.Where(isSmall, a + 1.0, a) - 1.0 / 3;
        var c = Tensor.Rsqrt(9.0 * d);
        var (boost, attempts) = key.Split();
        var raised = Rejection(attempts, a, isValid, attempt =>
        {
            var (first, second) = attempt.Split();
            var x = Normal(first, shape, type);
            var v = Tensor.Power(1.0 + c * x, 3);
            var isPositive = Tensor.Greater(v, 0.0);
            var bound = 0.5 * x * x + d * (1.0 - v + Tensor.Log(Tensor.Where(isPositive, v, 1.0)));
            return (d * v, isPositive & Tensor.Less(Tensor.Log(Open(second, shape, type)), bound));
        });
        var factor = Tensor.Where(isSmall, Tensor.Exp(Tensor.Log(Open(boost, shape, type)) / a), 1.0);
        // Never 0, so that logarithms and quotients exist.
        return Tensor.Where(isValid, Tensor.Maximum(raised * factor, type == ElementType.Float32 ? 1.17549435e-38 : 2.2250738585072014e-308), double.NaN);
    }

    /// <summary>
    /// The derivative of the quantile x of the gamma distribution in a at a fixed probability, -(dF/da) / f with f the density and F its integral.
    /// </summary>
    private static Tensor GammaSlope(Tensor a, Tensor x)
    {
        var isSmall = Tensor.Less(x, SmallValue);
        return Tensor.Where(
            isSmall, GammaSlopeBySeries(a, Tensor.Where(isSmall, x, SmallValue)), GammaSlopeByIntegral(a, Tensor.Where(isSmall, SmallValue, x)));
    }

    /// <summary>The sum of x^(n+1) Gamma(a) / Gamma(a+n+1) (psi(a+n+1) - log x), from the power series of F.</summary>
    private static Tensor GammaSlopeBySeries(Tensor a, Tensor x)
    {
        var (wide, number) = (a.ExpandDims(-1), Tensor.Arange(16, a.ElementType));
        var factors = (x.ExpandDims(-1) / (wide + number)).CumulativeProduct(-1);
        return (factors * (Tensor.Digamma(wide + number + 1.0) - Tensor.Log(x).ExpandDims(-1))).Sum(-1);
    }

    /// <summary>
    /// dF/da is the integral of f(t) (log t - psi(a)) from 0 to x, or minus the one from x on: of these the one whose integrand has one sign, so that
    /// nothing cancels. With t = x e^r the slope is x times the integral of exp(a r - x (e^r - 1)) |log x + r - psi(a)| over r of one sign.
    /// </summary>
    private static Tensor GammaSlopeByIntegral(Tensor a, Tensor x)
    {
        var gap = Tensor.Log(x) - Tensor.Digamma(a);
        var isUpper = Tensor.GreaterEqual(gap, 0.0);
        var sign = Tensor.Where(isUpper, Tensor.OnesLike(a), -Tensor.OnesLike(a));
        var width = Tensor.StopGradient(Tensor.Where(isUpper, UpperWidth(a, x), LowerWidth(a, x)));
        var (nodes, weights) = GaussLegendre.UnitInterval(Nodes);
        var distance = width.ExpandDims(-1) * Tensor.From(nodes).AsType(a.ElementType);
        var r = sign.ExpandDims(-1) * distance;
        var integrand = Tensor.Exp(a.ExpandDims(-1) * r - x.ExpandDims(-1) * Tensor.Expm1(r)) * (distance + (sign * gap).ExpandDims(-1));
        return x * width * integrand.Dot(Tensor.From(weights).AsType(a.ElementType));
    }

    /// <summary>Beyond this r the integrand is negligible, from e^r - 1 >= r + r^2 / 2.</summary>
    private static Tensor UpperWidth(Tensor a, Tensor x) => (a - x + Tensor.Sqrt((a - x) * (a - x) + 2 * Negligible * x)) / x;

    /// <summary>Beyond this -r the integrand is negligible, from s - 1 + e^-s >= s^2 / (2 + s).</summary>
    private static Tensor LowerWidth(Tensor a, Tensor x)
    {
        var slope = Negligible - 2.0 * (a - x);
        return (slope + Tensor.Sqrt(slope * slope + 8 * Negligible * a)) / (2.0 * a);
    }
}
