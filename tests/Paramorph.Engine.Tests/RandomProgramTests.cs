using FsCheck;
using FsCheck.Fluent;

namespace Paramorph.Tests;

/// <summary>Transforms of random programs against differences, loops and each other.</summary>
public class RandomProgramTests
{
    [Fact]
    public void Derivatives_of_random_programs_agree_with_differences_and_with_each_other() => Check(300, program =>
    {
        const double step = 1e-5;
        var along = Array.ConvertAll(program.Directions, d => d * step);
        var difference = (Loss(program, Moved(program, along, 1)).Item() - Loss(program, Moved(program, along, -1)).Item()) / (2 * step);
        var forward = Jvp.Of<TreeList<Tensor>, Tensor>(program.Inputs, program.Directions, p => Loss(program, [.. p])).Tangent.Item();
        var gradient = Gradient.Of<TreeList<Tensor>>(program.Inputs, p => Loss(program, [.. p]));
        Near(forward, Along(gradient, program.Directions), 1e-10, "forward against reverse mode");
        Near(difference, forward, 1e-5, "forward mode against differences");
    });

    [Fact]
    public void Second_derivatives_of_random_programs_agree_in_every_mix_of_modes() => Check(120, program =>
    {
        TreeList<Tensor> point = program.Inputs, direction = program.Directions;
        var forwardOverReverse = Jvp.Of(point, direction, q => Gradient.Of(q, p => Loss(program, [.. p]))).Tangent;
        var reverseOverForward = Gradient.Of(point, q => Jvp.Of(q, direction, p => Loss(program, [.. p])).Tangent);
        for (var i = 0; i < point.Count; i++)
            if (point[i].ElementType.IsDifferentiable()) Expect.Close(forwardOverReverse[i], reverseOverForward[i], 1e-9, $"second derivative in input {i}");
        const double step = 1e-5;
        var along = Array.ConvertAll(program.Directions, d => d * step);
        double Slope(int sign) => Along(Gradient.Of<TreeList<Tensor>>(Moved(program, along, sign), p => Loss(program, [.. p])), program.Directions);
        Near((Slope(1) - Slope(-1)) / (2 * step), Along(forwardOverReverse, program.Directions), 1e-3, "second derivative against differences");
    });

