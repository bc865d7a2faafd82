namespace Paramorph.Layers;

/// <summary>
/// How the first values of a parameter are drawn: a value, equal to every other that draws the same. Derive a sealed record to state one of your own.
/// </summary>
/// <remarks>
/// Those named after authors keep the variance of activations from layer to layer: the forward variance alone for LeCun (1 / inputs) and, where half the
/// activations are zero, He (2 / inputs); a compromise with that of gradients for Glorot (2 / (inputs + outputs)).
/// </remarks>
public abstract record Initialiser
{
    private enum FanMode
    {
        Inputs,
        Mean,
    }

    /// <summary>Zeros.</summary>
    public static Initialiser Zeros { get; } = new Same(0);

    /// <summary>Ones.</summary>
    public static Initialiser Ones { get; } = new Same(1);

    /// <summary>Uniform numbers of variance 2 / (inputs + outputs). (Glorot and Bengio, 2010, Eq. 16; also named after Xavier.)</summary>
    public static Initialiser GlorotUniform { get; } = new Scaled(1, FanMode.Mean, IsNormal: false);

    /// <summary>Normal numbers of variance 2 / (inputs + outputs). (Glorot and Bengio, 2010.)</summary>
    public static Initialiser GlorotNormal { get; } = new Scaled(1, FanMode.Mean, IsNormal: true);

    /// <summary>Uniform numbers of variance 2 / inputs, for ReLU. (He et al., "Delving Deep into Rectifiers", 2015, Eq. 10; also named after Kaiming.)</summary>
    public static Initialiser HeUniform { get; } = new Scaled(2, FanMode.Inputs, IsNormal: false);

    /// <summary>Normal numbers of variance 2 / inputs, for ReLU. (He et al., 2015.)</summary>
    public static Initialiser HeNormal { get; } = new Scaled(2, FanMode.Inputs, IsNormal: true);

    /// <summary>Uniform numbers of variance 1 / inputs. (LeCun et al., "Efficient BackProp", 1998.)</summary>
    public static Initialiser LeCunUniform { get; } = new Scaled(1, FanMode.Inputs, IsNormal: false);

    /// <summary>Normal numbers of variance 1 / inputs, as self-normalising networks need them. (LeCun et al., 1998; Klambauer et al., 2017.)</summary>
    public static Initialiser LeCunNormal { get; } = new Scaled(1, FanMode.Inputs, IsNormal: true);

    /// <summary>Uniform numbers in ±1 / sqrt(inputs): what PyTorch draws by default, biases as well as weights.</summary>
    public static Initialiser InverseRoot { get; } = new Scaled(1.0 / 3, FanMode.Inputs, IsNormal: false);

    /// <summary>Uniform numbers in [-1 / inputs, 1 / inputs): the first layer of a SIREN. (Sitzmann et al., 2020, supplement 1.5.)</summary>
    public static Initialiser SirenFirst { get; } = new Inverse(1);

    /// <summary>The same number everywhere.</summary>
    public static Initialiser Constant(double value) => new Same(value);

    /// <summary>Uniform numbers in [low, high).</summary>
    public static Initialiser Uniform(double low, double high) => new Between(low, high);

    /// <summary>Normal numbers of mean 0 and the given standard deviation.</summary>
    public static Initialiser Normal(double deviation) => new Bell(deviation, double.PositiveInfinity);

    /// <summary>Normal numbers of variance gain² / inputs.</summary>
    /// <param name="gain">The root of inputs times variance: 1 is <see cref="LeCunNormal"/>, √2 <see cref="HeNormal"/>.</param>
    public static Initialiser NormalOfGain(double gain) => new Independent(gain);

    /// <summary>
    /// Normal numbers of mean 0 and the given standard deviation, drawn again when they lie beyond two deviations: what remains has 0.774 times the variance.
    /// </summary>
    public static Initialiser TruncatedNormal(double deviation) => new Bell(deviation, 2);

    /// <summary>
    /// A matrix with orthonormal rows, or columns if these are fewer, times a gain, uniformly among all of them. A parameter of more axes counts as the matrix
    /// of its first axis by all others. (Saxe et al., 2014.)
    /// </summary>
    public static Initialiser Orthogonal(double gain = 1) => new Rotation(gain);

    /// <summary>
    /// A matrix [inputs, outputs] of low rank whose elements have the variance gain² / inputs: a normal matrix times orthonormal rows that are uniform among all. Wide layers that are drawn so are as good
    /// as normal ones. (Nait-Saada, Naderi and Tanner, "Beyond iid weights", 2024.)
    /// </summary>
    /// <param name="share">The rank over the smaller side, above 0 and at most 1.</param>
    /// <param name="gain">The root of inputs times variance.</param>
    public static Initialiser LowRank(double share, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return new Thin(share, gain);
    }

    /// <summary>The same with a rank that is given, whatever the size of the matrix: behind such layers a network does not become a Gaussian process.</summary>
    /// <param name="rank">The rank; at most the smaller side, whatever is asked.</param>
    /// <param name="gain">The root of inputs times variance.</param>
    public static Initialiser FixedRank(int rank, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        return new OfRank(rank, gain);
    }

