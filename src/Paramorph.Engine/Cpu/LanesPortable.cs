using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Registers of whatever width the run time offers, with products and sums rounded apart: the kernel of machines without a fused
/// multiply-add, where emulating one would cost a hundred times as much. Its results differ from the fused kernels in the last bits.
/// </summary>
internal readonly unsafe struct LanesPortable<T> : ILanes<Vector<T>, T>
    where T : unmanaged
{
    public static int Count => Vector<T>.Count;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load(T* source) => Vector.Load(source);

    public static Vector<T> LoadPartial(T* source, int count)
    {
        Vector<T> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<T> value, T* target) => Vector.Store(value, target);

    public static void StorePartial(Vector<T> value, T* target, int count) =>
        Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(T)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Broadcast(T value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Add(Vector<T> left, Vector<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> MultiplyAdd(Vector<T> left, Vector<T> right, Vector<T> addend) => (left * right) + addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Accumulate(Vector<T> left, Vector<T> right, Vector<T> sum) => typeof(T) == typeof(int)
        ? AddPairs(left.As<T, int>(), right.As<T, int>(), sum.As<T, int>()).As<int, T>()
        : MultiplyAdd(left, right, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector<T> value) => Vector.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> AddPairs(Vector<int> left, Vector<int> right, Vector<int> sum) =>
        sum + (((left << 16) >> 16) * ((right << 16) >> 16)) + ((left >> 16) * (right >> 16));
}
