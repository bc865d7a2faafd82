using Paramorph.Fitting;
using Paramorph.Methods;
using Paramorph.Operators;
using Paramorph.Problems;

namespace Paramorph.Tests.Problems;

public sealed class OperatorLearningTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("paramorph-operator-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static DataContent Arrays(params (string Name, Tensor Array)[] arrays) =>
        new DataContent.OfArrays("fields.npz", arrays.ToDictionary(pair => pair.Name, pair => pair.Array.Evaluate()));

    private static OperatorLearning Read(DataContent content, params (string Name, string Value)[] settings) =>
        OperatorLearning.Read(content, new() { Settings = settings.ToDictionary(pair => pair.Name, pair => pair.Value) });

    /// <summary>Smooth fields on a circle of 16 places, and what diffusion makes of them: each wave shrinks by its own factor.</summary>
    private static DataContent Diffusion(int count)
    {
        var random = new Random(4);
        var (x, y) = (new double[count * 16], new double[count * 16]);
        for (var i = 0; i < count; i++)
        {
            for (var k = 1; k <= 4; k++)
            {
                var (height, phase) = ((random.NextDouble() - 0.5) / k, 2 * Math.PI * random.NextDouble());
                for (var p = 0; p < 16; p++)
                {
                    x[i * 16 + p] += height * Math.Sin(2 * Math.PI * k * p / 16 + phase);
                    y[i * 16 + p] += height * Math.Exp(-0.1 * k * k) * Math.Sin(2 * Math.PI * k * p / 16 + phase);
                }
            }
        }
        return Arrays(("x", Tensor.From(x, [count, 16])), ("y", Tensor.From(y, [count, 16])));
    }

    /// <summary>Random rough fields on a square, and the square of their values.</summary>
    private static DataContent Squares(int count)
    {
        var x = Sample.Uniform(Key.Of(3), [count, 8, 8], type: ElementType.Float64).Evaluate();
        return Arrays(("a", x), ("u", x * x + 0.1));
    }

    [Theory]
    [InlineData(new[] { 20, 16 }, new[] { 20, 16 }, new[] { 1, 16 }, new[] { 1, 16 })]
    [InlineData(new[] { 20, 16 }, new[] { 20, 17, 16 }, new[] { 1, 16 }, new[] { 17, 16 })]
    [InlineData(new[] { 20, 12, 16 }, new[] { 20, 12, 16 }, new[] { 1, 12, 16 }, new[] { 1, 12, 16 })]
    [InlineData(new[] { 20, 3, 12, 16 }, new[] { 20, 12, 16 }, new[] { 3, 12, 16 }, new[] { 1, 12, 16 })]
    [InlineData(new[] { 20, 12, 16, 3 }, new[] { 20, 12, 16 }, new[] { 3, 12, 16 }, new[] { 1, 12, 16 })]
    [InlineData(new[] { 20, 2, 12, 16 }, new[] { 20, 2, 12, 16 }, new[] { 2, 12, 16 }, new[] { 2, 12, 16 })]
    [InlineData(new[] { 20, 6, 5, 7 }, new[] { 20, 6, 5, 7 }, new[] { 1, 6, 5, 7 }, new[] { 1, 6, 5, 7 })]
    public void The_grid_and_the_channels_are_understood(int[] x, int[] y, int[] input, int[] output)
    {
        var problem = Read(Arrays(("x", Sample.Normal(Key.Of(1), [.. x])), ("y", Sample.Normal(Key.Of(2), [.. y]))));
        Assert.Equal(input, problem.Signature.Input);
        Assert.Equal(output, problem.Signature.Output);
        var rows = problem.Split.Test;
        Assert.Equal(0, problem.Judge(problem.At(rows).Targets, rows)["relative L2"], 1e-5);
        Numbers.Close(problem.Truth(rows).ToDoubles(), problem.Preparation.Decode(problem.At(rows).Targets).ToDoubles(), 1e-5);
    }

    [Fact]
    public void Training_lowers_the_error_of_slopes_when_it_is_told_to()
    {
        var (values, slopes) = (Read(Diffusion(60)), Read(Diffusion(60), ("loss", "h1")));
        var (rows, key) = (values.Split.Test, Key.Of(6));
        var outputs = (values.At(rows).Targets + 0.1 * Sample.Normal(key, [rows.Count, 1, 16])).Evaluate();
        var judged = values.Judge(outputs, rows);
        Assert.Equal(judged["relative L2"], values.Loss(outputs, values.At(rows).Targets).Item(), 1e-5);
        Assert.Equal(judged["relative H1"], slopes.Loss(outputs, slopes.At(rows).Targets).Item(), 1e-4);
        // Noise is rougher than what diffusion leaves.
        Assert.True(judged["relative H1"] > 2 * judged["relative L2"], $"{judged["relative H1"]}");
        Assert.Contains("loss is l2 or h1, not \"h2\"", Assert.Throws<ProblemException>(() => Read(Diffusion(60), ("loss", "h2"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_that_wraps_around_is_told_from_one_that_ends()
    {
        Assert.True(Read(Diffusion(60)).Signature.IsPeriodic);
        Assert.False(Read(Diffusion(60), ("periodic", "false")).Signature.IsPeriodic);
        // Held at zero at both ends: neither a jump nor a step crosses the edge, but a bend.
        var places = Tensor.Linspace(0, Math.PI, 16);
        var held = Sample.Normal(Key.Of(1), [40, 1]) * Tensor.Sin(places) + Sample.Normal(Key.Of(2), [40, 1]) * Tensor.Sin(2.0 * places);
        Assert.False(Read(Arrays(("x", held), ("y", held))).Signature.IsPeriodic);
        var ramps = Sample.Normal(Key.Of(1), [40, 1]) * places + Sample.Normal(Key.Of(2), [40, 1]);
        Assert.False(Read(Arrays(("x", ramps), ("y", ramps))).Signature.IsPeriodic);
    }

    [Fact]
    public void A_file_that_says_what_judges_is_obeyed()
    {
        var x = Sample.Normal(Key.Of(1), [50, 8]);
        var problem = Read(Arrays(("train_x", x[..40]), ("train_y", x[..40]), ("test_x", x[40..]), ("test_y", x[40..])));
        Assert.Equal(Enumerable.Range(40, 10), problem.Split.Test.ToArray<int>());
        Assert.Equal((36, 4), (problem.Split.Train.Count, problem.Split.Validation.Count));
    }

    [Fact]
    public void A_field_to_answer_for_with_a_gap_is_refused()
    {
        double[] values = [.. Enumerable.Range(0, 20 * 8).Select(i => Math.Sin(i))];
        var fields = Tensor.From(values, [20, 8]);
        var preparation = OperatorLearning.Read(new DataContent.OfArrays("sines.npz", new Dictionary<string, Tensor> { ["x"] = fields, ["y"] = 2 * fields }), new()).Preparation;
        values[17] = double.NaN;
        var content = new DataContent.OfArrays("gap.npz", new Dictionary<string, Tensor> { ["x"] = Tensor.From(values, [20, 8]) });
        Assert.Contains("x of gap.npz has a number that is not finite in field 3", Assert.Throws<ProblemException>(() => preparation.ReadInputs(content, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_that_are_one_field_are_refused()
    {
        var inputs = Tensor.From<double>([.. Enumerable.Range(0, 20 * 8).Select(i => Math.Sin(i))], [20, 8]);
        var outputs = Tensor.From<double>([.. Enumerable.Range(0, 20 * 8).Select(i => Math.Cos(i % 8))], [20, 8]);
        var content = new DataContent.OfArrays("one.npz", new Dictionary<string, Tensor> { ["x"] = inputs, ["y"] = outputs });
        Assert.Contains("every pair has the same output y", Assert.Throws<ProblemException>(() => OperatorLearning.Read(content, new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        string Refusal(Tensor x, Tensor y) => Assert.Throws<ProblemException>(() => Read(Arrays(("x", x), ("y", y)))).Message;
        Assert.Contains("share no grid", Refusal(Tensor.Ones([20, 16]), Tensor.Ones([20, 15])), StringComparison.Ordinal);
        Assert.Contains("one field for each pair", Refusal(Tensor.Ones([20, 16]), Tensor.Ones([19, 16])), StringComparison.Ordinal);
        Assert.Contains("real numbers", Refusal(Tensor.Ones([20, 16], ElementType.Complex64), Tensor.Ones([20, 16])), StringComparison.Ordinal);
        Assert.Contains("not finite in field 1", Refusal(Tensor.Full([20, 16], double.NaN), Tensor.Ones([20, 16])), StringComparison.Ordinal);
        Assert.Contains("at least 12", Refusal(Tensor.Ones([5, 16]), Tensor.Ones([5, 16])), StringComparison.Ordinal);
        Assert.Contains("name the pair", Assert.Throws<ProblemException>(() => Read(Arrays(("p", Tensor.Ones([20, 16]))))).Message, StringComparison.Ordinal);
        var preparation = Read(Diffusion(60)).Preparation;
        Assert.Contains("takes [n, 16]", Assert.Throws<ProblemException>(() => preparation.ReadInputs(Arrays(("x", Tensor.Ones([3, 15]))), [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linear-operator", 0.01)]
    [InlineData("kernel-operator", 0.05)]
    [InlineData("fno", 0.1)]
    [InlineData("mgno", 0.15)]
    [InlineData("unet", 0.3)]
    public void Diffusion_is_learned_and_the_model_is_kept(string name, double error) => LearnsAndKeeps(Diffusion(120), name, error);

    [Theory]
    [InlineData("fno", 0.15)]
    [InlineData("kernel-operator", 0.6)]
    public void A_square_with_edges_is_learned_and_the_model_is_kept(string name, double error) => LearnsAndKeeps(Squares(120), name, error);

    [Fact]
    public void A_kernel_on_mirror_images_is_one_on_all_of_them_written_out()
    {
        var x = Sample.Normal(Key.Of(1), [30, 6, 6], ElementType.Float64).Evaluate();
        var y = x.Mean(1).ExpandDims(1) * x;
        var all = Enumerable.Range(0, 4).Select(mirror => ((int[])[1, 2]).Where((_, bit) => (mirror >> bit & 1) == 1).ToArray())
            .Select(axes => (X: axes.Length == 0 ? x : x.Flip(axes), Y: axes.Length == 0 ? y : y.Flip(axes))).ToArray();
        Tensor Joined(Func<(Tensor X, Tensor Y), Tensor> of) => Tensor.Concatenate([.. all.Select(of)]);
        var problem = Read(Arrays(("train_x", Joined(image => image.X)), ("train_y", Joined(image => image.Y)), ("test_x", x), ("test_y", y)), ("periodic", "true"));
        Tensor Predict(int examples, string mirrored, double ridge)
        {
            var rows = Tensor.From(Enumerable.Range(0, examples).ToArray());
            var method = KernelOperator.Method;
            var choice = Configuration.Default(method.Hyperparameters).With("ridge", ridge).With("mirrored", mirrored == "yes" ? 1 : 0);
            return method.Fit(problem.With(new(rows, rows, rows)), new(choice, Key.Of(1))).Call(problem.At(Tensor.From(3, 47)).Inputs).Evaluate();
        }
        // Written out each pair weighs four times in the sum of squares, so the penalty is four times as large.
        Expect.Close(Predict(120, "no", 0.04), Predict(30, "yes", 0.01), 1e-4);
    }

    [Fact]
    public void A_field_that_is_zero_everywhere_is_refused_by_its_number()
    {
        var x = Sample.Normal(Key.Of(1), [50, 8]).Evaluate();
        var y = Tensor.Where(Tensor.Equal(Tensor.Arange(50).ExpandDims(1), 7), 0f, x).Evaluate();
        Assert.Contains("the output of pair 8 of ", Assert.Throws<ProblemException>(() => Read(Arrays(("x", x), ("y", y)))).Message, StringComparison.Ordinal);
    }

    private void LearnsAndKeeps(DataContent content, string name, double error)
    {
        var (problem, method, folder) = (Read(content), Method.All.First(method => method.Name == name), Path.Combine(root, "model"));
        var small = new Dictionary<string, string> { ["width"] = "8", ["blocks"] = "2", ["layers"] = "2", ["depth"] = "1", ["modes"] = "5", ["epochs"] = "60", ["batch"] = "10", ["ridge"] = "1e-6" };
        var result = Fit.Run(problem, new()
        {
            Methods = [method],
            Budget = Budget.Parse("6000steps"),
            Fixed = method.Hyperparameters.ToDictionary(parameter => parameter.Name, parameter => small.GetValueOrDefault(parameter.Name, parameter.Text(parameter.Default))),
            Threads = 2,
            Out = folder,
        });
        Assert.InRange(result.Metrics.Test["relative L2"], 0, error);
        var raw = problem.Preparation.ReadInputs(content, []);
        Assert.Equal(result.Model.Predict(raw).ToDoubles(), Model.Load(folder).Predict(raw).ToDoubles());
    }
}
