using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// The gradient of a convolution in its kernels of 3 x 3 by F(3x3, 4x4): the convolution of images with kernels of their size that leaves 3 x 3
/// outputs, its batch the input channels of the layer, its channels the images and its kernels the gradients of the layer's outputs. Tiles of 6 x 6
/// of the images and of 4 x 4 of the kernels meet in 36 matrix products over the tiles. Slices of the tiles have sums of their own, which are added
/// in order.
/// </summary>
internal sealed unsafe class WinogradGradient<T> : IConvolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Fewer channels do not pay for the transforms.</summary>
    private const int FewestChannels = 12;

    /// <summary>Fewer tiles do not pay for the transform of the products.</summary>
    private const int FewestTiles = 32;

    /// <summary>Bytes of transformed tiles that a slice works on at a time.</summary>
    private const int TogetherBytes = 384 << 10;

    /// <summary>Fewer tiles at a time do not pay for a passage through the sums.</summary>
    private const int FewestTogether = 64;

    private const int Points = WinogradCut.Points;

    private readonly ConvolutionGeometry geometry;
    private readonly WinogradTiles<T, InputTransform<T>> images;
    private readonly WinogradTiles<T, GradientTransform<T>> kernels;
    private readonly WinogradCut cut;
    private readonly int slices;
    private readonly int tiles;

    public WinogradGradient(ConvolutionGeometry geometry)
    {
        this.geometry = geometry;
        var (y, x) = (geometry.Axes[0], geometry.Axes[1]);
        cut = CutOf(geometry);
        images = new(y.InputSize, x.InputSize, geometry.Input.Spatial, y.PaddingLow, x.PaddingLow, cut.Columns);
        kernels = new(y.KernelSize, x.KernelSize, geometry.Kernel.Spatial, 0, 0, cut.Columns);
        slices = Math.Min(cut.Pieces, (int)Math.Clamp((2L << 20) / SliceLength, 4, 16));
        tiles = (cut.Tiles<T>() + 15) & ~15;
    }

    public int Stages => 2;

    public long SharedLength => (long)geometry.Groups * slices * SliceLength;

    public long WorkLength =>
        Points * (Distance(geometry.Batch) + Distance(geometry.OutputChannels)) + Math.Max(images.WorkLength(cut.RowsTogether), kernels.WorkLength(cut.RowsTogether));

    /// <summary>Sums of a slice: [point][output][batch].</summary>
    private long SliceLength => (long)Points * SumsLength;

    private nint SumsLength => (nint)geometry.OutputChannels * geometry.Batch;

    /// <summary>Whether a convolution is of this kind and of a size that gains by it.</summary>
    public static bool Fits(ConvolutionGeometry geometry)
    {
        if (geometry.Axes.Length != 2 || !Array.TrueForAll(geometry.Axes, a => a is { OutputSize: 3, Stride: 1, InputDilation: 1, KernelDilation: 1 }))
            return false;
        if (Math.Min(geometry.Batch, geometry.OutputChannels) < FewestChannels)
            return false;
        var cut = CutOf(geometry);
        // What stands for nothing is multiplied too.
        var products = (long)Points * geometry.InputChannels * cut.ImageTiles<T>(cut.Rows);
        var direct = 9L * geometry.InputChannels * geometry.Axes[0].KernelSize * geometry.Axes[1].KernelSize;
        return (long)geometry.InputChannels * cut.Rows * cut.Columns >= FewestTiles && 5 * products <= 3 * direct;
    }

    public int Pieces(int stage) => geometry.Groups * (stage == 0 ? slices : geometry.OutputChannels);

    public void Run(int stage, int piece, T* input, T* kernel, T* output, T* shared, T* work)
    {
        if (stage == 0) RunSlice(piece / slices, piece % slices, input, kernel, shared, work);
        else Combine(piece / geometry.OutputChannels, piece % geometry.OutputChannels, output, shared);
    }

    private static WinogradCut CutOf(ConvolutionGeometry geometry)
    {
        var wanted = TogetherBytes / (Points * (geometry.Batch + geometry.OutputChannels) * sizeof(T));
        return new(geometry.InputChannels, (geometry.Axes[0].KernelSize + 3) / 4, (geometry.Axes[1].KernelSize + 3) / 4, Math.Max(FewestTogether, wanted));
    }

    /// <summary>Numbers from one point of transformed tiles to the next; not a multiple of a page, so that the points of a tile meet in the cache.</summary>
    private nint Distance(int channels) => (nint)channels * tiles + 16;

    private T* Slice(T* shared, int group, int slice) => shared + ((long)group * slices + slice) * SliceLength;

    private void RunSlice(int group, int slice, T* input, T* kernel, T* shared, T* work)
    {
        var (first, end) = ((int)((long)cut.Pieces * slice / slices), (int)((long)cut.Pieces * (slice + 1) / slices));
        input += group * geometry.Input.Group;
        kernel += group * geometry.Kernel.Group;
        for (var piece = first; piece < end; piece++)
            AddPiece(cut.Piece(piece), piece > first, input, kernel, Slice(shared, group, slice), work);
    }

    /// <summary>Adds the products of rows of tiles to the sums.</summary>
    private void AddPiece(WinogradPiece piece, bool adds, T* input, T* kernel, T* sums, T* work)
    {
        var (batch, outputs, imageTiles) = (geometry.Batch, geometry.OutputChannels, cut.ImageTiles<T>(piece.Rows));
        T* inputs = work, gradients = inputs + Points * Distance(batch), rest = gradients + Points * Distance(outputs);
        for (var i = 0; i < piece.Images; i++)
        {
            for (var channel = 0; channel < batch; channel++)
            {
                var target = new WinogradTarget<T>(inputs + (nint)channel * tiles, Distance(batch), int.MaxValue, 0);
                var image = input + (piece.Image + i) * geometry.Input.Channel + channel * geometry.Input.Outer;
                images.Transform(image, piece.Row, piece.Rows, target, i * imageTiles, rest);
            }
            for (var channel = 0; channel < outputs; channel++)
            {
                var target = new WinogradTarget<T>(gradients + (nint)channel * tiles, Distance(outputs), int.MaxValue, 0);
                var image = kernel + (piece.Image + i) * geometry.Kernel.Channel + channel * geometry.Kernel.Outer;
                kernels.Transform(image, piece.Row, piece.Rows, target, i * imageTiles, rest);
            }
        }
        for (var point = 0; point < Points; point++)
        {
            var left = new MatrixView<T>(gradients + point * Distance(outputs), tiles);
            var right = new MatrixView<T>(inputs + point * Distance(batch), 1, tiles);
            Gemm<T>.Default.Multiply(new Product<T>(outputs, batch, piece.Images * imageTiles, left, right, sums + point * SumsLength, batch) { Adds = adds });
        }
    }

    /// <summary>Adds the slices of an output in their order, and takes Gᵀ m G of the sums.</summary>
    private void Combine(int group, int output, T* target, T* shared)
    {
        var batch = geometry.Batch;
        var total = Slice(shared, group, 0) + (nint)output * batch;
        for (var slice = 1; slice < slices; slice++)
        {
            var part = Slice(shared, group, slice) + (nint)output * batch;
            for (nint point = 0; point < Points; point++)
                Add(total + point * SumsLength, part + point * SumsLength, batch);
        }
        target += group * geometry.Output.Group + output * geometry.Output.Channel;
        for (var i = 0; i < batch; i++)
            TransformSums(total + i, target + i * geometry.Output.Outer);
    }

    private static void Add(T* total, T* part, int count)
    {
        var i = 0;
        for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
            Vector.Store(Vector.Load(total + i) + Vector.Load(part + i), total + i);
        for (; i < count; i++)
            total[i] += part[i];
    }

    private void TransformSums(T* m, T* target)
    {
        var rows = stackalloc T[18];
        for (var x = 0; x < 6; x++, m += SumsLength)
            (rows[x], rows[6 + x], rows[12 + x]) = WinogradPoints<T>.Collect(m, 6 * SumsLength);
        for (var y = 0; y < 3; y++, rows += 6, target += geometry.Output.Spatial[0])
            (target[0], target[geometry.Output.Spatial[1]], target[2 * geometry.Output.Spatial[1]]) = WinogradPoints<T>.Collect(rows, 1);
    }
}
