namespace Paramorph.Tests;

/// <summary>Tensors are immutable values to every thread that looks at them.</summary>
public class ThreadTests
{
    private const int Threads = 8;

    [Fact]
    public void One_expression_has_one_value_whichever_threads_ask_for_it()
    {
        for (var round = 0; round < 20; round++)
        {
            // Expressions that share parts, asked for from both ends at once.
            var links = new List<Tensor> { Primitives.Case.Numbers([16], seed: round) };
            for (var i = 0; i < 50; i++) links.Add(Tensor.Sin(links[^1]) + links[i / 2]);
            var found = new double[Threads][];
            OnThreads(n =>
            {
                for (var i = 0; i < links.Count; i++) links[n % 2 == 0 ? i : links.Count - 1 - i].Evaluate();
                found[n] = links[^1].ToDoubles();
            });
            Assert.All(found, f => Assert.Equal(found[0], f));
            Assert.All(links.Skip(1), l => Assert.Null(l.Source));
        }
    }

    [Fact]
    public void Transforms_are_traced_on_several_threads_at_once()
    {
        var shared = Tensor.Sin(Primitives.Case.Numbers([4]));
        Tensor F(Tensor x) => (Tensor.Exp(x * shared) * Control.Repeat(3, (_, c) => Tensor.Tanh(c * shared), x)).Sum();
        var x = Primitives.Case.Numbers([4], seed: 1);
        var many = Primitives.Case.Numbers([3, 4], seed: 2);
        var expected = Results();
        for (var round = 0; round < 5; round++)
        {
            shared = Tensor.Sin(Primitives.Case.Numbers([4]));
            OnThreads(n =>
            {
                if (n == 0) shared.Evaluate();
                var actual = Results();
                for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], 1e-13);
            });
        }

        Tensor[] Results() =>
        [
            Gradient.Of(x, F), Hessian.Of(x, F), Vmap.Of(v => Gradient.Of(v, F), many), Jvp.Of(x, x, F).Tangent, Vjp.Of(x, v => Tensor.Sin(v) * F(v)).Pull(x),
            Gradient.Of(x, v => Control.Cond(v.Sum() > 0.0, () => F(v), () => F(-v))), Gradient.Of(x, v => Remat.Of(() => F(v))),
        ];
    }

    [Fact]
    public void A_compiled_function_called_from_several_threads_is_traced_once()
    {
        var traces = 0;
        var compiled = Compile.Of<Tensor, Tensor>(x =>
        {
            Interlocked.Increment(ref traces);
            Thread.Sleep(20);
            return Tensor.Sin(x) * 2.0;
        });
        OnThreads(n =>
        {
            for (var i = 0; i < 20; i++)
            {
                var x = Primitives.Case.Numbers([5], seed: n * 100 + i);
                Expect.Close(Tensor.Sin(x) * 2.0, compiled(x), 0);
            }
        });
        Assert.Equal(1, traces);
    }

    [Fact]
    public void A_pull_may_be_called_from_several_threads()
    {
        var x = Primitives.Case.Numbers([6]);
        var (_, pull) = Vjp.Of(x, v => Tensor.Exp(v) * v.CumulativeProduct(0));
        var basis = Tensor.Eye(6, ElementType.Float64);
        var expected = Vmap.Of(pull, basis).Evaluate();
        OnThreads(_ =>
        {
            for (var i = 0; i < 6; i++) Expect.Close(expected[i], pull(basis[i]), 1e-14);
        });
    }

    /// <summary>Runs an action on real threads that start together; what one throws is thrown here.</summary>
    private static void OnThreads(Action<int> action)
    {
        using var start = new Barrier(Threads);
        var errors = new Exception?[Threads];
        var threads = Enumerable.Range(0, Threads).Select(n => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                action(n);
            }
            catch (Exception error)
            {
                errors[n] = error;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (errors.FirstOrDefault(e => e is not null) is { } first) throw new InvalidOperationException($"on a thread: {first.Message}", first);
    }
}
