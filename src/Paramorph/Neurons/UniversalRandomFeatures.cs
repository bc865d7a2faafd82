namespace Paramorph.Neurons;

/// <summary>
/// Random features of a feedforward layer, by which its inputs part from its parameters: Φ(x) · Ψ(w, b) is f(w · x + b) on average over draws, with a variance that
/// falls as one over their number. (Sehanobish, Choromanski, Zhao, Dubey and Likhosherstov, "Scalable Neural Network Kernels", 2024, section 3.1.) f is first taken as
/// an average of waves of random frequencies ω (<see cref="ActivationSpectrum"/>); with normal g, u = s x and v = ω w / s, a wave is then the average
/// exp(iω w · x) = E exp(g · (v + iu) + |u|² / 2 - |v|² / 2), whose terms are products of a function of x and one of w.
/// </summary>
/// <remarks>
/// The variance grows with the exponential of ω (|w|² + |x|²): inputs and weights should have lengths about 1 at most. For <see cref="ActivationSpectrum.Tanh"/>, with
/// frequencies that have no bound, it is finite while |w|² + |x|² is below 3π / 4, and for <see cref="ActivationSpectrum.Sigmoid"/> below twice that.
/// </remarks>
/// <param name="Draws">The key from which all draws follow; it is saved with the model and moved by no optimiser.</param>
/// <param name="Spectrum">The function f.</param>
/// <param name="Inputs">Size of x and of w.</param>
/// <param name="Count">Number of draws m.</param>
/// <param name="Damping">
/// M of Eq. 10, 0 or more: features are multiplied by exp(-M |g|²), and g by sqrt(1 + 4 M) to make up for it. With M above 0 features of parameters are bounded
/// over all draws, which for long vectors lowers the variance, and for short ones raises it.
/// </param>
[Tree]
public sealed partial record UniversalRandomFeatures(Key Draws, ActivationSpectrum Spectrum, int Inputs, int Count, double Damping = 0) : IKernelFeatures
{
    /// <inheritdoc/>
    public int Size => 2 * Count + (Spectrum.Offset == 0 ? 0 : Spectrum.IsSelfGated ? Count : 1);

    private double Stretch => Math.Sqrt(1 + 4 * Damping);

    /// <inheritdoc/>
    public Tensor OfInputs(Tensor x)
    {
        IKernelFeatures.RequireInputs(x, Inputs);
        var (projection, envelope, waves) = Draw(x.ElementType);
        var (scale, angles) = (Scale(waves.Frequency), x.Dot(projection));
        var amplitude = envelope * Tensor.Exp(0.5 * Tensor.Square(scale) * Tensor.Square(x).Sum(-1).ExpandDims(-1));
        angles *= Stretch * scale;
        var constant = Tensor.Ones([.. x.Shape[..^1], 1], x.ElementType);
        var gate = Gate(Tensor.Concatenate([x, constant], -1));
        return Joined(gate ?? constant, gate, [amplitude * Tensor.Cos(angles), amplitude * Tensor.Sin(angles)]);
    }

    /// <inheritdoc/>
    public Tensor OfParameters(Tensor weight, Tensor? bias)
    {
        IKernelFeatures.RequireWeight(weight, bias, Inputs);
        var (w, b) = (weight.T, (bias ?? Tensor.Zeros([weight.Shape[1]], weight.ElementType)).ExpandDims(1));
        var (projection, envelope, waves) = Draw(weight.ElementType);
        var ratio = waves.Frequency / Scale(waves.Frequency);
        var amplitude = envelope * Tensor.Exp(Stretch * ratio * w.Dot(projection) - 0.5 * Tensor.Square(ratio) * Tensor.Square(w).Sum(-1).ExpandDims(-1));
        var (cosine, sine) = (Tensor.Cos(waves.Frequency * b), Tensor.Sin(waves.Frequency * b));
        var gate = Gate(Tensor.Concatenate([w, b], -1));
        return Joined(
            Spectrum.Offset * (gate ?? Tensor.OnesLike(b)),
            gate,
            [amplitude * (waves.Cosine * cosine + waves.Sine * sine), amplitude * (waves.Sine * cosine - waves.Cosine * sine)]).T;
    }

    /// <summary>s: such that |u|² and |v|² grow alike with high frequencies, and that sines of low ones, which are divided by ω, stay finite.</summary>
    private static Tensor Scale(Tensor frequency) => frequency / Tensor.Sqrt(1.0 + frequency);

    /// <summary>g [inputs, m], what all features of a draw are multiplied by [m], and the waves.</summary>
    private (Tensor Projection, Tensor Envelope, ActivationSpectrum.Waves Waves) Draw(ElementType type)
    {
        var projection = Sample.Normal(Draws.Fold(0), [Inputs, Count], type);
        var envelope = Math.Pow(1 + 4 * Damping, Inputs / 4.0) / Math.Sqrt(Count) * Tensor.Exp(-Damping * Tensor.Square(projection).Sum(0));
        return (projection, envelope, Spectrum.Draw(Draws.Fold(1), Count, type));
    }

    /// <summary>Projections of [x, 1] or [w, b] whose products are w · x + b on average; none where f does not contain it as a factor.</summary>
    private Tensor? Gate(Tensor extended) =>
        Spectrum.IsSelfGated ? extended.Dot(Sample.Normal(Draws.Fold(2), [Inputs + 1, Count], extended.ElementType)) : null;

    private Tensor Joined(Tensor constant, Tensor? gate, ReadOnlySpan<Tensor> waves)
    {
        var parts = new List<Tensor>();
        if (Spectrum.Offset != 0) parts.Add(gate is null ? constant : constant / Math.Sqrt(Count));
        foreach (var wave in waves) parts.Add(gate is null ? wave : gate * wave);
        return Tensor.Concatenate([.. parts], -1);
    }
}

