using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>Constant tables that live as long as the plan that they belong to.</summary>
internal static unsafe class Tables
{
    /// <summary>Memory on the pinned heap. Plans are cached for the life of the process and so are their tables.</summary>
    public static T* Allocate<T>(int length)
        where T : unmanaged
    {
        var array = GC.AllocateArray<T>(Math.Max(1, length), pinned: true);
        Kept.Enqueue(array);
        return (T*)Unsafe.AsPointer(ref array[0]);
    }

    /// <summary>The sine and cosine of 2 pi k / n, reduced exactly before the functions are called.</summary>
    public static (double Sin, double Cos) Angle(long k, int n)
    {
        var rest = k % n;
        return double.SinCosPi(2.0 * rest / n);
    }

    private static readonly System.Collections.Concurrent.ConcurrentQueue<Array> Kept = new();
}
