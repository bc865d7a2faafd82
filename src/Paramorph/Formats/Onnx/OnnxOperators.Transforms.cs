namespace Paramorph.Formats;

/// <content>Fourier transforms, with real and imaginary parts on a last axis.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Transforms => new() { ["DFT"] = n => [Dft(n)] };

    /// <summary>The axis is an attribute up to version 19, and an input from 20 on.</summary>
    private static Tensor Dft(OnnxNode node)
    {
        var x = node[0];
        var axis = node.Axis(node.Opset < 20 ? node.Int("axis", 1) : node.Optional(2) is null ? x.Rank - 2 : node.Sizes(2)[0], x.Rank);
        var (isInverse, isHalf) = (node.Flag("inverse"), node.Flag("onesided"));
        int? length = node.Optional(1) is null ? null : node.Sizes(1)[0];
        var real = x[Ellipsis(0)];
        if (isHalf && !isInverse) return Parts(Fourier.Rfft(real, axis, length));
        var complex = Tensor.Complex(real, x.Shape[^1] == 2 ? x[Ellipsis(1)] : Tensor.ZerosLike(real));
        if (!isInverse) return Parts(Fourier.Fft(complex, axis, length));
        return isHalf ? Fourier.Irfft(complex, length, axis).ExpandDims(-1) : Parts(Fourier.Ifft(complex, axis, length));
    }

    private static TensorIndex[] Ellipsis(int last) => [TensorIndex.Ellipsis, last];

    private static Tensor Parts(Tensor x) => Tensor.Stack([Tensor.Real(x), Tensor.Imaginary(x)], -1);
}
