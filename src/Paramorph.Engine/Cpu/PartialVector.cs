using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>
/// Reads and writes of the first few elements of a register, made of 32, 16, 8 and 4 byte moves. Masked stores would be one
/// instruction, but several processors run them as microcode at ten times the cost.
/// </summary>
internal static unsafe class PartialVector
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> value, byte* target, int bytes)
    {
        Vector256<byte> rest = value.GetLower();
        if ((bytes & 32) != 0)
        {
            rest.Store(target);
            target += 32;
            rest = value.GetUpper();
        }
        Store(rest, target, bytes & 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, byte* target, int bytes)
    {
        Vector128<byte> rest = value.GetLower();
        if ((bytes & 16) != 0)
        {
            rest.Store(target);
            target += 16;
            rest = value.GetUpper();
        }
        Store(rest, target, bytes & 15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> value, byte* target, int bytes)
    {
        long rest = value.AsInt64().ToScalar();
        if ((bytes & 8) != 0)
        {
            Unsafe.WriteUnaligned(target, rest);
            target += 8;
            rest = value.AsInt64().GetElement(1);
        }
        if ((bytes & 4) != 0)
        {
            Unsafe.WriteUnaligned(target, (int)rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load512(byte* source, int bytes) => (bytes & 32) == 0
        ? Vector512.Create(Load256(source, bytes), Vector256<byte>.Zero)
        : Vector512.Create(Vector256.Load(source), Load256(source + 32, bytes & 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load256(byte* source, int bytes) => (bytes & 16) == 0
        ? Vector256.Create(Load128(source, bytes), Vector128<byte>.Zero)
        : Vector256.Create(Vector128.Load(source), Load128(source + 16, bytes & 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load128(byte* source, int bytes)
    {
        long lower = 0, upper = 0;
        if ((bytes & 4) != 0)
        {
            lower = Unsafe.ReadUnaligned<uint>(source + (bytes & 8));
        }
        if ((bytes & 8) != 0)
        {
            upper = lower;
            lower = Unsafe.ReadUnaligned<long>(source);
        }
        return Vector128.Create(lower, upper).AsByte();
    }
}
