using System.Reflection;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>The methods of <see cref="LaneMemory"/> for one width, found through delegates so that trimming keeps them.</summary>
internal static unsafe class LaneMethods
{
    private delegate Vector128<int> LoadBytes128(byte* p);

    private delegate Vector256<int> LoadBytes256(byte* p);

    private delegate Vector512<int> LoadBytes512(byte* p);

    private delegate void StoreBytes128(Vector128<int> lanes, byte* p);

    private delegate void StoreBytes256(Vector256<int> lanes, byte* p);

    private delegate void StoreBytes512(Vector512<int> lanes, byte* p);

    private delegate Vector128<T> Read128<T>(byte* p, long strideOrCount);

    private delegate Vector256<T> Read256<T>(byte* p, long strideOrCount);

    private delegate Vector512<T> Read512<T>(byte* p, long strideOrCount);

    private delegate void StorePart128<T>(Vector128<T> lanes, byte* p, long count);

    private delegate void StorePart256<T>(Vector256<T> lanes, byte* p, long count);

    private delegate void StorePart512<T>(Vector512<T> lanes, byte* p, long count);

    /// <summary>Reads the first elements of a vector, of 32 or 64 bits.</summary>
    public static MethodInfo LoadPart(VectorWidth width, LaneType bits) => (width, bits) switch
    {
        (VectorWidth.Bits128, LaneType.I32) => ((Read128<int>)LaneMemory.LoadPart32For128).Method,
        (VectorWidth.Bits256, LaneType.I32) => ((Read256<int>)LaneMemory.LoadPart32For256).Method,
        (_, LaneType.I32) => ((Read512<int>)LaneMemory.LoadPart32For512).Method,
        (VectorWidth.Bits128, _) => ((Read128<long>)LaneMemory.LoadPart64For128).Method,
        (VectorWidth.Bits256, _) => ((Read256<long>)LaneMemory.LoadPart64For256).Method,
        _ => ((Read512<long>)LaneMemory.LoadPart64For512).Method,
    };

    /// <summary>Writes the first elements of a vector, of 32 or 64 bits.</summary>
    public static MethodInfo StorePart(VectorWidth width, LaneType bits) => (width, bits) switch
    {
        (VectorWidth.Bits128, LaneType.I32) => ((StorePart128<int>)LaneMemory.StorePart32Of128).Method,
        (VectorWidth.Bits256, LaneType.I32) => ((StorePart256<int>)LaneMemory.StorePart32Of256).Method,
        (_, LaneType.I32) => ((StorePart512<int>)LaneMemory.StorePart32Of512).Method,
        (VectorWidth.Bits128, _) => ((StorePart128<long>)LaneMemory.StorePart64Of128).Method,
        (VectorWidth.Bits256, _) => ((StorePart256<long>)LaneMemory.StorePart64Of256).Method,
        _ => ((StorePart512<long>)LaneMemory.StorePart64Of512).Method,
    };

    /// <summary>Widens bytes to i32 lanes.</summary>
    public static MethodInfo LoadBytes(VectorWidth width, bool isSigned) => (width, isSigned) switch
    {
        (VectorWidth.Bits128, false) => ((LoadBytes128)LaneMemory.LoadU8For128).Method,
        (VectorWidth.Bits128, true) => ((LoadBytes128)LaneMemory.LoadI8For128).Method,
        (VectorWidth.Bits256, false) => ((LoadBytes256)LaneMemory.LoadU8For256).Method,
        (VectorWidth.Bits256, true) => ((LoadBytes256)LaneMemory.LoadI8For256).Method,
        (_, false) => ((LoadBytes512)LaneMemory.LoadU8For512).Method,
        _ => ((LoadBytes512)LaneMemory.LoadI8For512).Method,
    };

    /// <summary>Writes the low bytes of i32 lanes.</summary>
    public static MethodInfo StoreBytes(VectorWidth width) => width switch
    {
        VectorWidth.Bits128 => ((StoreBytes128)LaneMemory.StoreBytesOf128).Method,
        VectorWidth.Bits256 => ((StoreBytes256)LaneMemory.StoreBytesOf256).Method,
        _ => ((StoreBytes512)LaneMemory.StoreBytesOf512).Method,
    };

    /// <summary>Reads strided elements of 32 or 64 bits.</summary>
    public static MethodInfo Gather(VectorWidth width, LaneType bits) => (width, bits) switch
    {
        (VectorWidth.Bits128, LaneType.I32) => ((Read128<int>)LaneMemory.Gather32For128).Method,
        (VectorWidth.Bits256, LaneType.I32) => ((Read256<int>)LaneMemory.Gather32For256).Method,
        (_, LaneType.I32) => ((Read512<int>)LaneMemory.Gather32For512).Method,
        (VectorWidth.Bits128, _) => ((Read128<long>)LaneMemory.Gather64For128).Method,
        (VectorWidth.Bits256, _) => ((Read256<long>)LaneMemory.Gather64For256).Method,
        _ => ((Read512<long>)LaneMemory.Gather64For512).Method,
    };
}
