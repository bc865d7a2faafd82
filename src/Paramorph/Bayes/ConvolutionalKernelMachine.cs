using Paramorph.Data;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A convolutional deep kernel machine: a convolutional network of infinite width whose layers know their features by second moments alone, and learn them. Some inducing points carry what is learned:
/// patches at first, behind each convolution mixtures of the inducing points before it. Training maximises the likelihood less ν times the divergences of the learned Gram matrices from those of the
/// network of infinite width, which is the limit of ν. (Milsom, Anson and Aitchison, "Convolutional Deep Kernel Machines", 2024.)
/// </summary>
/// <param name="Patches">The inducing patches, [points, channels, size, size].</param>
/// <param name="Mixings">What the inducing points behind each convolution are made of, [points, points, size, size].</param>
/// <param name="Grams">The learned Gram matrices of its results.</param>
/// <param name="Weights">The logarithms of the variances of the weights behind each rectification, in units of one over their number, [convolutions + 1].</param>
/// <param name="Biases">Those of the biases, [convolutions + 1].</param>
/// <param name="Mean">The mean of the outputs at the last inducing points, in units of the prior's independent ones, [points, outputs].</param>
/// <param name="Spread">Their covariance, the same for all outputs.</param>
/// <param name="Stride">The stride of the first convolution; that of others is 1.</param>
/// <param name="IsNormalised">Whether moments are divided by the mean variance of the inducing points in front of each rectification, which is what batch norm is here.</param>
[Tree]
public sealed partial record ConvolutionalKernelMachine(Tensor Patches, TreeList<Tensor> Mixings, TreeList<LearnedGram> Grams, Tensor Weights, Tensor Biases, Tensor Mean, LearnedGram Spread, int Stride, bool IsNormalised)
{
    /// <summary>The variance of biases at first, and of those in front of the first rectification.</summary>
    internal const double Bias = 0.1;

    /// <summary>Draws of outputs that probabilities are means over.</summary>
    internal const int Samples = 200;

    /// <summary>A machine that has learned nothing: the network of infinite width, seen through the inducing points, with drawn outputs at these.</summary>
    /// <param name="key">Draws the mixtures and the outputs.</param>
    /// <param name="patches">The first inducing patches, [points, channels, size, size].</param>
    /// <param name="convolutions">Convolutions behind that of the patches, 0 or more.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="stride">The stride of the first of them.</param>
    /// <param name="isNormalised">Whether moments are normalised.</param>
    public static ConvolutionalKernelMachine Create(Key key, Tensor patches, int convolutions, int outputs, int stride = 2, bool isNormalised = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(convolutions);
        var (points, size, type) = (patches.Shape[0], patches.Shape[2], patches.ElementType);
        return new(
            patches, [.. Enumerable.Range(0, convolutions).Select(i => (Sample.Normal(key.Fold(i), [points, points, size, size], type) / Math.Sqrt(points)).Evaluate())],
            [.. Enumerable.Range(0, convolutions).Select(_ => LearnedGram.OfPrior(points, type))], Tensor.Zeros([convolutions + 1], type).Evaluate(),
            Tensor.Full([convolutions + 1], Math.Log(Bias), type).Evaluate(), Sample.Normal(key.Fold(convolutions), [points, outputs], type).Evaluate(), LearnedGram.OfPrior(points, type), stride, isNormalised);
    }

    /// <summary>Patches of some images, from places at random: the first inducing points.</summary>
    /// <param name="key">Draws images and places.</param>
    /// <param name="images">[n, channels, height, width].</param>
    /// <param name="points">How many.</param>
    /// <param name="size">Their height and width in pixels.</param>
    /// <returns>[points, channels, size, size].</returns>
    public static Tensor DrawnPatches(Key key, Tensor images, int points, int size = 3)
    {
        var random = new KeyRandom(key);
        return Tensor.Stack([.. Enumerable.Range(0, points).Select(_ =>
        {
            var (image, row, column) = (random.Integer(images.Shape[0]), random.Integer(images.Shape[2] - size + 1), random.Integer(images.Shape[3] - size + 1));
            return images[image, .., row..(row + size), column..(column + size)];
        })]).Evaluate();
    }

    /// <summary>ν times the divergences of the Gram matrices, and the mean one of the outputs at the inducing points: what the likelihood of all examples is lowered by.</summary>
    /// <param name="regularisation">ν.</param>
    public Tensor Divergence(double regularisation) =>
        regularisation * Grams.Select(gram => gram.Divergence).DefaultIfEmpty(Tensor.ZerosLike(Spread.Divergence)).Aggregate((sum, next) => sum + next) + Spread.Divergence + (0.5 / Mean.Shape[1]) * Tensor.Square(Mean).Sum();

