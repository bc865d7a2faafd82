using System.Diagnostics;

namespace Paramorph.Tests.Compiler;

/// <summary>What a compiled step costs beside its arithmetic.</summary>
[Collection(nameof(Alone))]
public class OverheadTests
{
    private static readonly Tensor X = Tensor.Linspace(-1, 1, 32).Reshape(16, 2).Evaluate();
    private static readonly Tensor Y = Tensor.Linspace(0, 1, 16).Reshape(16, 1).Evaluate();

    private static readonly Func<TreePair<TreeList<Tensor>, TreeList<Tensor>>, Tensor, Tensor, (TreePair<TreeList<Tensor>, TreeList<Tensor>>, Tensor)> Momentum =
        (state, x, y) =>
        {
            var (loss, gradient) = ValueAndGradient.Of(state.Item1, p => Tensor.Square(Tensor.Tanh(x.Dot(p[0]) + p[1]).Dot(p[2]) - y).Mean());
            var velocity = Tree.Zip(state.Item2, gradient, (v, g) => 0.9 * v - 0.05 * g);
            return (new(Tree.Zip(state.Item1, velocity, (p, v) => p + v), velocity), loss);
        };

    private static TreePair<TreeList<Tensor>, TreeList<Tensor>> State()
    {
        TreeList<Tensor> parameters = [Tensor.Linspace(-1, 1, 40).Reshape(2, 20).Evaluate(), Tensor.Zeros([20]).Evaluate(), Tensor.Linspace(-1, 1, 20).Reshape(20, 1).Evaluate()];
        return new(parameters, Tree.Map(parameters, p => Tensor.ZerosLike(p).Evaluate()));
    }

    [Fact]
    public void A_training_step_allocates_its_result_and_nothing_else()
    {
        const int steps = 1000;
        var step = Compile.Of(Momentum, takesFirst: true);
        var state = State();
        for (var i = 0; i < 50; i++) (state, _) = step(state, X, Y);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++) (state, _) = step(state, X, Y);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The same result made by hand: an object for each tensor and its storage, the lists, and room for the loss, which is not given back.
        var types = Array.ConvertAll(Tree.Leaves(state), t => t.Type);
        var leaves = new Tensor[types.Length];
        var room = new Storage.Room(GC.AllocateUninitializedArray<byte>(1000, pinned: true), 0);
        TensorType loss = new(ElementType.Float32, []);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < steps; i++)
        {
            for (var k = 0; k < types.Length; k++) leaves[k] = new Tensor(types[k], new Storage(types[k], room));
            _ = Tree.Rebuild(state, leaves);
            _ = new Tensor(loss, new Storage(loss, null));
        }
        var needed = GC.GetAllocatedBytesForCurrentThread() - before;
        // Blocks for small values are taken whole, so that the two may differ by one.
        Assert.InRange(allocated, 0, needed + 70_000);
        Assert.True(needed < steps * 1500, $"{needed / steps} bytes for a result of {types.Length + 1} tensors");
    }

    [Fact]
    public void Loops_and_branches_in_a_compiled_function_allocate_nothing()
    {
        var step = Compile.Of(
            (Tensor x) => Control.Scan<Tensor, Tensor, Tensor>(
                (c, s) => (Tensor.Sin(c + s), Control.Cond(c.Sum() > 0f, () => c.Sum(), () => Control.While(v => v < 3f, v => v + 1f, s))), x, Tensor.Linspace(0, 1, 100)),
            takesFirst: true);
        var (state, _) = step(Tensor.Linspace(0, 1, 64).Evaluate());
        for (var i = 0; i < 50; i++) (state, _) = step(state);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) (state, _) = step(state);
        var perStep = (GC.GetAllocatedBytesForCurrentThread() - before) / 200;
        // Two tensors, their storages, and the 400 bytes of the sums; a hundred rounds of the loop leave no trace.
        Assert.InRange(perStep, 0, 1200);
    }

    [Fact]
    public void A_hundred_thousand_steps_hold_memory_flat()
    {
        // The steps of a short run in CI; PARAMORPH_STEPS=100000 makes it the whole.
        var steps = int.TryParse(Environment.GetEnvironmentVariable("PARAMORPH_STEPS"), out var wanted) ? wanted : 20_000;
        var step = Compile.Of(Momentum, takesFirst: true);
        var (state, loss) = step(State(), X, Y);
        for (var i = 0; i < steps / 10; i++) (state, loss) = step(state, X, Y);
        var (managed, resident) = Memory();
        for (var i = 0; i < steps - steps / 10; i++) (state, loss) = step(state, X, Y);
        var (managedAfter, residentAfter) = Memory();
        Assert.True(double.IsFinite(loss.Item()));
        Assert.InRange(managedAfter - managed, long.MinValue, 300_000);
        Assert.InRange(residentAfter - resident, long.MinValue, 24L << 20);
    }

    private static (long Managed, long Resident) Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Process.GetCurrentProcess().WorkingSet64);
    }
}
