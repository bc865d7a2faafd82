using Paramorph.Data;
using Paramorph.Fields;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Methods;
using Paramorph.Parameters;
using Paramorph.Problems;

namespace Paramorph.Tests.Problems;

public sealed class FieldFitTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("paramorph-fields-").FullName;

    public static TheoryData<string> Trained => [.. Method.All.OfType<FieldMethod>().Select(method => method.Name)];

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_picture_is_judged_at_all_its_pixels()
    {
        var problem = FieldFit.Read(Picture(30, 40), new());
        Assert.Equal(1200, problem.Count);
        Assert.Equal(360, problem.Parameters);
        var rows = problem.Split.Test;
        // An error of 0.1 everywhere is 20 dB.
        var values = problem.Truth(rows).ToDoubles().Select(value => Math.Clamp(value, 0.2, 0.8)).ToArray();
        var shifted = ((FieldPreparation)problem.Preparation).EncodeValues(Tensor.From([.. values.Select(value => value + 0.1)], [1200, 3])).Evaluate();
        var expected = -10 * Math.Log10(values.Zip(problem.Truth(rows).ToDoubles(), (value, truth) => Math.Pow(value + 0.1 - truth, 2)).Average());
        Assert.Equal(expected, problem.Judge(shifted, rows)["PSNR"], 1e-4);
        Assert.True(problem.Judge(problem.At(rows).Targets, rows)["PSNR"] > 120);
    }

    [Fact]
    public void The_bicubic_answer_reproduces_what_a_small_picture_enlarged_is()
    {
        // A picture that is constant, and one that is linear away from its edges, are enlargements of small ones.
        var flat = Enumerable.Repeat(0.3f, 20 * 30).ToArray();
        var (enlarged, height, width) = BicubicAnswer.Of(flat, 20, 30, 60);
        Assert.True(height * width <= 60 && height * width > 45);
        Assert.All(enlarged, value => Assert.Equal(0.3, value, 1e-5));
        // No other small picture does better: its error is orthogonal to what can be had by changing one.
        var random = new Random(2);
        var noise = Enumerable.Range(0, 600).Select(_ => random.NextSingle()).ToArray();
        var once = BicubicAnswer.Of(noise, 20, 30, 60).Enlarged;
        var twice = BicubicAnswer.Of(once, 20, 30, 60).Enlarged;
        Assert.All(once.Zip(twice), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(0, once.Zip(noise, (found, value) => found * (double)(value - found)).Sum(), 1e-3);
    }

    [Theory]
    [InlineData(48, 48)]
    [InlineData(41, 59)]
    public void All_local_cosines_together_are_the_picture(int height, int width)
    {
        var whole = FieldFit.Read(Picture(height, width), Parameters(20 * height * width));
        Assert.True(whole.Test(LocalCosines.Method.Fit(whole, Usual(LocalCosines.Method)))["PSNR"] > 90);
    }

    [Fact]
    public void The_error_of_local_cosines_is_what_was_left_out()
    {
        // Sides are whole blocks, so the functions are orthonormal on the pixels.
        var all = FieldFit.Read(Picture(48, 48), Parameters(20 * 48 * 48));
        var few = FieldFit.Read(Picture(48, 48), Parameters(700));
        var (whole, part) = (Fitted(all), Fitted(few));
        double Energy(LocalCosines field) => field.Amplitudes.ToDoubles().Sum(a => a * a);
        var rows = few.Split.Test;
        var error = few.Outputs(part, rows).ToDoubles().Zip(few.At(rows).Targets.ToDoubles(), (found, value) => (found - value) * (found - value)).Sum();
        Assert.Equal(1, (Energy(whole) - Energy(part)) / error, 1e-3);
        Assert.True(ParameterCount.Of(part) + part.Gaps.Count / 4.0 <= 700);
        Assert.True(ParameterCount.Of(part) + part.Gaps.Count / 4.0 > 680);
    }

    [Fact]
    public void Local_cosines_beat_interpolation_of_as_many_numbers_by_two_decibels()
    {
        var problem = FieldFit.Read(Grey(new TexturedImage(Key.Of(3)).Render(128, 128)), new());
        var found = problem.Test(Fitted(problem))["PSNR"];
        var bicubic = problem.SimpleAnswers().Single(answer => answer.Name.StartsWith("bicubic", StringComparison.Ordinal)).Test["PSNR"];
        Assert.True(found > bicubic + 2, $"{found} {bicubic}");
    }

    [Fact]
    public void A_saved_picture_is_drawn_again_and_at_another_size()
    {
        var problem = FieldFit.Read(Picture(32, 48), Parameters(600));
        var folder = Path.Combine(root, "model");
        var result = Fit.Run(problem, new() { Methods = [LocalCosines.Method], Threads = 2, Out = folder });
        var loaded = Model.Load(folder);
        var picture = (IPicturePreparation)loaded.Preparation;
        var answers = loaded.Predict(picture.PictureInputs());
        Assert.Equal(result.Model.Predict(picture.PictureInputs()).ToDoubles(), answers.ToDoubles());
        var drawn = picture.Picture(answers);
        Assert.Equal(new TensorType(ElementType.UInt8, [32, 48, 3]), drawn.Type);
        var error = drawn.ToDoubles().Zip(problem.Truth(problem.Split.Test).ToDoubles(), (pixel, value) => pixel / 255 - value).Average(e => e * e);
        Assert.Equal(result.Metrics.Test["PSNR"], -10 * Math.Log10(error), 0.1);
        Assert.Equal([64, 96, 3], picture.Picture(loaded.Predict(picture.PictureInputs((64, 96)))).Shape);
        // Stretched: rows and columns are those of the size that is said, where the ratio of the picture itself would give others.
        var turned = loaded.Predict(picture.PictureInputs((48, 32)));
        Assert.Equal(new TensorType(ElementType.UInt8, [48, 32, 3]), picture.Picture(turned, (48, 32)).Type);
        Assert.Equal([32, 48, 3], picture.Picture(turned).Shape);
        foreach (var size in ((int, int)[])[(40_000, 40_000), (999_999, 999_999), (0, 48), (int.MaxValue, 2)])
            Assert.Contains("cannot be drawn at once: give sides of 1 and more", Assert.Throws<ProblemException>(() => picture.PictureInputs(size)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void A_trained_field_has_the_size_that_was_asked_for_and_comes_close_to_a_smooth_signal(string name)
    {
        var method = (FieldMethod)Method.All.Single(method => method.Name == name);
        var problem = FieldFit.Read(Tables.Of(Waves(3000)), Parameters(2500) with { Key = Key.Of(5) });
        var model = method.Fit(problem, Usual(method) with { Share = 0.2 });
        var count = ParameterCount.Of(model);
        Assert.InRange(count, 1500, 2500);
        var measures = problem.Test(model);
        Assert.True(measures["relative L2"] < 0.1, $"{measures["relative L2"]}");
        var stored = Tree.Names(model).Zip(Tree.Leaves(model)).ToDictionary(pair => pair.First, pair => pair.Second.Type);
        Assert.Equal(Tree.Leaves(model).Select(leaf => leaf.Type), Tree.Leaves(method.Structure(problem.Signature, Configuration.Default(method.Hyperparameters), stored)).Select(leaf => leaf.Type));
    }

    [Fact]
    public void A_picture_of_one_colour_is_refused_and_an_opaque_one_is_not()
    {
        byte[] Pixels(Func<int, byte> red) => [.. Enumerable.Range(0, 64).SelectMany(i => new byte[] { red(i), 20, 255 })];
        Assert.Contains("every point has the targets red ", Assert.Throws<ProblemException>(() => Read(_ => 10)).Message, StringComparison.Ordinal);
        Assert.Equal(3, Read(i => (byte)i).Signature.Outputs);
        FieldFit Read(Func<int, byte> red) => FieldFit.Read(new DataContent.OfImage("flat.png", Tensor.From(Pixels(red), [8, 8, 3])), new());
    }

    [Fact]
    public void Samples_without_a_value_are_told_and_places_are_found_beside_it()
    {
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i == 7 ? "" : $"{i * i % 13}")},{i},{i % 7}\n"));
        var problem = FieldFit.Read(Tables.Of(rows), new() { Targets = ["0"] });
        Assert.Contains(problem.Understood, note => note.StartsWith("1 of 60 rows has no finite target", StringComparison.Ordinal));
        Assert.Equal([3, 4], problem.Preparation.ReadInputs(Tables.Of("9,3,4\n8,5,6\n"), []).ToDoubles()[..2]);
        Assert.Equal([3, 4], problem.Preparation.ReadInputs(Tables.Of("3,4\n5,6\n"), []).ToDoubles()[..2]);
        Assert.Contains("holds text", Assert.Throws<ProblemException>(() => problem.Preparation.ReadInputs(Tables.Of("3,4\n5,some\n7,8\n"), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signed_distances_and_arrays_are_understood_and_a_constant_coordinate_is_refused()
    {
        Assert.Equal("field-fit", ProblemKind.Of(Tables.Of("x,y,z,d\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 3},{i % 5},{i}\n"))), new()).Name);
        var points = Sample.Uniform(Key.Of(1), [40, 2]).Evaluate();
        var arrays = new DataContent.OfArrays("a.npz", new Dictionary<string, Tensor> { ["coords"] = points, ["values"] = points[.., 0].Evaluate() });
        Assert.Equal("field-fit", ProblemKind.Of(arrays, new()).Name);
        Assert.Equal((32, 4, 4), FieldFit.Read(arrays, new()).Split is var split ? (split.Train.Count, split.Validation.Count, split.Test.Count) : default);
        var grid = new DataContent.OfArrays("g.npy", new Dictionary<string, Tensor> { ["array"] = Sample.Uniform(Key.Of(1), [4, 5, 6]).Evaluate() });
        Assert.Equal([4, 5, 6], FieldFit.Read(grid, new()).Grid);
        var flat = Tables.Of("x,y,d\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},1,{i}\n")));
        Assert.Contains("the coordinate y is the same everywhere", Assert.Throws<ProblemException>(() => FieldFit.Read(flat, new())).Message, StringComparison.Ordinal);
    }

    private static ProblemOptions Parameters(int count) => new() { Settings = new Dictionary<string, string> { ["parameters"] = $"{count}" } };

    private static FitRun Usual(Method method) => new(Configuration.Default(method.Hyperparameters), Key.Of(1));

    private static LocalCosines Fitted(FieldFit problem) => (LocalCosines)LocalCosines.Method.Fit(problem, Usual(LocalCosines.Method));

    private static string Waves(int count)
    {
        var random = new Random(3);
        return "x,y,d\n" + string.Concat(Enumerable.Range(0, count).Select(_ => (X: random.NextDouble(), Y: 10 * random.NextDouble()))
            .Select(p => FormattableString.Invariant($"{p.X},{p.Y},{3 + Math.Sin(6 * p.X) * Math.Cos(0.5 * p.Y)}\n")));
    }

    private static DataContent Picture(int height, int width)
    {
        var planes = Enumerable.Range(0, 3).Select(channel => new TexturedImage(Key.Of(channel / 2)).Render(height, width));
        return new DataContent.OfImage("picture.png", (255.0 * Tensor.Stack([.. planes], 2)).AsType(ElementType.UInt8).Evaluate());
    }

    private static DataContent Grey(Tensor image) => new DataContent.OfImage("picture.png", (255.0 * image).AsType(ElementType.UInt8).Evaluate());
}
