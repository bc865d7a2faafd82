using Paramorph.Data;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Tests.Problems;

public sealed class ImageClassificationTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("paramorph-images-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Rows_of_pixels_are_taken_for_images_and_a_person_can_say_otherwise()
    {
        var content = Tables.Of(Bars(200, 8));
        Assert.Equal("image-classification", ProblemKind.Of(content, new()).Name);
        var problem = ImageClassification.Read(content, new());
        Assert.Equal([1, 8, 8], problem.Signature.Input);
        Assert.Equal([2], problem.Signature.Output);
        Assert.Contains(problem.Understood, note => note.Contains("images of 8 x 8 pixels", StringComparison.Ordinal) && note.Contains("--problem table-classification", StringComparison.Ordinal));
        Assert.Equal(0, problem.Train.Inputs.ToDoubles().Average(), 1e-4);
        Assert.Equal([1, 4, 16], ImageClassification.Read(content, new() { Settings = new Dictionary<string, string> { ["size"] = "16x4" } }).Signature.Input);
    }

    [Fact]
    public void Columns_whose_neighbours_are_strangers_or_whose_ranges_differ_stay_a_table()
    {
        var random = new Random(1);
        string Rows(Func<int, double> value) => string.Concat(Enumerable.Range(0, 120).Select(row => string.Join(',', Enumerable.Range(0, 64).Select(column => FormattableString.Invariant($"{value(column):F3}"))) + $",{row % 3}\n"));
        Assert.Equal("table-classification", ProblemKind.Of(Tables.Of(Rows(_ => random.NextDouble())), new()).Name);
        Assert.Equal("table-classification", ProblemKind.Of(Tables.Of(Rows(column => Math.Pow(1.3, column) * random.NextDouble())), new()).Name);
    }

    [Fact]
    public void Files_of_images_find_their_labels()
    {
        var (images, labels) = Arrays(60, 8);
        string File(string name) => Path.Combine(root, name);
        Idx.Write(File("some-images-idx3-ubyte.gz"), images);
        Idx.Write(File("some-labels-idx1-ubyte.gz"), labels);
        var content = DataContent.Read(File("some-images-idx3-ubyte.gz"));
        Assert.Equal("image-classification", ProblemKind.Of(content, new()).Name);
        var problem = ImageClassification.Read(content, new());
        Assert.Equal(labels.ToDoubles(), problem.At(Tensor.Arange(60).Evaluate()).Targets.ToDoubles());
        Npz.Write(File("both.npz"), [new("x_train", images), new("y_train", labels), new("x_test", images[..10].Evaluate()), new("y_test", labels[..10].Evaluate())]);
        var predefined = ImageClassification.Read(DataContent.Read(File("both.npz")), new());
        Assert.Equal(Enumerable.Range(60, 10), predefined.Split.Test.ToArray<int>());
        Assert.Equal(54, predefined.Split.Train.Count);
        Idx.Write(File("alone"), images);
        Assert.Contains("--set labels=FILE", Assert.Throws<ProblemException>(() => ImageClassification.Read(DataContent.Read(File("alone")), new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_Cifar_are_images_of_three_channels()
    {
        var random = new Random(4);
        var bytes = new byte[20 * 3073];
        random.NextBytes(bytes);
        for (var i = 0; i < 20; i++) bytes[3073 * i] = (byte)(i % 2);
        var path = Path.Combine(root, "data_batch_1.bin");
        File.WriteAllBytes(path, bytes);
        var content = DataContent.Read(path);
        Assert.Equal("image-classification", ProblemKind.Of(content, new()).Name);
        Assert.Equal([3, 32, 32], ImageClassification.Read(content, new()).Signature.Input);
    }

    [Fact]
    public void A_convolutional_network_tells_bars_apart_and_is_saved_with_all_that_prediction_needs()
    {
        var folder = Path.Combine(root, "model");
        var problem = ImageClassification.Read(Tables.Of(Bars(200, 8)), new());
        var result = Fit.Run(problem, new() { Methods = [ConvolutionalNetwork.Method], Budget = Budget.Parse("3000steps"), Threads = 2, Out = folder });
        Assert.True(result.Metrics.Test["accuracy"] >= 0.95, $"{result.Metrics.Test["accuracy"]}");
        var loaded = Model.Load(folder);
        var without = Tables.Of(string.Concat(Bars(200, 8).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(20).Select(line => line[..line.LastIndexOf(',')] + "\n")));
        var raw = loaded.Preparation.ReadInputs(without, []);
        Assert.Equal(problem.Preparation.ReadInputs(Tables.Of(Bars(200, 8)), []).ToDoubles().Take(raw.Count), raw.ToDoubles());
        Assert.Equal(result.Model.Predict(raw).ToDoubles(), loaded.Predict(raw).ToDoubles());
        Assert.Equal(20, loaded.Predict(raw).Sum().Item(), 1e-6);
    }

    [Fact]
    public void A_residual_network_has_the_derivative_that_differences_have()
    {
        var network = ResidualNetwork.Create(Key.Of(1), [1, 16, 16], 8, 1, 3);
        var (x, labels) = (Sample.Normal(Key.Of(2), [4, 1, 16, 16]).Evaluate(), Tensor.From(0, 1, 2, 1));
        Tensor Of(Sequential model) => Loss.CrossEntropy(model.Call(x), labels);
        var gradient = Gradient.Of<Sequential>(Of)(network);
        // Along its own direction the derivative is the squared length of the gradient.
        const double Step = 1e-3;
        var square = Tree.Leaves(gradient).Sum(leaf => leaf.ToDoubles().Sum(g => g * g));
        double At(double step)
        {
            var directions = new Queue<Tensor>(Tree.Leaves(gradient));
            return Of(Tree.Map(network, leaf => (leaf + step * directions.Dequeue()).Evaluate())).Item();
        }
        Assert.Equal(1, (At(Step) - At(-Step)) / (2 * Step) / square, 0.02);
    }

    [Fact]
    public void Shifted_images_are_the_image_moved_by_at_most_so_many_pixels()
    {
        var image = Tensor.From([.. Enumerable.Range(0, 25).Select(i => (float)i)], [1, 1, 5, 5]);
        var choice = new Configuration([ShiftedImages.Parameter], 1);
        var seen = new HashSet<(double, double)>();
        var batches = ShiftedImages.Of(Batches.Whole(new Examples(image, Tensor.From(0))), choice, Key.Of(1));
        for (var step = 0; step < 60; step++)
        {
            var moved = batches.At(step).Inputs.ToDoubles();
            // Inside, each pixel is that of the image moved back by the same shift.
            var (down, right) = (Math.Round((12 - moved[12]) / 5), 0.0);
            right = 12 - moved[12] - 5 * down;
            Assert.True(Math.Abs(down) <= 1 && Math.Abs(right) <= 1);
            Assert.Equal(moved[12] + 6, moved[18]);
            seen.Add((down, right));
        }
        Assert.Equal(9, seen.Count);
    }

    /// <summary>A bar that stands or lies, at a random place, on noise.</summary>
    private static string Bars(int count, int side)
    {
        var (images, labels) = Arrays(count, side);
        var (pixels, classes) = (images.ToDoubles(), labels.ToDoubles());
        return string.Concat(Enumerable.Range(0, count).Select(i => string.Join(',', pixels.Skip(i * side * side).Take(side * side)) + $",{classes[i]}\n"));
    }

    private static (Tensor Images, Tensor Labels) Arrays(int count, int side)
    {
        var random = new Random(7);
        var (pixels, labels) = (new byte[count * side * side], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Next(2);
            var at = random.Next(side - 1);
            for (var p = 0; p < side * side; p++)
            {
                var along = labels[i] == 0 ? p % side : p / side;
                pixels[i * side * side + p] = (byte)((along == at || along == at + 1 ? 200 : 0) + random.Next(40));
            }
        }
        return (Tensor.From(pixels, [count, side, side]), Tensor.From(labels));
    }
}
