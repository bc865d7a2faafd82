using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>
/// Direct convolution in register blocks. Four arrangements, by shape:
/// output channels in the vector lanes and pixels broadcast (the general case, indifferent to strides and widths); pixels in the lanes (products
/// with 1x1 kernels, few output channels, depthwise); and, for few outputs of very long sums as in the gradient of a kernel, the first
/// arrangement on slices of the input channels whose partial sums are added in order, or, with one output channel, taps in the lanes.
/// <para>
/// Runs as <see cref="Stages"/> stages of independent pieces which depend on the shape alone. Where <see cref="PacksKernel"/>, stage 0 only
/// arranges the kernel in the shared memory and may be left out when the kernel is unchanged and that memory was kept.
/// </para>
/// </summary>
internal sealed unsafe class Convolution<T> : IConvolution<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Numbers of the copied input that a piece works on.</summary>
    private const int CopyNumbers = 12 << 10;

    /// <summary>Numbers of the packed kernel that stay in the first-level cache while the pixels of a piece pass by.</summary>
    private static readonly int PanelNumbers = (20 << 10) / sizeof(T);

    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionPart<T>[] parts;
    private readonly Arrangement arrangement;
    private readonly Block[] blocks;
    private readonly int lanes;
    private readonly Piece[] pieces;
    private readonly Layout[] layouts;
    private readonly long[] packedStarts;
    private readonly int slices = 1;

    public Convolution(ConvolutionGeometry shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.InputChannels);
        geometry = Normalise(shape);
        var axes = geometry.Axes.Select(a => a.Phases().ToArray()).ToArray();
        parts = [.. from z in axes[0] from y in axes[1] from x in axes[2] select new ConvolutionPart<T>(geometry, z, y, x)];
        arrangement = Choose();
        blocks = arrangement switch
        {
            Arrangement.PixelLanes => [.. Strips()],
            Arrangement.TapLanes => [],
            _ => [.. ChannelBlocks()],
        };
        lanes = blocks.Sum(b => b.Lanes);
        if (arrangement == Arrangement.Slices)
            slices = Math.Min(geometry.InputChannels, (int)Math.Clamp((1L << 20) / Math.Max(1, OutputPixels * lanes), 1, 16));
        layouts = [.. parts.Select(MakeLayout)];
        pieces = [.. Enumerable.Range(0, parts.Length).SelectMany(PiecesOf)];
        packedStarts = new long[parts.Length + 1];
        for (var i = 0; i < parts.Length; i++)
            packedStarts[i + 1] = packedStarts[i] + (long)geometry.Groups * lanes * geometry.InputChannels * parts[i].Taps;
    }

    private enum Arrangement
    {
        ChannelLanes,
        PixelLanes,
        TapLanes,
        Slices,
    }

    public static int Width => SimdWidth.Is512 ? Vector512<T>.Count : SimdWidth.Is256 ? Vector256<T>.Count : Vector128<T>.Count;

    public int Stages => 2;

    public bool PacksKernel => arrangement != Arrangement.Slices;

    /// <summary>Numbers that all pieces share from the first stage to the last.</summary>
    public long SharedLength => PacksKernel ? packedStarts[^1] : (long)slices * geometry.Groups * SliceLength;

    /// <summary>Numbers that each running piece needs for itself.</summary>
    public long WorkLength => layouts.Select(l => l.CopyLength + l.SumsLength + l.PanelLength).DefaultIfEmpty().Max() + lanes;

    public int Pieces(int stage) => PacksKernel == (stage == 0) ? parts.Length * geometry.Groups * blocks.Length : pieces.Length;

    /// <summary>Runs a piece of a stage. <paramref name="bias"/> has one number per output channel of all groups, or is null.</summary>
    public void Run(int stage, int piece, T* input, T* kernel, T* output, T* bias, T* shared, T* work)
    {
        var call = new Call(input, kernel, output, bias, shared, work);
        if (arrangement == Arrangement.Slices)
        {
            if (stage == 0)
                RunSlice(call, pieces[piece]);
            else
                CombineSlices(call, piece);
        }
        else if (stage == 0)
            PackBlock(call, piece);
        else if (arrangement == Arrangement.ChannelLanes)
            RunChannelLanes(call, pieces[piece]);
        else if (arrangement == Arrangement.PixelLanes)
            RunPixelLanes(call, pieces[piece]);
        else
            RunTapLanes(call, pieces[piece]);
    }

    void IConvolution<T>.Run(int stage, int piece, T* input, T* kernel, T* output, T* shared, T* work) =>
        Run(stage, piece, input, kernel, output, null, shared, work);

    private long OutputPixels => (long)geometry.Batch * geometry.Axes.Aggregate(1L, (n, a) => n * a.OutputSize);

    /// <summary>Partial sums of one slice and group: all parts' pixels in all lanes.</summary>
    private long SliceLength => OutputPixels * lanes;

    private Arrangement Choose()
    {
        var widest = parts.Length == 0 ? 0 : parts.Max(p => p.X.Count);
        var unit = parts.Length == 1 && geometry.Output.Spatial[2] == 1;
        if (parts.Length == 1 && geometry.OutputChannels == 1 && OutputPixels <= 64L * geometry.Batch && geometry.Kernel.Spatial[2] == 1
            && parts[0].HasLinesOf(ConvolutionDots<T>.Lanes))
            return Arrangement.TapLanes;
        if (parts.Length == 1 && OutputPixels <= 4096 && geometry.InputChannels > 1
            && (long)geometry.InputChannels * parts[0].Taps >= 16 * OutputPixels)
            return Arrangement.Slices;
        if (unit && parts[0].Taps == 1 && widest >= 3 * Width)
            return Arrangement.PixelLanes;
        return 4 * geometry.OutputChannels >= 3 * Width || widest < Width ? Arrangement.ChannelLanes : Arrangement.PixelLanes;
    }

    private IEnumerable<Block> Strips()
    {
        for (var first = 0; first < geometry.OutputChannels; first += 4)
        {
            var count = Math.Min(4, geometry.OutputChannels - first);
            yield return new Block(first, count, count, first);
        }
    }

    /// <summary>Vectors of four and blocks of three pixels where the rows are short or divide better by three, else of two and six.</summary>
    private IEnumerable<Block> ChannelBlocks()
    {
        // A block with fewer than eight sums in flight waits for the multiply-add's latency.
        static int Cycles(int width, int pixels, int vectors) =>
            width / pixels * 6 + (width % pixels == 0 ? 0 : Math.Max(4, width % pixels * vectors / 2));
        var widest = parts.Length == 0 ? 0 : parts.Max(p => p.X.Count);
        var four = Cycles(widest, 3, 4) < 2 * Cycles(widest, 6, 2);
        var start = 0;
        for (var first = 0; first < geometry.OutputChannels;)
        {
            var left = geometry.OutputChannels - first;
            var vectors = four && left > 2 * Width ? 4 : left > Width ? 2 : 1;
            var count = Math.Min(left, vectors * Width);
            yield return new Block(first, count, vectors * Width, start);
            first += count;
            start += vectors * Width;
        }
    }

    private Layout MakeLayout(ConvolutionPart<T> part)
    {
        var (height, width) = (part.Y.Count, part.X.Count);
        if (height == 0 || width == 0 || part.Z.Count == 0)
            return new Layout(1, 1, 1, [], 0, 0, 0);
        var slice = arrangement == Arrangement.Slices;
        var channels = geometry.InputChannels;
        var rows = height;
        if (!slice && arrangement != Arrangement.TapLanes)
        {
            // The rows of a block are read again by its neighbour at its edge, so that blocks of few rows copy more.
            while (rows > 1 && rows * width > 64 && (channels * part.ChannelLength(rows) > CopyNumbers || rows * width > 1024))
                rows = (rows + 1) / 2;
            rows = (height + (height + rows - 1) / rows - 1) / ((height + rows - 1) / rows);
        }
        var images = slice ? geometry.Batch : rows < height || part.Z.Count > 1 ? 1 : Math.Clamp(256 / (rows * width), 1, geometry.Batch);
        var chunk = channels;
        if (slice)
            chunk = Math.Clamp(4096 / Math.Max(1, part.Taps), 1, Math.Max(1, channels / slices));
        if (arrangement == Arrangement.TapLanes)
            (images, chunk) = (1, 1);
        else if (arrangement != Arrangement.PixelLanes && !part.Direct)
            chunk = (int)Math.Clamp(4 * CopyNumbers / Math.Max(1, images * part.ChannelLength(rows)), 1, chunk);
        var copyImages = arrangement == Arrangement.PixelLanes ? 1 : images;
        var widestBlock = blocks.Length == 0 ? 0 : blocks.Max(b => b.Lanes);
        var sums = arrangement switch
        {
            Arrangement.PixelLanes => 4L * width,
            Arrangement.TapLanes => (long)rows * width * ConvolutionDots<T>.Lanes,
            Arrangement.ChannelLanes => (long)images * rows * width * (chunk < channels ? lanes : widestBlock),
            _ => 0,
        };
        var panel = slice ? (long)chunk * part.Taps * widestBlock : 0;
        return new Layout(
            rows, images, chunk, part.Offsets(chunk, rows), Aligned(copyImages * chunk * part.ChannelLength(rows)), Aligned(sums), panel);
    }

    /// <summary>Whole cache lines, so that what follows begins on one if the memory does.</summary>
    public static long Aligned(long length) => (length + 15) & ~15;

    private IEnumerable<Piece> PiecesOf(int part)
    {
        var layout = layouts[part];
        for (var group = 0; group < geometry.Groups; group++)
            if (arrangement == Arrangement.Slices)
                for (var slice = 0; slice < slices; slice++)
                    yield return new Piece(part, group, 0, geometry.Batch, 0, 0, layout.Rows, slice);
            else
                for (var image = 0; image < geometry.Batch; image += layout.Images)
                    for (var z = 0; z < parts[part].Z.Count; z++)
                        for (var y = 0; y < parts[part].Y.Count; y += layout.Rows)
                            yield return new Piece(
                                part, group, image, Math.Min(layout.Images, geometry.Batch - image), z, y, Math.Min(layout.Rows, parts[part].Y.Count - y), 0);
    }

    private void PackBlock(Call call, int piece)
    {
        var block = blocks[piece % blocks.Length];
        var group = piece / blocks.Length % geometry.Groups;
        var part = piece / blocks.Length / geometry.Groups;
        var kernel = call.Kernel + group * geometry.Kernel.Group;
        parts[part].Pack(kernel, geometry.InputChannels, block.First, block.Count, block.Lanes, Packed(call, part, group, block));
    }

    private T* Packed(Call call, int part, int group, Block block)
    {
        var perLane = (long)geometry.InputChannels * parts[part].Taps;
        return call.Shared + packedStarts[part] + (group * (long)lanes + block.Start) * perLane;
    }

    private void RunChannelLanes(Call call, Piece piece)
    {
        var part = parts[piece.Part];
        var layout = layouts[piece.Part];
        var sums = call.Work + layout.CopyLength;
        var pixels = (long)piece.Images * piece.Rows * part.X.Count;
        var several = layout.Channels < geometry.InputChannels;
        for (var channel = 0; channel < geometry.InputChannels; channel += layout.Channels)
        {
            var channels = Math.Min(layout.Channels, geometry.InputChannels - channel);
            CopyInput(call, piece, channel, channels);
            foreach (var block in blocks)
            {
                var target = sums + (several ? pixels * block.Start : 0);
                if (channel == 0)
                    StartSums(call.Bias, piece.Group, block, pixels, target);
                var panel = Packed(call, piece.Part, piece.Group, block) + (long)channel * part.Taps * block.Lanes;
                Accumulate(call, piece, channel, channels, block, panel, target);
                if (channel + channels == geometry.InputChannels)
                    Finish(call, piece, block, target);
            }
        }
    }

    /// <summary>All outputs of a group from a slice of the input channels.</summary>
    private void RunSlice(Call call, Piece piece)
    {
        var part = parts[piece.Part];
        var layout = layouts[piece.Part];
        var panel = call.Work + layout.CopyLength;
        var sums = SliceSums(call, piece.Slice, piece.Group);
        var planePixels = (long)geometry.Batch * piece.Rows * part.X.Count;
        var first = (int)((long)geometry.InputChannels * piece.Slice / slices);
        var end = (int)((long)geometry.InputChannels * (piece.Slice + 1) / slices);
        foreach (var block in blocks)
            StartSums(piece.Slice == 0 ? call.Bias : null, piece.Group, block, OutputPixels, sums + OutputPixels * block.Start);
        for (var channel = first; channel < end; channel += layout.Channels)
        {
            var channels = Math.Min(layout.Channels, end - channel);
            var kernel = call.Kernel + piece.Group * geometry.Kernel.Group + channel * geometry.Kernel.Channel;
            for (var z = 0; z < part.Z.Count; z++)
            {
                var plane = piece with { Z = z };
                CopyInput(call, plane, channel, channels);
                foreach (var block in blocks)
                {
                    part.Pack(kernel, channels, block.First, block.Count, block.Lanes, panel);
                    Accumulate(call, plane, channel, channels, block, panel, sums + OutputPixels * block.Start + z * planePixels * block.Lanes);
                }
            }
        }
    }

    /// <summary>Adds the slices of one block of channels in their order and writes the outputs.</summary>
    private void CombineSlices(Call call, int index)
    {
        var block = blocks[index % blocks.Length];
        var group = index / blocks.Length;
        var total = SliceSums(call, 0, group) + OutputPixels * block.Start;
        for (var slice = 1; slice < slices; slice++)
        {
            var partial = SliceSums(call, slice, group) + OutputPixels * block.Start;
            for (nint i = 0; i < OutputPixels * block.Lanes; i += Vector<T>.Count)
                Vector.Store(Vector.Load(total + i) + Vector.Load(partial + i), total + i);
        }
        var part = parts[0];
        var planePixels = (long)geometry.Batch * part.Y.Count * part.X.Count;
        for (var z = 0; z < part.Z.Count; z++)
            Finish(call, new Piece(0, group, 0, geometry.Batch, z, 0, part.Y.Count, 0), block, total + z * planePixels * block.Lanes);
    }

    private T* SliceSums(Call call, int slice, int group) => call.Shared + ((long)slice * geometry.Groups + group) * SliceLength;

    private void CopyInput(Call call, Piece piece, int channel, int channels)
    {
        var part = parts[piece.Part];
        if (part.Direct)
            return;
        var layout = layouts[piece.Part];
        var imageLength = layout.Channels * part.ChannelLength(layout.Rows);
        for (var image = 0; image < piece.Images; image++)
            part.Copy(
                call.Input + (piece.Image + image) * geometry.Input.Outer + piece.Group * geometry.Input.Group + channel * geometry.Input.Channel,
                channels, piece.Z, piece.Y, layout.Rows, call.Work + image * imageLength);
    }

    /// <summary>The input of the first output of a row of an image of the piece.</summary>
    private T* RowInput(Call call, Piece piece, int image, int row, int channel)
    {
        var part = parts[piece.Part];
        var layout = layouts[piece.Part];
        return part.Direct
            ? call.Input + (piece.Image + image) * geometry.Input.Outer + piece.Group * geometry.Input.Group + channel * geometry.Input.Channel
                + part.DirectStart(piece.Z, piece.Y + row)
            : call.Work + image * layout.Channels * part.ChannelLength(layout.Rows) + row * part.RowStep;
    }

    private void StartSums(T* bias, int group, Block block, long pixels, T* sums)
    {
        var values = new Span<T>(sums, block.Lanes);
        values.Clear();
        if (bias != null)
            new Span<T>(bias + group * geometry.OutputChannels + block.First, block.Count).CopyTo(values);
        for (long pixel = 1; pixel < pixels; pixel++)
            values.CopyTo(new Span<T>(sums + pixel * block.Lanes, block.Lanes));
    }

    /// <summary>sums[image][row][pixel][lane] += the products of the given channels.</summary>
    private void Accumulate(Call call, Piece piece, int channel, int channels, Block block, T* panel, T* sums)
    {
        var part = parts[piece.Part];
        var vectors = block.Lanes / Width;
        var pixels = vectors == 4 ? 3 : 6;
        var width = part.X.Count;
        var taps = channels * part.Taps;
        var chunk = Math.Max(1, PanelNumbers / block.Lanes);
        fixed (int* offsets = layouts[piece.Part].Offsets)
            for (var tap = 0; tap < taps; tap += chunk)
            {
                var count = Math.Min(chunk, taps - tap);
                var weights = panel + (long)tap * block.Lanes;
                var target = sums;
                for (var image = 0; image < piece.Images; image++)
                    for (var row = 0; row < piece.Rows; row++)
                    {
                        var source = RowInput(call, piece, image, row, channel);
                        for (var x = 0; x < width; x += pixels)
                            ChannelLanes(vectors, Math.Min(pixels, width - x), source + x, offsets + tap, count, weights, target + x * block.Lanes);
                        target += (nint)width * block.Lanes;
                    }
            }
    }

    /// <summary>Turns the sums of a block of channels into rows of the output.</summary>
    private void Finish(Call call, Piece piece, Block block, T* sums)
    {
        var part = parts[piece.Part];
        var (width, stride) = (part.X.Count, part.X.OutputStep * geometry.Output.Spatial[2]);
        // Rows that follow one another in the output are one.
        var together = stride == 1 && part.Y.OutputStep * geometry.Output.Spatial[1] == width ? piece.Rows : 1;
        var pixels = width * together;
        for (var image = 0; image < piece.Images; image++)
            for (var row = 0; row < piece.Rows; row += together, sums += (nint)pixels * block.Lanes)
            {
                var target = OutputRow(call, piece, image, row, block.First);
                if (stride == 1)
                    Transposition.Copy(sums, block.Lanes, 1, pixels, block.Count, target, geometry.Output.Channel);
                else
                    for (var lane = 0; lane < block.Count; lane++)
                        for (var x = 0; x < width; x++)
                            target[lane * geometry.Output.Channel + x * stride] = sums[(nint)x * block.Lanes + lane];
            }
    }

    private T* OutputRow(Call call, Piece piece, int image, int row, int channel)
    {
        var part = parts[piece.Part];
        var strides = geometry.Output;
        return call.Output + (piece.Image + image) * strides.Outer + piece.Group * strides.Group + channel * strides.Channel
            + (part.Z.Start + piece.Z * part.Z.OutputStep) * strides.Spatial[0]
            + (part.Y.Start + (piece.Y + row) * part.Y.OutputStep) * strides.Spatial[1]
            + part.X.Start * strides.Spatial[2];
    }

    private void RunPixelLanes(Call call, Piece piece)
    {
        var part = parts[piece.Part];
        var bias = call.Work + layouts[piece.Part].CopyLength + layouts[piece.Part].SumsLength;
        new Span<T>(bias, lanes).Clear();
        if (call.Bias != null)
            new Span<T>(call.Bias + piece.Group * geometry.OutputChannels, geometry.OutputChannels).CopyTo(new Span<T>(bias, lanes));
        var unit = part.X.OutputStep * geometry.Output.Spatial[2] == 1;
        for (var image = 0; image < piece.Images; image++)
        {
            var one = piece with { Image = piece.Image + image, Images = 1 };
            CopyInput(call, one, 0, geometry.InputChannels);
            var rowsTogether = geometry.OutputChannels == 1 && unit ? 4 : 1;
            for (var row = 0; row < piece.Rows; row += rowsTogether)
            {
                if (rowsTogether > 1)
                    DepthwiseRows(call, one, row, Math.Min(rowsTogether, piece.Rows - row), bias);
                else
                    foreach (var block in blocks)
                        PixelRow(call, one, row, block, unit, bias + block.First);
            }
        }
    }

    private void RunTapLanes(Call call, Piece piece)
    {
        var part = parts[piece.Part];
        var (width, n) = (part.X.Count, ConvolutionDots<T>.Lanes);
        var sums = call.Work + layouts[piece.Part].CopyLength;
        new Span<T>(sums, piece.Rows * width * n).Clear();
        for (var channel = 0; channel < geometry.InputChannels; channel++)
        {
            CopyInput(call, piece, channel, 1);
            var kernel = call.Kernel + piece.Group * geometry.Kernel.Group + channel * geometry.Kernel.Channel;
            fixed (int* offsets = layouts[piece.Part].Offsets)
                for (var row = 0; row < piece.Rows; row++)
                    for (var x = 0; x < width; x += 4)
                        part.AddLines(
                            RowInput(call, piece, 0, row, channel) + x, kernel, offsets, Math.Min(4, width - x), sums + (row * width + x) * n);
        }
        var bias = call.Bias == null ? T.Zero : call.Bias[piece.Group];
        for (var row = 0; row < piece.Rows; row++)
        {
            var output = OutputRow(call, piece, 0, row, 0);
            for (var x = 0; x < width; x++, sums += n)
                output[x * geometry.Output.Spatial[2]] = bias + Vector256.Sum(Vector256.Load(sums));
        }
    }

    private void PixelRow(Call call, Piece piece, int row, Block block, bool unit, T* bias)
    {
        var part = parts[piece.Part];
        var width = part.X.Count;
        var source = RowInput(call, piece, 0, row, 0);
        var panel = Packed(call, piece.Part, piece.Group, block);
        var output = OutputRow(call, piece, 0, row, block.First);
        var target = unit ? output : call.Work + layouts[piece.Part].CopyLength;
        var channelStride = unit ? geometry.Output.Channel : width;
        var taps = geometry.InputChannels * part.Taps;
        fixed (int* offsets = layouts[piece.Part].Offsets)
            for (var x = 0; x < width;)
            {
                var (start, vectors) = NextStrip(ref x, width);
                if (vectors > 0)
                    PixelLanes(vectors, block.Count, source + start, offsets, taps, panel, bias, target + start, channelStride);
                else
                    ConvolutionKernels<LanesScalar<T>, T, T>.PixelLanes(1, block.Count, source + start, offsets, taps, panel, bias, target + start, channelStride);
            }
        if (unit) return;
        var stride = part.X.OutputStep * geometry.Output.Spatial[2];
        for (var channel = 0; channel < block.Count; channel++)
        {
            var first = output + channel * geometry.Output.Channel;
            for (var x = 0; x < width; x++)
                first[x * stride] = target[channel * channelStride + x];
        }
    }

    private void DepthwiseRows(Call call, Piece piece, int row, int rows, T* bias)
    {
        var part = parts[piece.Part];
        var width = part.X.Count;
        var source = RowInput(call, piece, 0, row, 0);
        var panel = Packed(call, piece.Part, piece.Group, blocks[0]);
        var target = OutputRow(call, piece, 0, row, 0);
        var rowStride = part.Y.OutputStep * geometry.Output.Spatial[1];
        var taps = geometry.InputChannels * part.Taps;
        fixed (int* offsets = layouts[piece.Part].Offsets)
            for (var x = 0; x < width;)
            {
                var (start, vectors) = NextStrip(ref x, width);
                if (vectors > 0)
                    RowLanes(vectors, rows, source + start, part.RowStep, offsets, taps, panel, bias, target + start, rowStride);
                else
                    ConvolutionKernels<LanesScalar<T>, T, T>.RowLanes(
                        1, rows, source + start, part.RowStep, offsets, taps, panel, bias, target + start, rowStride);
            }
    }

    /// <summary>The next strip of a row and its vectors: up to three, the last one moved back over finished pixels where the row ends; 0 for single pixels.</summary>
    private static (int Start, int Vectors) NextStrip(ref int x, int width)
    {
        var vectors = Math.Min(3, (width - x) / Width);
        var start = vectors > 0 ? x : width >= Width ? width - Width : x;
        if (vectors == 0 && width >= Width)
            vectors = 1;
        x = start + Math.Max(1, vectors * Width);
        return (start, vectors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ChannelLanes(int vectors, int pixels, T* x, int* offsets, int taps, T* w, T* sums)
    {
        if (SimdWidth.Is512)
            ConvolutionKernels<Lanes512<T>, Vector512<T>, T>.ChannelLanes(vectors, pixels, x, offsets, taps, w, sums);
        else if (SimdWidth.Is256)
            ConvolutionKernels<Lanes256<T>, Vector256<T>, T>.ChannelLanes(vectors, pixels, x, offsets, taps, w, sums);
        else
            ConvolutionKernels<Lanes128<T>, Vector128<T>, T>.ChannelLanes(vectors, pixels, x, offsets, taps, w, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PixelLanes(int vectors, int channels, T* x, int* offsets, int taps, T* w, T* bias, T* y, nint stride)
    {
        if (SimdWidth.Is512)
            ConvolutionKernels<Lanes512<T>, Vector512<T>, T>.PixelLanes(vectors, channels, x, offsets, taps, w, bias, y, stride);
        else if (SimdWidth.Is256)
            ConvolutionKernels<Lanes256<T>, Vector256<T>, T>.PixelLanes(vectors, channels, x, offsets, taps, w, bias, y, stride);
        else
            ConvolutionKernels<Lanes128<T>, Vector128<T>, T>.PixelLanes(vectors, channels, x, offsets, taps, w, bias, y, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RowLanes(int vectors, int rows, T* x, nint rowStep, int* offsets, int taps, T* w, T* bias, T* y, nint stride)
    {
        if (SimdWidth.Is512)
            ConvolutionKernels<Lanes512<T>, Vector512<T>, T>.RowLanes(vectors, rows, x, rowStep, offsets, taps, w, bias, y, stride);
        else if (SimdWidth.Is256)
            ConvolutionKernels<Lanes256<T>, Vector256<T>, T>.RowLanes(vectors, rows, x, rowStep, offsets, taps, w, bias, y, stride);
        else
            ConvolutionKernels<Lanes128<T>, Vector128<T>, T>.RowLanes(vectors, rows, x, rowStep, offsets, taps, w, bias, y, stride);
    }

    /// <summary>Three spatial axes; a pointwise convolution of contiguous images becomes one axis of all pixels.</summary>
    private static ConvolutionGeometry Normalise(ConvolutionGeometry shape)
    {
        var missing = 3 - shape.Axes.Length;
        var axes = Enumerable.Repeat(new ConvolutionAxis(1, 1, 1), missing).Concat(shape.Axes).ToArray();
        nint[] Three(OperandStrides strides) => [.. new nint[missing], .. strides.Spatial];
        var full = shape with
        {
            Axes = axes,
            Input = shape.Input with { Spatial = Three(shape.Input) },
            Kernel = shape.Kernel with { Spatial = Three(shape.Kernel) },
            Output = shape.Output with { Spatial = Three(shape.Output) },
        };
        var pointwise = axes.All(a => a is { KernelSize: 1, Stride: 1, PaddingLow: 0, InputDilation: 1 } && a.InputSize == a.OutputSize);
        if (!pointwise || !Contiguous(axes, full.Input.Spatial) || !Contiguous(axes, full.Output.Spatial))
            return full;
        var pixels = axes[0].InputSize * axes[1].InputSize * axes[2].InputSize;
        // Any division into rows will do; rows of a few hundred are copied, as the channels of an image often lie a power of two apart and would
        // push one another out of the first-level cache.
        var width = Enumerable.Range(96, 384 - 96 + 1).LastOrDefault(w => pixels % w == 0, pixels);
        return full with
        {
            Axes = [new(1, 1, 1), new(pixels / width, 1, pixels / width), new(width, 1, width)],
            Input = full.Input with { Spatial = [0, width, 1] },
            Output = full.Output with { Spatial = [0, width, 1] },
        };
    }

    private static bool Contiguous(ConvolutionAxis[] axes, nint[] strides) =>
        strides[2] == 1
        && (axes[1].InputSize == 1 || strides[1] == axes[2].InputSize)
        && (axes[0].InputSize == 1 || strides[0] == (nint)axes[1].InputSize * axes[2].InputSize);

    /// <summary>Neighbouring output channels that a kernel computes together, and the lanes that hold them.</summary>
    private sealed record Block(int First, int Count, int Lanes, int Start);

    /// <summary>How the outputs of a part are divided, and the memory for it.</summary>
    private sealed record Layout(int Rows, int Images, int Channels, int[] Offsets, long CopyLength, long SumsLength, long PanelLength);

    /// <summary>Outputs that one piece computes.</summary>
    private readonly record struct Piece(int Part, int Group, int Image, int Images, int Z, int Y, int Rows, int Slice);

    /// <summary>The operands of one run.</summary>
    private readonly struct Call(T* input, T* kernel, T* output, T* bias, T* shared, T* work)
    {
        public readonly T* Input = input;
        public readonly T* Kernel = kernel;
        public readonly T* Output = output;
        public readonly T* Bias = bias;
        public readonly T* Shared = shared;
        public readonly T* Work = work;
    }
}
