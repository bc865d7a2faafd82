using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>One number: the kernel of the ends of rows.</summary>
internal readonly unsafe struct LanesScalar<T> : ILanes<T, T>
    where T : unmanaged
{
    public static int Count => 1;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* source) => *source;

    public static T LoadPartial(T* source, int count) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T value, T* target) => *target = value;

    public static void StorePartial(T value, T* target, int count)
    {
        // Fewer than one number are none.
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T left, T right) => Lanes128<T>.Add(Lanes128<T>.Broadcast(left), Lanes128<T>.Broadcast(right))[0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Accumulate(T left, T right, T sum) => Lanes128<T>.Accumulate(Lanes128<T>.Broadcast(left), Lanes128<T>.Broadcast(right), Lanes128<T>.Broadcast(sum))[0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(T value) => value;
}
