using System.Numerics;

namespace Paramorph;

/// <summary>A complex number in single precision, as stored by <see cref="ElementType.Complex64"/>.</summary>
/// <param name="Real">Real part.</param>
/// <param name="Imaginary">Imaginary part.</param>
public readonly record struct Complex64(float Real, float Imaginary)
{
    /// <summary>The same number in double precision.</summary>
    public static implicit operator Complex(Complex64 z) => new(z.Real, z.Imaginary);

    /// <summary>The number rounded to single precision.</summary>
    public static explicit operator Complex64(Complex z) => new((float)z.Real, (float)z.Imaginary);
}
