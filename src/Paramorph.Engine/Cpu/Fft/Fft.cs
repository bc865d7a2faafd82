using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// A Fourier transform of an array along one or more axes, with whole or truncated spectra.
/// <para>
/// The work is <see cref="Stages"/> stages that run one after the other, each of <see cref="Pieces"/> pieces that may run at the same time and in
/// any order. The pieces depend on the shape alone. Complex numbers are interleaved.
/// </para>
/// </summary>
internal sealed unsafe class Fft<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Numbers in the largest array that a piece works on: with the intermediate results it stays in the second-level cache.</summary>
    private const long PieceNumbers = 1 << 15;

    private readonly Step[] steps;
    private readonly long leading;
    private readonly long perPiece;
    private readonly bool staged;
    private readonly long intermediateLength;

    /// <param name="kind">The transform. <see cref="FftKind.Real"/> runs along the last of <paramref name="axes"/> first and complex along the others.</param>
    /// <param name="shape">The array of points (for the inverse transforms, the result).</param>
    /// <param name="axes">The transformed axes, in rising order.</param>
    /// <param name="kept">For each axis the number of lowest and of highest frequencies kept, or nothing for all of them.</param>
    /// <param name="inputStrides">Strides of the input, in elements (a complex number is one), or empty for row-major order.</param>
    /// <param name="outputStrides">Strides of the output, likewise.</param>
    public Fft(
        FftKind kind,
        ReadOnlySpan<int> shape,
        ReadOnlySpan<int> axes,
        ReadOnlySpan<(int Low, int High)> kept = default,
        ReadOnlySpan<nint> inputStrides = default,
        ReadOnlySpan<nint> outputStrides = default)
    {
        var inverse = kind is FftKind.Inverse or FftKind.InverseReal;
        var bounds = new (int Low, int High)[axes.Length];
        var spectrum = shape.ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            var all = (kind is FftKind.Real or FftKind.InverseReal) && i == axes.Length - 1 ? shape[axes[i]] / 2 + 1 : shape[axes[i]];
            bounds[i] = kept.IsEmpty ? (all, 0) : kept[i];
            if (bounds[i].Low < 0 || bounds[i].High < 0 || bounds[i].Low + bounds[i].High > all)
                throw new ArgumentException($"Axis {axes[i]} has {all} frequencies; {bounds[i].Low} + {bounds[i].High} of them were asked for.");
            spectrum[axes[i]] = bounds[i].Low + bounds[i].High;
        }
        SpectrumShape = spectrum;
        var before = inverse ? (int[])spectrum.Clone() : shape.ToArray();
        steps = new Step[axes.Length];
        var strides = inputStrides.IsEmpty ? RowMajor(before) : inputStrides.ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            var index = inverse ? i : axes.Length - 1 - i;
            var after = (int[])before.Clone();
            after[axes[index]] = inverse ? shape[axes[index]] : spectrum[axes[index]];
            var last = i == axes.Length - 1;
            var next = last && !outputStrides.IsEmpty ? outputStrides.ToArray() : RowMajor(after);
            steps[i] = MakeStep(KindOf(kind, index == axes.Length - 1), shape[axes[index]], bounds[index], axes[index], before, after, strides, next);
            (before, strides) = (after, next);
        }
        leading = 1;
        for (var axis = 0; axis < axes[0]; axis++)
            leading *= shape[axis];
        var largest = steps.Max(s => Math.Max(s.InputNumbers, s.OutputNumbers));
        var perImage = Math.Max(1, largest / Math.Max(1, leading));
        staged = leading < 4 && largest > 4 * PieceNumbers;
        perPiece = Math.Max(1, PieceNumbers / perImage);
        intermediateLength = steps.Length < 2 ? 0 : staged ? largest : perPiece * perImage;
    }

    /// <summary>The shape of the kept frequencies.</summary>
    public int[] SpectrumShape { get; }

    public int Stages => staged ? steps.Length : 1;

    /// <summary>Numbers that all pieces of all stages share.</summary>
    public long SharedLength => staged ? 2 * intermediateLength : 0;

    /// <summary>Numbers that each running piece needs for itself.</summary>
    public long WorkLength => steps.Max(s => s.Lines.WorkLength) + (staged ? 0 : 2 * intermediateLength);

    public int Pieces(int stage) =>
        staged ? (int)((steps[stage].Count + LinesPerPiece(stage) - 1) / LinesPerPiece(stage)) : (int)((leading + perPiece - 1) / perPiece);

    /// <summary>Runs a piece of a stage.</summary>
    public void Run(int stage, int piece, T* input, T* output, T* shared, T* work)
    {
        if (staged)
        {
            var size = LinesPerPiece(stage);
            RunStep(stage, input, output, shared, 0, piece * size, Math.Min(steps[stage].Count, (piece + 1) * size), work);
            return;
        }
        var first = piece * perPiece;
        var end = Math.Min(leading, first + perPiece);
        var lineWork = work + 2 * intermediateLength;
        for (var i = 0; i < steps.Length; i++)
        {
            var lines = steps[i].Count / Math.Max(1, leading);
            RunStep(i, input, output, work, first, first * lines, end * lines, lineWork);
        }
    }

    /// <summary>Intermediate arrays hold the images from <paramref name="firstImage"/> on only; their addresses are moved so that all strides stay valid.</summary>
    private void RunStep(int index, T* input, T* output, T* intermediate, long firstImage, long first, long end, T* work)
    {
        var step = steps[index];
        var source = index == 0
            ? input
            : intermediate + index % 2 * intermediateLength - firstImage * (step.InputNumbers / Math.Max(1, leading));
        var target = index == steps.Length - 1
            ? output
            : intermediate + (index + 1) % 2 * intermediateLength - firstImage * (step.OutputNumbers / Math.Max(1, leading));
        step.Lines.Run(step.Batch, source, target, first, end, work);
    }

    /// <summary>A multiple of the lines of a tile, so that pieces waste no lanes.</summary>
    private long LinesPerPiece(int stage)
    {
        var step = steps[stage];
        var tile = step.Lines.TileLines;
        var perLine = Math.Max(1, step.InputNumbers / Math.Max(1, step.Count));
        return Math.Max(1, PieceNumbers / perLine / tile) * tile;
    }

    private static FftKind KindOf(FftKind kind, bool lastAxis) => kind switch
    {
        FftKind.Real when !lastAxis => FftKind.Forward,
        FftKind.InverseReal when !lastAxis => FftKind.Inverse,
        _ => kind,
    };

    private static Step MakeStep(
        FftKind kind, int length, (int Low, int High) kept, int axis, int[] before, int[] after, nint[] strides, nint[] next)
    {
        var inputComponents = kind == FftKind.Real ? 1 : 2;
        var outputComponents = kind == FftKind.InverseReal ? 1 : 2;
        var others = Enumerable.Range(0, before.Length).Where(a => a != axis).ToArray();
        var batch = new LineBatch(
            [.. others.Select(a => before[a])],
            [.. others.Select(a => strides[a] * inputComponents)],
            [.. others.Select(a => next[a] * outputComponents)],
            strides[axis] * inputComponents,
            next[axis] * outputComponents);
        var count = others.Aggregate(1L, (product, a) => product * before[a]);
        return new Step(
            new FftLines<T>(kind, length, kept.Low, kept.High), batch, count, count * before[axis] * inputComponents, count * after[axis] * outputComponents);
    }

    private static nint[] RowMajor(int[] shape)
    {
        var strides = new nint[shape.Length];
        nint stride = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    private sealed record Step(FftLines<T> Lines, LineBatch Batch, long Count, long InputNumbers, long OutputNumbers);
}
