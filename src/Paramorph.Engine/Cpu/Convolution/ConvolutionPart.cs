using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// One phase of a convolution (all of it where the input is not dilated): which kernel elements its outputs meet, and how the input is laid out
/// for them. Where the input has padding or a stride along its last axis, a block of it is copied with its zeros, and with the columns of each
/// residue of the stride together, so that in the copy neighbouring outputs always meet neighbouring inputs. Nothing is copied more than once
/// per block (once per kernel plane for three axes), unlike patches.
/// </summary>
internal sealed unsafe class ConvolutionPart<T>
    where T : unmanaged, INumber<T>
{
    private readonly ConvolutionGeometry geometry;
    private readonly nint[] kernelOffsets;
    private readonly int phaseLength;
    private readonly int rowLength;
    private readonly bool contiguousTaps;
    private readonly (int From, int End)[] present;

    public ConvolutionPart(ConvolutionGeometry geometry, AxisPhase z, AxisPhase y, AxisPhase x)
    {
        this.geometry = geometry;
        (Z, Y, X) = (z, y, x);
        var strides = geometry.Kernel.Spatial;
        kernelOffsets =
        [
            .. from a in z.Taps from b in y.Taps from c in x.Taps
               select a.Kernel * strides[0] + b.Kernel * strides[1] + c.Kernel * strides[2],
        ];
        contiguousTaps = kernelOffsets.Select((offset, tap) => offset == kernelOffsets[0] + tap).All(same => same);
        Direct = geometry.Input.Spatial[2] == 1 && x.InputStep == 1 && (Taps > 1 || geometry.OutputChannels <= 4)
            && z.Inside(geometry.Axes[0].InputSize) && y.Inside(geometry.Axes[1].InputSize) && x.Inside(geometry.Axes[2].InputSize);
        var width = (x.Count - 1) * x.InputStep + x.Last - x.First + 1;
        phaseLength = (width + x.InputStep - 1) / x.InputStep;
        rowLength = phaseLength * x.InputStep;
        present = [.. Enumerable.Range(0, x.InputStep).Select(Present)];
        RowStep = y.InputStep * (Direct ? geometry.Input.Spatial[1] : rowLength);
    }

    public AxisPhase Z { get; }

    public AxisPhase Y { get; }

    public AxisPhase X { get; }

    /// <summary>Whether the kernels read the input where it lies.</summary>
    public bool Direct { get; }

    /// <summary>Kernel elements that an output meets in each input channel.</summary>
    public int Taps => kernelOffsets.Length;

    /// <summary>The step between the inputs of neighbouring rows of outputs.</summary>
    public nint RowStep { get; }

    /// <summary>Numbers in the copy of one channel for so many rows of outputs.</summary>
    public long ChannelLength(int rows) => Direct ? 0 : (long)Z.Taps.Length * InputRows(rows) * rowLength;

    /// <summary>Where each tap of the first <paramref name="channels"/> channels of a block lies, from the input of the block's first output.</summary>
    public int[] Offsets(int channels, int rows)
    {
        var offsets = new int[channels * Taps];
        var next = 0;
        for (var channel = 0; channel < channels; channel++)
            for (var z = 0; z < Z.Taps.Length; z++)
                foreach (var y in Y.Taps)
                    foreach (var x in X.Taps)
                        offsets[next++] = Direct ? DirectOffset(channel, z, y.Offset, x.Offset) : CopyOffset(channel, z, y.Offset, x.Offset, rows);
        return offsets;
    }

    /// <summary>The input that the first output of a row meets at offset zero, where the input is read directly.</summary>
    public nint DirectStart(int z, int y) =>
        (nint)z * Z.InputStep * geometry.Input.Spatial[0] + (nint)y * Y.InputStep * geometry.Input.Spatial[1];

    /// <summary>Copies what output plane <paramref name="z"/> and rows y.. of <paramref name="rows"/> meet in the given channels of an image.</summary>
    public void Copy(T* image, int channels, int z, int y, int rows, T* target)
    {
        var strides = geometry.Input.Spatial;
        var inputRows = InputRows(rows);
        for (var channel = 0; channel < channels; channel++)
            foreach (var tap in Z.Taps)
            {
                var plane = tap.Offset + z * Z.InputStep;
                for (var row = 0; row < inputRows; row++, target += rowLength)
                {
                    var line = y * Y.InputStep + Y.First + row;
                    if ((uint)plane >= (uint)geometry.Axes[0].InputSize || (uint)line >= (uint)geometry.Axes[1].InputSize)
                        new Span<T>(target, rowLength).Clear();
                    else
                        CopyRow(image + channel * geometry.Input.Channel + plane * strides[0] + line * strides[1], target);
                }
            }
    }

    /// <summary>
    /// panel[channel][tap][lane] = kernel[firstOutput + lane, channel, tap]; lanes beyond <paramref name="outputs"/> are zero.
    /// <paramref name="kernel"/> is the group's first element of the first of the channels.
    /// </summary>
    public void Pack(T* kernel, int channels, int firstOutput, int outputs, int lanes, T* panel)
    {
        var strides = geometry.Kernel;
        var width = Vector<T>.Count;
        var whole = contiguousTaps && strides.Channel == Taps;
        var (runs, run) = whole ? (1, channels * Taps) : (channels, Taps);
        var rows = stackalloc T*[width];
        for (var lane = 0; lane < lanes; lane += width)
        {
            var used = Math.Clamp(outputs - lane, 0, Math.Min(width, lanes - lane));
            for (var channel = 0; channel < runs; channel++)
            {
                var target = panel + (nint)channel * run * lanes + lane;
                for (var i = 0; i < used; i++)
                    rows[i] = kernel + (firstOutput + lane + i) * strides.Outer + channel * strides.Channel;
                var tap = 0;
                if (contiguousTaps && used == width)
                    for (; tap + width <= run; tap += width)
                        Lanes.GatherBlock(rows, kernelOffsets[0] + tap, target + (nint)tap * lanes, lanes, 0);
                for (; tap < run; tap++)
                {
                    var offset = whole ? kernelOffsets[0] + tap : kernelOffsets[tap];
                    for (var i = 0; i < Math.Min(width, lanes - lane); i++)
                        target[(nint)tap * lanes + i] = i < used ? rows[i][offset] : T.Zero;
                }
            }
        }
    }

    /// <summary>Whether the taps are lines of at least so many neighbours that meet neighbouring inputs.</summary>
    public bool HasLinesOf(int count) =>
        X.InputStep == 1 && X.Taps.Length >= count && X.Taps.Select((tap, i) => tap == (X.Taps[0].Kernel + i, X.Taps[0].Offset + i)).All(same => same);

    /// <summary>Adds the products of every line of taps of a channel to the sums of up to four neighbouring outputs.</summary>
    public void AddLines(T* source, T* kernel, int* offsets, int pixels, T* sums)
    {
        for (var tap = 0; tap < Taps; tap += X.Taps.Length)
            ConvolutionDots<T>.Add(pixels, source + offsets[tap], kernel + kernelOffsets[tap], X.Taps.Length, sums);
    }

    private int InputRows(int rows) => (rows - 1) * Y.InputStep + Y.Last - Y.First + 1;

    private int DirectOffset(int channel, int z, int y, int x)
    {
        var strides = geometry.Input.Spatial;
        return checked((int)(channel * geometry.Input.Channel + Z.Taps[z].Offset * strides[0] + y * strides[1] + x));
    }

    private int CopyOffset(int channel, int z, int y, int x, int rows)
    {
        var column = x - X.First;
        var line = ((long)channel * Z.Taps.Length + z) * InputRows(rows) + y - Y.First;
        return checked((int)(line * rowLength + column % X.InputStep * phaseLength + column / X.InputStep));
    }

    /// <summary>The columns of a residue of the stride that exist; those before and after them are padding.</summary>
    private (int From, int End) Present(int residue)
    {
        var (size, step) = (geometry.Axes[2].InputSize, X.InputStep);
        var origin = X.First + residue;
        var from = Math.Clamp(origin >= 0 ? 0 : (-origin + step - 1) / step, 0, phaseLength);
        return (from, Math.Clamp(origin >= size ? 0 : (size - origin + step - 1) / step, from, phaseLength));
    }

    private void CopyRow(T* source, T* target)
    {
        var stride = geometry.Input.Spatial[2] * X.InputStep;
        for (var residue = 0; residue < present.Length; residue++, target += phaseLength)
        {
            var (from, end) = present[residue];
            var start = source + (X.First + residue) * geometry.Input.Spatial[2];
            for (var column = 0; column < from; column++)
                target[column] = T.Zero;
            if (stride == 1)
                new Span<T>(start + from, end - from).CopyTo(new Span<T>(target + from, end - from));
            else
                for (var column = from; column < end; column++)
                    target[column] = start[column * stride];
            for (var column = end; column < phaseLength; column++)
                target[column] = T.Zero;
        }
    }
}
