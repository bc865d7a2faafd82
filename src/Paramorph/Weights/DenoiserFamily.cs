using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Weights;

/// <summary>A network for each level of noise, predicted by a hypernetwork, that tells the middle pixel of a patch, such as those of <see cref="Data.DenoisingPatches"/>.</summary>
public static class DenoiserFamily
{
    /// <summary>What one of them makes of patches: a hypernetwork, a level and patches [n, pixels] give [n]; compiled.</summary>
    public static Func<Hypernetwork<Mlp>, Tensor, Tensor, Tensor> Denoise { get; } =
        Compile.Of((Hypernetwork<Mlp> hyper, Tensor level, Tensor patches) => hyper.Predict(level).Call(patches)[.., 0]);

    /// <summary>A hypernetwork of denoisers with leaky ReLUs.</summary>
    /// <param name="hyper">The key of the hypernetwork.</param>
    /// <param name="denoiser">The key of the denoiser at which it starts.</param>
    /// <param name="pixels">Pixels of a patch.</param>
    /// <param name="width">Neurons of a hidden layer of the denoiser.</param>
    /// <param name="layers">Its hidden layers.</param>
    /// <param name="hidden">Hidden widths of the hypernetwork.</param>
    /// <param name="encodesInput">Whether levels, from 0 to 1, are encoded with constant norm.</param>
    /// <param name="isResidual">Whether what is predicted is added to learned weights.</param>
    public static Hypernetwork<Mlp> Create(Key hyper, Key denoiser, int pixels, int width, int layers, Sequence<int> hidden, bool encodesInput = true, bool isResidual = true) =>
        Hypernetwork.Of(hyper, Mlp.Create(denoiser, [pixels, .. Enumerable.Repeat(width, layers), 1], Activation.LeakyRelu), 1, hidden, encodesInput, isResidual);

    /// <summary>The mean squared error of middle pixels.</summary>
    /// <param name="hyper">What predicts denoisers.</param>
    /// <param name="clean">[levels, patches, pixels].</param>
    /// <param name="levels">[levels].</param>
    /// <param name="noise">Of the shape of the patches; levels are factors on it.</param>
    public static Tensor Error(Hypernetwork<Mlp> hyper, Tensor clean, Tensor levels, Tensor noise)
    {
        var noisy = clean + levels.Reshape(-1, 1, 1) * noise;
        var told = Vmap.Of((Tensor level, Tensor patches) => hyper.Predict(level).Call(patches), levels, noisy);
        return Loss.MeanSquared(told[.., .., 0], clean[.., .., clean.Shape[2] / 2]);
    }

    /// <summary>The error of a batch [levels, patches, pixels] at levels from 0 to 1 and with normal noise that a key draws: the loss of a training.</summary>
    public static Tensor BatchError(Hypernetwork<Mlp> hyper, Tensor clean, Key key) =>
        Error(hyper, clean, Sample.Uniform(key.Fold(0), [clean.Shape[0]]), Sample.Normal(key.Fold(1), clean.Shape));
}
