namespace Paramorph;

/// <content>Activations: elementwise functions of neural networks.</content>
public sealed partial class Tensor
{
    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>max(x, 0), with derivative 0 at 0.</summary>
    public static Tensor Relu(Tensor x) => Where(LessEqual(x, 0), 0, x);

    /// <summary>min(max(x, 0), 6).</summary>
    public static Tensor Relu6(Tensor x) => Minimum(Relu(x), 6);

    /// <summary>x where it is positive, <paramref name="slope"/> times x elsewhere.</summary>
    public static Tensor LeakyRelu(Tensor x, double slope = 0.01) => Floating(x) is var f ? Where(LessEqual(f, 0.0), slope * f, f) : x;

    /// <summary>x where it is positive, <paramref name="alpha"/> (e^x - 1) elsewhere (Clevert et al., 2015).</summary>
    public static Tensor Elu(Tensor x, double alpha = 1)
    {
        x = Floating(x);
        var isNegative = LessEqual(x, 0.0);
        return Where(isNegative, alpha * Expm1(Where(isNegative, x, 0.0)), x);
    }

    /// <summary>The scaled exponential linear unit that keeps mean 0 and variance 1 (Klambauer et al., 2017).</summary>
    public static Tensor Selu(Tensor x) => SeluScale * Elu(x, SeluAlpha);

    /// <summary>log(1 + e^x).</summary>
    public static Tensor Softplus(Tensor x)
    {
        x = Floating(x);
        var isPositive = Greater(x, 0.0);
        return Where(isPositive, x, 0.0) + Log1p(Exp(Where(isPositive, -x, x)));
    }

    /// <summary>log(1 / (1 + e^-x)).</summary>
    public static Tensor LogSigmoid(Tensor x) => -Softplus(-Floating(x));

    /// <summary>x times the normal distribution function of x (Hendrycks and Gimpel, 2016).</summary>
    public static Tensor Gelu(Tensor x) => Floating(x) is var f ? 0.5 * f * Erfc(f * -0.70710678118654752440) : x;

    /// <summary>The approximation of <see cref="Gelu"/> by a hyperbolic tangent, off by at most 5e-4.</summary>
    public static Tensor GeluTanh(Tensor x)
    {
        x = Floating(x);
        return 0.5 * x * (1.0 + Tanh(0.79788456080286535588 * (x + 0.044715 * (x * x * x))));
    }

    /// <summary>x / (1 + e^-x), also named swish.</summary>
    public static Tensor Silu(Tensor x) => x * Sigmoid(x);

    /// <summary>x / (1 + e^(-beta x)), where beta may be learned.</summary>
    public static Tensor Swish(Tensor x, Tensor beta) => x * Sigmoid(beta * x);

    /// <summary>x tanh(log(1 + e^x)) (Misra, 2019).</summary>
    public static Tensor Mish(Tensor x) => x * Tanh(Softplus(x));

    /// <summary>x / (1 + |x|).</summary>
    public static Tensor Softsign(Tensor x) => x / (1 + Abs(x));

    /// <summary>The logistic function by lines: (x + 3) / 6 held between 0 and 1.</summary>
    public static Tensor HardSigmoid(Tensor x) => Clamp(Floating(x) * (1.0 / 6) + 0.5, 0.0, 1.0);

    /// <summary>The hyperbolic tangent by lines: x held between -1 and 1.</summary>
    public static Tensor HardTanh(Tensor x) => Clamp(x, -1, 1);

    /// <summary>x times the hard sigmoid of x.</summary>
    public static Tensor HardSwish(Tensor x) => x * HardSigmoid(x);
}
