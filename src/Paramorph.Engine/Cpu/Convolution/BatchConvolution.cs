using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// A convolution of many images with the images in the lanes of vectors: pixels are first put so that those at one place in neighbouring images lie
/// side by side. An output place is then a product of kernels with the channels of the places that it meets; what lies in the padding is left out, and no
/// row of an image is too short to fill a vector.
/// </summary>
/// <remarks>
/// Stage 0 arranges the images as <c>[group][block of images][place][channel][image]</c> and the kernels as <c>[group][block of outputs][tap][channel][output]</c>;
/// a piece of stage 1 gives some places of a block of outputs for a block of images. Sums are cut into chains of neighbouring taps, which depend on the
/// geometry alone.
/// </remarks>
internal sealed unsafe class BatchConvolution<T> : IConvolution<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Numbers of arranged images at most.</summary>
    private const long MostNumbers = 16 << 20;

    /// <summary>Numbers of arranged images from which to arrange them takes the time that fewer products save.</summary>
    private const long LargeNumbers = 1 << 20;

    /// <summary>Pairs of output places and taps that are listed.</summary>
    private const int MostMeetings = 1 << 17;

    /// <summary>Terms of a sum that are added up in registers before they enter it; their kernels stay in the first-level cache.</summary>
    private const int ChainTerms = 576;

    /// <summary>Places of a piece, unless a row has more.</summary>
    private const int PiecePlaces = 128;

    private static readonly int CacheLine = 64 / sizeof(T);

    private readonly ConvolutionGeometry geometry;
    private readonly int places;
    private readonly int taps;
    private readonly int outputs;
    private readonly int rangeLength;
    private readonly int chains;
    private readonly int chainTaps;
    private readonly (int First, int Count, int Lanes)[] images;
    private readonly int imageLanes;
    private readonly Lines inputLines;
    private readonly Lines kernelLines;
    private readonly Lines outputLines;
    private readonly int[] firsts;
    private readonly (int Tap, int Place)[] meetings;

    public BatchConvolution(ConvolutionGeometry shape)
    {
        geometry = shape;
        places = Product(shape, a => a.InputSize);
        taps = Product(shape, a => a.KernelSize);
        outputs = Product(shape, a => a.OutputSize);
        var row = shape.Axes[^1].OutputSize;
        rangeLength = outputs <= PiecePlaces ? outputs : Math.Max(1, PiecePlaces / row) * row;
        chains = (int)Math.Clamp(((long)taps * shape.InputChannels + ChainTerms - 1) / ChainTerms, 1, taps);
        chainTaps = (taps + chains - 1) / chains;
        images = [.. Blocks(shape.Batch)];
        imageLanes = images.Sum(b => b.Lanes);
        inputLines = new([.. shape.Axes.Select(a => a.InputSize)], shape.Input.Spatial);
        kernelLines = new([.. shape.Axes.Select(a => a.KernelSize)], shape.Kernel.Spatial);
        outputLines = new([.. shape.Axes.Select(a => a.OutputSize)], shape.Output.Spatial);
        (firsts, meetings) = Meetings();
    }

    public int Stages => 2;

    public long SharedLength => geometry.Groups * ((long)places * geometry.InputChannels * imageLanes + KernelBlocks * KernelLength);

    public long WorkLength => (long)ImageLanes<T>.Outputs * rangeLength * images.Max(b => b.Lanes);

    private int KernelBlocks => (geometry.OutputChannels + ImageLanes<T>.Outputs - 1) / ImageLanes<T>.Outputs;

    private int Ranges => (outputs + rangeLength - 1) / rangeLength;

    /// <summary>Numbers of the kernels of a block of outputs.</summary>
    private long KernelLength => (long)taps * geometry.InputChannels * ImageLanes<T>.Outputs;

    /// <summary>
    /// Whether images and outputs fill the lanes and blocks so far that the rest is made up for; a kernel of one element meets each pixel once for all
    /// outputs, too seldom to arrange it. Few outputs fill no block, but even so are faster than rows that fill no vector.
    /// </summary>
    public static bool Fits(ConvolutionGeometry geometry)
    {
        long lanes = Lanes(geometry), block = ImageLanes<T>.Outputs, outputs = geometry.OutputChannels;
        var computed = outputs < block && geometry.Axes[^1].OutputSize < Convolution<T>.Width ? outputs : (outputs + block - 1) / block * block;
        var (places, taps) = (Product(geometry, a => a.OutputSize), Product(geometry, a => a.KernelSize));
        return taps > 1 && 2 * lanes * computed <= 3 * geometry.Batch * outputs && Numbers(geometry) <= MostNumbers && (long)places * taps is > 0 and <= MostMeetings;
    }

    /// <summary>Whether the images are so large that a way with fewer products is faster, if there is one.</summary>
    public static bool IsLarge(ConvolutionGeometry geometry) => Numbers(geometry) >= LargeNumbers;

    private static long Lanes(ConvolutionGeometry geometry) => (geometry.Batch + Convolution<T>.Width - 1) / Convolution<T>.Width * Convolution<T>.Width;

    private static long Numbers(ConvolutionGeometry geometry) =>
        Lanes(geometry) * geometry.Groups * geometry.InputChannels * Product(geometry, a => a.InputSize);

    public int Pieces(int stage) => stage == 0 ? geometry.Groups * (images.Length + KernelBlocks) : geometry.Groups * images.Length * Ranges * KernelBlocks;

    public void Run(int stage, int piece, T* input, T* kernel, T* output, T* shared, T* work)
    {
        if (stage == 1)
        {
            // Blocks of outputs that read the same images follow one another.
            (piece, var block) = Math.DivRem(piece, KernelBlocks);
            (piece, var range) = Math.DivRem(piece, Ranges);
            var (group, of) = Math.DivRem(piece, images.Length);
            Multiply(group, of, block, range * rangeLength, output, shared, work);
        }
        else if (piece < geometry.Groups * images.Length)
        {
            ArrangeImages(piece / images.Length, piece % images.Length, input, shared);
        }
        else
        {
            var (group, block) = Math.DivRem(piece - geometry.Groups * images.Length, KernelBlocks);
            ArrangeKernels(group, block, kernel, shared);
        }
    }

    private static int Product(ConvolutionGeometry geometry, Func<ConvolutionAxis, int> size) => geometry.Axes.Aggregate(1, (n, a) => n * size(a));

    /// <summary>Images in as many vectors as a kernel takes together, four of them in two pairs.</summary>
    private static IEnumerable<(int First, int Count, int Lanes)> Blocks(int batch)
    {
        var width = Convolution<T>.Width;
        for (var first = 0; first < batch;)
        {
            var left = (batch - first + width - 1) / width;
            var vectors = left == 4 ? Math.Min(2, ImageLanes<T>.MostVectors) : Math.Min(left, ImageLanes<T>.MostVectors);
            var count = Math.Min(batch - first, vectors * width);
            yield return (first, count, vectors * width);
            first += count;
        }
    }

    /// <summary>For each chain and output place the taps that meet a place of the input, and which.</summary>
    private (int[] Firsts, (int Tap, int Place)[] Meetings) Meetings()
    {
        var along = geometry.Axes.Select(a => Enumerable.Range(0, a.OutputSize).Select(at => Along(a, at)).ToArray()).ToArray();
        var (starts, found) = (new List<int> { 0 }, new List<(int, int)>());
        var (met, next) = (new List<(int Tap, int Place)>(), new List<(int Tap, int Place)>());
        var sorted = new List<(int Tap, int Place)>[outputs];
        for (var output = 0; output < outputs; output++)
        {
            met.Clear();
            met.Add((0, 0));
            var rest = outputs;
            for (var a = 0; a < along.Length; a++)
            {
                rest /= geometry.Axes[a].OutputSize;
                next.Clear();
                foreach (var (tap, place) in met)
                    foreach (var (k, position) in along[a][output / rest % geometry.Axes[a].OutputSize])
                        next.Add((tap * geometry.Axes[a].KernelSize + k, place * geometry.Axes[a].InputSize + position));
                (met, next) = (next, met);
            }
            sorted[output] = [.. met];
        }
        for (var chain = 0; chain < chains; chain++)
            foreach (var all in sorted)
            {
                foreach (var meeting in all)
                    if (meeting.Tap / chainTaps == chain) found.Add(meeting);
                starts.Add(found.Count);
            }
        return ([.. starts], [.. found]);
    }

    /// <summary>The kernel elements along an axis that meet the input at a place of the output.</summary>
    private static (int Kernel, int Position)[] Along(ConvolutionAxis axis, int output)
    {
        var start = output * axis.Stride - axis.PaddingLow;
        return
        [
            .. from k in Enumerable.Range(0, axis.KernelSize)
               let position = start + k * axis.KernelDilation
               where position >= 0 && position % axis.InputDilation == 0 && position / axis.InputDilation < axis.InputSize
               select (k, position / axis.InputDilation),
        ];
    }

    /// <summary>The arranged images of a group and block.</summary>
    private T* Images(T* shared, int group, int block) =>
        shared + (long)places * geometry.InputChannels * ((long)group * imageLanes + images[block].First);

    private T* Kernels(T* shared, int group, int block) =>
        shared + (long)places * geometry.InputChannels * imageLanes * geometry.Groups + ((long)group * KernelBlocks + block) * KernelLength;

    private void ArrangeImages(int group, int block, T* input, T* shared)
    {
        var (first, count, lanes) = images[block];
        var target = Images(shared, group, block);
        var length = (nint)geometry.InputChannels * lanes;
        if (count < lanes) new Span<T>(target, (int)(places * length)).Clear();
        var strides = geometry.Input;
        for (var channel = 0; channel < geometry.InputChannels; channel++)
            Exchange(
                input + first * strides.Outer + group * strides.Group + channel * strides.Channel, strides.Outer, count, inputLines,
                target + channel * lanes, length);
    }

    private void ArrangeKernels(int group, int block, T* kernel, T* shared)
    {
        const int Together = ImageLanes<T>.Outputs;
        var strides = geometry.Kernel;
        var target = Kernels(shared, group, block);
        var count = Math.Min(Together, geometry.OutputChannels - block * Together);
        if (count < Together) new Span<T>(target, (int)KernelLength).Clear();
        for (var channel = 0; channel < geometry.InputChannels; channel++)
            Exchange(
                kernel + block * Together * strides.Outer + group * strides.Group + channel * strides.Channel, strides.Outer, count, kernelLines,
                target + channel * Together, (nint)geometry.InputChannels * Together);
    }

    /// <summary><c>target[place * length + i] = source[i * stride + place]</c>, where places lie in lines.</summary>
    private static void Exchange(T* source, nint stride, int count, Lines lines, T* target, nint length)
    {
        foreach (var start in lines.Starts)
        {
            // Whole cache lines of each image or kernel, for these often lie a power of two apart and push one another out.
            for (var place = 0; place < lines.Length; place += CacheLine)
            {
                var together = Math.Min(CacheLine, lines.Length - place);
                Transposition.Copy(source + start + place * lines.Step, stride, lines.Step, count, together, target, length);
                target += together * length;
            }
        }
    }

    private void Multiply(int group, int of, int block, int start, T* output, T* shared, T* work)
    {
        const int Together = ImageLanes<T>.Outputs;
        var (first, count, lanes) = images[of];
        T* arranged = Images(shared, group, of), kernels = Kernels(shared, group, block);
        var length = Math.Min(rangeLength, outputs - start);
        fixed ((int, int)* met = meetings)
        fixed (int* starts = firsts)
            for (var chain = 0; chain < chains; chain++)
            {
                var at = starts + chain * outputs + start;
                if (geometry.OutputChannels == 1)
                {
                    ImageLanes<T>.Single(lanes, geometry.InputChannels, met, at, length, kernels, arranged, chain > 0, work);
                    continue;
                }
                for (var place = 0; place < length; place++)
                    ImageLanes<T>.Multiply(
                        lanes, geometry.InputChannels, met + at[place], at[place + 1] - at[place], kernels, arranged, chain > 0,
                        work + (nint)place * lanes, (nint)length * lanes);
            }
        var strides = geometry.Output;
        var target = output + first * strides.Outer + group * strides.Group + block * Together * strides.Channel;
        for (var channel = 0; channel < Math.Min(Together, geometry.OutputChannels - block * Together); channel++, target += strides.Channel)
            for (int place = 0, line; place < length; place += line)
            {
                line = Math.Min(length - place, outputLines.Rest(start + place));
                Store(work + ((nint)channel * length + place) * lanes, lanes, line, count, target + outputLines.Start(start + place), strides);
            }
    }

    /// <summary>Puts a line of places of an output into the images.</summary>
    private static void Store(T* sums, int lanes, int line, int count, T* target, OperandStrides strides)
    {
        const int Together = 8;
        if (strides.Spatial[^1] == 1)
        {
            for (var image = 0; image < count; image += Together)
                Transposition.Copy(sums + image, lanes, 1, line, Math.Min(Together, count - image), target + image * strides.Outer, strides.Outer);
            return;
        }
        for (var image = 0; image < count; image++)
            for (var place = 0; place < line; place++)
                target[image * strides.Outer + place * strides.Spatial[^1]] = sums[(nint)place * lanes + image];
    }

    /// <summary>Places of an operand that lie at one distance.</summary>
    private sealed class Lines
    {
        /// <summary>Lines through all axes that are one run of memory.</summary>
        public Lines(int[] sizes, nint[] spatial)
        {
            Step = spatial[^1];
            Length = sizes[^1];
            var expected = spatial[^1] * sizes[^1];
            for (var a = sizes.Length - 2; a >= 0 && (sizes[a] == 1 || spatial[a] == expected); a--)
            {
                Length *= sizes[a];
                expected *= sizes[a];
            }
            var count = sizes.Aggregate(1, (n, size) => n * size) / Math.Max(1, Length);
            Starts = [.. Enumerable.Range(0, count).Select(line => At(line * Length, sizes, spatial))];
        }

        /// <summary>Places of a line.</summary>
        public int Length { get; }

        /// <summary>The distance between its places.</summary>
        public nint Step { get; }

        /// <summary>Where lines begin.</summary>
        public nint[] Starts { get; }

        /// <summary>Where a place lies.</summary>
        public nint Start(int place) => Starts[place / Length] + place % Length * Step;

        /// <summary>Places from one to the end of its line.</summary>
        public int Rest(int place) => Length - place % Length;

        private static nint At(int place, int[] sizes, nint[] spatial)
        {
            nint start = 0;
            for (var a = spatial.Length - 1; a >= 0; a--)
            {
                (place, var at) = Math.DivRem(place, sizes[a]);
                start += at * spatial[a];
            }
            return start;
        }
    }
}
