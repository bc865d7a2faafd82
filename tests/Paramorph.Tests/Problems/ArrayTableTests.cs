using System.Text;
using Paramorph.Formats;
using Paramorph.Problems;
using Paramorph.Tests.Formats;

namespace Paramorph.Tests.Problems;

public sealed class ArrayTableTests
{
    private const int Rows = 60;

    private static readonly Tensor inputs = Tensor.From<double>([.. Enumerable.Range(0, Rows * 3).Select(i => Math.Sin(i * i))], [Rows, 3]);
    private static readonly Tensor sums = inputs.Sum(1).Evaluate();

    private static DataContent Content(params (string Name, Tensor Values)[] arrays) => new DataContent.OfArrays("data.npz", arrays.ToDictionary(array => array.Name, array => array.Values));

    [Fact]
    public void A_matrix_and_a_vector_are_columns_with_names_whose_model_takes_the_matrix_alone()
    {
        foreach (var y in (Tensor[])[sums, sums.Reshape(Rows, 1).Evaluate(), sums.Reshape(1, Rows).Evaluate()])
        {
            var content = Content(("x", inputs), ("y", y));
            Assert.Equal("table-regression", ProblemKind.Of(content, new()).Name);
            var problem = TableRegression.Read(content, new());
            var preparation = (TablePreparation)problem.Preparation;
            Assert.Equal(["x_0", "x_1", "x_2"], preparation.Columns.Select(column => column.Name));
            Assert.Equal(["y"], preparation.Targets);
            Numbers.Close(sums.Take(problem.Split.Test).ToDoubles(), problem.Truth(problem.Split.Test).ToDoubles(), 1e-12);
            Assert.Equal(inputs[..1].ToDoubles(), preparation.ReadInputs(Content(("x", inputs[..1].Evaluate())), []).ToDoubles());
        }
    }

    [Fact]
    public void Whole_numbers_are_classes_and_a_wide_target_is_several()
    {
        var classes = Tensor.From<int>([.. Enumerable.Range(0, Rows).Select(i => i % 3)]);
        Assert.Equal("table-classification", ProblemKind.Of(Content(("features", inputs), ("labels", classes)), new()).Name);
        var two = TableRegression.Read(Content(("a", sums), ("target", inputs[.., ..2].Evaluate())), new());
        Assert.Equal(["target_0", "target_1"], ((TablePreparation)two.Preparation).Targets);
        Assert.Equal(["x_0", "x_1", "x_2"], ((TablePreparation)TableRegression.Read(Content(("x", inputs), ("u", sums)), new() { Targets = ["x"] }).Preparation).Targets);
    }

    [Fact]
    public void What_has_other_rows_is_left_out_and_said_unless_it_is_the_target()
    {
        var problem = TableRegression.Read(Content(("x", inputs), ("y", sums), ("viscosity", Tensor.From<double>([0.1]))), new());
        Assert.Contains(problem.Understood, note => note.StartsWith("left out: viscosity is f64[1]", StringComparison.Ordinal));
        var error = Assert.Throws<ProblemException>(() => TableRegression.Read(Content(("x", inputs), ("y", sums[..50].Evaluate())), new()));
        Assert.Contains("has an array y, which is predicted, but y is f64[50], and the others have 60 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("say with --target", Assert.Throws<ProblemException>(() => TableRegression.Read(Content(("p", inputs), ("q", inputs)), new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_beside_the_axes_of_its_grid_is_no_table_by_itself()
    {
        var axis = Tensor.From<double>([.. Enumerable.Range(0, Rows).Select(i => i / 60.0)]);
        var field = Tensor.From<double>([.. Enumerable.Range(0, Rows * Rows).Select(i => Math.Cos(i))], [Rows, Rows]);
        Assert.Contains("say --problem KIND", Assert.Throws<ProblemException>(() => ProblemKind.Of(Content(("x", axis), ("y", axis), ("p", field)), new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_whose_labels_stand_beside_other_arrays_stay_images()
    {
        var images = Tensor.From<double>([.. Enumerable.Range(0, Rows * 64).Select(i => Math.Abs(Math.Sin(i)))], [Rows, 8, 8]);
        var labels = Tensor.From<int>([.. Enumerable.Range(0, Rows).Select(i => i % 2)]);
        var (mean, scale) = (Tensor.Zeros([64]), Tensor.Ones([64]));
        Assert.Equal("image-classification", ProblemKind.Of(Content(("images", images), ("labels", labels), ("mean", mean.Evaluate()), ("scale", scale.Evaluate())), new()).Name);
    }

    [Theory]
    [InlineData("<U5")]
    [InlineData(">U5")]
    [InlineData("|S5")]
    public void Text_beside_numbers_is_the_classes(string type)
    {
        using var scratch = new Scratch();
        Encoding encoding = type[1] == 'S' ? Encoding.ASCII : new UTF32Encoding(type[0] == '>', false);
        var texts = Enumerable.Range(0, Rows).SelectMany(i => encoding.GetBytes((i % 2 == 0 ? "cat" : "horse").PadRight(5, '\0'))).ToArray();
        var content = DataContent.Read(scratch.Write("animals.npz", Compressed.Zip(("x.npy", Array(inputs)), ("y.npy", Array(type, texts)))));
        Assert.Equal("table-classification", ProblemKind.Of(content, new()).Name);
        Assert.Equal(["cat", "horse"], ((ClassPreparation)TableClassification.Read(content, new()).Preparation).Labels);
    }

    [Fact]
    public void A_target_of_objects_is_refused_with_the_reason()
    {
        using var scratch = new Scratch();
        var content = DataContent.Read(scratch.Write("objects.npz", Compressed.Zip(("x.npy", Array(inputs)), ("y.npy", Array("|O", [1, 2, 3])))));
        Assert.Contains("has an array y, which is predicted, but y cannot be read", Assert.Throws<ProblemException>(() => ProblemKind.Of(content, new())).Message, StringComparison.Ordinal);
        Assert.Contains("elements of type '|O' are not read", Assert.Throws<ProblemException>(() => TableRegression.Read(content, new() { Targets = ["y"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sparse_matrix_of_SciPy_is_a_table_with_its_zeros()
    {
        using var scratch = new Scratch();
        // Row i holds i in column i % 2 and 1 in the last of three columns.
        var data = Tensor.From<double>([.. Enumerable.Range(0, Rows).SelectMany(i => new[] { i, 1.0 })]);
        var columns = Tensor.From<int>([.. Enumerable.Range(0, Rows).SelectMany(i => new[] { i % 2, 2 })]);
        var starts = Tensor.From<int>([.. Enumerable.Range(0, Rows + 1).Select(i => 2 * i)]);
        var content = DataContent.Read(scratch.Write("sparse.npz", Compressed.Zip(
            ("data.npy", Array(data)), ("indices.npy", Array(columns)), ("indptr.npy", Array(starts)), ("shape.npy", Array(Tensor.From<long>([Rows, 3]))), ("format.npy", Array("|S3", "csr"u8.ToArray(), "()")))));
        var matrix = Assert.IsType<DataContent.OfArrays>(content).Arrays["array"];
        Assert.Equal([Rows, 3], matrix.Shape);
        Assert.Equal([4, 0, 1, 0, 5, 1], matrix[4..6].Evaluate().ToDoubles());
        Assert.Equal("table-regression", ProblemKind.Of(content, new()).Name);
    }

    private static byte[] Array(Tensor tensor)
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, tensor);
        return stream.ToArray();
    }

    private static byte[] Array(string type, byte[] elements, string? shape = null)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape ?? $"({Rows},)"}, }}";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. elements];
    }
}
