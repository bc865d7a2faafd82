using Paramorph.Primitives;

namespace Paramorph;

/// <summary>
/// Random tensors. Each function takes a <see cref="Key"/> and is a function of it in the mathematical sense: the same key gives the same numbers on
/// every machine. A key whose tensor is [batch..., 2] draws for every key of the batch: results have the shape [batch..., shape...]. Real samples are
/// differentiable in the parameters of their distribution where that is said.
/// </summary>
public static partial class Sample
{
    private const double Sqrt2 = 1.4142135623730950488;

    /// <summary>Random bits of i32 or i64.</summary>
    public static Tensor Bits(Key key, Shape shape, ElementType type = ElementType.Int32) => Tensor.Bind(new RandomBits(shape, type), key.Data)[0];

    /// <summary>
    /// Uniform numbers in [low, high), differentiable in the bounds: multiples of 2^-24 (f32) or 2^-53 (f64) stretched to the interval, where
    /// rounding may reach <paramref name="high"/> when the interval is not [0, 1).
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The lower bound, broadcast to the shape; 0 when null.</param>
    /// <param name="high">The upper bound, broadcast to the shape; 1 when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static Tensor Uniform(Key key, Shape shape, Tensor? low = null, Tensor? high = null, ElementType type = ElementType.Float32)
    {
        var unit = Reals(type, "uniform") == ElementType.Float32
            ? (Bits(key, shape) >>> 8).AsType(type) * Math.ScaleB(1, -24)
            : (Bits(key, shape, ElementType.Int64) >>> 11).AsType(type) * Math.ScaleB(1, -53);
        if (low is null && high is null) return unit;
        var from = Adapted(low ?? 0.0, type);
        return from + (Adapted(high ?? 1.0, type) - from) * unit;
    }

    /// <summary>Normal numbers of mean 0 and variance 1, by the inverse of the error function; at most 5.3 (f32) or 8.2 (f64) in size.</summary>
    public static Tensor Normal(Key key, Shape shape, ElementType type = ElementType.Float32) =>
        Tensor.Erfinv(Open(key, shape, type) * 2.0 - 1.0) * Sqrt2;

    /// <summary>Normal numbers of mean 0 and variance 1 given that they lie in [low, high], differentiable in the bounds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The lower bound, broadcast to the shape.</param>
    /// <param name="high">The upper bound, above the lower one, broadcast to the shape.</param>
    /// <param name="type">f32 or f64.</param>
    public static Tensor TruncatedNormal(Key key, Shape shape, Tensor low, Tensor high, ElementType type = ElementType.Float32)
    {
        (low, high) = (Adapted(low, type), Adapted(high, type));
        var share = Open(key, shape, type);
        var (isAbove, isBelow) = (low > NormalTail.Start, high < -NormalTail.Start);
        var isTail = isAbove | isBelow;
        if (isTail.HasValue && !isTail.Any().Item<bool>()) return Central(low, high, share);
        // Each formula gets bounds for which it holds, so that its derivative is finite where it is not chosen.
        var central = Central(Tensor.Where(isTail, -1.0, low), Tensor.Where(isTail, 1.0, high), share);
        var from = Tensor.Where(isAbove, low, Tensor.Where(isBelow, -high, NormalTail.Start));
        var to = Tensor.Where(isAbove, high, Tensor.Where(isBelow, -low, NormalTail.Start + 1));
        return Tensor.Where(isTail, NormalTail.Quantile(from, to, share) * Tensor.Where(isBelow, -1.0, 1.0).AsType(type), central);

        static Tensor Central(Tensor low, Tensor high, Tensor share)
        {
            var (from, to) = (Tensor.Erf(low * (1 / Sqrt2)), Tensor.Erf(high * (1 / Sqrt2)));
            return Tensor.Clamp(Tensor.Erfinv(from + (to - from) * share) * Sqrt2, low, high);
        }
    }

    /// <summary>Numbers of the Gumbel distribution exp(-exp(-x)).</summary>
    public static Tensor Gumbel(Key key, Shape shape, ElementType type = ElementType.Float32) => -Tensor.Log(-Tensor.Log(Open(key, shape, type)));

    /// <summary>Exponential numbers of mean 1.</summary>
    public static Tensor Exponential(Key key, Shape shape, ElementType type = ElementType.Float32) => -Tensor.Log(Open(key, shape, type));

    /// <summary>Numbers of the Laplace distribution exp(-|x|) / 2.</summary>
    public static Tensor Laplace(Key key, Shape shape, ElementType type = ElementType.Float32)
    {
        var centred = Open(key, shape, type) * 2.0 - 1.0;
        return -Tensor.Sign(centred) * Tensor.Log1p(-Tensor.Abs(centred));
    }

    /// <summary>Numbers of the Cauchy distribution 1 / (pi (1 + x^2)).</summary>
    public static Tensor Cauchy(Key key, Shape shape, ElementType type = ElementType.Float32) =>
        Tensor.Tan((Open(key, shape, type) - 0.5) * Math.PI);

    /// <summary>
    /// What multiplies activations in dropout: 0 with probability <paramref name="rate"/>, otherwise 1 / (1 - rate), so that the mean is 1.
    /// </summary>
    /// <exception cref="ShapeException">The rate is not in [0, 1).</exception>
    public static Tensor DropoutMask(Key key, double rate, Shape shape, ElementType type = ElementType.Float32)
    {
        if (rate is not (>= 0 and < 1)) throw new ShapeException($"dropout_mask: a rate of {rate} drops too much or too little: it lies in [0, 1).");
        return Bernoulli(key, Tensor.Constant(new Literal(1 - rate, 0), type), shape).AsType(type) * (1 / (1 - rate));
    }

    /// <summary>
    /// Uniform numbers in the open interval (0, 1), symmetric about 1/2: odd multiples of 2^-24 (f32) or 2^-53 (f64), which are exact.
    /// </summary>
    private static Tensor Open(Key key, Shape shape, ElementType type) => Reals(type, "sample") == ElementType.Float32
        ? ((Bits(key, shape) >>> 9).AsType(type) + 0.5) * Math.ScaleB(1, -23)
        : ((Bits(key, shape, ElementType.Int64) >>> 12).AsType(type) + 0.5) * Math.ScaleB(1, -52);

    private static ElementType Reals(ElementType type, string name) => type.IsFloating()
        ? type
        : throw new ElementTypeException($"{name}: samples of type {type.ShortName()} do not exist: draw f32 or f64.");

    /// <summary>The shape of what a key draws: its batch, then the shape.</summary>
    private static Shape Full(Key key, Shape shape) => [.. key.Data.Shape[..^1], .. shape];

    /// <summary>A parameter that may be a C# literal, in the type of the samples.</summary>
    private static Tensor Adapted(Tensor parameter, ElementType type) => parameter.Weak is null ? parameter : parameter.AsType(type);

    /// <summary>Integer parameters as f32.</summary>
    private static Tensor Floating(Tensor parameter) => parameter.ElementType.IsFloating() ? parameter : parameter.AsType(ElementType.Float32);
}
