using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Leaves out frequencies: those that nobody reads are not computed by a forward transform, and those that are zero are not handed to an inverse one.
/// What stands between spectra and their readers (arithmetic, rearrangements, zeros put around blocks) works on what is left. One pass forward finds
/// what can be other than zero, one backward what is read, each as marks along every axis; then the computation is rewritten.
/// </summary>
internal sealed class SpectrumTruncation
{
    private readonly Dictionary<Tensor, bool[][]> support = [];
    private readonly Dictionary<Tensor, bool[][]> read = [];
    private readonly Dictionary<Tensor, Band[]> kept = [];

    private SpectrumTruncation(Computation computation)
    {
        foreach (var constant in computation.Constants)
            if (IsZero(constant)) support[constant] = Marks(constant.Shape, false);
        foreach (var operation in computation.Operations)
            if (operation.Output.ElementType.IsComplex() && Support(operation) is { } marks) support[operation.Output] = marks;
        foreach (var output in computation.Outputs) Read(output, Marks(output.Shape, true));
        foreach (var operation in computation.Operations.Reverse()) Follow(operation);
    }

    /// <summary>The computation with truncated transforms where it can have them.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        if (!options.TruncatesSpectra || !computation.Operations.Any(o => o.Primitive is Fft)) return computation;
        var truncation = new SpectrumTruncation(computation);
        var inputs = computation.Inputs;
        return Simplifier.Simplify(Computation.Trace(
            computation.Name, x => computation.Rewrite(x, truncation.Rewrite), [.. inputs.Select(t => t.Type)], [.. inputs.Select(t => t.Label)]), options);
    }

    private static bool IsZero(Tensor tensor) => tensor.Rank == 0 && tensor.ElementType.IsComplex() && !tensor.Value().Bytes.ContainsAnyExcept((byte)0);

    private static bool[][] Marks(Shape shape, bool isMarked) => [.. shape.Select(size => Enumerable.Repeat(isMarked, size).ToArray())];

    private bool[][] SupportOf(Tensor tensor) => support.GetValueOrDefault(tensor) ?? Marks(tensor.Shape, true);

    /// <summary>Indices along each axis at which the result of an operation may be other than zero, or null for all.</summary>
    private bool[][]? Support(Operation operation)
    {
        var x = operation.Inputs.ToArray();
        // A scalar has no axes to mark.
        bool IsNothing(Tensor t) => t.Rank == 0 && support.ContainsKey(t);
        if (!Array.Exists(x, support.ContainsKey)) return null;
        switch (operation.Primitive)
        {
            case Broadcast broadcast:
                var repeated = Marks(broadcast.Shape, !IsNothing(x[0]));
                for (var a = 0; a < broadcast.Axes.Count; a++) repeated[broadcast.Axes[a]] = SupportOf(x[0])[a];
                return repeated;
            case Transpose transpose:
                return [.. transpose.Permutation.Select(a => SupportOf(x[0])[a])];
            case Slice slice when slice.Strides.All(s => s == 1):
                return [.. SupportOf(x[0]).Select((marks, a) => marks[slice.Starts[a]..slice.Limits[a]])];
            case Pad pad when IsPlain(pad) && IsNothing(x[1]):
                var padded = Marks(operation.Output.Shape, false);
                Place(padded, x[0], a => pad.Low[a]);
                return padded;
            case Concatenate join:
                var (joined, start) = (Marks(operation.Output.Shape, false), 0);
                foreach (var part in x)
                {
                    var at = start;
                    Place(joined, part, a => a == join.Axis ? at : 0);
                    start += part.Shape[join.Axis];
                }
                return joined;
            case Elementwise function when function == Elementwise.Negate || function == Elementwise.Conjugate:
                return SupportOf(x[0]);
            case Elementwise function when function == Elementwise.Add || function == Elementwise.Subtract:
                return [.. SupportOf(x[0]).Zip(SupportOf(x[1]), (p, q) => p.Zip(q, (i, j) => i || j).ToArray())];
            // Zero times what is not known could be no number.
            case Elementwise function when function == Elementwise.Multiply && (IsFinite(x[0]) || IsFinite(x[1])):
                return SupportOf(IsFinite(x[1]) ? x[0] : x[1]);
            default:
                return null;
        }
    }

    /// <summary>Adds the support of a part to that of the whole, at an offset along each axis.</summary>
    private void Place(bool[][] whole, Tensor part, Func<int, int> offset)
    {
        var marks = SupportOf(part);
        if (Array.Exists(marks, m => !m.Contains(true))) return;
        for (var a = 0; a < whole.Length; a++)
            for (var i = 0; i < marks[a].Length; i++) whole[a][offset(a) + i] |= marks[a][i];
    }

    private static bool IsPlain(Pad pad) => pad.Low.Concat(pad.High).All(n => n >= 0) && pad.Interior.All(n => n == 0);

    /// <summary>Whether a tensor is a repeated constant without infinities.</summary>
    private static bool IsFinite(Tensor tensor)
    {
        while (tensor is { IsEvaluated: false, Source.Primitive: Broadcast or Reshape or Transpose }) tensor = tensor.Source.Input;
        if (!tensor.IsEvaluated || !tensor.ElementType.IsComplex()) return false;
        return tensor.ElementType == ElementType.Complex64
            ? Array.TrueForAll(tensor.ToArray<Complex64>(), c => float.IsFinite(c.Real) && float.IsFinite(c.Imaginary))
            : Array.TrueForAll(tensor.ToArray<System.Numerics.Complex>(), System.Numerics.Complex.IsFinite);
    }

    private void Read(Tensor tensor, bool[][] marks)
    {
        if (!tensor.ElementType.IsComplex()) return;
        if (!read.TryGetValue(tensor, out var known)) read[tensor] = known = Marks(tensor.Shape, false);
        for (var a = 0; a < known.Length; a++)
            for (var i = 0; i < known[a].Length; i++) known[a][i] |= marks[a][i];
    }

    /// <summary>Decides what is kept of an operation's result, now that all who read it are known, and marks what it reads for that.</summary>
    private void Follow(Operation operation)
    {
        var output = operation.Output;
        if (output.ElementType.IsComplex() && output.Count > 0 && read.TryGetValue(output, out var marks))
        {
            var bands = Bands(marks, a => Freedom(operation, a));
            if (!Array.TrueForAll(bands, b => b.IsWhole)) kept[output] = bands;
        }
        if (operation.Primitive is Slice slice)
        {
            Read(operation.Input, [.. operation.Input.Shape.Select((size, a) => Enumerable.Range(0, size).Select(i => i >= slice.Starts[a] && i < slice.Limits[a]).ToArray())]);
            return;
        }
        for (var i = 0; i < operation.Inputs.Length; i++)
            Read(operation.Inputs[i], [.. Wanted(operation, i, KeptOf(output)).Select(b => b.Marks())]);
    }

    private static Band[] Bands(bool[][] marks, Func<int, Reach> freedom) => [.. marks.Select((m, a) => freedom(a) switch
    {
        Reach.Both => Band.Around(m, false),
        Reach.Low => Band.Around(m, true),
        _ => Band.Whole(m.Length),
    })];

    private Band[] KeptOf(Tensor tensor) => kept.GetValueOrDefault(tensor) ?? [.. tensor.Shape.Select(Band.Whole)];

    /// <summary>What may be left out along an axis of an operation's result.</summary>
    private static Reach Freedom(Operation operation, int axis)
    {
        switch (operation.Primitive)
        {
            case Elementwise or Cast or MakeComplex:
                foreach (var input in operation.Inputs)
                    if (input.Shape != operation.Output.Shape) return Reach.None;
                return Reach.Both;
            case Broadcast or Transpose or Concatenate:
                return Reach.Both;
            case Pad pad:
                return IsPlain(pad) ? Reach.Both : Reach.None;
            case Fft { Kind: FftKind.Forward or FftKind.Real } fft:
                return Freedom(fft, axis);
            default:
                return Reach.None;
        }
    }

    /// <summary>What may be left out along an axis of a spectrum. The kernel halves only the last axis.</summary>
    private static Reach Freedom(Fft fft, int axis)
    {
        if (!fft.Axes.Contains(axis)) return Reach.None;
        if (fft.Kind is FftKind.Forward or FftKind.Inverse) return Reach.Both;
        if (fft.Axes.Max() != fft.Axes[^1]) return Reach.None;
        return axis == fft.Axes[^1] ? Reach.Low : Reach.Both;
    }

    /// <summary>What an operation wants of an input for what is kept of its result.</summary>
    private Band[] Wanted(Operation operation, int input, Band[] of)
    {
        var shape = operation.Inputs[input].Shape;
        switch (operation.Primitive)
        {
            case Elementwise or Cast or MakeComplex when shape == operation.Output.Shape:
                return of;
            case Broadcast broadcast:
                return [.. broadcast.Axes.Select(a => of[a])];
            case Transpose transpose:
                return [.. Enumerable.Range(0, of.Length).Select(a => of[transpose.Permutation.ToList().IndexOf(a)])];
            case Pad pad when input == 0 && IsPlain(pad):
                return [.. of.Select((b, a) => b.Within(pad.Low[a], shape[a]))];
            case Concatenate join:
                var start = 0;
                for (var i = 0; i < input; i++) start += operation.Inputs[i].Shape[join.Axis];
                return [.. of.Select((b, a) => a == join.Axis ? b.Within(start, shape[a]) : b)];
            case Fft { Kind: FftKind.Inverse or FftKind.InverseReal } fft when support.TryGetValue(operation.Input, out var marks):
                return Bands(marks, a => Freedom(fft, a));
            default:
                return [.. shape.Select(Band.Whole)];
        }
    }

    /// <summary>An operation on what is kept of its inputs.</summary>
    private Tensor[] Rewrite(Operation operation, Tensor[] x)
    {
        var of = KeptOf(operation.Output);
        var wanted = Enumerable.Range(0, x.Length).Select(i => Wanted(operation, i, of)).ToArray();
        var isKept = kept.ContainsKey(operation.Output);
        switch (operation.Primitive)
        {
            case Slice slice when kept.TryGetValue(operation.Input, out var bands):
                int[] starts = [.. bands.Select((b, a) => b.Before(slice.Starts[a]))];
                int[] limits = [.. starts.Select((s, a) => s + slice.Limits[a] - slice.Starts[a])];
                return Tensor.Bind(new Slice([.. starts], [.. limits], slice.Strides), x);
            case Fft { Kind: FftKind.Inverse or FftKind.InverseReal } fft when !Array.TrueForAll(wanted[0], b => b.IsWhole):
                return Tensor.Bind(new TruncatedFft(fft, [.. fft.Axes.Select(a => wanted[0][a])]), Restricted(x[0], wanted[0]));
            case Fft fft when isKept:
                return Tensor.Bind(new TruncatedFft(fft, [.. fft.Axes.Select(a => of[a])]), x);
            case Concatenate join when isKept:
                var parts = x.Select((part, i) => Restricted(part, wanted[i])).Where(part => part.Shape[join.Axis] > 0);
                return [Tensor.Concatenate([.. parts], join.Axis)];
            case Pad pad when isKept:
                int[] low = [.. of.Select((b, a) => b.Before(pad.Low[a]))];
                int[] high = [.. of.Select((b, a) => b.Count - low[a] - wanted[0][a].Count)];
                return Tensor.Bind(new Pad([.. low], [.. high], pad.Interior), Restricted(x[0], wanted[0]), x[1]);
            case Broadcast broadcast when isKept:
                return Tensor.Bind(broadcast with { Shape = [.. of.Select(b => b.Count)] }, Restricted(x[0], wanted[0]));
            default:
                return operation.Apply([.. x.Select((t, i) => Restricted(t, wanted[i]))]);
        }
    }

    private static Tensor Restricted(Tensor x, Band[] wanted)
    {
        for (var a = 0; a < wanted.Length; a++) x = TruncatedFft.Restricted(x, a, wanted[a]);
        return x;
    }

    /// <summary>What may be left out along an axis.</summary>
    private enum Reach
    {
        None,

        /// <summary>The last indices.</summary>
        Low,

        /// <summary>Indices between the first and the last ones.</summary>
        Both,
    }
}
