using Paramorph.Data;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Problems of the benches that are made here, or read from files of others.</summary>
internal static class MadeTables
{
    /// <summary>Half of the examples that are made judge, and a seventh chooses, so that what is measured is not noise of the test.</summary>
    private static readonly ProblemOptions made = new() { TestShare = 0.5, ValidationShare = 0.15 };

    /// <summary>What data and split of a seed are drawn with.</summary>
    public static Key Draws(int seed) => Key.Of(seed).Fold(1);

    /// <summary>Classes of examples, an example a row.</summary>
    public static TableClassification OfClasses(string name, int seed, LabelledData data)
    {
        var inputs = data.Inputs.Reshape(data.Count, -1).AsType(ElementType.Float64).Evaluate();
        return TableClassification.Read(Table(name, inputs, data.Labels.AsType(ElementType.Float64).Evaluate()), made with { Key = Splits(seed) });
    }

    /// <summary>Classes of images.</summary>
    public static ImageClassification OfImages(string name, int seed, LabelledData data) =>
        ImageClassification.Read(new DataContent.OfArrays(name, new Dictionary<string, Tensor> { ["images"] = data.Inputs, ["labels"] = data.Labels }), made with { Key = Splits(seed) });

    /// <summary>Numbers that belong to examples.</summary>
    /// <param name="name">The task.</param>
    /// <param name="seed">Draws the split.</param>
    /// <param name="inputs">f64 [n, inputs].</param>
    /// <param name="targets">f64 [n].</param>
    public static TableRegression OfNumbers(string name, int seed, Tensor inputs, Tensor targets) => TableRegression.Read(Table(name, inputs, targets), made with { Key = Splits(seed) });

    /// <summary>Classes of a file with numbers and, in the last column, the class.</summary>
    public static TableClassification ReadClasses(int seed, string path) =>
        TableClassification.Read(DataContent.Read(path), new() { Key = Splits(seed), TestShare = 0.3, ValidationShare = 0.15 });

    /// <summary>Numbers of a file with the target in the last column.</summary>
    public static TableRegression ReadNumbers(int seed, string path) => TableRegression.Read(DataContent.Read(path), new() { Key = Splits(seed) });

    /// <summary>Numbers of a file that brings random splits, as others use them: those are the seeds from 1 on, and further seeds draw their own.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="path">An NPZ file of <c>data</c> [n, features + 1], the target last, and <c>test_0</c>, <c>test_1</c>, ..., the rows that judge.</param>
    public static TableRegression ReadSplits(int seed, string path)
    {
        var content = (DataContent.OfArrays)DataContent.Read(path);
        var (data, options) = (content.Array("data").AsType(ElementType.Float64).Evaluate(), new ProblemOptions { Key = Splits(seed) });
        if (!content.Arrays.TryGetValue($"test_{seed - 1}", out var rows)) return TableRegression.Read(Table(content.Name, data[.., ..^1].Evaluate(), data[.., ^1].Evaluate()), options);
        var parts = Enumerable.Repeat("train", data.Shape[0]).ToArray();
        foreach (var row in rows.ToDoubles()) parts[(int)row] = "test";
        return TableRegression.Read(Table(content.Name, data[.., ..^1].Evaluate(), data[.., ^1].Evaluate(), new TableColumn.Text("split", parts)), options);
    }

    private static Key Splits(int seed) => Key.Of(seed).Fold(2);

    private static DataContent.OfTable Table(string name, Tensor inputs, Tensor targets, params TableColumn[] further) => new(name, new Table([
        .. Enumerable.Range(0, inputs.Shape[1]).Select(i => new TableColumn.Numeric($"x{i + 1}", inputs[.., i].Evaluate())),
        .. further,
        new TableColumn.Numeric("target", targets)]));
}
