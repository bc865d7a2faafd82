using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// Draws of functions by denoising: values at any places are told apart from the noise on them by a network whose answer follows the order of places, and does not depend on that of the inputs'
/// dimensions. Given some values, the others are drawn beside these, which are noised anew at each level. (Dutordoir, Saul, Ghahramani and Simpson, "Neural diffusion processes", 2023.)
/// </summary>
/// <param name="Coordinates">From a coordinate and waves of it to an element.</param>
/// <param name="Values">What the noisy value of the place adds.</param>
/// <param name="Blocks">Attention between places and between dimensions.</param>
/// <param name="Hidden">From the sum of what blocks hand on to the hidden layer of the answer.</param>
/// <param name="Output">From it to the noise; zero before training.</param>
/// <param name="Waves">How many waves a coordinate is shown as, besides itself.</param>
/// <param name="Levels">How many levels of noise there are.</param>
[Tree]
public sealed partial record NeuralDiffusionProcess(Linear Coordinates, Linear Values, TreeList<BidimensionalAttention> Blocks, Linear Hidden, Linear Output, int Waves, int Levels)
{
    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of an element, even.</param>
    /// <param name="heads">Heads of attention, which divide the features.</param>
    /// <param name="layers">Number of blocks.</param>
    /// <param name="levels">Levels of noise.</param>
    /// <param name="waves">Waves of a coordinate.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static NeuralDiffusionProcess Create(Key key, int features, int heads, int layers, int levels, int waves = 0, ElementType type = ElementType.Float32) => new(
        Linear.Create(key.Fold(0), 1 + 2 * waves, features, type: type),
        Linear.Create(key.Fold(1), 1, features, type: type),
        [.. Enumerable.Range(0, layers).Select(i => BidimensionalAttention.Create(key.Fold(4 + i), features, heads, type))],
        Linear.Create(key.Fold(2), features, features, type: type),
        Linear.Create(key.Fold(3), features, 1, weight: Initialiser.Zeros, type: type),
        waves,
        levels);

    /// <summary>The noise on values, as the network has it.</summary>
    /// <param name="inputs">[..., places, dimensions], in [-1, 1].</param>
    /// <param name="noisy">The noisy values: [..., places], whose leading axes may be more.</param>
    /// <param name="level">i32, how much noise there is, from 0 to the number of levels less 1: [] or of the leading axes of the values.</param>
    /// <returns>Of the shape of the noisy values.</returns>
    public Tensor Call(Tensor inputs, Tensor noisy, Tensor level)
    {
        var time = PositionalEncoding.Sinusoidal(Levels, Output.Weight.Shape[0], type: noisy.ElementType).Take(level);
        var x = Tensor.Gelu(Coordinates.Call(WithWaves(inputs.ExpandDims(-1), Waves)) + Values.Call(noisy.ExpandDims(-1).ExpandDims(-1)));
        Tensor? handed = null;
        foreach (var block in Blocks)
        {
            (x, var skip) = block.Call(x, time);
            handed = handed is null ? skip : handed + skip;
        }
        return Output.Call(Tensor.Gelu(Hidden.Call(handed!.Mean(-2) / Math.Sqrt(Blocks.Count))))[TensorIndex.Ellipsis, 0];
    }

    /// <summary>The mean squared error of the noise, which training minimises: of levels that are spread evenly over the functions.</summary>
    /// <param name="schedule">The levels.</param>
    /// <param name="inputs">[functions, places, dimensions].</param>
    /// <param name="values">[functions, places].</param>
    /// <param name="key">The key of levels and noise.</param>
    public Tensor Loss(NoiseLevels schedule, Tensor inputs, Tensor values, Key key)
    {
        var functions = values.Shape[0];
        var level = (Tensor.Arange(functions, values.ElementType) + Sample.Uniform(key.Fold(0), [1], type: values.ElementType)) * (Levels / (double)functions);
        level = Tensor.Minimum(level.AsType(ElementType.Int32), Levels - 1);
        var noise = Sample.Normal(key.Fold(1), values.Shape, values.ElementType);
        return Tensor.Square(Call(inputs, schedule.Noised(values, level, noise), level) - noise).Mean();
    }

    /// <summary>Coordinates beside sines and cosines of them, of 1 / 4, 2 / 4, ... periods in a unit: [..., 1] gives [..., 1 + 2 waves], and [..., d] gives [..., d (1 + 2 waves)].</summary>
    /// <param name="inputs">The coordinates.</param>
    /// <param name="waves">How many; 0 for the coordinates alone.</param>
    public static Tensor WithWaves(Tensor inputs, int waves)
    {
        if (waves == 0) return inputs;
        var angles = Tensor.Concatenate([.. Enumerable.Range(1, waves).Select(wave => inputs * (0.5 * Math.PI * wave))], -1);
        return Tensor.Concatenate([inputs, Tensor.Sin(angles), Tensor.Cos(angles)], -1);
    }
}

/// <summary>Attention between places, within each dimension, and between dimensions, within each place, side by side. What it does follows any order of places, and any order of dimensions.</summary>
/// <param name="Time">What the level of noise adds.</param>
/// <param name="Places">Attention between places, which gives twice the features.</param>
/// <param name="Dimensions">Attention between dimensions, which gives as many.</param>
[Tree]
public sealed partial record BidimensionalAttention(Linear Time, MultiHeadAttention Places, MultiHeadAttention Dimensions)
{
    /// <summary>A block with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of an element.</param>
    /// <param name="heads">Heads of attention, which divide the features.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static BidimensionalAttention Create(Key key, int features, int heads, ElementType type = ElementType.Float32)
    {
        MultiHeadAttention Doubled(Key key) => MultiHeadAttention.Create(key.Fold(0), features, heads, type: type) with { Output = Linear.Create(key.Fold(1), features, 2 * features, type: type) };
        return new(Linear.Create(key.Fold(0), features, features, type: type), Doubled(key.Fold(1)), Doubled(key.Fold(2)));
    }

