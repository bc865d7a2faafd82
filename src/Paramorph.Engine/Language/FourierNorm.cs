namespace Paramorph;

/// <summary>Which direction of a Fourier transform is divided by the number of samples, as in NumPy.</summary>
public enum FourierNorm
{
    /// <summary>The inverse one.</summary>
    Backward,

    /// <summary>Both, by the square root: the transform keeps lengths.</summary>
    Ortho,

    /// <summary>The forward one.</summary>
    Forward,
}
