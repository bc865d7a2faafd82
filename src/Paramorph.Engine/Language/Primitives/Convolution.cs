using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// The general convolution, without flipping as in all network libraries: an input [batch, channels, spatial...] and weights [outputs, channels /
/// groups, kernel...] give [batch, outputs, places...], over one to three spatial axes. With the input x spread by its dilation and zero outside,
/// y[n, o, i] = sum over c and k of x[n, c, i stride + k dilation - low] w[o, c, k]. With groups, outputs and channels are cut into as many blocks,
/// and each block of outputs sees its block of channels.
/// </summary>
/// <param name="Strides">Steps between places.</param>
/// <param name="Low">Zeros before each spatial axis; negative amounts cut.</param>
/// <param name="High">Zeros after each spatial axis; negative amounts cut.</param>
/// <param name="InputDilations">Steps between elements of the input; above 1 zeros lie between them.</param>
/// <param name="KernelDilations">Steps between elements of the kernel.</param>
/// <param name="Groups">Number of blocks.</param>
public sealed record Convolution(
    Sequence<int> Strides, Sequence<int> Low, Sequence<int> High, Sequence<int> InputDilations, Sequence<int> KernelDilations, int Groups) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "convolution";

    /// <inheritdoc/>
    public override string Attributes =>
        $"strides={Strides}, low={Low}, high={High}, input_dilations={InputDilations}, kernel_dilations={KernelDilations}, groups={Groups}{(IsExact ? ", exact" : "")}{(IsPaired ? ", paired" : "")}";

    /// <summary>Whether sums are made of the products themselves, never of fewer other ones, so that whole numbers that the element type holds have exact sums.</summary>
    internal bool IsExact { get; init; }

    /// <summary>
    /// Whether each element of i32 operands is two neighbouring channels of 16 bits, the first in the lower half, of which both products are summed. Convolutions of bytes
    /// become such ones.
    /// </summary>
    internal bool IsPaired { get; init; }

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Multi;

    private int Spatial => Strides.Count;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var ((type, x), (other, w)) = (inputs[0], inputs[1]);
        if (type != other || type == ElementType.Bool)
            throw new ElementTypeException($"convolution: {inputs[0]} and weights {inputs[1]} must have one numeric element type.");
        CheckAttributes();
        if (x.Rank != Spatial + 2 || w.Rank != Spatial + 2)
        {
            throw new ShapeException(
                $"convolution: {inputs[0]} and weights {inputs[1]} must be [batch, channels, spatial...] and [outputs, channels / groups, kernel...] with {Spatial} spatial axes.");
        }
        if (x[1] != w[1] * Groups)
            throw new ShapeException($"convolution: {inputs[0]} has {x[1]} channels but weights {inputs[1]} in {Groups} groups take {w[1] * Groups}.");
        if (w[0] % Groups != 0)
            throw new ShapeException($"convolution: the {w[0]} outputs of weights {inputs[1]} do not divide into {Groups} groups.");
        var sizes = new int[Spatial];
        for (var a = 0; a < Spatial; a++)
        {
            var (input, kernel) = (Low[a] + Pad.Dilated(x[a + 2], InputDilations[a] - 1) + High[a], Extent(w, a));
            if (w[a + 2] == 0 || input < kernel)
            {
                throw new ShapeException(
                    $"convolution: along axis {a + 2} the kernel spans {kernel} elements but {inputs[0]} with its padding has {input}: a kernel has elements and fits in.");
            }
            sizes[a] = (input - kernel) / Strides[a] + 1;
        }
        // Products of 8-bit integers are summed exactly, in 32 bits.
        return [new(type is ElementType.Int8 or ElementType.UInt8 ? ElementType.Int32 : type, [x[0], w[0], .. sizes])];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        if (operation.Inputs[input].Count == 0) return Tensor.ZerosLike(operation.Inputs[input]);
        return input == 0 ? TransposeInput(operation, cotangent) : TransposeWeights(operation, cotangent);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var (x, w, shape) = (inputs[0], inputs[1], operation.Output.Shape);
        if (size == 0) return [Tensor.Zeros(shape.Insert(0, 0), operation.Output.ElementType)];
        if (!batched[1])
        {
            var merged = Bind(this, x.ReshapeTo([size * shape[0], .. x.Shape.Sizes[2..]]), w);
            return [merged.ReshapeTo(shape.Insert(0, size))];
        }
        if (!batched[0])
        {
            // Each group holds its outputs of all examples.
            var (outputs, rest) = (w.Shape[1] / Groups, w.Shape[2..]);
            var grouped = w.ReshapeTo([size, Groups, outputs, .. rest]).SwapAxes(0, 1).ReshapeTo([size * w.Shape[1], .. rest]);
            var result = Bind(this, x, grouped).ReshapeTo([shape[0], Groups, size, outputs, .. shape.Sizes[2..]]);
            return [result.MoveAxis(2, 0).ReshapeTo(shape.Insert(0, size))];
        }
        // Each example is a block of groups of its own.
        var channels = x.SwapAxes(0, 1).ReshapeTo([shape[0], size * x.Shape[2], .. x.Shape.Sizes[3..]]);
        var weights = w.ReshapeTo([size * w.Shape[1], .. w.Shape.Sizes[2..]]);
        var blocks = Bind(this with { Groups = size * Groups }, channels, weights);
        return [blocks.ReshapeTo([shape[0], size, .. shape.Sizes[1..]]).SwapAxes(0, 1)];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new((outputs[0].ElementType.IsComplex() ? 8L : IsPaired ? 4L : 2L) * inputs[1].Shape[1..].ElementCount * Elements(outputs), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (x, w, y) = (inputs[0], inputs[1], new ReferenceArray(operation.Output.Type));
        if (x.IsReal) Accumulate(x.Reals, x.Shape, w.Reals, w.Shape, y.Reals, y.Shape);
        else if (x.IsComplex) Accumulate(x.Complexes, x.Shape, w.Complexes, w.Shape, y.Complexes, y.Shape);
        else if (!IsPaired) Accumulate(x.Integers, x.Shape, w.Integers, w.Shape, y.Integers, y.Shape);
        else
        {
            foreach (var shift in (int[])[0, 16])
            {
                long[] Half(long[] pairs) => Array.ConvertAll(pairs, pair => (long)(short)(pair >> shift));
                var sums = new long[y.Count];
                Accumulate(Half(x.Integers), x.Shape, Half(w.Integers), w.Shape, sums, y.Shape);
                for (var i = 0; i < sums.Length; i++) y.Integers[i] += sums[i];
            }
        }
        return [y];
    }

    /// <summary>
    /// The weights [inputs, outputs / groups, kernel...] of the transposed convolution: flipped, with channels exchanged in each group.
    /// </summary>
    internal static Tensor TransposedWeights(Tensor weights, int groups)
    {
        var (outputs, channels, kernel) = (weights.Shape[0] / groups, weights.Shape[1], weights.Shape[2..]);
        var flipped = weights.Flip([.. Enumerable.Range(2, kernel.Rank)]);
        if (groups == 1) return flipped.SwapAxes(0, 1);
        return flipped.ReshapeTo([groups, outputs, channels, .. kernel]).SwapAxes(1, 2).ReshapeTo([groups * channels, outputs, .. kernel]);
    }

    private static Tensor Bind(Convolution convolution, Tensor x, Tensor w) => Tensor.Bind(convolution, x, w)[0];

    /// <summary>
    /// The input at p received what place i took through kernel element k with i stride + k dilation - low = p. With the kernel flipped that is a
    /// convolution of the cotangent spread by the stride; the padding behind makes it reach the last element even when the stride does not divide.
    /// </summary>
    private Tensor TransposeInput(Operation operation, Tensor cotangent)
    {
        var (x, w) = (operation.Input.Shape, operation.Inputs[1]);
        var (low, high) = (new int[Spatial], new int[Spatial]);
        for (var a = 0; a < Spatial; a++)
        {
            var extent = Extent(w.Shape, a);
            low[a] = extent - 1 - Low[a];
            high[a] = (x[a + 2] - 1) * InputDilations[a] + extent - low[a] - Pad.Dilated(cotangent.Shape[a + 2], Strides[a] - 1);
        }
        return Bind(new(InputDilations, [.. low], [.. high], Strides, KernelDilations, Groups), cotangent, TransposedWeights(w, Groups));
    }

    /// <summary>
    /// A weight sums products of cotangents with inputs a kernel element away: a convolution of the input with the cotangent as its kernel, in which
    /// batch and channels have changed roles, and strides and dilations too.
    /// </summary>
    private Tensor TransposeWeights(Operation operation, Tensor cotangent)
    {
        var (x, w) = (operation.Input, operation.Inputs[1].Shape);
        var high = new int[Spatial];
        for (var a = 0; a < Spatial; a++)
        {
            var (input, places) = (Pad.Dilated(x.Shape[a + 2], InputDilations[a] - 1), Pad.Dilated(cotangent.Shape[a + 2], Strides[a] - 1));
            high[a] = Extent(w, a) - 1 + places - input - Low[a];
        }
        var (batch, spatial) = (x.Shape[0], x.Shape[2..]);
        var channelsFirst = Groups == 1
            ? x.SwapAxes(0, 1)
            : x.ReshapeTo([batch, Groups, w[1], .. spatial]).SwapAxes(0, 2).ReshapeTo([w[1], Groups * batch, .. spatial]);
        return Bind(new(KernelDilations, Low, [.. high], InputDilations, Strides, Groups), channelsFirst, cotangent.SwapAxes(0, 1)).SwapAxes(0, 1);
    }

    /// <summary>Number of input elements from the first to the last that a kernel touches along a spatial axis.</summary>
    private int Extent(Shape weights, int spatialAxis) => Pad.Dilated(weights[spatialAxis + 2], KernelDilations[spatialAxis] - 1);

    private void CheckAttributes()
    {
        int[] counts = [Low.Count, High.Count, InputDilations.Count, KernelDilations.Count];
        if (Spatial is < 1 or > 3 || counts.Any(c => c != Spatial))
            throw new ShapeException($"convolution: takes strides, paddings and dilations of one to three spatial axes, one number each an axis, not [{Attributes}].");
        if (Strides.Concat(InputDilations).Concat(KernelDilations).Append(Groups).Any(n => n < 1))
            throw new ShapeException($"convolution: strides, dilations and groups are 1 or more, not [{Attributes}].");
    }

    private void Accumulate<T>(T[] x, Shape xShape, T[] w, Shape wShape, T[] y, Shape yShape)
        where T : INumberBase<T>
    {
        var (channels, kernel) = (wShape[1], wShape[2..]);
        var (spatialCount, kernelCount) = (xShape[2..].ElementCount, kernel.ElementCount);
        var to = 0;
        foreach (var at in ReferenceArray.Places(yShape))
        {
            var firstChannel = at[1] / (wShape[0] / Groups) * channels;
            var (sum, k) = (T.Zero, 0);
            foreach (var tap in ReferenceArray.Places(kernel))
            {
                var from = Source(at, tap, xShape);
                for (var c = 0; from >= 0 && c < channels; c++)
                    sum += x[(at[0] * xShape[1] + firstChannel + c) * spatialCount + from] * w[(at[1] * channels + c) * kernelCount + k];
                k++;
            }
            y[to++] = sum;
        }
    }

    /// <summary>The index within the spatial axes of the input element that a place takes through a kernel element; -1 when it is padding.</summary>
    private int Source(int[] place, int[] tap, Shape input)
    {
        var index = 0;
        for (var a = 0; a < Spatial; a++)
        {
            var at = place[a + 2] * Strides[a] + tap[a] * KernelDilations[a] - Low[a];
            if (at < 0 || at % InputDilations[a] != 0 || at / InputDilations[a] >= input[a + 2]) return -1;
            index = index * input[a + 2] + at / InputDilations[a];
        }
        return index;
    }
}
