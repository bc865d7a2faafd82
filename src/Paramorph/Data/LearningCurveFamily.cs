namespace Paramorph.Data;

/// <summary>
/// A parametric family of learning curves: a measure such as accuracy as a function of the epoch x = 1, 2, ..., with a prior of its parameters. (Families of Domhan et
/// al., "Speeding up automatic hyperparameter optimization of deep neural networks by extrapolation of learning curves", 2015; priors of Adriaensen et
/// al., "Efficient Bayesian learning curve extrapolation using prior-data fitted networks", 2023.)
/// </summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Draw">Draws parameters and gives the curve.</param>
public sealed record LearningCurveFamily(string Name, Func<KeyRandom, Func<double, double>> Draw)
{
    /// <summary>c - a x^-alpha.</summary>
    public static LearningCurveFamily Pow3 { get; } = new("pow3", r =>
    {
        var (a, c, alpha) = (r.Uniform(-0.6, 0.6), r.Uniform(0, 1.25), LogNormal(r, 0, 2));
        return x => c - a * Math.Pow(x, -alpha);
    });

    /// <summary>c - (a x + b)^-alpha.</summary>
    public static LearningCurveFamily Pow4 { get; } = new("pow4", r =>
    {
        var (c, a, b, alpha) = (1 - Math.Exp(r.Uniform(-5, 0)), LogNormal(r, -3, 2), Math.Exp(r.Uniform(0, 1)), LogNormal(r, 0, 1));
        return x => c - Math.Pow(a * x + b, -alpha);
    });

    /// <summary>c - exp(-a x + b).</summary>
    public static LearningCurveFamily Exp3 { get; } = new("exp3", r =>
    {
        var (c, a, b) = (r.Normal(0.8, 0.1), LogNormal(r, -2, 1), r.Normal(-0.5, 0.5));
        return x => c - Math.Exp(-a * x + b);
    });

    /// <summary>c - exp(-a x^alpha + b).</summary>
    public static LearningCurveFamily Exp4 { get; } = new("exp4", r =>
    {
        var (c, a, b, alpha) = (r.Normal(0.8, 0.1), LogNormal(r, -2, 1), r.Normal(-0.5, 0.5), LogNormal(r, 0, 1));
        return x => c - Math.Exp(-a * Math.Pow(x, alpha) + b);
    });

    /// <summary>c - a / log(x + 1).</summary>
    public static LearningCurveFamily Ilog2 { get; } = new("ilog2", r =>
    {
        var (c, a) = (r.Uniform(0, 1), r.Uniform(-0.5, 0.5));
        return x => c - a / Math.Log(x + 1);
    });

    /// <summary>log(a log x + b).</summary>
    public static LearningCurveFamily LogLogLinear { get; } = new("loglog_linear", r =>
    {
        var (a, b) = (LogNormal(r, -2, 1), Math.Exp(r.Uniform(0, 1)));
        return x => Math.Log(a * Math.Log(x) + b);
    });

    /// <summary>a / (1 + (x / e^b)^c) with c negative.</summary>
    public static LearningCurveFamily LogPower { get; } = new("log_power", r =>
    {
        var (a, b, c) = (r.Normal(0.8, 0.1), r.Normal(1, 1), r.Uniform(-3, 0));
        return x => a / (1 + Math.Pow(x / Math.Exp(b), c));
    });

    /// <summary>The growth of Janoschek, a - (a - b) exp(-k x^d).</summary>
    public static LearningCurveFamily Janoschek { get; } = new("janoschek", r =>
    {
        var (a, b, k, d) = (r.Uniform(0, 1), r.Uniform(0, 2), LogNormal(r, -2, 1), LogNormal(r, 0, 0.5));
        return x => a - (a - b) * Math.Exp(-k * Math.Pow(x, d));
    });

    /// <summary>The growth of Weibull, a - (a - b) exp(-(k x)^d).</summary>
    public static LearningCurveFamily Weibull { get; } = new("weibull", r =>
    {
        var (a, b, k, d) = (r.Uniform(0, 1.5), r.Uniform(0, 1), LogNormal(r, -2, 1), LogNormal(r, 0, 0.5));
        return x => a - (a - b) * Math.Exp(-Math.Pow(k * x, d));
    });

    /// <summary>The growth of Morgan, Mercer and Flodin, a - (a - b) / (1 + (k x)^d).</summary>
    public static LearningCurveFamily Mmf { get; } = new("mmf", r =>
    {
        var (a, b, k, d) = (r.Normal(0.8, 0.1), r.Normal(0.2, 0.1), LogNormal(r, 0, 2), LogNormal(r, 0, 1));
        return x => a - (a - b) / (1 + Math.Pow(k * x, d));
    });

    /// <summary>The pressure of a vapour, exp(a + b / x + c log x).</summary>
    public static LearningCurveFamily VapourPressure { get; } = new("vapor_pressure", r =>
    {
        var (a, b, c) = (r.Uniform(-2, 0), r.Uniform(-4, 0), Math.Exp(r.Uniform(-8, 0)));
        return x => Math.Exp(a + b / x + c * Math.Log(x));
    });

    /// <summary>The growth of Hill without background, a x^d / (k^d + x^d).</summary>
    public static LearningCurveFamily Hill { get; } = new("hill3", r =>
    {
        var (a, d, k) = (r.Normal(0.8, 0.1), LogNormal(r, 1, 1), LogNormal(r, 1, 2));
        return x => a / (1 + Math.Pow(k / x, d));
    });

    /// <summary>All families above.</summary>
    public static IReadOnlyList<LearningCurveFamily> All { get; } =
        [Pow3, Pow4, Exp3, Exp4, Ilog2, LogLogLinear, LogPower, Janoschek, Weibull, Mmf, VapourPressure, Hill];

    private static double LogNormal(KeyRandom random, double mean, double deviation) => Math.Exp(random.Normal(mean, deviation));
}
