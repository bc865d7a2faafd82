using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// A convolution of images with kernels of 3 x 3 and no strides or dilations by F(4x4, 3x3): the transformed tiles of the input and the
/// transformed kernels meet in 36 matrix products over the channels. What a piece works on stays in the cache from the input to the output.
/// </summary>
internal sealed unsafe class WinogradConvolution<T> : IConvolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Fewer channels do not pay for the transforms.</summary>
    private const int FewestChannels = 12;

    /// <summary>Fewer tiles do not pay for the transform of the kernels.</summary>
    private const int FewestTiles = 32;

    /// <summary>Bytes of transformed inputs and outputs that a piece works on.</summary>
    private const int PieceBytes = 384 << 10;

    /// <summary>Fewer tiles at a time do not fill the tiles of a matrix product.</summary>
    private const int FewestTogether = 32;

    private const int Points = WinogradCut.Points;

    private static readonly Gemm<T> Gemm = Gemm<T>.Default;

    private readonly ConvolutionGeometry geometry;
    private readonly WinogradTiles<T, InputTransform<T>> tiles;
    private readonly WinogradCut cut;
    private readonly int columns;

    public WinogradConvolution(ConvolutionGeometry geometry)
    {
        this.geometry = geometry;
        var (y, x) = (geometry.Axes[0], geometry.Axes[1]);
        cut = CutOf(geometry);
        tiles = new(y.InputSize, x.InputSize, geometry.Input.Spatial, y.PaddingLow, x.PaddingLow, cut.Columns);
        columns = (cut.Tiles<T>() + Gemm.PanelColumns - 1) / Gemm.PanelColumns * Gemm.PanelColumns;
    }

    public int Stages => 2;

    public long SharedLength => (long)geometry.Groups * Points * KernelDistance;

    public long WorkLength => Points * (Distance(geometry.InputChannels) + Distance(geometry.OutputChannels)) + Math.Max(tiles.WorkLength(cut.RowsTogether), 16L * columns);

    /// <summary>Numbers from one point of transformed kernels to the next.</summary>
    private nint KernelDistance => (nint)geometry.OutputChannels * geometry.InputChannels;

    /// <summary>Whether a convolution is of this kind and of a size that gains by it.</summary>
    public static bool Fits(ConvolutionGeometry geometry)
    {
        if (geometry.Axes.Length != 2 || !Array.TrueForAll(geometry.Axes, a => a is { KernelSize: 3, Stride: 1, InputDilation: 1, KernelDilation: 1, OutputSize: > 0 }))
            return false;
        if (Math.Min(geometry.InputChannels, geometry.OutputChannels) < FewestChannels)
            return false;
        var cut = CutOf(geometry);
        // What stands for nothing is multiplied too.
        var products = (long)Points * geometry.Batch * cut.ImageTiles<T>(cut.Rows);
        var direct = 9L * geometry.Batch * geometry.Axes[0].OutputSize * geometry.Axes[1].OutputSize;
        return (long)geometry.Batch * cut.Rows * cut.Columns >= FewestTiles && 5 * products <= 3 * direct;
    }

    public int Pieces(int stage) => geometry.Groups * (stage == 0 ? geometry.OutputChannels : cut.Pieces);

    public void Run(int stage, int piece, T* input, T* kernel, T* output, T* shared, T* work)
    {
        if (stage == 0) TransformKernel(piece / geometry.OutputChannels, piece % geometry.OutputChannels, kernel, shared);
        else RunPiece(piece % geometry.Groups, cut.Piece(piece / geometry.Groups), input, output, shared, work);
    }

    private static WinogradCut CutOf(ConvolutionGeometry geometry)
    {
        var wanted = PieceBytes / (Points * (geometry.InputChannels + geometry.OutputChannels) * sizeof(T));
        return new(geometry.Batch, (geometry.Axes[0].OutputSize + 3) / 4, (geometry.Axes[1].OutputSize + 3) / 4, Math.Max(FewestTogether, wanted));
    }

    /// <summary>Numbers from one point of transformed tiles to the next; not a multiple of a page, so that the points of a tile meet in the cache.</summary>
    private nint Distance(int channels) => (nint)channels * columns + 16;

    /// <summary>G w Gᵀ of the kernels of an output: <c>shared[group][point][output][input]</c>.</summary>
    private void TransformKernel(int group, int output, T* kernel, T* shared)
    {
        var strides = geometry.Kernel;
        var rows = stackalloc T[18];
        for (var channel = 0; channel < geometry.InputChannels; channel++)
        {
            var w = kernel + group * strides.Group + output * strides.Outer + channel * strides.Channel;
            for (var x = 0; x < 3; x++, w += strides.Spatial[1])
                WinogradPoints<T>.Spread(w[0], w[strides.Spatial[0]], w[2 * strides.Spatial[0]], rows + x, 3);
            var target = shared + group * Points * KernelDistance + (nint)output * geometry.InputChannels + channel;
            for (var y = 0; y < 6; y++, target += 6 * KernelDistance)
                WinogradPoints<T>.Spread(rows[3 * y], rows[3 * y + 1], rows[3 * y + 2], target, KernelDistance);
        }
    }

    private void RunPiece(int group, WinogradPiece piece, T* input, T* output, T* kernels, T* work)
    {
        var (inputs, outputs, imageTiles) = (geometry.InputChannels, geometry.OutputChannels, cut.ImageTiles<T>(piece.Rows));
        T* transformed = work, products = transformed + Points * Distance(inputs), rest = products + Points * Distance(outputs);
        for (var channel = 0; channel < inputs; channel++)
        {
            var (start, panelDistance) = Gemm.PackedRow(channel, inputs, columns);
            var target = new WinogradTarget<T>(transformed + start, Distance(inputs), Gemm.PanelColumns, panelDistance);
            var image = input + piece.Image * geometry.Input.Outer + group * geometry.Input.Group + channel * geometry.Input.Channel;
            for (var i = 0; i < piece.Images; i++, image += geometry.Input.Outer)
                tiles.Transform(image, piece.Row, piece.Rows, target, i * imageTiles, rest);
        }
        for (var point = 0; point < Points; point++)
        {
            var left = new MatrixView<T>(kernels + (group * Points + point) * KernelDistance, inputs);
            Gemm.Multiply(new(outputs, columns, inputs, left, transformed + point * Distance(inputs), products + point * Distance(outputs), columns));
        }
        for (var channel = 0; channel < outputs; channel++)
        {
            TransformOutputs(products + (nint)channel * columns, piece.Images * imageTiles, rest);
            var image = output + piece.Image * geometry.Output.Outer + group * geometry.Output.Group + channel * geometry.Output.Channel;
            for (var i = 0; i < piece.Images; i++, image += geometry.Output.Outer)
                Store(piece, rest + 4 * i * imageTiles, image);
        }
    }

    /// <summary>Aᵀ m A: four lines, one for each row of the tiles, of which each holds the outputs of the tiles side by side.</summary>
    private void TransformOutputs(T* products, int count, T* lines)
    {
        var distance = Distance(geometry.OutputChannels);
        var columnSums = stackalloc Vector<T>[24];
        for (nint tile = 0; tile < count; tile += Vector<T>.Count)
        {
            for (var x = 0; x < 6; x++)
            {
                var m = products + tile + x * distance;
                (columnSums[x], columnSums[6 + x], columnSums[12 + x], columnSums[18 + x]) = WinogradPoints<T>.Sum(
                    Vector.Load(m), Vector.Load(m + 6 * distance), Vector.Load(m + 12 * distance),
                    Vector.Load(m + 18 * distance), Vector.Load(m + 24 * distance), Vector.Load(m + 30 * distance));
            }
            for (var y = 0; y < 4; y++)
            {
                var s = columnSums + 6 * y;
                var (a, b, c, d) = WinogradPoints<T>.Sum(s[0], s[1], s[2], s[3], s[4], s[5]);
                StoreByTurns(a, b, c, d, lines + 4 * ((nint)y * columns + tile));
            }
        }
    }

    /// <summary>a[0], b[0], c[0], d[0], a[1] and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreByTurns(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, T* target)
    {
        var (even0, even1) = Zip.Together(a, c);
        var (odd0, odd1) = Zip.Together(b, d);
        var (first, second) = Zip.Together(even0, odd0);
        var (third, fourth) = Zip.Together(even1, odd1);
        Vector.Store(first, target);
        Vector.Store(second, target + Vector<T>.Count);
        Vector.Store(third, target + 2 * Vector<T>.Count);
        Vector.Store(fourth, target + 3 * Vector<T>.Count);
    }

    /// <summary>Copies lines of outputs to where they belong.</summary>
    private void Store(WinogradPiece piece, T* lines, T* image)
    {
        var (height, width, strides) = (geometry.Axes[0].OutputSize, geometry.Axes[1].OutputSize, geometry.Output.Spatial);
        var rowLength = WinogradCut.RowLength<T>(cut.Columns);
        for (var row = 4 * piece.Row; row < Math.Min(height, 4 * (piece.Row + piece.Rows)); row++)
        {
            var source = lines + 4 * ((nint)(row % 4) * columns + (row / 4 - piece.Row) * rowLength);
            var target = image + row * strides[0];
            if (strides[1] == 1)
                new Span<T>(source, width).CopyTo(new Span<T>(target, width));
            else
                for (var column = 0; column < width; column++)
                    target[column * strides[1]] = source[column];
        }
    }
}
