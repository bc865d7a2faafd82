using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>Fused loops and vector functions: speed against the framework's, and the error of every f32 argument against f64.</summary>
internal static unsafe class Loops
{
    private const int Length = 8192;

    private static readonly (LoopOperation Operation, Func<double, double> Truth)[] Functions =
    [
        (LoopOperation.Exp, Math.Exp),
        (LoopOperation.Expm1, x => Math.Abs(x) < 1e-4 ? x + x * x * (0.5 + x / 6) : Math.Exp(x) - 1),
        (LoopOperation.Log, Math.Log),
        (LoopOperation.Log1p, x => Math.Abs(x) < 1e-4 ? x - x * x * (0.5 - x * (1.0 / 3 - x / 4)) : Math.Log(1 + x)),
        (LoopOperation.Sin, Math.Sin),
        (LoopOperation.Cos, Math.Cos),
        (LoopOperation.Tan, Math.Tan),
        (LoopOperation.Asin, Math.Asin),
        (LoopOperation.Acos, Math.Acos),
        (LoopOperation.Atan, Math.Atan),
        (LoopOperation.Sinh, Math.Sinh),
        (LoopOperation.Cosh, Math.Cosh),
        (LoopOperation.Tanh, Math.Tanh),
        (LoopOperation.Sigmoid, x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x))),
        (LoopOperation.Erf, MathNet.Numerics.SpecialFunctions.Erf),
        (LoopOperation.Erfc, MathNet.Numerics.SpecialFunctions.Erfc),
    ];

    public static int Run(string[] args)
    {
        if (args[0] == "loops")
        {
            Time();
            return 0;
        }

        string name = args.Length > 1 ? args[1] : "all";
        uint stride = args.Length > 2 ? uint.Parse(args[2], CultureInfo.InvariantCulture) : 16;
        foreach ((LoopOperation operation, Func<double, double> truth) in Functions)
        {
            if (name == "all" || operation.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
                Sweep(operation, truth, stride);
        }

        return 0;
    }

    /// <summary>Prints the largest error in units in the last place over every stride-th f32.</summary>
    private static void Sweep(LoopOperation operation, Func<double, double> truth, uint stride)
    {
        LoopKernel kernel = Unary(operation, LoopType.F32, 4096);
        float* x = (float*)NativeMemory.Alloc(4096 * sizeof(float));
        float* y = (float*)NativeMemory.Alloc(4096 * sizeof(float));
        void** operands = stackalloc void*[] { x, y };
        (double worst, float worstAt, long wrongKind, float wrongAt) = (0, 0, 0, 0);
        ulong bits = 0;
        while (bits < 1UL << 32)
        {
            int n = 0;
            for (; n < 4096 && bits < 1UL << 32; bits += stride)
                x[n++] = BitConverter.UInt32BitsToSingle((uint)bits);
            kernel.Run(operands, 0, n);
            for (int i = 0; i < n; i++)
            {
                double error = Units(y[i], truth(x[i]), x[i]);
                if (double.IsNaN(error))
                    (wrongKind, wrongAt) = (wrongKind + 1, x[i]);
                else if (error > worst)
                    (worst, worstAt) = (error, x[i]);
            }
        }

        NativeMemory.Free(x);
        NativeMemory.Free(y);
        Console.WriteLine($"{operation,-8} stride {stride}: {worst:F3} ulp at {worstAt:R}, {wrongKind} of the wrong kind{(wrongKind > 0 ? $" ({wrongAt:R})" : "")}");
    }

    /// <summary>|y - truth| in units of the f32 next to truth; NaN where one of them is NaN or infinite and the other is not.</summary>
    private static double Units(float y, double truth, float x)
    {
        float rounded = (float)truth;
        if (float.IsNaN(rounded) || float.IsNaN(y))
            return float.IsNaN(rounded) == float.IsNaN(y) ? 0 : double.NaN;
        if (float.IsInfinity(rounded) || float.IsInfinity(y))
            return rounded == y || Math.Abs(truth) > 3.402823e38 && Math.Abs(y) > 3.402823e38f ? 0 : double.NaN;
        if (rounded == 0 && y == 0 && truth == 0)
            return x == 0 && float.IsNegative(y) != float.IsNegative(rounded) ? double.NaN : 0;
        double unit = Math.Max(Math.ScaleB(1, (int)Math.Floor(Math.Log2(Math.Max(Math.Abs(truth), 1e-45))) - 23), 1.401298464324817e-45);
        return Math.Abs(y - truth) / unit;
    }

    private static LoopKernel Unary(LoopOperation operation, LoopType type, long length, bool interpreted = false)
    {
        var builder = new LoopBuilder(length);
        int x = builder.Operand(type, 1);
        int y = builder.Operand(type, 1);
        builder.Store(builder.Apply(operation, builder.Load(x)), y);
        LoopProgram program = builder.Build();
        return interpreted ? LoopInterpreter.Create(program, VectorWidths.Best) : LoopCompiler.Compile(program, VectorWidths.Best);
    }

    private static void Time()
    {
        Console.WriteLine($"{(int)VectorWidths.Best}-bit vectors, {Length} elements, ns per element");
        Console.WriteLine($"{"",-14}{"emitted",9}{"blocks",9}{"f64",9}{"peer",9}   peer / emitted (MathF for functions, Vector256 by hand for loops)");
        TimeFunction(LoopOperation.Exp, MathF.Exp);
        TimeFunction(LoopOperation.Expm1, x => MathF.Exp(x) - 1);
        TimeFunction(LoopOperation.Log, x => MathF.Log(x));
        TimeFunction(LoopOperation.Log1p, x => MathF.Log(1 + x));
        TimeFunction(LoopOperation.Sin, MathF.Sin);
        TimeFunction(LoopOperation.Cos, MathF.Cos);
        TimeFunction(LoopOperation.Tan, MathF.Tan);
        TimeFunction(LoopOperation.Asin, MathF.Asin);
        TimeFunction(LoopOperation.Acos, MathF.Acos);
        TimeFunction(LoopOperation.Atan, MathF.Atan);
        TimeFunction(LoopOperation.Sinh, MathF.Sinh);
        TimeFunction(LoopOperation.Cosh, MathF.Cosh);
        TimeFunction(LoopOperation.Tanh, MathF.Tanh);
        TimeFunction(LoopOperation.Sigmoid, x => 1 / (1 + MathF.Exp(-x)));
        TimeFunction(LoopOperation.Erf, x => (float)MathNet.Numerics.SpecialFunctions.Erf(x));
        TimeFunction(LoopOperation.Erfc, x => (float)MathNet.Numerics.SpecialFunctions.Erfc(x));
        TimePower();
        TimeShapes();
        TimeCompilation();
    }

    private static void TimeFunction(LoopOperation operation, Func<float, float> scalar)
    {
        float* x = (float*)NativeMemory.AlignedAlloc(Length * 8, 64);
        float* y = (float*)NativeMemory.AlignedAlloc(Length * 8, 64);
        double* wide = (double*)NativeMemory.AlignedAlloc(Length * 8, 64);
        Fill(x, wide, operation is LoopOperation.Asin or LoopOperation.Acos ? 0.99 : operation is LoopOperation.Log or LoopOperation.Log1p ? 0 : 4);
        double emitted = Measure(Unary(operation, LoopType.F32, Length), x, y);
        double blocks = Measure(Unary(operation, LoopType.F32, Length, interpreted: true), x, y);
        double inF64 = Measure(Unary(operation, LoopType.F64, Length), wide, y);
        double plain = Measure(() =>
        {
            for (int i = 0; i < Length; i++)
                y[i] = scalar(x[i]);
        });
        Console.WriteLine($"{operation,-14}{emitted,9:F3}{blocks,9:F3}{inF64,9:F3}{plain,9:F3}   {plain / emitted:F1}x");
        NativeMemory.AlignedFree(x);
        NativeMemory.AlignedFree(y);
        NativeMemory.AlignedFree(wide);
    }

    private static void TimePower()
    {
        float* x = (float*)NativeMemory.AlignedAlloc(Length * 8, 64);
        float* y = (float*)NativeMemory.AlignedAlloc(Length * 8, 64);
        double* wide = (double*)NativeMemory.AlignedAlloc(Length * 8, 64);
        Fill(x, wide, 0);
        foreach (LoopOperation operation in new[] { LoopOperation.Power, LoopOperation.Atan2 })
        {
            double emitted = Measure(Binary(operation, LoopType.F32), x, y);
            double inF64 = Measure(Binary(operation, LoopType.F64), wide, y);
            double plain = Measure(() =>
            {
                for (int i = 0; i < Length; i++)
                    y[i] = operation == LoopOperation.Power ? MathF.Pow(x[i], x[i]) : MathF.Atan2(x[i], x[i]);
            });
            Console.WriteLine($"{operation,-14}{emitted,9:F3}{"",9}{inF64,9:F3}{plain,9:F3}   {plain / emitted:F1}x");
        }

        NativeMemory.AlignedFree(x);
        NativeMemory.AlignedFree(y);
        NativeMemory.AlignedFree(wide);
    }

    private static LoopKernel Binary(LoopOperation operation, LoopType type)
    {
        var builder = new LoopBuilder(Length);
        int x = builder.Operand(type, 1);
        int y = builder.Operand(type, 1);
        builder.Store(builder.Apply(operation, builder.Load(x), builder.Apply(LoopOperation.Abs, builder.Load(x))), y);
        return LoopCompiler.Compile(builder.Build(), VectorWidths.Best);
    }

    /// <summary>Loops of the shapes that networks are made of, against the same loop written with Vector256 by hand where there is one.</summary>
    private static void TimeShapes()
    {
        float* x = (float*)NativeMemory.AlignedAlloc(Length * 8, 64);
        float* y = (float*)NativeMemory.AlignedAlloc(Length * 8, 64);
        double* wide = (double*)NativeMemory.AlignedAlloc(Length * 8, 64);
        Fill(x, wide, 4);
        var sum = new LoopBuilder(Length);
        int sumX = sum.Operand(LoopType.F32, 1);
        sum.Reduce(LoopReductionKind.Sum, sum.Load(sumX), sum.Operand(LoopType.F32, 0), 0);
        Report("sum", sum.Build(), x, y, () => y[0] = PlainSum(x));

        var add = new LoopBuilder(Length);
        LoopValue a = add.Load(add.Operand(LoopType.F32, 1));
        add.Store(add.Apply(LoopOperation.MultiplyAdd, a, a, a), add.Operand(LoopType.F32, 1));
        Report("x x + x", add.Build(), x, y, () =>
        {
            for (int i = 0; i < Length; i += 8)
                Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(x + i), Vector256.Load(x + i)).Store(y + i);
        });

        var relu = new LoopBuilder(Length);
        relu.Store(
            relu.Apply(LoopOperation.Maximum, relu.Load(relu.Operand(LoopType.F32, 1)), relu.Constant(LoopType.F32, 0.0)),
            relu.Operand(LoopType.F32, 1));
        Report("relu", relu.Build(), x, y, () =>
        {
            for (int i = 0; i < Length; i += 8)
                Vector256.Max(Vector256.Load(x + i), Vector256<float>.Zero).Store(y + i);
        });

        foreach (long width in new long[] { 20, 64 })
        {
            var rows = new LoopBuilder(Length / width, width);
            rows.Reduce(LoopReductionKind.Sum, rows.Load(rows.Operand(LoopType.F32, width, 1)), rows.Operand(LoopType.F32, 1, 0), 1);
            Report($"row sums {width}", rows.Build(), x, y, null);
            var columns = new LoopBuilder(Length / width, width);
            columns.Reduce(LoopReductionKind.Sum, columns.Load(columns.Operand(LoopType.F32, width, 1)), columns.Operand(LoopType.F32, 0, 1), 0);
            Report($"column sums {width}", columns.Build(), x, y, null);
        }

        NativeMemory.AlignedFree(x);
        NativeMemory.AlignedFree(y);
        NativeMemory.AlignedFree(wide);
    }

    private static float PlainSum(float* x)
    {
        var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (int i = 0; i < Length; i += 32)
        {
            s0 += Vector256.Load(x + i);
            s1 += Vector256.Load(x + i + 8);
            s2 += Vector256.Load(x + i + 16);
            s3 += Vector256.Load(x + i + 24);
        }

        return Vector256.Sum(s0 + s1 + (s2 + s3));
    }

    private static void Report(string name, LoopProgram program, void* x, void* y, Action? peer)
    {
        double emitted = Measure(LoopCompiler.Compile(program, VectorWidths.Best), x, y, program.Extents[0]);
        double blocks = Measure(LoopInterpreter.Create(program, VectorWidths.Best), x, y, program.Extents[0]);
        double plain = peer is null ? double.NaN : Measure(peer);
        Console.WriteLine($"{name,-14}{emitted,9:F3}{blocks,9:F3}{"",9}{plain,9:F3}   {plain / emitted:F2}x");
    }

    /// <summary>The time to emit and compile a loop of 30 operations, without and with transcendentals.</summary>
    private static void TimeCompilation()
    {
        foreach (LoopOperation unary in new[] { LoopOperation.Abs, LoopOperation.Tanh })
        {
            var times = new List<double>();
            for (int repeat = 0; repeat < 20; repeat++)
            {
                var builder = new LoopBuilder(64, 64);
                LoopValue x = builder.Load(builder.Operand(LoopType.F32, 64, 1));
                LoopValue b = builder.Load(builder.Operand(LoopType.F32, 0, 1));
                for (int k = 0; k < 30; k++)
                    x = k % 10 == 9 ? builder.Apply(unary, x) : builder.Apply(k % 2 == 0 ? LoopOperation.Add : LoopOperation.Multiply, x, b);
                builder.Store(x, builder.Operand(LoopType.F32, 64, 1));
                LoopProgram program = builder.Build();
                var watch = Stopwatch.StartNew();
                LoopCompiler.Compile(program, VectorWidths.Best);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            Console.WriteLine($"Compiling 30 operations, 3 of them {unary}: first {times[0]:F2} ms, median {times.Order().ElementAt(10):F2} ms");
        }
    }

    private static void Fill(float* x, double* wide, double range)
    {
        var random = new Random(1);
        for (int i = 0; i < Length; i++)
        {
            wide[i] = range == 0 ? random.NextDouble() * 10 + 0.01 : (random.NextDouble() * 2 - 1) * range;
            x[i] = (float)wide[i];
        }
    }

    private static double Measure(LoopKernel kernel, void* x, void* y, long extent = Length) => Measure(() =>
    {
        void** operands = stackalloc void*[] { x, y };
        kernel.Run(operands, 0, extent);
    });

    /// <summary>The least time per element of several runs, after the runtime has had time to compile the framework's code in its best tier.</summary>
    private static double Measure(Action action)
    {
        double best = double.PositiveInfinity;
        var warm = Stopwatch.StartNew();
        for (int run = 0; run < 60 || warm.ElapsedMilliseconds < 250; run++)
            action();
        for (int round = 0; round < 12; round++)
        {
            var watch = Stopwatch.StartNew();
            const int Repeats = 20;
            for (int repeat = 0; repeat < Repeats; repeat++)
                action();
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / (Repeats * (double)Length));
        }

        return best;
    }
}
