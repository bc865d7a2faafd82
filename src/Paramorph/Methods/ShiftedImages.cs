using Paramorph.Data;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Methods;

/// <summary>Batches whose images are each moved by some pixels, anew at every step; the pixels at the edge are repeated.</summary>
internal sealed class ShiftedImages(IBatches<Examples> batches, int most, Key key) : IBatches<Examples>
{
    /// <summary>By how much images are moved, as a hyperparameter.</summary>
    public static Hyperparameter Parameter { get; } = Hyperparameter.Whole("shift", "pixels by which training images are moved at random, at most, along each axis", 0, 0, 2, HyperparameterScale.Linear);

    /// <summary>The batches as a configuration wants them.</summary>
    public static IBatches<Examples> Of(IBatches<Examples> batches, Configuration choice, Key key) =>
        choice.Whole(Parameter.Name) is > 0 and var most ? new ShiftedImages(batches, most, key) : batches;

    /// <inheritdoc/>
    public Examples At(long step)
    {
        var batch = batches.At(step);
        var shape = batch.Inputs.Shape;
        var (from, to, random) = (batch.Inputs.ToArray<float>(), new float[batch.Inputs.Count], new KeyRandom(key.Fold(step)));
        var (channels, height, width) = (shape[1], shape[2], shape[3]);
        for (var i = 0; i < shape[0]; i++)
        {
            var (down, right) = (random.Integer(2 * most + 1) - most, random.Integer(2 * most + 1) - most);
            for (var row = 0; row < channels * height; row++)
            {
                var source = (i * channels + row / height) * height + Math.Clamp(row % height - down, 0, height - 1);
                for (var x = 0; x < width; x++) to[(i * channels * height + row) * width + x] = from[source * width + Math.Clamp(x - right, 0, width - 1)];
            }
        }
        return batch with { Inputs = Tensor.From(to, shape) };
    }
}
