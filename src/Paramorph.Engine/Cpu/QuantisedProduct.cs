namespace Paramorph.Cpu;

/// <summary>Exact products of matrices of 8-bit integers with sums of 32 bits, which wrap around, by <see cref="QuantisedGemm"/>.</summary>
internal readonly unsafe struct QuantisedProduct : IMatrixProduct<sbyte, int>
{
    public static long PackedBytes(int depth, int columns) => QuantisedGemm.Default.PackedLength(depth, columns) * sizeof(int);

    public static void Pack(MatrixView<sbyte> b, int depth, int columns, byte* target) => QuantisedGemm.Default.Pack(b, depth, columns, (int*)target);

    public static void Multiply(in ProductSize size, MatrixView<sbyte> a, MatrixView<sbyte> b, byte* packedB, int* c, nint cStride, bool adds, WorkerPool? pool)
    {
        if (packedB != null)
        {
            QuantisedGemm.Default.Multiply(size.Rows, size.Columns, size.Depth, a, (int*)packedB, c, cStride, adds, pool);
            return;
        }
        using var scratch = Scratch.Open();
        var packed = scratch.Take<int>(QuantisedGemm.Default.PackedLength(size.Depth, size.Columns));
        QuantisedGemm.Default.Pack(b, size.Depth, size.Columns, packed, pool);
        QuantisedGemm.Default.Multiply(size.Rows, size.Columns, size.Depth, a, packed, c, cStride, adds, pool);
    }
}
