using Paramorph.Methods;
using Paramorph.Problems;
namespace Paramorph.Layers;

/// <summary>
/// A network that makes its input coarser level by level and finer again, with what each level saw on the way down joined on the way up. (Ronneberger,
/// Fischer and Brox, 2015, with padded convolutions and, where asked for, group norms.)
/// </summary>
/// <param name="Down">The blocks on the way down, the finest first.</param>
/// <param name="Bottom">The block at the coarsest level.</param>
/// <param name="Up">The transposed convolutions that double sizes, the coarsest first.</param>
/// <param name="Joined">The blocks on the way up, behind each of these.</param>
/// <param name="Output">The convolution of kernel 1 to the outputs.</param>
[Tree]
public sealed partial record UNet(
    TreeList<NormedConvolutions> Down, NormedConvolutions Bottom, TreeList<ConvolutionTransposed> Up, TreeList<NormedConvolutions> Joined, Convolution Output)
    : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("unet", "A U-Net: convolutions on finer and coarser grids, joined on the way back.", Built)
    {
        Kinds = ["operator-learning"],
        GoodAt = "sharp features that stay where they are",
        Paper = "Ronneberger, Fischer and Brox, U-Net: convolutional networks for biomedical image segmentation, 2015",
        Own =
        [
            Hyperparameter.Whole("width", "channels of the finest grid, taken as the next multiple of 4", 16, 8, 32), Hyperparameter.Whole("depth", "how often the grid is halved, where it can be", 2, 1, 4, HyperparameterScale.Linear),
            Hyperparameter.Word("norms", "whether norms stand behind convolutions, which make a field and its double look alike", "none", "group"),
        ],
        Decay = NetworkMethod.UsualDecay.Within(1e-3, 1e-5, 1e-1),
        Epochs = NetworkMethod.UsualEpochs.Within(100, 30, 400),
        Batch = NetworkMethod.UsualBatch.Within(20, 8, 64),
        Limits = problem => problem.Signature.Input.Skip(1).Any(size => size % 2 != 0) ? $"it halves grids, and one of {string.Join(" x ", problem.Signature.Input.Skip(1))} is odd" : null,
    };

    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="width">Channels of the finest level; each coarser one has twice as many. The groups divide it.</param>
    /// <param name="depth">How often sizes are halved.</param>
    /// <param name="spatialAxes">Number of spatial axes, one to three.</param>
    /// <param name="groups">Groups of the norms; 0 for none, where the size of the input matters: behind norms a field and its double look alike.</param>
    /// <param name="activation">The activation; <see cref="Activation.Silu"/> when null.</param>
    /// <param name="paddingMode">What is put around: zeros, or <see cref="PaddingMode.Circular"/> on a periodic domain.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The depth is negative, or the groups do not divide the width.</exception>
    public static UNet Create(
        Key key, int channels, int outputs, int width = 32, int depth = 3, int spatialAxes = 2, int groups = 8, Func<Tensor, Tensor>? activation = null,
        PaddingMode paddingMode = PaddingMode.Zero, ElementType type = ElementType.Float32)
    {
        if (depth < 0) throw new ShapeException($"unet: a depth of {depth} is no number of levels: it is 0 or more.");
        var function = activation ?? Activation.Silu;
        NormedConvolutions Block(Key key, int from, int to) => NormedConvolutions.Create(key, from, to, spatialAxes, groups, function, paddingMode, type);
        return Initialise.Of(key, key =>
        {
            int[] widths = [.. Enumerable.Range(0, depth + 1).Select(level => width << level)];
            int[] upward = [.. Enumerable.Range(0, depth).Reverse()];
            ConvolutionOptions halves = new() { Stride = [2] };
            return new UNet(
                [.. Enumerable.Range(0, depth).Select(level => Block(key.Fold(4 * level), level == 0 ? channels : widths[level - 1], widths[level]))],
                Block(key.Fold(4 * depth), depth == 0 ? channels : widths[^2], widths[^1]),
                [.. upward.Select(level => ConvolutionTransposed.Create(
                    key.Fold(4 * level + 1), widths[level + 1], widths[level], [.. Enumerable.Repeat(2, spatialAxes)], halves, type: type))],
                [.. upward.Select(level => Block(key.Fold(4 * level + 2), 2 * widths[level], widths[level]))],
                Convolution.Create(key.Fold(3), width, outputs, [.. Enumerable.Repeat(1, spatialAxes)], weight: Initialiser.GlorotUniform, type: type));
        });
    }

    /// <summary>[batch..., channels, spatial...] gives [batch..., outputs, spatial...].</summary>
    /// <exception cref="ShapeException">A spatial size does not divide by 2^depth.</exception>
    public Tensor Call(Tensor x)
    {
        var (spatialAxes, most) = (Output.Weight.Rank - 2, 1 << Down.Count);
        if (x.Rank <= spatialAxes || x.Shape[^spatialAxes..].Any(size => size % most != 0))
            throw new ShapeException($"unet: {x.Type} is not halved {Down.Count} times: each of its {spatialAxes} spatial sizes must be a multiple of {most}.");
        var seen = new Stack<Tensor>();
        foreach (var block in Down)
        {
            seen.Push(block.Call(x));
            x = seen.Peek().MaxPool([.. Enumerable.Repeat(2, spatialAxes)]);
        }
        x = Bottom.Call(x);
        foreach (var (up, joined) in Up.Zip(Joined)) x = joined.Call(Tensor.Concatenate([seen.Pop(), up.Call(x)], -(spatialAxes + 1)));
        return Output.Call(x);
    }

    private static UNet Built(Key key, ModelSignature signature, Configuration choice)
    {
        int[] grid = [.. signature.Input.Skip(1)];
        var depth = Enumerable.Range(1, choice.Whole("depth")).TakeWhile(level => grid.All(size => size % (1 << level) == 0 && size >> level >= 2)).Count();
        var mode = signature.IsPeriodic ? PaddingMode.Circular : PaddingMode.Zero;
        return Create(key, signature.Input[0], signature.Output[0], (choice.Whole("width") + 3) / 4 * 4, depth, grid.Length, groups: choice.Word("norms") == "group" ? 4 : 0, paddingMode: mode);
    }
}