    /// <summary>The moments that the outputs are made of: behind the average over all places.</summary>
    /// <param name="images">[n, channels, height, width].</param>
    public PatchMoments Moments(Tensor images)
    {
        var moments = PatchMoments.Of(images, Patches, Bias);
        for (var layer = 0; layer < Mixings.Count; layer++) moments = Rectified(moments, layer).Mixed(Mixings[layer], layer == 0 ? Stride : 1).Learned(Grams[layer]);
        return Rectified(moments, Mixings.Count).Averaged();
    }

    /// <summary>Moments behind a rectification.</summary>
    /// <param name="moments">In front of it.</param>
    /// <param name="layer">Which: 0 to the number of mixings.</param>
    internal PatchMoments Rectified(PatchMoments moments, int layer) =>
        (IsNormalised ? moments.Normalised() : moments).Rectified(Tensor.Exp(Weights[layer]), Tensor.Exp(Biases[layer]));

    /// <summary>The normal distribution of the outputs: means [n, outputs] and the variance of all outputs of an image [n].</summary>
    /// <param name="images">[n, channels, height, width].</param>
    public (Tensor Means, Tensor Variances) Call(Tensor images) => Outputs(Moments(images));

    /// <summary>The mean over images of the expected logarithm of the probability of their classes, whose logits are the outputs: over drawn outputs.</summary>
    /// <param name="images">[n, channels, height, width].</param>
    /// <param name="labels">The classes [n].</param>
    /// <param name="key">Draws the outputs.</param>
    /// <param name="samples">Draws for each image.</param>
    public Tensor ExpectedLogLikelihood(Tensor images, Tensor labels, Key key, int samples = 10)
    {
        var (means, variances) = Call(images);
        return -Loss.CrossEntropy(Drawn(means, variances, Sample.Normal(key, [samples, .. means.Shape], images.ElementType)), labels.BroadcastTo([samples, .. labels.Shape]));
    }

    /// <summary>The logarithms of the probabilities of the classes [n, outputs], as means over drawn outputs. All images have the same draws, so that the answer for one does not depend on the others.</summary>
    /// <param name="images">[n, channels, height, width].</param>
    /// <param name="samples">Draws for each image, the same at every call.</param>
    public Tensor LogProbabilities(Tensor images, int samples = Samples)
    {
        var (means, variances) = Call(images);
        return LogProbabilities(means, variances, Draws(samples, means.Shape[^1], images.ElementType));
    }

    /// <summary>The logarithms of the mean probabilities of outputs with means [n, outputs] and variances [n] over drawn units of these, [samples, 1, outputs].</summary>
    internal static Tensor LogProbabilities(Tensor means, Tensor variances, Tensor draws) => Tensor.Log(Drawn(means, variances, draws).Softmax().Mean(0));

    /// <summary>The draws of normal numbers that all images have in common, [samples, 1, outputs].</summary>
    internal static Tensor Draws(int samples, int outputs, ElementType type) => Sample.Normal(Key.Of(0), [samples, 1, outputs], type);

    private static Tensor Drawn(Tensor means, Tensor variances, Tensor draws) => means + Tensor.Sqrt(Tensor.Maximum(variances, 1e-8)).ExpandDims(-1) * draws;

    /// <summary>The same from moments at one place an image.</summary>
    /// <param name="moments">As <see cref="Moments"/> gives them.</param>
    public (Tensor Means, Tensor Variances) Outputs(PatchMoments moments)
    {
        var (_, whitened, left) = moments.Whitened();
        return (Tensor.MatMul(whitened.T, Mean), left.Flatten() + Tensor.Square(Tensor.MatMul(Spread.Factor.T, whitened)).Sum(0));
    }
}

/// <summary>A positive definite matrix that is learned in units of another, K = L Lᵀ: L S Sᵀ Lᵀ.</summary>
/// <param name="Root">The lower triangle of S, with the logarithms of its diagonal, [points, points]; what stands above is not used. Zeros are the prior.</param>
[Tree]
public sealed partial record LearnedGram(Tensor Root)
{
    /// <summary>S.</summary>
    public Tensor Factor
    {
        get
        {
            var (row, column) = Places(Root.Shape[0]);
            return Tensor.Where(Tensor.Equal(row, column), Tensor.Exp(Root), Tensor.Where(Tensor.Greater(row, column), Root, 0.0));
        }
    }

