using System.Numerics;
using System.Runtime.CompilerServices;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// Random bits of a key: the key [batch..., 2] of i32 gives [batch..., shape...]. They come from the counter-based generator Threefry-2x32 with 20
/// rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): block i encrypts the counter (i, 0) under the key, so that every
/// element is computed by itself and the numbers depend on nothing but the key. A block gives the i32 elements 2i and 2i + 1, or the i64 element i
/// with the first word low.
/// </summary>
/// <param name="Shape">The shape for each key.</param>
/// <param name="To">i32 or i64.</param>
public sealed record RandomBits(Shape Shape, ElementType To) : Primitive
{
    private const uint Parity = 0x1BD11BDA;

    /// <summary>What a block costs: 20 rounds of an addition, a rotation and an exclusive disjunction, and the key schedule.</summary>
    private const int FlopsOfBlock = 75;

    /// <inheritdoc/>
    public override string Name => "random_bits";

    /// <inheritdoc/>
    public override string Attributes => $"shape={Shape}, to={To.ShortName()}";

    private static ReadOnlySpan<int> Rotations => [13, 15, 26, 6, 17, 29, 16, 24];

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var key = inputs[0];
        if (key.ElementType != ElementType.Int32 || key.Shape.Rank == 0 || key.Shape[^1] != 2)
            throw new ShapeException($"random_bits: {key} is no key: a key is i32[2], and many keys are i32[batch..., 2].");
        if (To is not (ElementType.Int32 or ElementType.Int64))
            throw new ElementTypeException($"random_bits: there are no bits of type {To.ShortName()}: ask for i32 or i64 and convert.");
        return [new(To, [.. key.Shape[..^1], .. Shape])];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) => [null];

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) => [null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new(FlopsOfBlock * Elements(outputs) / (To == ElementType.Int32 ? 2 : 1), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        var count = Shape.ElementCount;
        for (var i = 0; i < result.Count; i++)
        {
            var (key, element) = (2 * (i / count), (uint)(i % count));
            var (k0, k1) = ((uint)inputs[0].Integers[key], (uint)inputs[0].Integers[key + 1]);
            var (low, high) = Block(k0, k1, To == ElementType.Int32 ? element / 2 : element, 0);
            result.Integers[i] = To == ElementType.Int64 ? (long)((ulong)high << 32 | low) : (int)(element % 2 == 0 ? low : high);
        }
        return [result];
    }

    /// <summary>The two words that Threefry-2x32-20 makes of a key and a counter.</summary>
    internal static (uint First, uint Second) Block(uint key0, uint key1, uint counter0, uint counter1)
    {
        ReadOnlySpan<uint> keys = [key0, key1, Parity ^ key0 ^ key1];
        var (x, y) = (counter0 + key0, counter1 + key1);
        for (var round = 0; round < 20; round++)
        {
            x += y;
            y = BitOperations.RotateLeft(y, Rotations[round % 8]) ^ x;
            if (round % 4 != 3) continue;
            var injection = round / 4 + 1;
            x += keys[injection % 3];
            y += keys[(injection + 1) % 3] + (uint)injection;
        }
        return (x, y);
    }

    /// <summary><see cref="Block"/> of a key and the counters (i, 0), in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector<uint> First, Vector<uint> Second) Blocks(uint key0, uint key1, Vector<uint> counter)
    {
        var key2 = Parity ^ key0 ^ key1;
        var (x, y) = (counter + new Vector<uint>(key0), new Vector<uint>(key1));
        (x, y) = FourRounds(x, y, 13, 15, 26, 6, key1, key2 + 1);
        (x, y) = FourRounds(x, y, 17, 29, 16, 24, key2, key0 + 2);
        (x, y) = FourRounds(x, y, 13, 15, 26, 6, key0, key1 + 3);
        (x, y) = FourRounds(x, y, 17, 29, 16, 24, key1, key2 + 4);
        return FourRounds(x, y, 13, 15, 26, 6, key2, key0 + 5);
    }

    /// <summary>Four rounds and the injection of the key behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<uint> X, Vector<uint> Y) FourRounds(Vector<uint> x, Vector<uint> y, int r0, int r1, int r2, int r3, uint keyX, uint keyY)
    {
        x += y;
        y = ((y << r0) | (y >>> (32 - r0))) ^ x;
        x += y;
        y = ((y << r1) | (y >>> (32 - r1))) ^ x;
        x += y;
        y = ((y << r2) | (y >>> (32 - r2))) ^ x;
        x += y;
        y = ((y << r3) | (y >>> (32 - r3))) ^ x;
        return (x + new Vector<uint>(keyX), y + new Vector<uint>(keyY));
    }
}
