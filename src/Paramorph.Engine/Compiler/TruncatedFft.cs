using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>
/// A Fourier transform that gives only some frequencies, or takes the others as zero on the way back. The kept ones of each axis lie one after the
/// other. The compiler makes these; they stand for a transform and the slices behind it, or for zeros around a spectrum and the transform of them.
/// </summary>
/// <param name="Fft">The whole transform.</param>
/// <param name="Kept">What is kept of each of its axes, in their order.</param>
internal sealed record TruncatedFft(Fft Fft, Sequence<Band> Kept) : Primitive
{
    /// <inheritdoc/>
    public override string Name => Fft.Name;

    /// <inheritdoc/>
    public override string Attributes => $"{Fft.Attributes}, kept={Kept}";

    private bool IsInverse => Fft.Kind is FftKind.Inverse or FftKind.InverseReal;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (IsInverse) return Fft.Infer([inputs[0] with { Shape = With(inputs[0].Shape, b => b.Length) }]);
        var whole = Fft.Infer(inputs)[0];
        return [whole with { Shape = With(whole.Shape, b => b.Count) }];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this with { Fft = Fft with { Axes = [.. Fft.Axes.Select(a => a + 1)] } }, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs)
    {
        TensorType[] whole = IsInverse ? [inputs[0] with { Shape = With(inputs[0].Shape, b => b.Length) }] : [inputs[0]];
        return Fft.Cost(whole, Fft.Infer(whole)) with { Bytes = Bytes(inputs) + Bytes(outputs) };
    }

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) =>
        evaluator.Run(Computation.Trace(Name, x => [Whole(x[0])], operation.InputTypes()), inputs);

    /// <summary>The same in the language.</summary>
    private Tensor Whole(Tensor x)
    {
        if (!IsInverse) x = Tensor.Bind(Fft, x)[0];
        for (var i = 0; i < Kept.Count; i++) x = IsInverse ? Expanded(x, Fft.Axes[i], Kept[i]) : Restricted(x, Fft.Axes[i], Kept[i]);
        return IsInverse ? Tensor.Bind(Fft, x)[0] : x;
    }

    /// <summary>The kept indices of an axis.</summary>
    /// <param name="x">A tensor that has these and perhaps more of the first and last indices along the axis.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="kept">What is kept.</param>
    public static Tensor Restricted(Tensor x, int axis, Band kept)
    {
        var size = x.Shape[axis];
        if (size == kept.Count) return x;
        if (kept.High == 0) return x.SliceAxis(axis, 0, kept.Low);
        var high = x.SliceAxis(axis, size - kept.High, size);
        return kept.Low == 0 ? high : Tensor.Concatenate([x.SliceAxis(axis, 0, kept.Low), high], axis);
    }

    private static Tensor Expanded(Tensor x, int axis, Band kept)
    {
        if (kept.IsWhole) return x;
        var shape = x.Shape.With(axis, kept.Length - kept.Count);
        var (low, high) = (x.SliceAxis(axis, 0, kept.Low), x.SliceAxis(axis, kept.Low, kept.Count));
        return Tensor.Concatenate([low, Tensor.Zeros(shape, x.ElementType), high], axis);
    }

    private Shape With(Shape shape, Func<Band, int> size)
    {
        for (var i = 0; i < Kept.Count; i++) shape = shape.With(Fft.Axes[i], size(Kept[i]));
        return shape;
    }
}
