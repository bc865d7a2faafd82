using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>Products of real matrices, by <see cref="Gemm{T}"/>.</summary>
internal readonly unsafe struct RealProduct<T> : IMatrixProduct<T, T>
    where T : unmanaged, INumber<T>
{
    public static long PackedBytes(int depth, int columns) => Gemm<T>.Default.PackedLength(depth, columns) * sizeof(T);

    public static void Pack(MatrixView<T> b, int depth, int columns, byte* target) => Gemm<T>.Default.Pack(b, depth, columns, (T*)target);

    public static void Multiply(in ProductSize size, MatrixView<T> a, MatrixView<T> b, byte* packedB, T* c, nint cStride, bool adds, WorkerPool? pool)
    {
        var product = packedB != null
            ? new Product<T>(size.Rows, size.Columns, size.Depth, a, (T*)packedB, c, cStride)
            : new Product<T>(size.Rows, size.Columns, size.Depth, a, b, c, cStride);
        product.Adds = adds;
        Gemm<T>.Default.Multiply(product, pool);
    }
}