    /// <summary>The Kullback-Leibler divergence of N(0, L S Sᵀ Lᵀ) from N(0, L Lᵀ), whatever L is: ½ (|S|² - points) - log det S.</summary>
    public Tensor Divergence
    {
        get
        {
            var (row, column) = Places(Root.Shape[0]);
            return 0.5 * (Tensor.Square(Factor).Sum() - (double)Root.Shape[0]) - Tensor.Where(Tensor.Equal(row, column), Root, 0.0).Sum();
        }
    }

    /// <summary>That which is the prior.</summary>
    /// <param name="points">Inducing points.</param>
    /// <param name="type">f32 or f64.</param>
    public static LearnedGram OfPrior(int points, ElementType type) => new(Tensor.Zeros([points, points], type).Evaluate());

    internal static (Tensor Row, Tensor Column) Places(int points)
    {
        var place = Tensor.From([.. Enumerable.Range(0, points)]);
        return (place.ExpandDims(-1), place);
    }
}

/// <summary>Second moments of the preactivations or features of a convolutional network of infinite width, as means over its channels.</summary>
/// <param name="Inducing">Of inducing points with each other, [points, points].</param>
/// <param name="Cross">Of places of images with inducing points, [n, points, height, width].</param>
/// <param name="Own">Of each place with itself, [n, height, width].</param>
[Tree]
public sealed partial record PatchMoments(Tensor Inducing, Tensor Cross, Tensor Own)
{
    /// <summary>By what part variances are enlarged under an activation, as by noise of its own at each point: the rectifier's moments have no derivative at multiples.</summary>
    private const double Noise = 1e-4;

    /// <summary>What the Gram matrix of inducing points is enlarged by on its diagonal, in parts of its mean, before it is factorised.</summary>
    private const double Jitter = 1e-6;

    /// <summary>Preactivations of a convolution with weights of variance 1 / inputs and biases, zeros around images.</summary>
    /// <param name="images">[n, channels, height, width].</param>
    /// <param name="patches">[points, channels, size, size].</param>
    /// <param name="bias">The variance of the biases.</param>
    public static PatchMoments Of(Tensor images, Tensor patches, double bias)
    {
        var (flat, options) = (patches.Reshape(patches.Shape[0], -1), new ConvolutionOptions { Padding = Padding.Same });
        var inputs = (double)flat.Shape[1];
        return new(
            Tensor.MatMul(flat, flat.T) / inputs + bias, Tensor.Convolve(images, patches, options) / inputs + bias,
            Tensor.Convolve(Tensor.Square(images), Tensor.OnesLike(patches[..1]), options)[.., 0] / inputs + bias);
    }

    /// <summary>√2 relu's moments with an own noise: as <see cref="Rectified(Tensor, Tensor)"/>, of places alone.</summary>
    /// <param name="cross">[n, points, height, width].</param>
    /// <param name="own">[n, height, width].</param>
    /// <param name="inducing">The variances of the inducing points, [points].</param>
    /// <param name="weight">As there.</param>
    /// <param name="bias">As there.</param>
    internal static (Tensor Cross, Tensor Own) Rectified(Tensor cross, Tensor own, Tensor inducing, Tensor weight, Tensor bias)
    {
        var noisy = (1 + Noise) * own;
        return (weight * Products(cross, ((1 + Noise) * inducing).Reshape(-1, 1, 1), noisy.ExpandDims(1)) + bias, weight * noisy + bias);
    }

    /// <summary>As <see cref="Mixed(Tensor, int)"/>, of places alone.</summary>
    internal static (Tensor Cross, Tensor Own) Mixed(Tensor cross, Tensor own, Tensor mixing, int stride)
    {
        var options = new ConvolutionOptions { Padding = Padding.Same, Stride = [stride, stride] };
        var (size, taps) = (mixing.Shape[2], (double)mixing.Shape[2] * mixing.Shape[3]);
        return (
            Tensor.Convolve(cross, mixing, options) / taps,
            Tensor.Convolve(own.ExpandDims(1), Tensor.Ones([1, 1, size, mixing.Shape[3]], own.ElementType), options)[.., 0] / taps);
    }