    /// <summary>
    /// A matrix [inputs, outputs] that is zero but for equal blocks, whose rows and columns are permuted at random: elements have the variance gain² / inputs in the mean, and normal values within the blocks.
    /// (Nait-Saada, Naderi and Tanner, 2024.)
    /// </summary>
    /// <param name="blocks">Blocks along the diagonal, which divide both sides: one of so many elements is not zero.</param>
    /// <param name="gain">The root of inputs times variance.</param>
    public static Initialiser PermutedBlocks(int blocks, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        return new Blocks(blocks, gain);
    }

    /// <summary>
    /// Uniform numbers in ±sqrt(6 / inputs) / frequency, for layers sin(frequency (x W + b)) behind the first, whose arguments then have variance 1.
    /// (Sitzmann et al., 2020, section 3.2.)
    /// </summary>
    /// <param name="frequency">The factor before the sine.</param>
    public static Initialiser Siren(double frequency = 30) => new Scaled(2 / (frequency * frequency), FanMode.Inputs, IsNormal: false);

    /// <summary>First values, as an expression: <see cref="Initialise"/> makes values of all parameters of a model at once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the parameter.</param>
    /// <param name="fans">How many numbers it connects.</param>
    /// <param name="type">f32 or f64.</param>
    public abstract Tensor Draw(Key key, Shape shape, Fans fans, ElementType type = ElementType.Float32);

    private sealed record Same(double Value) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type) => Tensor.Full(shape, Value, type);
    }

    private sealed record Between(double Low, double High) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type) => Sample.Uniform(key, shape, Low, High, type);
    }

    private sealed record Inverse(double Gain) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type) =>
            Sample.Uniform(key, shape, -Gain / fans.Inputs, Gain / fans.Inputs, type);
    }

    private sealed record Bell(double Deviation, double Limit) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type) =>
            Deviation * (double.IsInfinity(Limit) ? Sample.Normal(key, shape, type) : Sample.TruncatedNormal(key, shape, -Limit, Limit, type));
    }

    private sealed record Independent(double Gain) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type) => Gain / Math.Sqrt(fans.Inputs) * Sample.Normal(key, shape, type);
    }

    private sealed record OfRank(int Rank, double Gain) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type) => LowRank(Math.Min(1, (double)Rank / Math.Min(shape[0], shape[1])), Gain).Draw(key, shape, fans, type);
    }

    /// <summary>Numbers of variance scale / fan.</summary>
    private sealed record Scaled(double Scale, FanMode Fan, bool IsNormal) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type)
        {
            var variance = Scale / (Fan == FanMode.Inputs ? fans.Inputs : (fans.Inputs + fans.Outputs) / 2);
            if (IsNormal) return Math.Sqrt(variance) * Sample.Normal(key, shape, type);
            var bound = Math.Sqrt(3 * variance);
            return Sample.Uniform(key, shape, -bound, bound, type);
        }
    }

    private sealed record Rotation(double Gain) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type)
        {
            if (shape.Rank < 2) throw new ShapeException($"orthogonal: a parameter {shape} is no matrix: it takes two axes or more.");
            var (rows, columns) = (shape[0], shape[1..].ElementCount);
            // Q of a normal matrix is uniform when the diagonal of R is positive, as that of Qr is (Mezzadri, 2007).
            var (q, _) = LinearAlgebra.Qr(Sample.Normal(key, [Math.Max(rows, columns), Math.Min(rows, columns)], type));
            return (Gain * (rows < columns ? q.T : q)).ReshapeTo(shape);
        }
    }
    private sealed record Thin(double Share, double Gain) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type)
        {
            if (shape.Rank != 2) throw new ShapeException($"low rank: a parameter {shape} is no matrix.");
            var rank = Math.Max(1, (int)Math.Round(Share * Math.Min(shape[0], shape[1])));
            var rows = Orthogonal().Draw(key.Fold(0), [rank, shape[1]], fans, type);
            return Gain * Math.Sqrt((double)shape[1] / rank / shape[0]) * Tensor.MatMul(Sample.Normal(key.Fold(1), [shape[0], rank], type), rows);
        }
    }

    private sealed record Blocks(int Count, double Gain) : Initialiser
    {
        public override Tensor Draw(Key key, Shape shape, Fans fans, ElementType type)
        {
            if (shape.Rank != 2 || shape[0] % Count != 0 || shape[1] % Count != 0) throw new ShapeException($"permuted blocks: a parameter {shape} is no matrix whose sides {Count} divides.");
            // Which block each row and each column belongs to: ranks of random numbers, modulo the blocks, in equal groups.
            Tensor Group(Key key, int size) => Sample.Uniform(key, [size]).ArgSort().ArgSort() % Count;
            var isWithin = Tensor.Equal(Group(key.Fold(0), shape[0]).ExpandDims(1), Group(key.Fold(1), shape[1]));
            return Tensor.Where(isWithin, Gain * Math.Sqrt((double)Count / shape[0]) * Sample.Normal(key.Fold(2), shape, type), 0.0).AsType(type);
        }
    }
}
