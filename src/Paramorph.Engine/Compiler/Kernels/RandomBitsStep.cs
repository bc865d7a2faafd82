using System.Numerics;
using System.Runtime.CompilerServices;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>The bits of keys, blocks of consecutive counters side by side in the lanes of a vector.</summary>
internal sealed unsafe class RandomBitsStep : Step
{
    /// <summary>What one block costs beside touching an element.</summary>
    private const int WorkOfBlock = 8;

    private readonly RandomBits bits;
    private readonly Place key;
    private readonly Place output;
    private readonly long count;
    private readonly long blocks;
    private readonly Cut cut;

    /// <summary>Bits whose key has been placed.</summary>
    public RandomBitsStep(RandomBits bits, Operation operation, Place key, Place output)
    {
        (this.bits, this.key, this.output) = (bits, key, output);
        count = bits.Shape.ElementCount;
        blocks = bits.To == ElementType.Int64 ? count : (count + 1) / 2;
        cut = Cut.Of(operation.Input.Shape[..^1].ElementCount * blocks, WorkOfBlock);
    }

    public override string Description => $"{bits.Name} of {bits.Shape}";

    public override void Run(nint* bases, WorkerPool pool) => Shared.Run(pool, cut.Pieces, new Job
    {
        Step = this,
        Keys = (uint*)key.Address(bases),
        Output = (uint*)output.Address(bases),
    });

    /// <summary>Blocks of one key; the second word of the last one may lie beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(uint* key, long first, long end, uint* words)
    {
        var length = bits.To == ElementType.Int64 ? 2 * count : count;
        var lanes = Vector<uint>.Count;
        uint* low = stackalloc uint[lanes], high = stackalloc uint[lanes];
        var steps = Vector<uint>.Indices;
        for (var block = first; block < end; block += lanes)
        {
            var (x, y) = RandomBits.Blocks(key[0], key[1], steps + new Vector<uint>((uint)block));
            x.Store(low);
            y.Store(high);
            var filled = (int)Math.Min(lanes, end - block);
            for (var lane = 0; lane < filled; lane++)
            {
                var word = 2 * (block + lane);
                words[word] = low[lane];
                if (word + 1 < length) words[word + 1] = high[lane];
            }
        }
    }

    private struct Job : IPieces
    {
        public RandomBitsStep Step;
        public uint* Keys;
        public uint* Output;

        public readonly void Run(int piece)
        {
            var (end, blocks) = (Step.cut.End(piece), Step.blocks);
            var words = Step.bits.To == ElementType.Int64 ? 2 * Step.count : Step.count;
            for (var at = Step.cut.First(piece); at < end;)
            {
                var key = at / blocks;
                var last = Math.Min(end, (key + 1) * blocks);
                Step.Fill(Keys + 2 * key, at - key * blocks, last - key * blocks, Output + key * words);
                at = last;
            }
        }
    }
}
