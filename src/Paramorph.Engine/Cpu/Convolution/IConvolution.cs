namespace Paramorph.Cpu;

/// <summary>A convolution of one geometry as stages of independent pieces, which depend on the geometry alone.</summary>
internal unsafe interface IConvolution<T>
    where T : unmanaged
{
    /// <summary>The stages, to be run one after the other.</summary>
    int Stages { get; }

    /// <summary>Numbers that all pieces share from the first stage to the last.</summary>
    long SharedLength { get; }

    /// <summary>Numbers that each running piece needs for itself.</summary>
    long WorkLength { get; }

    /// <summary>The pieces of a stage.</summary>
    int Pieces(int stage);

    /// <summary>Runs a piece of a stage.</summary>
    void Run(int stage, int piece, T* input, T* kernel, T* output, T* shared, T* work);
}

/// <summary>Chooses how a convolution runs.</summary>
internal static class ConvolutionAlgorithm
{
    /// <summary>The way that is the fastest for a geometry, of those with products of inputs and weights alone where sums are to be exact.</summary>
    public static IConvolution<T> Of<T>(ConvolutionGeometry geometry, bool isExact = false)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> =>
        isExact || HasPlanes<T>(geometry) ? Direct<T>(geometry)
        : BatchConvolution<T>.Fits(geometry) && !(BatchConvolution<T>.IsLarge(geometry) && IsFiltered<T>(geometry)) ? new BatchConvolution<T>(geometry)
        : WinogradConvolution<T>.Fits(geometry) ? new WinogradConvolution<T>(geometry)
        : WinogradGradient<T>.Fits(geometry) ? new WinogradGradient<T>(geometry)
        : new Convolution<T>(geometry);

    /// <summary>The fastest way with the products of inputs and weights alone; where elements are i32, of pairs: <see cref="ILanes{TVector, T}.Accumulate"/>.</summary>
    public static IConvolution<T> Direct<T>(ConvolutionGeometry geometry)
        where T : unmanaged, System.Numerics.INumber<T> =>
        HasPlanes<T>(geometry) ? new PlaneConvolution<T>(geometry) : BatchConvolution<T>.Fits(geometry) ? new BatchConvolution<T>(geometry) : new Convolution<T>(geometry);

    private static bool HasPlanes<T>(ConvolutionGeometry geometry)
        where T : unmanaged, System.Numerics.INumber<T> => PlaneConvolution<T>.Fits(geometry) && !(PlaneConvolution<T>.IsSmall(geometry) && BatchConvolution<T>.Fits(geometry));

    private static bool IsFiltered<T>(ConvolutionGeometry geometry)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => WinogradConvolution<T>.Fits(geometry) || WinogradGradient<T>.Fits(geometry);
}