    [Fact]
    public void Batches_of_random_programs_and_of_their_gradients_agree_with_loops() => Check(150, program =>
    {
        const int size = 3;
        Tensor[][] examples = [.. Enumerable.Range(0, size).Select(n => Array.ConvertAll(program.Inputs, x => x.ElementType.IsDifferentiable() ? x * (1 - 0.001 * n) : x + n))];
        TreeList<Tensor> batch = [.. program.Inputs.Select((_, i) => Tensor.Stack([.. examples.Select(e => e[i])]))];
        var results = Vmap.Of<TreeList<Tensor>, TreeList<Tensor>>(x => program.Function([.. x]), batch);
        var gradients = Vmap.Of(x => Gradient.Of(x, p => Loss(program, [.. p])), batch);
        var whole = Gradient.Of(batch, b => Vmap.Of(x => Loss(program, [.. x]), b).Sum());
        for (var n = 0; n < size; n++)
        {
            var expected = program.Function(examples[n]);
            for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], results[i][n], 1e-11, $"output {i} of example {n}");
            var gradient = Gradient.Of<TreeList<Tensor>>(examples[n], p => Loss(program, [.. p]));
            for (var i = 0; i < gradient.Count; i++)
            {
                Expect.Close(gradient[i], gradients[i][n], 1e-9, $"batch of gradients, input {i} of example {n}");
                Expect.Close(gradient[i], whole[i][n], 1e-9, $"gradient of a batch, input {i} of example {n}");
            }
        }
    });

    [Fact]
    public void Only_some_inputs_of_random_programs_may_carry_the_batch() => Check(100, program =>
    {
        const int size = 2;
        for (var carrier = 0; carrier < program.Inputs.Length; carrier++)
        {
            var x = program.Inputs[carrier];
            Tensor[] examples = [.. Enumerable.Range(0, size).Select(n => x.ElementType.IsDifferentiable() ? x * (1 - 0.001 * n) : x + n)];
            Tensor[] With(Tensor value) => program.Function([.. program.Inputs.Select((input, i) => i == carrier ? value : input)]);
            var results = Vmap.Of<Tensor, TreeList<Tensor>>(value => With(value), Tensor.Stack(examples));
            for (var n = 0; n < size; n++)
            {
                var expected = With(examples[n]);
                for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], results[i][n], 1e-11, $"output {i} of example {n} of input {carrier}");
            }
        }
    });

    [Theory]
    [InlineData(ElementType.Float64)]
    [InlineData(ElementType.Float32)]
    public void Compiled_random_programs_and_their_gradients_are_what_they_are_outside(ElementType type) => Check(
        120,
        program =>
        {
            TreeList<Tensor> Run(TreeList<Tensor> x) => program.Function([.. x]);
            TreeList<Tensor> Differentiate(TreeList<Tensor> x) => Gradient.Of(x, p => Loss(program, [.. p]));
            // Single precision keeps 24 bits in each of up to some hundred operations.
            var tolerance = type == ElementType.Float64 ? 1e-12 : 1e-4;
            foreach (var function in new[] { Run, (Func<TreeList<Tensor>, TreeList<Tensor>>)Differentiate })
            {
                var (expected, actual) = (function(program.Inputs), Compile.Of(function)(program.Inputs));
                for (var i = 0; i < expected.Count; i++) Expect.Close(expected[i], actual[i], tolerance, $"result {i}");
            }
        },
        new RandomProgramKind(type, IsSmooth: type == ElementType.Float64));

    [Fact]
    public void A_seed_always_gives_the_same_program_and_a_shorter_one_is_its_beginning()
    {
        var (whole, again, part) = (RandomPrograms.Generate(7, 20), RandomPrograms.Generate(7, 20), RandomPrograms.Generate(7, 8));
        Assert.Equal(whole.Text, again.Text);
        Assert.Equal(whole.Text.Split('\n')[..8], part.Text.Split('\n')[..8]);
    }

    [Fact]
    public void Random_programs_reach_every_corner_of_the_language()
    {
        var seen = new Dictionary<string, int>();
        for (var seed = 0; seed < 150; seed++)
        {
            var program = RandomPrograms.Generate(seed, 30);
            Count(Computation.Trace("f", program.Function, [.. program.Inputs.Select(x => x.Type)]));
        }
        string[] expected =
        [
            "add", "multiply", "divide", "power", "atan2", "maximum", "remainder", "sin", "exp", "erf", "lgamma", "abs", "select", "cast", "complex", "real", "reshape", "transpose",
            "broadcast", "slice", "pad", "concatenate", "reverse", "dynamic_slice", "dynamic_update", "reduce_sum", "reduce_product", "reduce_max", "reduce_any", "argmax",
            "cumulative_sum", "cumulative_product", "cumulative_max", "dot", "gather", "scatter_add", "scatter_set", "scatter_max", "scan", "cond", "remat", "and", "xor", "shift_left",
            "floor_divide", "equal", "greater",
        ];
        Assert.All(expected, name => Assert.True(seen.GetValueOrDefault(name) >= 3, name));

        void Count(Computation computation)
        {
            foreach (var operation in computation.Operations)
            {
                seen[operation.Primitive.Name] = seen.GetValueOrDefault(operation.Primitive.Name) + 1;
                foreach (var body in operation.Primitive.Bodies) Count(body);
            }
        }
    }

    /// <summary>Checks programs of random seeds and lengths, always the same ones; a failing one is cut down and printed.</summary>
    private static void Check(int count, Action<RandomProgram> check, RandomProgramKind? kind = null)
    {
        var sizes = Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(5, 50), (seed, length) => (Seed: seed, Length: length));
        static IEnumerable<(int Seed, int Length)> Shorter((int Seed, int Length) s) => s.Length > 1 ? [(s.Seed, s.Length / 2), (s.Seed, s.Length - 1)] : [];
        Prop.ForAll(Arb.From(sizes, Shorter), s =>
        {
            var program = RandomPrograms.Generate(s.Seed, s.Length, kind);
            try
            {
                check(program);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {s.Seed}, length {s.Length}: {error.Message}\n{program}", error);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20_24, 4_243));
    }

    private static Tensor[] Moved(RandomProgram program, Tensor[] along, int sign) =>
        [.. program.Inputs.Zip(along, (x, d) => !x.ElementType.IsDifferentiable() ? x : sign > 0 ? x + d : x - d)];

    /// <summary>One number of all real outputs, with weights that single out no element.</summary>
    private static Tensor Loss(RandomProgram program, Tensor[] inputs)
    {
        var real = program.Inputs.First(x => x.ElementType.IsDifferentiable()).ElementType;
        var sum = Tensor.Zeros([], real);
        foreach (var output in program.Function(inputs))
            if (output.ElementType == real) sum += (output * Tensor.Cos(Tensor.Arange(output.Count, real)).ReshapeTo(output.Shape)).Sum();
        return sum;
    }

    private static double Along(TreeList<Tensor> gradient, Tensor[] directions) =>
        gradient.Zip(directions, (g, d) => g.ElementType.IsDifferentiable() ? (g * d).Sum().Item() : 0).Sum();

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)), $"{what}: {actual:R} should be {expected:R}");
}
