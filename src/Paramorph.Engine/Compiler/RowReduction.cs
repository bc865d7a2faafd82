using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>A reduction over the rows of a tile, and perhaps over other axes too.</summary>
/// <param name="Reduce">The reduction.</param>
/// <param name="Input">What is reduced.</param>
/// <param name="RowAxis">The axis of the rows.</param>
/// <param name="Output">The result.</param>
internal sealed record RowReduction(Reduce Reduce, Strided Input, int RowAxis, Strided Output)
{
    public Accumulator Accumulator => new(-1, Output.Root.ElementType, Output.Root.Count, Reduce.Kind);
}

/// <summary>Adds the rows of a tile to what has been gathered.</summary>
internal abstract unsafe class RowReductionStep : RowStep
{
    public static RowReductionStep Of(RowReduction reduction, Place input, Place partial) => reduction.Input.Root.ElementType switch
    {
        ElementType.Float32 => Of<float>(reduction, input, partial),
        ElementType.Float64 => Of<double>(reduction, input, partial),
        ElementType.Int32 => Of<int>(reduction, input, partial),
        ElementType.Int64 => Of<long>(reduction, input, partial),
        ElementType.Int8 => Of<sbyte>(reduction, input, partial),
        _ => Of<byte>(reduction, input, partial),
    };

    private static RowReductionStep Of<T>(RowReduction reduction, Place input, Place partial)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => reduction.Reduce.Kind switch
        {
            ReductionKind.Sum => new Typed<T, SumOperation<T>>(reduction, input, partial),
            ReductionKind.Product => new Typed<T, ProductOperation<T>>(reduction, input, partial),
            ReductionKind.Max or ReductionKind.Any => new Typed<T, MaxOperation<T>>(reduction, input, partial),
            _ => new Typed<T, MinOperation<T>>(reduction, input, partial),
        };

    private sealed class Typed<T, TOperation> : RowReductionStep
        where T : unmanaged, INumber<T>
        where TOperation : struct, ICombine<T>
    {
        private readonly RowReduction reduction;
        private readonly Place input;
        private readonly Place partial;
        private readonly long rowStride;
        private readonly (long From, long To)[] lines;

        public Typed(RowReduction reduction, Place input, Place partial)
        {
            this.reduction = reduction;
            this.input = input;
            this.partial = partial;
            var (shape, strides, row) = (reduction.Input.Shape, reduction.Input.Strides, reduction.RowAxis);
            rowStride = strides[row];
            var target = new long[shape.Rank];
            for (int a = 0, next = 0; a < shape.Rank; a++)
                if (!reduction.Reduce.Axes.Contains(a)) target[a] = reduction.Output.Strides[next++];
            lines = [.. Reference.ReferenceArray.Places(shape.With(row, 1)).Select(at => (at.Select((p, a) => p * strides[a]).Sum(), at.Select((p, a) => p * target[a]).Sum()))];
        }

        public override string Description => $"{reduction.Reduce} of {reduction.Input.Shape} over rows";

        public override void Run(nint* bases, WorkerPool pool) => throw new InvalidOperationException("Only tiles gather rows.");

        public override void Run(nint* bases, long start, long end)
        {
            var (source, target) = ((nint)input.Row(bases, start, start), (nint)partial.Address(bases));
            foreach (var (from, to) in lines)
            {
                ref var sum = ref ((T*)target)[to];
                sum = TOperation.Combine(sum, Line((T*)source + from, end - start));
            }
        }

        /// <summary>Four chains of vectors that are <paramref name="lanes"/> elements apart; <paramref name="count"/> is a multiple of four times that.</summary>
        private static Vector<T> Chains(T* line, long count, int lanes)
        {
            Vector<T> a = *(Vector<T>*)line, b = *(Vector<T>*)(line + lanes), c = *(Vector<T>*)(line + 2 * lanes), d = *(Vector<T>*)(line + 3 * lanes);
            for (long i = 4 * lanes; i < count; i += 4 * lanes)
            {
                a = TOperation.Combine(a, *(Vector<T>*)(line + i));
                b = TOperation.Combine(b, *(Vector<T>*)(line + i + lanes));
                c = TOperation.Combine(c, *(Vector<T>*)(line + i + 2 * lanes));
                d = TOperation.Combine(d, *(Vector<T>*)(line + i + 3 * lanes));
            }
            return TOperation.Combine(TOperation.Combine(a, b), TOperation.Combine(c, d));
        }

        /// <summary>A line in four chains of vectors, combined in a fixed order; short and strided lines one by one.</summary>
        private T Line(T* line, long count)
        {
            var result = TOperation.Identity;
            long i = 0;
            // As many lanes as 256 bits have, in one vector or several, so that the order is that of every machine.
            var lanes = Math.Max(Vector<T>.Count, 32 / sizeof(T));
            if (rowStride == 1 && count >= 4 * lanes)
            {
                i = count / (4 * lanes) * (4 * lanes);
                for (var part = 0; part < lanes; part += Vector<T>.Count)
                {
                    var chains = Chains(line + part, i, lanes);
                    for (var lane = 0; lane < Vector<T>.Count; lane++) result = TOperation.Combine(result, chains[lane]);
                }
            }
            for (; i < count; i++) result = TOperation.Combine(result, line[i * rowStride]);
            return result;
        }
    }
}
