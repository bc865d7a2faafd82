using System.Numerics;
using Paramorph.Optimisers;
using Paramorph.Parameters;

namespace Paramorph.Tests.Optimisers;

/// <summary>What is put around an optimiser, on a model with leaves of every kind.</summary>
public partial class WrapperTests
{
    private static readonly Model Start = new(
        Tensor.From(1f, -2f, 3f), Tensor.From(0.5, 0.25), Tensor.From(new Complex(1, 2), new Complex(-1, 0.5)), Tensor.From(1, 2, 3), Tensor.From(true));

    private static readonly Model Gradient = Start with
    {
        Single = Tensor.From(3f, 0f, -4f),
        Double = Tensor.From(6.0, -6.0),
        Complex = Tensor.From(new Complex(6, -8), new Complex(0, 0)),
    };

    public static TheoryData<string, IOptimiser> Optimisers() => new()
    {
        { "gradient descent", new Sgd(0.1) },
        { "momentum", new Sgd(0.1, 0.9) },
        { "Nesterov", new Sgd(0.1, 0.9, true) },
        { "Adam", new Adam(0.1) },
        { "AdamW", new AdamW(0.1) },
        { "RMSProp", new RmsProp(0.1) },
        { "Adagrad", new Adagrad(0.1) },
        { "Lion", new Lion(0.1, Decay: 0.1) },
        { "clipped by value", new Adam(0.1).ClipByValue(1) },
        { "clipped by norm", new Adam(0.1).ClipByNorm(1) },
        { "averaged", new Adam(0.1).AverageExponentially(0.9) },
        { "accumulated", new Adam(0.1).Accumulate(2) },
        { "frozen", new Adam(0.1).Freeze(Leaves.Named("single")) },
        { "scaled", new Adam(0.1).ScaleRate(Leaves.Named("double"), 0.1) },
        { "all", new Adam(0.1).Freeze(Leaves.Named("single")).AverageFrom(1).ClipByNorm(2).Accumulate(2) },
    };

    [Theory]
    [MemberData(nameof(Optimisers))]
    public void A_compiled_step_is_the_lazy_step_on_leaves_of_every_type(string name, IOptimiser optimiser)
    {
        var step = Compile.Of<Model, Model, OptimiserState<Model>, Model, OptimiserState<Model>>(optimiser.Update);
        var (compiled, lazy) = ((Start, optimiser.Start(Start)), (Start, optimiser.Start(Start)));
        for (var t = 0; t < 3; t++)
        {
            compiled = step(compiled.Item1, Gradient, compiled.Item2);
            lazy = optimiser.Update(lazy.Item1, Gradient, lazy.Item2);
        }
        foreach (var (expected, actual) in Tree.Leaves(lazy.Item1).Zip(Tree.Leaves(compiled.Item1)))
            if (expected.ElementType.IsDifferentiable()) Expect.Close(expected, actual, 1e-6, name);
        Assert.Equal([1, 2, 3], compiled.Item1.Count.ToArray<int>());
        Assert.Equal([true], compiled.Item1.Flag.ToArray<bool>());
        Assert.Equal(3, compiled.Item2.Step.Item<long>());
    }

    [Fact]
    public void The_second_moment_of_a_complex_leaf_is_that_of_its_modulus()
    {
        var (next, state) = new Adam(0.1).Update(Start, Gradient, new Adam(0.1).Start(Start));

        Assert.Equal(ElementType.Float64, state.Slots["second moment"].Complex.ElementType);
        // The first step of Adam has the length of the rate, and the direction of the gradient.
        Expect.Close(Start.Complex - Tensor.From(new Complex(0.06, -0.08), Complex.Zero), next.Complex, 1e-9);
    }

    [Fact]
    public void A_gradient_is_shortened_to_the_limit_of_all_leaves_together()
    {
        // 3² + 4² + 6² + 6² + 6² + 8² = 197.
        var (next, _) = new Sgd(1).ClipByNorm(2).Update(Start, Gradient, new Sgd(1).Start(Start));
        Expect.Close(Start.Double - Gradient.Double * (2 / Math.Sqrt(197)), next.Double, 1e-14);
        Expect.Close(Start.Single - Gradient.Single * (2 / Math.Sqrt(197)), next.Single, 1e-6);
    }

    [Fact]
    public void A_short_gradient_is_not_clipped()
    {
        var (next, _) = new Sgd(1).ClipByNorm(15).Update(Start, Gradient, new Sgd(1).Start(Start));
        Expect.Close(Start.Double - Gradient.Double, next.Double, 0);
    }

