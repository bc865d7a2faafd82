using System.Text;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Tests.Formats;

namespace Paramorph.Tests;

/// <summary>Models that a fit made, exported with what stands between data and model, and asked by ONNX Runtime for raw inputs that they have not seen.</summary>
public class FittedModelTests
{
    private static readonly string[] Colours = ["red", "green", "blue"];

    public static TheoryData<string, string> Methods
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var method in Method.All)
                foreach (var kind in method.Kinds) pairs.Add(method.Name, kind);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_model_of_every_method_answers_in_the_runtime_as_here(string name, string kind)
    {
        var (method, (problem, raw)) = (Method.All.Single(method => method.Name == name), Example(kind));
        var choice = Configuration.Default(method.Hyperparameters);
        // Each plane is a part of the program for itself, of which thirty are compiled for long and tell no more than ten.
        if (name == "manifoldron") choice = choice.With("planes", 10);
        var layer = method.Fit(problem, new(choice, Key.Of(1)) { Share = 0.02 });
        Check(new(kind, problem.Preparation, problem.Signature, [new(method, choice, 1, 1)], layer, new(0.9)), raw);
    }

    [Theory]
    [InlineData(ElementType.Float64)]
    [InlineData(ElementType.Float32)]
    public void A_mixture_of_methods_is_one_file_with_intervals(ElementType type)
    {
        var (problem, raw) = Example("table-regression", hasTimes: false);
        Method[] methods = [.. Method.All.Where(method => method.Name is "mlp" or "ridge")];
        var model = Fit.Run(problem, new() { Methods = methods, Budget = Budget.Parse("20000steps"), Threads = 1, Fixed = new Dictionary<string, string> { ["epochs"] = "20" } }).Model;
        Assert.True(model.Parts.Sum(part => part.Members) > 1);
        using var scratch = new Scratch();
        var summary = model.ExportOnnx(scratch["model.onnx"], type);
        Assert.Equal($"inputs: {type.ShortName()}[?, 3]", summary.Inputs.Single().ToString());
        Assert.Equal(["answers", "low", "high"], summary.Outputs.Select(output => output.Name));
        // What f32 tells of an input is all that the model sees then.
        var seen = raw.AsType(type).Evaluate();
        var answers = model.Predict(seen.AsType(ElementType.Float64).Evaluate());
        var (low, high) = model.Intervals(answers)!.Value;
        var given = Runtime.Run(scratch["model.onnx"], seen);
        foreach (var (expected, actual) in new[] { answers, low, high }.Zip(given)) Expect.Close(expected.AsType(type), actual, 1e-5);
    }

    [Fact]
    public void A_fixed_number_of_examples_is_written_when_it_is_told()
    {
        using var scratch = new Scratch();
        var (problem, raw) = Example("table-classification");
        var model = new Model(problem.Kind, problem.Preparation, problem.Signature, [], Mlp.Create(Key.Of(1), [problem.Signature.Input[0], 4, 3], Activation.Tanh), new(0.9) { Temperature = 2 });
        var summary = model.ExportOnnx(scratch["model.onnx"], examples: 4);
        Assert.Equal([4, 4], summary.Inputs[0].Shape!);
        Expect.Close(model.Predict(raw[..4]), Runtime.Run(scratch["model.onnx"], raw[..4])[0], 1e-5);
    }

    [Fact]
    public void The_file_tells_what_its_numbers_are()
    {
        using var scratch = new Scratch();
        var (problem, _) = Example("table-classification");
        var model = new Model(problem.Kind, problem.Preparation, problem.Signature, [], Mlp.Create(Key.Of(1), [problem.Signature.Input[0], 3], Activation.Tanh), new(0.9));
        model.ExportOnnx(scratch["model.onnx"]);
        var stored = Paramorph.Formats.OnnxSchema.ModelProto.Parser.ParseFrom(File.ReadAllBytes(scratch["model.onnx"])).MetadataProps.ToDictionary(pair => pair.Key, pair => pair.Value);
        var lines = stored["inputs"].Split('\n');
        Assert.Equal("a: a number, NaN where it is missing", lines[0]);
        Assert.Matches("^colour: 0 for (red|green|blue), 1 for .*, 2 for .*, -1 for any other, NaN where it is missing$", lines[2]);
        Assert.Equal("when: seconds since 1970-01-01 00:00:00 UTC, NaN where it is missing", lines[3]);
        Assert.StartsWith("probability of ", stored["answers"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_exported_is_refused_in_one_sentence_and_leaves_no_file()
    {
        using var scratch = new Scratch();
        var (problem, _) = Example("table-regression");
        Model Of(ILayer layer) => new(problem.Kind, problem.Preparation, problem.Signature, [], layer, new(0.9));
        string Refusal(Action action) => Assert.Throws<ProblemException>(action).Message;
        var linear = Linear.Create(Key.Of(1), problem.Signature.Input[0], 1);
        Assert.Equal(
            "the column when holds times, in seconds since 1970, which f32 tells apart by two minutes only: export the model with inputs of f64.",
            Refusal(() => Of(linear).ExportOnnx(scratch["model.onnx"], ElementType.Float32)));
        Assert.Contains("the primitive lgamma has no translation", Refusal(() => Of(new Sequential([linear, new Layers.Elementwise(Tensor.Lgamma)])).ExportOnnx(scratch["model.onnx"])), StringComparison.Ordinal);
        Assert.Contains("the size of the batch cannot be left open", Refusal(() => Of(new Sequential([linear, new Layers.Elementwise(x => x - x.Mean(0))])).ExportOnnx(scratch["model.onnx"])), StringComparison.Ordinal);
        Assert.False(File.Exists(scratch["model.onnx"]));
    }

    private static void Check(Model model, Tensor raw)
    {
        using var scratch = new Scratch();
        model.ExportOnnx(scratch["model.onnx"]);
        foreach (var count in (int[])[raw.Shape[0], 1, 2])
        {
            var part = raw[..count].Evaluate();
            Expect.Close(model.Predict(part), Runtime.Run(scratch["model.onnx"], part)[0], 1e-5, $"{count} examples");
        }
    }

    /// <summary>A small problem of a kind, and raw inputs that are none of its training examples.</summary>
    private static (Problem Problem, Tensor Raw) Example(string kind, bool hasTimes = true)
    {
        DataContent content = kind switch
        {
            "table-regression" => Table(hasTimes, (a, b, colour) => FormattableString.Invariant($"{Math.Sin(3 * a) + 0.01 * b * colour}")),
            "table-classification" => Table(hasTimes, (a, b, colour) => Colours[a * 100 > b ? colour : 2]),
            "image-classification" => Images(),
            "forecasting" => Series(),
            "operator-learning" => Fields(),
            "field-fit" => new DataContent.OfImage("grey.png", Tensor.Round(127 + 100 * Tensor.Sin(Tensor.Iota([24, 24], 0, ElementType.Float32) * 0.3 + Tensor.Iota([24, 24], 1, ElementType.Float32) * 0.2)).AsType(ElementType.UInt8).ExpandDims(2).Evaluate()),
            "differential-equation" => new DataContent.OfName("helmholtz"),
            _ => throw new NotSupportedException($"this test has no example of the kind {kind}."),
        };
        var settings = kind == "forecasting" ? new Dictionary<string, string> { ["horizon"] = "6", ["lookback"] = "24" } : [];
        var problem = ProblemKind.Named(kind).Read(content, new() { Settings = settings, Targets = kind.StartsWith("table", StringComparison.Ordinal) ? ["y"] : [] });
        return (problem, Raw(problem, kind));
    }

    private static Tensor Raw(Problem problem, string kind)
    {
        Shape shape = [7, .. problem.Preparation.RawInput];
        var noise = Sample.Uniform(Key.Of(9), shape, type: ElementType.Float64);
        if (!kind.StartsWith("table", StringComparison.Ordinal)) return (kind == "image-classification" ? Tensor.Round(noise * 255) : noise).Evaluate();
        // Categories with one that is not known, a missing number, and times to the second.
        var raw = noise.ToDoubles();
        for (var (row, width) = (0, shape[1]); row < shape[0]; row++)
        {
            raw[row * width + 1] *= 100;
            raw[row * width + 2] = row % 4 - 1;
            if (width > 3) raw[row * width + 3] = 1.7e9 + 86_400 * 7 * raw[row * width + 3];
        }
        raw[0] = double.NaN;
        return Tensor.From(raw, shape);
    }

    private static DataContent.OfTable Table(bool hasTimes, Func<double, double, int, string> target)
    {
        var (random, text, start) = (new Random(3), new StringBuilder(hasTimes ? "a,b,colour,when,y\n" : "a,b,colour,y\n"), DateTime.UnixEpoch.AddSeconds(1.7e9));
        for (var row = 0; row < 120; row++)
        {
            var (a, b, colour) = (random.NextDouble(), 100 * random.NextDouble(), random.Next(3));
            text.Append(FormattableString.Invariant($"{(row % 10 == 3 ? "" : a)},{b},{Colours[colour]},"));
            if (hasTimes) text.Append(FormattableString.Invariant($"{start.AddHours(2 * row):yyyy-MM-dd HH:mm:ss},"));
            text.Append(target(a, b, colour)).Append('\n');
        }
        return new("table.csv", DelimitedText.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    private static DataContent.OfArrays Images()
    {
        var (random, images, labels) = (new Random(5), new byte[80 * 64], new int[80]);
        for (var i = 0; i < 80; i++)
        {
            labels[i] = i % 2;
            for (var p = 0; p < 64; p++) images[64 * i + p] = (byte)((i % 2 == 0 ? p / 8 : p % 8) * 20 + random.Next(50));
        }
        return new("bars.npz", new Dictionary<string, Tensor> { ["images"] = Tensor.From(images, [80, 8, 8]), ["labels"] = Tensor.From(labels) });
    }

    private static DataContent.OfTable Series() => new("load.csv", DelimitedText.Read(new MemoryStream(Encoding.UTF8.GetBytes("load,wind\n" + string.Concat(
        Enumerable.Range(0, 400).Select(t => FormattableString.Invariant($"{50 + 10 * Math.Sin(t * Math.PI / 12) + t % 5},{Math.Cos(t * 0.7)}\n")))))));

    private static DataContent.OfArrays Fields()
    {
        var x = Sample.Uniform(Key.Of(3), [40, 16], type: ElementType.Float64).Evaluate();
        return new("fields.npz", new Dictionary<string, Tensor> { ["x"] = x, ["y"] = (x * x + 0.1).Evaluate() });
    }
}
