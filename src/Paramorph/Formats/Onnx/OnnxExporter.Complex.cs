using System.Numerics;
using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>Complex numbers, as pairs of real ones, and Fourier transforms.</content>
internal sealed partial class OnnxExporter
{
    private OnnxValue? ComplexFunction(Elementwise function, OnnxValue[] x, TensorType result)
    {
        var (z, w) = (Complex(x[0]), Complex(x[^1]));
        if (function == Elementwise.Equal) return Broadcasting(z.EqualTo(w), x, result);
        if (function == Elementwise.NotEqual) return Broadcasting(!z.EqualTo(w), x, result);
        return OnnxComplex.Translate(function, z, w) is { } value ? new(result, Common(x), value.Real.Name, value.Imaginary.Name) : null;
    }

    private OnnxComplex Complex(OnnxValue x) => new(Expression(x.RealPart), Expression(x.ImaginaryPart));

    /// <summary>Along one axis after the other. The inverse real transform fills in the conjugates of the frequencies that are kept once.</summary>
    private OnnxValue Fft(OnnxValue x, Fft fft, TensorType result)
    {
        var (isInverse, last) = (fft.Kind is FftKind.Inverse or FftKind.InverseReal, fft.Axes[^1]);
        var value = Full(x);
        if (fft.Kind == FftKind.Real) value = Transformed(value, last, isHalf: true);
        foreach (var axis in fft.Axes.SkipLast(1)) value = Along(value, axis);
        if (fft.Kind == FftKind.InverseReal) value = Hermitian(value, last, fft.Length);
        if (fft.Kind != FftKind.Real) value = Along(value, last);
        var parts = fft.Kind == FftKind.InverseReal ? [value.RealPart] : new[] { value.RealPart, value.ImaginaryPart };
        if (fft.Scale != 1)
        {
            var scale = Constant(Tensor.Full(Shape.Scalar, fft.Scale, parts[0].Type.ElementType).Evaluate());
            parts = Array.ConvertAll(parts, part => Function(Elementwise.Multiply, [part, scale with { Type = part.Type }], part.Type)!.Value);
        }
        return new(result, parts[0].Name, parts.Length > 1 ? parts[1].Name : null);

        // The inverse is the forward transform between exchanges of the parts: ONNX Runtime divides its own by the length in single precision.
        OnnxValue Along(OnnxValue x, int axis) => isInverse ? Exchanged(Transformed(Exchanged(x), axis, isHalf: false)) : Transformed(x, axis, isHalf: false);
    }

    private static OnnxValue Exchanged(OnnxValue x) => new(x.Type, x.Actual, x.Imaginary!, x.Name);

    /// <summary>
    /// The operator, which has the parts of a number on a last axis. ONNX Runtime loses three digits of f32 where the length is no power of two, so that those
    /// transforms are made in f64.
    /// </summary>
    private OnnxValue Transformed(OnnxValue x, int axis, bool isHalf)
    {
        var (rank, size) = (x.Shape.Rank, x.Shape[axis]);
        var type = x.Type.ElementType.RealType();
        var wide = BitOperations.IsPow2(size) ? type : ElementType.Float64;
        string Column(OnnxExpression part) => graph.Node("Unsqueeze", [part.As(wide).Name, graph.Integers([(long)rank])]);
        var pair = x.Imaginary is null
            ? Column(Expression(x))
            : graph.Node("Concat", [Column(Expression(x.RealPart)), Column(Expression(x.ImaginaryPart))], OnnxBuilder.Attribute("axis", -1));
        // The operator asks for an axis in front of those that it transforms.
        pair = graph.Node("Unsqueeze", [pair, graph.Integers([0L])]);
        var half = OnnxBuilder.Attribute("onesided", isHalf ? 1 : 0);
        var transformed = graph.Opset >= 20
            ? graph.Node("DFT", [pair, "", Integer(axis + 1)], half)
            : graph.Node("DFT", [pair], OnnxBuilder.Attribute("axis", axis + 1), half);
        transformed = graph.Node("Squeeze", [transformed, graph.Integers([0L])]);
        string Part(long index) =>
            new OnnxExpression(graph, graph.Node("Gather", [transformed, Integer(index)], OnnxBuilder.Attribute("axis", -1)), wide).As(type).Name;
        Shape shape = isHalf ? x.Shape.With(axis, size / 2 + 1) : x.Shape;
        return new(new(type.ComplexType(), shape), Part(0), Part(1));
    }

    /// <summary>All frequencies of a real signal, of those from 0 to half its length.</summary>
    private OnnxValue Hermitian(OnnxValue x, int axis, int length)
    {
        var missing = length - x.Shape[axis];
        if (missing == 0) return x;
        Shape shape = x.Shape.With(axis, length);
        string Joined(string part, bool isOdd)
        {
            var mirrored = new OnnxExpression(graph, Sliced(part, [axis], [missing], [0], [-1]), x.Type.ElementType.RealType());
            return graph.Node("Concat", [part, (isOdd ? -mirrored : mirrored).Name], OnnxBuilder.Attribute("axis", axis));
        }
        return new(x.Type with { Shape = shape }, Joined(x.Name, false), Joined(x.Imaginary!, true));
    }
}
