namespace Paramorph;

/// <summary>In which form a matrix enters a product or a solution.</summary>
public enum MatrixForm
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Transposed, without conjugation.</summary>
    Transposed,

    /// <summary>Transposed and conjugated; the same as transposed for real matrices.</summary>
    Adjoint,
}
