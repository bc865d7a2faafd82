using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>The part of a product that depends on the machine's vector registers. <see cref="Gemm{T}"/> cuts the work into its blocks.</summary>
internal abstract unsafe class GemmKernel<T>
    where T : unmanaged
{
    /// <summary>The registers used, for reports.</summary>
    public abstract string Name { get; }

    /// <summary>Elements in a register; packed columns are padded to a multiple.</summary>
    public abstract int Lanes { get; }

    /// <summary>Columns of a panel of a right operand that is wide enough.</summary>
    public abstract int PanelColumns { get; }

    /// <summary>Computes a block and, where it has one, applies its epilogue.</summary>
    public abstract void Multiply(ProductBlock<T>* block);

    /// <summary>
    /// Packs <paramref name="depth"/> rows and <paramref name="columns"/> columns of a right operand into panels of one to three
    /// registers, padded with zeros: <c>depth * RoundUp(columns)</c> elements.
    /// </summary>
    public abstract void Pack(MatrixView<T> source, int depth, int columns, T* target);

    /// <summary>The first column of the last panel of <paramref name="columns"/> columns.</summary>
    public abstract int LastPanel(int columns);

    /// <summary>Products of rows with one vector: <c>C[i] = sum_p a[i, p] x[p]</c>, for rows and a vector that are contiguous.</summary>
    public abstract void Dot(int rows, int depth, T* a, nint aRow, T* x, TileTarget<T>* target);

    /// <summary>Lets sums that lie in rows of <c>RoundUp(columns)</c> elements enter the result, with the arithmetic of <see cref="Multiply"/>.</summary>
    public abstract void Combine(T* sums, int rows, int columns, TileTarget<T>* target);

    /// <summary><paramref name="columns"/> rounded up to whole registers.</summary>
    public int RoundUp(int columns) => (columns + Lanes - 1) / Lanes * Lanes;

    /// <summary>Every kernel that this machine can run, the fastest first.</summary>
    public static IReadOnlyList<GemmKernel<T>> All { get; } = [.. Supported()];

    private static IEnumerable<GemmKernel<T>> Supported()
    {
        if (Reproducibility.IsSameEverywhere)
        {
            // Emulated by the run time where the processor has no such registers.
            yield return new LaneKernel<Lanes256<T>, Vector256<T>, T>("256 bits");
            yield break;
        }
        GemmKernel<T> widest = new LaneKernel<Lanes512<T>, Vector512<T>, T>("512 bits");
        if (Vector512.IsHardwareAccelerated)
        {
            yield return widest;
        }
        if (Avx2.IsSupported && Fma.IsSupported)
        {
            yield return new LaneKernel<Lanes256<T>, Vector256<T>, T>("256 bits");
        }
        if (AdvSimd.Arm64.IsSupported || Fma.IsSupported)
        {
            yield return new LaneKernel<Lanes128<T>, Vector128<T>, T>("128 bits");
        }
        yield return new LaneKernel<LanesPortable<T>, System.Numerics.Vector<T>, T>("portable");
        if (!Vector512.IsHardwareAccelerated)
        {
            // Emulated by the run time: slow, but the way in which machines that have it go can be checked on those that do not.
            yield return widest;
        }
    }
}