    /// <summary>The next elements, and what is handed on to the answer.</summary>
    /// <param name="x">[..., places, dimensions, features].</param>
    /// <param name="time">The encoded level: [features], or [..., features].</param>
    /// <returns>Both of the shape of x.</returns>
    public (Tensor Next, Tensor Skip) Call(Tensor x, Tensor time)
    {
        var y = x + Time.Call(time).ExpandDims(-2).ExpandDims(-2);
        var halves = (Dimensions.Call(y) + Places.Call(y.SwapAxes(-3, -2)).SwapAxes(-3, -2)).Split(2, -1);
        return ((x + Tensor.Gelu(halves[0])) / Math.Sqrt(2), Tensor.Gelu(halves[1]));
    }
}

/// <summary>
/// Levels of noise: at level t a value y has become √a y + √(1 - a) e, where a is the product of 1 - b up to t and e is normal. (Ho, Jain and Abbeel, "Denoising diffusion probabilistic models", 2020.)
/// </summary>
/// <param name="Steps">b of each level, in (0, 1): f64 [levels].</param>
public sealed record NoiseLevels(Tensor Steps)
{
    /// <summary>b of each level.</summary>
    public Tensor Steps { get; } = Steps;

    private readonly Tensor kept = (1.0 - Steps).CumulativeProduct(0).Evaluate();

    /// <summary>Levels at which a is cos²(π / 2 (t / levels + s) / (1 + s)) but for a factor, s = 0.008. (Nichol and Dhariwal, "Improved denoising diffusion probabilistic models", 2021, Eq. 17.)</summary>
    /// <param name="levels">How many.</param>
    /// <param name="most">The largest b.</param>
    public static NoiseLevels Cosine(int levels, double most = 0.5)
    {
        double Kept(double level) => Math.Pow(Math.Cos(0.5 * Math.PI * (level / levels + 0.008) / 1.008), 2);
        return new(Tensor.From<double>([.. Enumerable.Range(0, levels).Select(level => Math.Min(most, 1 - Kept(level + 1) / Kept(level)))], [levels]));
    }

    /// <summary>Values at a level of noise.</summary>
    /// <param name="values">[..., places].</param>
    /// <param name="level">i32: [], or of the leading axes.</param>
    /// <param name="noise">Normal numbers of the shape of the result.</param>
    public Tensor Noised(Tensor values, Tensor level, Tensor noise)
    {
        var share = At(kept, level, values);
        return Tensor.Sqrt(share) * values + Tensor.Sqrt(1.0 - share) * noise;
    }

    /// <summary>Values at the level before, drawn given those at a level: (y - b e / √(1 - a)) / √(1 - b), and √b times noise unless the level is the first.</summary>
    /// <param name="noisy">[..., places].</param>
    /// <param name="level">i32: [], or of the leading axes.</param>
    /// <param name="expected">The noise e that is expected to be on them.</param>
    /// <param name="noise">Normal numbers.</param>
    public Tensor Denoised(Tensor noisy, Tensor level, Tensor expected, Tensor noise)
    {
        var (step, share) = (At(Steps, level, noisy), At(kept, level, noisy));
        var spread = Tensor.Where((level > 0).ExpandDims(-1), Tensor.Sqrt(step), 0.0);
        return (noisy - step / Tensor.Sqrt(1.0 - share) * expected) / Tensor.Sqrt(1.0 - step) + spread * noise;
    }

    /// <summary>
    /// Draws of the values that are not known, given those that are. At each level the known ones are noised anew, all are denoised together, and where it is done again, noise is put back on the result
    /// first, so that drawn values and known ones come to fit. (Lugmayr et al., "RePaint", 2022.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">From noisy values [draws, ..., places] and an i32 level [] to the noise that is expected to be on them.</param>
    /// <param name="tasks">The values, and which are known; none for draws of the prior.</param>
    /// <param name="draws">How many.</param>
    /// <param name="again">How often each level is done again.</param>
    /// <returns>[draws, ..., places], the known values among them.</returns>
    public Tensor Draw(Key key, Func<Tensor, Tensor, Tensor> expected, PriorTasks tasks, int draws, int again)
    {
        Shape shape = [draws, .. tasks.Values.Shape];
        var (levels, type) = (Steps.Shape[0], tasks.Values.ElementType);
        Tensor Noise(Key key) => Sample.Normal(key, shape, type);
        var drawn = Control.Repeat(levels * (again + 1), (round, values) =>
        {
            var (level, own) = (levels - 1 - Tensor.Floor(round / (again + 1.0)).AsType(ElementType.Int32), key.Fold(1).Fold(round));
            var noisy = Tensor.Where(tasks.Known, Noised(tasks.Values, level, Noise(own.Fold(0))), values);
            var before = Denoised(noisy, level, expected(noisy, level), Noise(own.Fold(1)));
            var step = At(Steps, level, values);
            return Tensor.Where(round % (again + 1) < again, Tensor.Sqrt(1.0 - step) * before + Tensor.Sqrt(step) * Noise(own.Fold(2)), before);
        }, Noise(key.Fold(0)));
        return Tensor.Where(tasks.Known, tasks.Values, drawn);
    }

    private static Tensor At(Tensor of, Tensor level, Tensor like) => of.AsType(like.ElementType).Take(level).ExpandDims(-1);
}
