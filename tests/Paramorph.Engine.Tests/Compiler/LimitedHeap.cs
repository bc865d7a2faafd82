namespace Paramorph.Tests.Compiler;

/// <summary>What a test runs in a process of its own whose heap has 256 MB: a step that does not fit, and then one that does.</summary>
internal static class LimitedHeap
{
    /// <summary>What the process prints.</summary>
    public const string Expected = "no memory, state as before, next step well";

    /// <summary>Runs it; called by the entry point of the test program.</summary>
    public static int Run()
    {
        // 16 MB of state; the step keeps as many copies as it is long.
        TreeList<Tensor> state = [Tensor.Linspace(0, 1, 2 << 20, ElementType.Float64).Evaluate()];
        var before = state[0].ToArray<double>();
        var outcome = "";
        foreach (var copies in new[] { 40, 2 })
        {
            var step = Compile.Of((TreeList<Tensor> s) => Step(s, copies), takesFirst: true);
            try
            {
                var next = step(state);
                outcome += next[0].ToArray<double>()[1] > before[1] ? ", next step well" : ", next step wrong";
            }
            catch (EvaluationException error)
            {
                outcome += error.Message.Contains("there is no memory", StringComparison.Ordinal) ? "no memory" : error.Message;
                outcome += state[0].ToArray<double>().AsSpan().SequenceEqual(before) ? ", state as before" : ", state changed";
            }
        }
        Console.WriteLine(outcome);
        return 0;
    }

    private static TreeList<Tensor> Step(TreeList<Tensor> state, int copies)
    {
        var kept = Enumerable.Range(0, copies).Select(i => (state[0] * (1.0 + i)).CumulativeSum(0)).ToList();
        return [kept.Aggregate(state[0], (sum, k) => sum + k.Flip(0).CumulativeSum(0))];
    }
}
