using System.Diagnostics;
using System.Globalization;

namespace Paramorph.Bench;

/// <summary>How long tracing and compiling takes, and what a call of a compiled step costs beside its arithmetic.</summary>
internal static class CompileBench
{
    /// <summary>Prints a line for each program; names keep some of them.</summary>
    public static void Run(string[] names)
    {
        var programs = new Dictionary<string, Action>
        {
            ["chain of 5000 elementwise operations"] = () => Trace(Chain(5000)),
            ["5000 operations in equal layers"] = () => Trace(Layers(5000, 0)),
            ["5000 operations in layers"] = () => Trace(Layers(5000)),
            ["20000 operations in layers"] = () => Trace(Layers(20_000)),
            ["5000 operations on a batch"] = () => Trace(Layers(5000), 2048),
            ["gradient of 1500 operations in layers"] = () => Trace(x => Gradient.Of(x, v => Layers(1500)(v).Sum())),
        };
        foreach (var (name, make) in Workloads.All) programs[name] = () => make().Step(make().Initial);
        foreach (var (name, program) in programs.Where(p => Array.TrueForAll(names, n => p.Key.Contains(n, StringComparison.Ordinal))))
        {
            var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            program();
            var processor = Environment.CpuUsage.TotalTime - before;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {watch.Elapsed.TotalSeconds,7:0.00} s, {processor.TotalSeconds:0.00} s of processors"));
        }
        Overhead();
    }

    /// <summary>The time of one call of a step that has next to nothing to compute.</summary>
    private static void Overhead()
    {
        var step = Compile.Of(
            (TreeList<Tensor> p, Tensor x) =>
            {
                var (loss, gradient) = ValueAndGradient.Of(p, q => Tensor.Square(Tensor.Tanh(x.Dot(q[0]) + q[1]).Dot(q[2])).Mean());
                return (Tree.Zip(p, gradient, (v, g) => v - 0.01 * g), loss);
            },
            takesFirst: true);
        TreeList<Tensor> state = [Tensor.Ones([2, 8]), Tensor.Zeros([8]), Tensor.Ones([8, 1])];
        var input = Tensor.Ones([4, 2]).Evaluate();
        var best = Rounds.Measure(1, () => (state, _) = step(state, input)).Seconds[0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) (state, _) = step(state, input);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one call of a tiny training step: {best * 1e6:0.0} microseconds, {bytes} bytes for its four results"));
    }

    private static void Trace(Func<Tensor, Tensor> function, int rows = 8) => Compile.Of(function)(Tensor.Ones([rows, 8]));

    private static Func<Tensor, Tensor> Chain(int length) => x =>
    {
        for (var i = 0; i < length; i++) x = i % 2 == 0 ? x * 1.0001 : x + 0.5;
        return x;
    };

    /// <summary>Layers of a product, a bias, an activation, a normalisation and a rearrangement: ten operations each, with constants of their own.</summary>
    private static Func<Tensor, Tensor> Layers(int operations, double difference = 0.01) => x =>
    {
        var weight = Tensor.Eye(8).Evaluate();
        for (var i = 0; i < operations / 10; i++)
        {
            var h = Tensor.Tanh(x.Dot(weight) + 0.1 + difference * i);
            h -= h.Mean(-1).ExpandDims(-1);
            x = 0.5 * x + h.Flip(1);
        }
        return x;
    };
}
