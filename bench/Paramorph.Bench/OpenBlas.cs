using System.Runtime.InteropServices;

namespace Paramorph.Bench;

/// <summary>The peer: OpenBLAS, where the system has it.</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101;
    private const int AsIs = 111;
    private const int Transposed = 112;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> single;
    private readonly delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> twice;
    private readonly delegate* unmanaged<int, void> setThreads;

    private OpenBlas(nint library)
    {
        single = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        twice = (delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)
            NativeLibrary.GetExport(library, "cblas_dgemm");
        setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        var configuration = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_config");
        Configuration = Marshal.PtrToStringUTF8((nint)configuration())!;
    }

    /// <summary>Its version and the kernels that it chose.</summary>
    public string Configuration { get; }

    /// <summary>The library, or null with the reason.</summary>
    public static OpenBlas? Find(out string reason)
    {
        reason = "";
        foreach (string name in new[] { "libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "libopenblas.dll" })
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new OpenBlas(library);
            }
        }
        reason = "no library of the name libopenblas.so.0, libopenblas.so, libopenblas.dylib or libopenblas.dll was found";
        return null;
    }

    public void SetThreads(int count) => setThreads(count);

    /// <summary>C = op(A) op(B), row-major, with the leading dimensions of what lies in memory.</summary>
    public void Multiply<T>(int m, int n, int k, bool transposesA, T* a, int lda, bool transposesB, T* b, int ldb, T* c, int ldc)
        where T : unmanaged
    {
        int opA = transposesA ? Transposed : AsIs;
        int opB = transposesB ? Transposed : AsIs;
        if (typeof(T) == typeof(float))
        {
            single(RowMajor, opA, opB, m, n, k, 1, (float*)a, lda, (float*)b, ldb, 0, (float*)c, ldc);
        }
        else
        {
            twice(RowMajor, opA, opB, m, n, k, 1, (double*)a, lda, (double*)b, ldb, 0, (double*)c, ldc);
        }
    }
}
