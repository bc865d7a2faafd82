using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

/// <summary>Draws loop programs of every shape: types, ranks, strides, broadcasts, reductions.</summary>
internal static class RandomLoops
{
    private static readonly LoopType[] Types = Enum.GetValues<LoopType>();

    /// <summary>A program; with <paramref name="exact"/>, only of operations whose result is one rounding or none.</summary>
    public static LoopProgram Draw(Random random, bool exact)
    {
        int rank = random.Next(1, 5);
        var extents = new long[rank];
        for (int d = 0; d < rank; d++)
            extents[d] = random.Next(6) == 0 ? 1 : random.Next(1, rank == 1 ? 9000 : rank == 2 ? 90 : 20);
        var builder = new LoopBuilder(extents);
        var values = new List<LoopValue>();
        for (int k = random.Next(1, 5); k > 0; k--)
            values.Add(builder.Load(builder.Operand(Types[random.Next(Types.Length)], Strides(random, extents, 0, mayRepeat: true))));
        values.Add(builder.Constant(LoopType.F32, random.NextDouble()));
        values.Add(builder.Iota(Types[random.Next(5)], random.Next(rank)));
        for (int k = random.Next(1, 14); k > 0; k--)
            values.Add(Step(builder, values, random, exact));

        for (int k = random.Next(0, 3); k > 0; k--)
        {
            LoopValue value = values[^random.Next(1, Math.Min(values.Count, 6))];
            builder.Store(value, builder.Operand(value.Type, Strides(random, extents, 0, mayRepeat: false)));
        }

        for (int k = random.Next(1, 3); k > 0; k--)
            AddReduction(builder, values[^random.Next(1, Math.Min(values.Count, 6))], random, extents);
        return builder.Build();
    }

    private static void AddReduction(LoopBuilder builder, LoopValue value, Random random, long[] extents)
    {
        int set = random.Next(1, 1 << extents.Length);
        int operand = builder.Operand(value.Type, Strides(random, extents, set, mayRepeat: false));
        int[] dimensions = [.. Enumerable.Range(0, extents.Length).Where(d => (set >> d & 1) != 0)];
        LoopReductionKind kind = value.Type == LoopType.Bool
            ? (LoopReductionKind)random.Next((int)LoopReductionKind.Any, (int)LoopReductionKind.All + 1)
            : (LoopReductionKind)random.Next((int)LoopReductionKind.Minimum + 1);
        builder.Reduce(kind, value, operand, dimensions);
    }

    /// <summary>Strides of a tensor whose dimensions lie in any order in memory, with gaps, backwards or repeated.</summary>
    private static long[] Strides(Random random, long[] extents, int reduced, bool mayRepeat)
    {
        var strides = new long[extents.Length];
        int[] order = [.. Enumerable.Range(0, extents.Length)];
        if (random.Next(3) == 0)
            random.Shuffle(order);
        long next = random.Next(8) == 0 ? 2 : 1;
        foreach (int d in order.Reverse())
        {
            if ((reduced >> d & 1) != 0 || mayRepeat && random.Next(5) == 0)
                continue;
            strides[d] = random.Next(12) == 0 ? -next : next;
            next *= extents[d] + (random.Next(4) == 0 ? 1 : 0);
        }

        return strides;
    }

    private static LoopValue Step(LoopBuilder builder, List<LoopValue> values, Random random, bool exact)
    {
        LoopValue a = values[random.Next(values.Count)];
        LoopValue b = values[random.Next(values.Count)];
        LoopValue c = values[random.Next(values.Count)];
        for (; ; )
        {
            var operation = (LoopOperation)random.Next((int)LoopOperation.MultiplyAdd + 1);
            if (operation < LoopOperation.Negate || exact && IsRounded(operation))
                continue;
            if (operation is LoopOperation.Power or LoopOperation.Remainder or LoopOperation.ErfInv or LoopOperation.LogGamma && random.Next(3) != 0)
                continue;
            try
            {
                return operation switch
                {
                    LoopOperation.Cast => builder.Cast(a, Types[random.Next(Types.Length)]),
                    LoopOperation.Bitcast => builder.Bitcast(a, a.Type switch
                    {
                        LoopType.F32 => LoopType.I32,
                        LoopType.I32 => LoopType.F32,
                        LoopType.F64 => LoopType.I64,
                        _ => LoopType.F64,
                    }),
                    >= LoopOperation.ShiftLeft and <= LoopOperation.ShiftRightLogical =>
                        builder.Apply(operation, a, random.Next(2) == 0 ? builder.Constant(a.Type, random.Next(-1, 70)) : builder.Cast(b, a.Type)),
                    LoopOperation.Select => builder.Apply(operation, builder.Cast(a, LoopType.Bool), b, builder.Cast(c, b.Type)),
                    >= LoopOperation.Clamp => builder.Apply(operation, a, builder.Cast(b, a.Type), builder.Cast(c, a.Type)),
                    >= LoopOperation.Add => builder.Apply(operation, a, builder.Cast(b, a.Type)),
                    _ => builder.Apply(operation, a),
                };
            }
            catch (ArgumentException)
            {
                // Not defined for the types that were drawn: draw another.
            }
        }
    }

    private static bool IsRounded(LoopOperation operation) =>
        operation is >= LoopOperation.Exp and <= LoopOperation.Digamma or LoopOperation.Power or LoopOperation.Atan2 or LoopOperation.ReciprocalSqrt;
}