    /// <summary>Features √2 relu of these as preactivations, times the root of <paramref name="weight"/>, beside a constant one.</summary>
    /// <param name="weight">The variance of the weights of what follows, in units of one over their number.</param>
    /// <param name="bias">The square of the constant: the variance of the biases of what follows.</param>
    public PatchMoments Rectified(Tensor weight, Tensor bias)
    {
        var (row, column) = LearnedGram.Places(Inducing.Shape[0]);
        var (variances, isDiagonal) = (Variances(), Tensor.Equal(row, column));
        var noisy = (1 + Noise) * variances;
        var (cross, own) = Rectified(Cross, Own, variances, weight, bias);
        return new(weight * Tensor.Where(isDiagonal, noisy, Products(Inducing, noisy.ExpandDims(-1), noisy)) + bias, cross, own);
    }

    /// <summary>Preactivations of a convolution with independent weights of variance 1 / inputs, whose inducing points are mixtures of these, as of a patch of them.</summary>
    /// <param name="mixing">[points, points before, size, size].</param>
    /// <param name="stride">The stride.</param>
    public PatchMoments Mixed(Tensor mixing, int stride)
    {
        var taps = (double)mixing.Shape[2] * mixing.Shape[3];
        var each = mixing.Transpose(2, 3, 0, 1).Reshape(-1, mixing.Shape[0], mixing.Shape[1]);
        var (cross, own) = Mixed(Cross, Own, mixing, stride);
        return new(Tensor.MatMul(Tensor.MatMul(each, Inducing), each.Transpose(0, 2, 1)).Sum(0) / taps, cross, own);
    }

    /// <summary>These under a learned Gram matrix of the inducing points, given which all else is distributed as before.</summary>
    /// <param name="gram">The Gram matrix in units of that of the inducing points.</param>
    public PatchMoments Learned(LearnedGram gram)
    {
        var (root, whitened, left) = Whitened();
        var factor = gram.Factor;
        var (learned, turned) = (Tensor.MatMul(root, factor), Tensor.MatMul(factor.T, whitened));
        Shape places = [Cross.Shape[0], .. Cross.Shape[2..]];
        return new(
            Tensor.MatMul(learned, learned.T), Tensor.MatMul(learned, turned).ReshapeTo([Inducing.Shape[0], .. places]).Transpose(1, 0, 2, 3),
            left + Tensor.Square(turned).Sum(0).ReshapeTo(places));
    }

    /// <summary>In units in which the inducing points have a variance of 1 on average.</summary>
    public PatchMoments Normalised()
    {
        var scale = Variances().Mean();
        return new(Inducing / scale, Cross / scale, Own / scale);
    }

    /// <summary>Of the average over all places, which know of each other through the inducing points alone: one place remains.</summary>
    public PatchMoments Averaged()
    {
        var (_, whitened, left) = Whitened();
        var (n, places) = (Own.Shape[0], Own.Shape[1] * Own.Shape[2]);
        var shared = Tensor.Square(whitened.Reshape(-1, n, places).Mean(-1)).Sum(0) + left.Reshape(n, -1).Mean(-1) / (double)places;
        return new(Inducing, Cross.Mean([2, 3]).Reshape(n, -1, 1, 1), shared.Reshape(n, 1, 1));
    }

    /// <summary>The factor L of the inducing points' Gram matrix, L⁻¹ of the moments with all places [points, n height width], and what these leave of the places' own [n, height, width].</summary>
    public (Tensor Root, Tensor Whitened, Tensor Left) Whitened()
    {
        var root = Root();
        var whitened = LinearAlgebra.TriangularSolve(root, Cross.Transpose(1, 0, 2, 3).Reshape(Inducing.Shape[0], -1));
        return (root, whitened, Own - Tensor.Square(whitened).Sum(0).ReshapeTo(Own.Shape));
    }

    /// <summary>The factor L of the inducing points' Gram matrix.</summary>
    internal Tensor Root()
    {
        var (row, column) = LearnedGram.Places(Inducing.Shape[0]);
        return LinearAlgebra.Cholesky(Inducing + Tensor.Where(Tensor.Equal(row, column), Jitter * Variances().Mean(), 0.0));
    }

    private static Tensor Products(Tensor covariance, Tensor first, Tensor second) => 2.0 * DualActivation.Relu.Means(covariance, first, second).Products;

    /// <summary>The variances of the inducing points, [points].</summary>
    internal Tensor Variances()
    {
        var (row, column) = LearnedGram.Places(Inducing.Shape[0]);
        return Tensor.Where(Tensor.Equal(row, column), Inducing, 0.0).Sum(0);
    }
}