    [Fact]
    public void Frozen_leaves_keep_their_bits_and_take_no_memory()
    {
        var optimiser = new AdamW(0.1, Decay: 0.5).Freeze(Leaves.Named("single"));
        var state = optimiser.Start(Start);
        var (next, after) = Compile.Of<Model, Model, OptimiserState<Model>, Model, OptimiserState<Model>>(optimiser.Update)(Start, Gradient, state);
        Assert.Equal(Start.Single.ToArray<float>(), next.Single.ToArray<float>());
        Assert.Equal(1, after.Slots["first moment"].Single.Count);
        Assert.NotEqual(Start.Double.ToArray<double>(), next.Double.ToArray<double>());
    }

    [Fact]
    public void Chosen_leaves_have_another_rate()
    {
        var (usual, _) = new AdamW(0.1, Decay: 0.5).Update(Start, Gradient, new Adam(1).Start(Start));
        var (tenth, _) = new AdamW(0.01, Decay: 0.5).Update(Start, Gradient, new Adam(1).Start(Start));
        var (next, state) = new AdamW(0.1, Decay: 0.5).ScaleRate(Leaves.Named("double"), 0.1).Update(Start, Gradient, new Adam(1).Start(Start));
        Expect.Close(usual.Single, next.Single, 0);
        Expect.Close(tenth.Double, next.Double, 1e-15);
        Assert.Equal(1, state.RateFactor.Item());
    }

    [Fact]
    public void Only_chosen_leaves_decay()
    {
        var (plain, _) = new Adam(0.1).Update(Start, Gradient, new Adam(1).Start(Start));
        var (next, _) = new AdamW(0.1, Decay: 0.5, Decayed: Leaves.Named("double")).Update(Start, Gradient, new Adam(1).Start(Start));
        Expect.Close(plain.Single, next.Single, 0);
        Expect.Close(plain.Double - 0.05 * Start.Double, next.Double, 1e-15);
    }

    [Fact]
    public void An_average_of_all_models_from_a_step_on_is_their_mean()
    {
        var optimiser = new Sgd(0.1).AverageFrom(1);
        var (model, state, sum) = (Start, optimiser.Start(Start), Tensor.Zeros([2], ElementType.Float64));
        for (var t = 0; t < 4; t++)
        {
            (model, state) = optimiser.Update(model, Gradient, state);
            if (t >= 1) sum += model.Double;
        }
        Expect.Close(sum / 3, state.Average(model).Double, 1e-14);
        Assert.Same(model.Count, state.Average(model).Count);
    }

    [Fact]
    public void An_exponential_average_forgets_old_models()
    {
        var optimiser = new Sgd(0.1).AverageExponentially(0.5);
        var (model, state, average) = (Start, optimiser.Start(Start), Start.Double);
        for (var t = 0; t < 12; t++)
        {
            (model, state) = optimiser.Update(model, Gradient, state);
            var decay = Math.Min(0.5, (1.0 + t) / (10 + t));
            average = decay * average + (1 - decay) * model.Double;
        }
        Expect.Close(average, state.Average(model).Double, 1e-13);
    }

    [Fact]
    public void A_state_of_another_optimiser_is_refused()
    {
        var error = Assert.Throws<TreeException>(() => new Adam(0.1).Update(Start, Gradient, new Sgd(0.1, 0.9).Start(Start)));
        Assert.Equal("The optimiser's state has no slot \"first moment\", only \"velocity\": start it with the optimiser that updates it.", error.Message);
    }

    [Fact]
    public void An_optimiser_keeps_one_average() =>
        Assert.Throws<ArgumentException>(() => new Sgd(0.1).AverageFrom(0).AverageFrom(1).Start(Start));

    [Tree]
    internal sealed partial record Model(Tensor Single, Tensor Double, Tensor Complex, Tensor Count, Tensor Flag);

    [Theory]
    [InlineData(1e25f)]
    [InlineData(1e-30f)]
    public void Gradients_of_any_size_in_single_precision_are_clipped_to_the_limit(float size)
    {
        var gradient = Tensor.From(3 * size, -4 * size);
        var optimiser = new Sgd(1.0).ClipByNorm(5 * Math.Min(size, 1));
        var (moved, _) = optimiser.Update(Tensor.Zeros([2]), gradient, optimiser.Start(Tensor.Zeros([2])));
        Expect.Close(Tensor.From(-3f, 4f), moved / Math.Min(size, 1), 1e-6);
    }
}
