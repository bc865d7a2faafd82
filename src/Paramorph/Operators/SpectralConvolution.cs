using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// A convolution over the whole of a periodic grid, learned as its lowest frequencies: the channels of each are mixed by a complex matrix of its own, all
/// other frequencies vanish. The weights do not know the grid, so they serve finer and coarser ones alike. (Li et al., "Fourier Neural Operator", 2021,
/// section 4.)
/// </summary>
/// <param name="Weight">
/// Complex [channels, outputs, frequencies...]: along the last spatial axis the modes 0 to m - 1; along each axis before it 2 m - 1 frequencies, those from
/// 0 to m - 1 and then those from -(m - 1) to -1.
/// </param>
[Tree]
public sealed partial record SpectralConvolution(Tensor Weight) : ILayer
{
    /// <summary>A layer whose weights have real and imaginary parts of variance 1 / (2 channels), so that it keeps the size of what it lets through.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="modes">How many frequencies from 0 on are kept along each of one to three spatial axes.</param>
    /// <param name="type">f32 or f64: the type of the grid; weights are c64 or c128.</param>
    /// <exception cref="ShapeException">A number is below 1, or there are no or more than three axes.</exception>
    public static SpectralConvolution Create(Key key, int channels, int outputs, Sequence<int> modes, ElementType type = ElementType.Float32)
    {
        if (channels < 1 || outputs < 1 || modes.Count is < 1 or > 3 || modes.Any(m => m < 1))
        {
            throw new ShapeException(
                $"spectral convolution: {channels} channels, {outputs} outputs and modes {modes} make no layer: all are 1 or more, on one to three axes.");
        }
        Shape shape = [channels, outputs, .. modes.Select((m, axis) => axis == modes.Count - 1 ? m : 2 * m - 1)];
        return Initialise.Of(key, key =>
        {
            Tensor Part(int index) => Math.Sqrt(0.5 / channels) * Sample.Normal(key.Fold(index), shape, type);
            return new SpectralConvolution(Tensor.Complex(Part(0), Part(1)));
        });
    }

    /// <summary>[..., channels, n1, ...] gives [..., outputs, n1, ...] on the same grid.</summary>
    /// <exception cref="ShapeException">The channels do not fit, or the grid is too coarse for the frequencies.</exception>
    public Tensor Call(Tensor x)
    {
        var axes = Weight.Rank - 2;
        if (x.Rank <= axes || x.Shape[^(axes + 1)] != Weight.Shape[0])
        {
            throw new ShapeException(
                $"spectral convolution: {x.Type} does not enter a weight {Weight.Type}: it must be [..., {Weight.Shape[0]}, grid...] with {axes} axes of the grid.");
        }
        Shape grid = x.Shape[^axes..], batch = x.Shape[..^(axes + 1)];
        Check(x, grid);
        int[] spatial = [.. Enumerable.Range(2, axes)];
        var spectrum = Fourier.RfftN(x.ReshapeTo([batch.ElementCount, Weight.Shape[0], .. grid]), spatial);
        for (var a = 0; a < axes; a++) spectrum = Kept(spectrum, a + 2, Weight.Shape[a + 2], isLast: a == axes - 1);
        // [frequencies..., batch, outputs], each frequency with its matrix.
        var mixed = Tensor.Contract(spectrum, Weight, [1], [0], spatial, spatial);
        mixed = mixed.Transpose([axes, axes + 1, .. Enumerable.Range(0, axes)]);
        for (var a = 0; a < axes; a++) mixed = Restored(mixed, a + 2, a == axes - 1 ? grid[a] / 2 + 1 : grid[a], isLast: a == axes - 1);
        return Fourier.IrfftN(mixed, grid[^1], spatial).ReshapeTo([.. batch, Weight.Shape[1], .. grid]);
    }

    private void Check(Tensor x, Shape grid)
    {
        for (var a = 0; a < grid.Rank; a++)
        {
            var (kept, there) = (Weight.Shape[a + 2], a == grid.Rank - 1 ? grid[a] / 2 + 1 : grid[a]);
            if (kept <= there) continue;
            throw new ShapeException(
                $"spectral convolution: axis {a} of the grid of {x.Type} has {there} frequencies, but the weight {Weight.Type} keeps {kept}: " +
                "use a finer grid or fewer modes.");
        }
    }

    /// <summary>The lowest frequencies along an axis: the first, and unless it is the halved one the last.</summary>
    private static Tensor Kept(Tensor spectrum, int axis, int count, bool isLast)
    {
        if (isLast) return spectrum.SliceAxis(axis, 0, count);
        var (size, positive) = (spectrum.Shape[axis], (count + 1) / 2);
        return Tensor.Concatenate([spectrum.SliceAxis(axis, 0, positive), spectrum.SliceAxis(axis, size - (count - positive), size)], axis);
    }

    /// <summary>Zeros put back where <see cref="Kept"/> took frequencies away.</summary>
    private static Tensor Restored(Tensor kept, int axis, int size, bool isLast)
    {
        var (count, positive) = (kept.Shape[axis], isLast ? kept.Shape[axis] : (kept.Shape[axis] + 1) / 2);
        Tensor zeros = Tensor.Zeros(kept.Shape.With(axis, size - count), kept.ElementType);
        return Tensor.Concatenate([kept.SliceAxis(axis, 0, positive), zeros, kept.SliceAxis(axis, positive, count)], axis);
    }
}