/// <summary>
/// A function as an average over random frequencies ω > 0, f(z) = c + E (α cos ωz + β sin ωz), or that times z: its Fourier transform, split into a density from which
/// frequencies are drawn and what is left.
/// </summary>
public sealed record ActivationSpectrum
{
    /// <summary>Frequencies below it are taken for it: sines are divided by ω.</summary>
    private const double Lowest = 1e-6;

    private readonly Func<Key, int, ElementType, Waves> draw;

    private ActivationSpectrum(string name, Func<Tensor, Tensor> function, Func<Key, int, ElementType, Waves> draw)
    {
        Name = name;
        Function = function;
        this.draw = draw;
    }

    /// <summary>cos z: one frequency.</summary>
    public static ActivationSpectrum Cosine { get; } = new("cosine", Tensor.Cos, (_, count, type) => Same(count, type, 1, 0));

    /// <summary>sin z: one frequency.</summary>
    public static ActivationSpectrum Sine { get; } = new("sine", Tensor.Sin, (_, count, type) => Same(count, type, 0, 1));

    /// <summary>exp(-z² / 2), whose frequencies are normal.</summary>
    public static ActivationSpectrum Gaussian { get; } = new("Gaussian", z => Tensor.Exp(-0.5 * Tensor.Square(z)), (key, count, type) =>
    {
        var frequency = Normal(key, count, type);
        return new(frequency, Tensor.OnesLike(frequency), Tensor.ZerosLike(frequency));
    });

    /// <summary>
    /// tanh z, the integral of sin ωz / sinh(πω / 2) over frequencies. They are drawn with the density ω / (4 sinh(πω / 4)), whose tail is heavier, so that the
    /// variance stays finite for longer vectors.
    /// </summary>
    public static ActivationSpectrum Tanh { get; } = new("tanh", Tensor.Tanh, (key, count, type) =>
    {
        var frequency = Hyperbolic(key, count, type, 2);
        return new(frequency, Tensor.ZerosLike(frequency), 2.0 / (frequency * Tensor.Cosh(Math.PI / 4 * frequency)));
    });

    /// <summary>1 / (1 + exp(-z)) = 1/2 + tanh(z / 2) / 2.</summary>
    public static ActivationSpectrum Sigmoid { get; } = new("sigmoid", Tensor.Sigmoid, Logistic) { Offset = 0.5 };

    /// <summary>z / (1 + exp(-z)).</summary>
    public static ActivationSpectrum Silu { get; } = new("SiLU", z => z * Tensor.Sigmoid(z), Logistic) { Offset = 0.5, IsSelfGated = true };

    /// <summary>z times the normal distribution function of z, which is 1/2 + E sin(ωz) / (ω sqrt(2π)) over normal frequencies.</summary>
    public static ActivationSpectrum Gelu { get; } = new("GELU", z => 0.5 * z * (1.0 + Tensor.Erf(z / Math.Sqrt(2))), (key, count, type) =>
    {
        var frequency = Normal(key, count, type);
        return new(frequency, Tensor.ZerosLike(frequency), 1.0 / (Math.Sqrt(2 * Math.PI) * frequency));
    })
    { Offset = 0.5, IsSelfGated = true };

    /// <summary>The spectra that are known here.</summary>
    public static IReadOnlyList<ActivationSpectrum> All { get; } = [Cosine, Sine, Gaussian, Tanh, Sigmoid, Silu, Gelu];

    /// <summary>The name of f.</summary>
    public string Name { get; }

    /// <summary>f, elementwise.</summary>
    public Func<Tensor, Tensor> Function { get; }

    /// <summary>c.</summary>
    public double Offset { get; private init; }

    /// <summary>Whether f is z times the average.</summary>
    public bool IsSelfGated { get; private init; }

    /// <summary>Random frequencies with what their waves are multiplied by.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    /// <param name="type">f32 or f64.</param>
    public Waves Draw(Key key, int count, ElementType type) => draw(key, count, type);

    private static Waves Same(int count, ElementType type, double cosine, double sine) =>
        new(Tensor.Ones([count], type), Tensor.Full([count], cosine, type), Tensor.Full([count], sine, type));

    private static Waves Logistic(Key key, int count, ElementType type)
    {
        var frequency = Hyperbolic(key, count, type, 1);
        return new(frequency, Tensor.ZerosLike(frequency), 0.5 / (frequency * Tensor.Cosh(Math.PI / 2 * frequency)));
    }

    private static Tensor Normal(Key key, int count, ElementType type) => Tensor.Maximum(Tensor.Abs(Sample.Normal(key, [count], type)), Lowest);

    /// <summary>Frequencies with the density x / sinh(πx / 2) of x = ω / scale: those of the sum of two numbers whose density is a hyperbolic secant.</summary>
    private static Tensor Hyperbolic(Key key, int count, ElementType type, double scale)
    {
        var secants = 2 / Math.PI * Tensor.Log(Tensor.Tan(Math.PI / 2 * Sample.Uniform(key, [2, count], Lowest, 1 - Lowest, type)));
        return Tensor.Maximum(scale * Tensor.Abs(secants.Sum(0)), Lowest);
    }

    /// <summary>Frequencies and what their waves are multiplied by.</summary>
    /// <param name="Frequency">ω, above 0 [m].</param>
    /// <param name="Cosine">α [m].</param>
    /// <param name="Sine">β [m].</param>
    public readonly record struct Waves(Tensor Frequency, Tensor Cosine, Tensor Sine);
}
