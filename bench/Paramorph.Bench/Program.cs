using Paramorph;
using Paramorph.Bench;

bool json = args.Contains("--json");
string[] names = [.. args.Where(argument => !argument.StartsWith('-'))];
switch (names)
{
    case ["products", .. string[] filters]:
        ProductsBench.Run(json, filters);
        return 0;
    case ["pool"]:
        PoolBench.Run(json);
        return 0;
    case ["steps"]:
        StepsBench.Run(args.Contains("--peer"), null);
        return 0;
    case ["micro"]:
        {
            Paramorph.Cpu.WorkerPool.Shared.Threads = 1;
            var rnd = new Random(1);
            foreach (var rows in new[] { 32, 640 })
            foreach (var (name, f) in new (string, Func<Tensor, Tensor, Tensor>)[] { ("tanh(x+b)", (x, b) => Tensor.Tanh(x + b)), ("tanh(x+x)", (x, b) => Tensor.Tanh(x + x)), ("x+b", (x, b) => x + b), ("x+x", (x, b) => x + x), ("sum0(x*x)", (x, b) => (x * x).Sum(0)) })
            {
                var x = Tensor.From<float>([.. Enumerable.Range(0, rows * 20).Select(_ => (float)rnd.NextDouble())], [rows, 20]);
                var b = Tensor.From<float>([.. Enumerable.Range(0, 20).Select(_ => (float)rnd.NextDouble())]);
                var c = Compile.Of(f);
                for (var i = 0; i < 1000; i++) c(x, b);
                var best = double.MaxValue;
                for (var k = 0; k < 20; k++)
                {
                    var sw = System.Diagnostics.Stopwatch.StartNew();
                    for (var i = 0; i < 200; i++) c(x, b);
                    best = Math.Min(best, sw.Elapsed.TotalMicroseconds / 200);
                }
                Console.WriteLine($"{name} rows {rows}: {best:F2} us, {best * 1000 / rows / 20:F3} ns/element");
            }
            return 0;
        }
    case ["explain", var name]:
        Console.WriteLine(Workloads.All.First(w => w.Name == name).Computation.Explain());
        return 0;
    case ["steps", var name]:
        StepsBench.Run(args.Contains("--peer"), name);
        return 0;
    default:
        Console.Error.WriteLine(
            "Say what to measure: products or pool. With --json each row is one line of JSON; words after products keep the rows that contain all of them.");
        return 2;
}
