using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Shrink;

namespace Paramorph.Methods;

/// <summary>
/// A usual network with its usual hyperparameters that is compressed within the steps of its training: <c>cnn</c> for images, <c>mlp</c> for tables. Its leaves are what it is kept as.
/// </summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Stages">What is made of the network, from the bits that a weight may take, and the part of all steps in which the result is then trained on; the network has the rest.</param>
public sealed record CompressionMethod(string Name, string Meaning, params IReadOnlyList<(Func<ILayer, int, ILayer> Change, double Share)> Stages) : Method(Name, Meaning)
{
    private const double Tuned = 0.4;

    private static readonly IReadOnlyList<string> kinds = ["table-regression", "table-classification", "image-classification"];

    /// <summary>Bits that a weight takes, on average.</summary>
    public static Hyperparameter Bits { get; } = Hyperparameter.Whole("bits", "bits that a weight may take on average, 2 to 8", 4, 2, 8);

    /// <summary>The network as it is: what the others are measured by.</summary>
    public static Method Uncompressed { get; } = new CompressionMethod("uncompressed", "A usual network, whose weights have 32 bits.") { Kinds = kinds };

    /// <summary>Weights rounded after training.</summary>
    [Method]
    public static Method Rounding { get; } = new CompressionMethod(
        "rounding", "A usual network whose weights are rounded to codes after training, with a step for each channel.", ((network, bits) => CompressedNetwork.Rounded(network, bits), 0))
    {
        Kinds = kinds,
        Own = [Bits],
        IsAutomatic = false,
        GoodAt = "files of a quarter of the size",
        Paper = "Krishnamoorthi, Quantizing deep convolutional networks for efficient inference, 2018",
    };

    /// <summary>Weights rounded in training.</summary>
    [Method]
    public static Method RoundingInTraining { get; } = new CompressionMethod(
        "quantisation-aware", "A usual network that is trained on with its weights rounded, whose steps are learned too.",
        ((network, bits) => CompressedNetwork.Rounding(network, bits), Tuned), ((network, _) => ((CompressedNetwork)network).Packed(), 0))
    {
        Kinds = kinds,
        Own = [Bits],
        IsAutomatic = false,
        GoodAt = "files of an eighth of the size and less",
        Paper = "Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018",
    };

    /// <summary>Weights that share levels.</summary>
    [Method]
    public static Method Sharing { get; } = new CompressionMethod(
        "weight-sharing", "A usual network whose weights share the levels that k-means finds, which are trained on.", ((network, bits) => CompressedNetwork.Shared(network, bits), Tuned))
    {
        Kinds = kinds,
        Own = [Bits],
        IsAutomatic = false,
        GoodAt = "files of an eighth of the size and less",
        Paper = "Han, Mao and Dally, Deep Compression, 2016, without pruning",
    };

    /// <summary>Few weights.</summary>
    [Method]
    public static Method MagnitudePruning { get; } = new CompressionMethod(
        "pruning", "A usual network that keeps its weights of largest modulus in 32 bits, trained on without the others, of which a bit each tells that they are zero.",
        ((network, bits) => CompressedNetwork.Pruned(network, (bits - 1) / 32.0), Tuned))
    {
        Kinds = kinds,
        Own = [Bits],
        IsAutomatic = false,
        GoodAt = "networks most weights of which are superfluous",
        Paper = "Han, Pool, Tran and Dally, Learning both Weights and Connections for Efficient Neural Networks, 2015",
    };

    /// <summary>Few weights that share levels.</summary>
    [Method]
    public static Method DeepCompression { get; } = new CompressionMethod(
        "deep-compression", "A usual network that keeps its weights of largest modulus, is trained on, and then shares among them the levels that k-means finds, which are trained on.",
        ((network, bits) => CompressedNetwork.Pruned(network, (bits - 1.0) / BitsOfKept(bits)), Tuned / 2), ((network, bits) => ((CompressedNetwork)network).SharedValues(BitsOfKept(bits)), Tuned / 2))
    {
        Kinds = kinds,
        Own = [Bits],
        IsAutomatic = false,
        GoodAt = "files of an eighth of the size and less",
        Paper = "Han, Mao and Dally, Deep Compression, 2016, without the codes of Huffman",
    };

    /// <inheritdoc/>
    public override bool IsSearched => false;

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters => Own;

    /// <inheritdoc/>
    public override string? Unsuited(Problem problem) => Network(problem.Signature).Unsuited(problem);

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration) => Trained(problem.Signature, configuration).Effort(problem, Usual(problem.Signature));

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run) =>
        Ended(Trained(problem.Signature, run.Configuration).Fit(problem, run with { Configuration = Usual(problem.Signature) }), run.Configuration);

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        var layer = Network(signature).Create(Key.Of(0), signature, Usual(signature));
        foreach (var (change, _) in Stages) layer = change(layer, BitsOf(configuration));
        // How many weights of a layer are kept is known of saved ones alone.
        return Tree.Rebuild(layer, [.. Tree.Names(layer).Zip(Tree.Leaves(layer), (name, leaf) => stored.TryGetValue(name, out var type) ? Tensor.Zeros(type.Shape, type.ElementType) : leaf)]);
    }

    private static NetworkMethod Network(ModelSignature signature) => (NetworkMethod)(signature.Input.Count == 3 ? ConvolutionalNetwork.Method : Mlp.Method);

    private static Configuration Usual(ModelSignature signature) => Configuration.Default(Network(signature).Hyperparameters);

    private static int BitsOfKept(int bits) => Math.Min(8, bits + 2);

    private int BitsOf(Configuration configuration) => Own.Count == 0 ? 0 : configuration.Whole(Bits.Name);

    /// <summary>The method of the network with further stages of training, in which it is compressed.</summary>
    private NetworkMethod Trained(ModelSignature signature, Configuration configuration) => Network(signature) with
    {
        Stages =
        [
            new(1 - Stages.Sum(stage => stage.Share)),
            .. Stages.Where(stage => stage.Share > 0).Select(stage => new TrainingStage(stage.Share) { Before = network => stage.Change(network, BitsOf(configuration)) }),
        ],
    };

    /// <summary>The network after a last change, behind which nothing is trained.</summary>
    private ILayer Ended(ILayer network, Configuration configuration) => Stages is [.., (var change, 0)] ? change(network, BitsOf(configuration)) : network;
}
