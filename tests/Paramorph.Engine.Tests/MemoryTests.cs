using System.Runtime.CompilerServices;

namespace Paramorph.Tests;

/// <summary>What is no longer needed is let go.</summary>
[Collection(nameof(Alone))]
public class MemoryTests
{
    private static readonly Tensor Data = Primitives.Case.Numbers([3, 2]);

    [Fact]
    public void A_long_lazy_training_loop_keeps_memory_flat() => StaysFlat(10_000, w =>
    {
        var (loss, gradient) = ValueAndGradient.Of(w, Loss);
        loss.Evaluate();
        return w - gradient * 0.01;
    });

    [Fact]
    public void Pulls_that_are_used_and_forgotten_keep_memory_flat() => StaysFlat(3_000, w =>
    {
        var (_, pull) = Vjp.Of(w, Loss);
        return (w - pull(1.0) * 0.01).Evaluate();
    });

    [Fact]
    public void Values_that_are_read_while_a_gradient_is_taken_keep_memory_flat() => StaysFlat(3_000, w =>
    {
        var gradient = Gradient.Of(w, v =>
        {
            var loss = Loss(v);
            return loss.Item() > 1e9 ? loss * 0.0 : loss;
        });
        return (w - gradient * 0.01).Evaluate();
    });

    [Fact]
    public void Batched_and_second_derivatives_keep_memory_flat() => StaysFlat(500, w =>
    {
        var each = Vmap.Of(row => Gradient.Of(w, v => Tensor.Square(row.Dot(v)).Sum()), Data);
        return (w - each.Mean(0) * 0.01 + Hessian.VectorProduct(w, w, Loss) * 1e-6).Evaluate();
    });

    [Fact]
    public void The_graph_of_a_value_is_collected_while_the_value_lives()
    {
        var (value, intermediate) = Compute();
        Collect();
        Assert.False(intermediate.IsAlive);
        Assert.Null(value.Source);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (Tensor Value, WeakReference Intermediate) Compute()
        {
            var inner = Tensor.Sin(Data);
            return ((inner * 2.0).Evaluate(), new WeakReference(inner));
        }
    }

    [Fact]
    public void A_value_computed_inside_a_gradient_forgets_its_graph_afterwards()
    {
        var (value, intermediate) = Compute();
        Assert.Null(value.Source);
        Collect();
        Assert.False(intermediate.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (Tensor Value, WeakReference Intermediate) Compute()
        {
            WeakReference? intermediate = null;
            var (value, _) = ValueAndGradient.Of(Data, x =>
            {
                var inner = Tensor.Sin(x);
                intermediate = new WeakReference(inner);
                return inner.Sum().Evaluate();
            });
            return (value, intermediate!);
        }
    }

    [Fact]
    public void A_pull_keeps_what_it_needs_and_no_longer_than_it_lives()
    {
        var pulls = new Func<Tensor, Tensor>[1];
        var intermediate = Prepare(pulls);
        Collect();
        Assert.True(intermediate.IsAlive);
        Use(pulls);
        pulls[0] = x => x;
        Collect();
        Assert.False(intermediate.IsAlive);

        // In methods of their own, so that no local of this one keeps the pull.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Use(Func<Tensor, Tensor>[] pulls) => Expect.Close(Tensor.Cos(Data), pulls[0](Tensor.OnesLike(Data)), 1e-15);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Prepare(Func<Tensor, Tensor>[] pulls)
        {
            WeakReference? intermediate = null;
            var (value, pull) = Vjp.Of(Data, x =>
            {
                var inner = x * 1.0;
                intermediate = new WeakReference(inner);
                return Tensor.Sin(inner);
            });
            value.Evaluate();
            pulls[0] = pull;
            return intermediate!;
        }
    }

    [Fact]
    public void An_expression_of_twenty_thousand_operations_has_a_value_and_a_gradient()
    {
        static Tensor Deep(Tensor x)
        {
            for (var i = 0; i < 20_000; i++) x += 1.0;
            return x;
        }
        Assert.Equal(20_002, Deep(Tensor.Scalar(2.0)).Item());
        Assert.Equal(1, Gradient.Of(Tensor.Scalar(2.0), Deep).Item());
    }

    private static Tensor Loss(Tensor w) => Tensor.Square(Tensor.Tanh(Data.Dot(w)) - 0.5).Mean();

    /// <summary>Runs a loop and checks that late steps hold no more than early ones, and that old states are gone.</summary>
    private static void StaysFlat(int steps, Func<Tensor, Tensor> step)
    {
        var state = new Tensor[] { Primitives.Case.Numbers([2], seed: 1) };
        var early = Run(state, step, steps / 5);
        Collect();
        var before = GC.GetTotalMemory(true);
        var late = Run(state, step, steps - steps / 5);
        Collect();
        var grown = GC.GetTotalMemory(true) - before;
        Assert.All([.. early, .. late], reference => Assert.False(reference.IsAlive));
        // A graph kept for every step would take some ten kilobytes each.
        Assert.True(grown < steps * 200, $"memory grew by {grown} bytes in {steps} steps");
        Assert.True(state[0].ToDoubles().All(double.IsFinite));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Run(Tensor[] state, Func<Tensor, Tensor> step, int steps)
    {
        var references = new List<WeakReference>();
        for (var i = 0; i < steps; i++)
        {
            // The first state is the caller's; the last ones may still be inputs of an expression that nobody has asked for.
            if (i % 100 == 50 && i < steps - 2) references.Add(new WeakReference(state[0]));
            state[0] = step(state[0]);
        }
        return [.. references];
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
