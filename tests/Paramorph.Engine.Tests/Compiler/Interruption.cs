using Paramorph.Cpu;

namespace Paramorph.Tests.Compiler;

/// <summary>A training step that passes named points, at one of which something happens.</summary>
internal sealed class Interruption
{
    private readonly Dictionary<string, int> passed = [];

    /// <summary>Points of <see cref="Step"/>, and how often a step passes them.</summary>
    public static IReadOnlyDictionary<string, int> Points { get; } =
        new Dictionary<string, int> { ["start"] = 1, ["after tiles"] = 1, ["scan"] = 6, ["while"] = 3, ["branch"] = 1, ["end"] = 1 };

    /// <summary>Where something happens.</summary>
    public string? At { get; set; }

    /// <summary>What happens there, at its last but one passage where there are several.</summary>
    public Action Happening { get; set; } = () => { };

    /// <summary>A state, large and small tensors, that the step makes into the next one.</summary>
    public static TreeList<Tensor> State() => [Primitives.Case.Numbers([8, 8], seed: 1), Primitives.Case.Numbers([3000], seed: 2), Tensor.Scalar(1.0)];

    /// <summary>The elements of a state.</summary>
    public static double[][] Elements(TreeList<Tensor> state) => [.. state.Select(t => t.ToArray<double>())];

    /// <summary>A step over a batch that runs by tiles, with a loop of each kind and a branch.</summary>
    public TreeList<Tensor> Step(TreeList<Tensor> state)
    {
        var batch = Tensor.Linspace(-1, 1, 8 * 4096, ElementType.Float64).Reshape(4096, 8);
        var first = Point("start", state[0]);
        var gradient = Gradient.Of(first, w => Tensor.Square(Tensor.Tanh(Tensor.Tanh(batch.Dot(w)).Dot(w))).Mean());
        var weight = Point("after tiles", first - gradient);
        var (carry, sums) = Control.Scan<Tensor, Tensor, Tensor>(
            (c, x) =>
            {
                var next = Point("scan", Tensor.Sin(c + x));
                return (next, next.Sum());
            },
            state[1], Tensor.Linspace(0, 1, 6, ElementType.Float64));
        var count = Control.While(c => c < 3.0, c => Point("while", c + 1.0), Tensor.Scalar(0.0));
        var chosen = Control.Cond(sums.Sum() < 1e9, () => Point("branch", carry * 0.5), () => carry);
        return [Tensor.Tanh(Point("end", weight)), chosen, state[2] + count];
    }

    /// <summary>Runs an action with a number of threads, and starts to count passages.</summary>
    public void On(int threads, Action action)
    {
        passed.Clear();
        var before = WorkerPool.Shared.Threads;
        WorkerPool.Shared.Threads = threads;
        try
        {
            action();
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }

    private Tensor Point(string name, Tensor x) => Foreign.Call(name, values =>
    {
        var times = passed[name] = passed.GetValueOrDefault(name) + 1;
        if (name == At && times == Math.Max(1, Points[name] - 1)) Happening();
        return values;
    }, [x.Type], x)[0];
}
