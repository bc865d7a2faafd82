using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// A transform of any length as a cyclic convolution of a smooth length: jk = (j^2 + k^2 - (k-j)^2)/2 turns the sum into a convolution with the
/// chirp exp(i pi j^2 / n) (L. Bluestein, 1970).
/// </summary>
internal sealed unsafe class Bluestein<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int length;
    private readonly FftPlan<T> inner;
    private readonly T* chirp;
    private readonly T* kernel;

    public Bluestein(int length)
    {
        this.length = length;
        inner = FftPlan<T>.Get(FftPlan<T>.SmoothAtLeast(2 * length - 1));
        chirp = Tables.Allocate<T>(2 * length);
        var response = new Complex[inner.Length];
        for (var j = 0; j < length; j++)
        {
            var (sin, cos) = Tables.Angle((long)j * j % (2 * length), 2 * length);
            chirp[2 * j] = T.CreateTruncating(cos);
            chirp[2 * j + 1] = T.CreateTruncating(-sin);
            response[j] = response[(inner.Length - j) % inner.Length] = new Complex(cos, sin);
        }
        kernel = Spectrum(response);
    }

    public int BufferLength => inner.Length;

    public double Cost => 2 * inner.Cost + 6 * inner.Length;

    public ComplexVector<T>* Transform(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        for (var j = 0; j < length; j++)
            x[j] = x[j].Times(chirp[2 * j], chirp[2 * j + 1]);
        for (var j = length; j < inner.Length; j++)
            x[j] = default;
        var spectrum = inner.Transform(x, y);
        for (var k = 0; k < inner.Length; k++)
        {
            // Exchanging the parts here and below makes the second forward transform an inverse one.
            var product = spectrum[k].Times(kernel[2 * k], kernel[2 * k + 1]);
            spectrum[k] = new(product.Im, product.Re);
        }
        var other = spectrum == x ? y : x;
        var result = inner.Transform(spectrum, other);
        for (var k = 0; k < length; k++)
            result[k] = new ComplexVector<T>(result[k].Im, result[k].Re).Times(chirp[2 * k], chirp[2 * k + 1]);
        return result;
    }

    /// <summary>The transform of the chirp, divided by its length, computed once in double.</summary>
    private static T* Spectrum(Complex[] response)
    {
        var n = response.Length;
        var plan = FftPlan<double>.Get(n);
        var buffers = new ComplexVector<double>[2 * n];
        var table = Tables.Allocate<T>(2 * n);
        for (var j = 0; j < n; j++)
            buffers[j] = new(new Vector<double>(response[j].Real), new Vector<double>(response[j].Imaginary));
        fixed (ComplexVector<double>* x = buffers)
        {
            var spectrum = plan.Transform(x, x + n);
            for (var k = 0; k < n; k++)
            {
                table[2 * k] = T.CreateTruncating(spectrum[k].Re[0] / n);
                table[2 * k + 1] = T.CreateTruncating(spectrum[k].Im[0] / n);
            }
        }
        return table;
    }
}
