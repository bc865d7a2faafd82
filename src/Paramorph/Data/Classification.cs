using Paramorph.Formats;
using Paramorph.Layers;

namespace Paramorph.Data;

/// <summary>A task of classification: what to learn from and what to be judged by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Train">Examples to learn from.</param>
/// <param name="Test">Examples to be judged by.</param>
/// <param name="Classes">Number of classes.</param>
public sealed record Classification(string Name, LabelledData Train, LabelledData Test, int Classes)
{
    private const int FewestExamples = 5;

    /// <summary>Numbers in an input.</summary>
    public int Inputs => Train.Inputs.Count / Train.Count;

    /// <summary>A task of examples of which the first half are learned from and the others judge; they must not be ordered.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">The examples.</param>
    /// <param name="classes">Number of classes.</param>
    public static Classification Halves(string name, LabelledData data, int classes)
    {
        var half = data.Count / 2;
        return new(name, Rows(data, 0, half), Rows(data, half, data.Count), classes);
    }

    /// <summary>
    /// A task read from delimited text: one example a line, numbers, and the class in the last column. Inputs are standardised by the training examples; a
    /// third of each class judges.
    /// </summary>
    /// <param name="path">The file, which may be compressed by gzip.</param>
    /// <param name="key">Draws which examples judge.</param>
    /// <exception cref="UnreadableFileException">
    /// The file does not hold that: a column of inputs holds text or misses a value, classes are neither whole numbers nor text, there is one only, or there are fewer
    /// than five rows a class.
    /// </exception>
    public static Classification Read(string path, Key key)
    {
        var table = DelimitedText.Read(path);
        if (table.Columns.Count < 2) throw new UnreadableFileException(path, "column 1", "has the only column; a table for classification has numbers and, in the last column, the class");
        if (table.Columns.SkipLast(1).FirstOrDefault(column => column is TableColumn.Text) is { } text)
            throw new UnreadableFileException(path, $"column {text.Name}", "holds text; all columns but the last must be numbers");
        foreach (var column in table.Columns.SkipLast(1)) RequireNumbers(((TableColumn.Numeric)column).Values.ToDoubles(), column, path);
        var (labels, classes) = Codes(table.Columns[^1], path);
        var inputs = table.Matrix([.. table.Names.SkipLast(1)]).AsType(ElementType.Float32).Evaluate();
        var (train, _, test) = Split.Stratified(key, labels, validation: 0, test: 1.0 / 3).Apply(new LabelledData(inputs, labels));
        var scale = Standardisation.Of(train.Inputs);
        return new(Path.GetFileName(path), Scaled(train, scale), Scaled(test, scale), classes);
    }

    /// <summary>The task with inputs [n, 1, side, side], if an input has a square number of numbers, 16 or more; otherwise as it is.</summary>
    public Classification AsImages()
    {
        var side = (int)Math.Round(Math.Sqrt(Inputs));
        if (side < 4 || side * side != Inputs || Train.Inputs.Rank != 2) return this;
        LabelledData Images(LabelledData data) => data with { Inputs = data.Inputs.Reshape(data.Count, 1, side, side).Evaluate() };
        return this with { Train = Images(Train), Test = Images(Test) };
    }

    /// <summary>A task of square images, read as by <see cref="Read"/>: inputs are [n, 1, side, side].</summary>
    /// <param name="path">The file, which may be compressed by gzip.</param>
    /// <param name="key">Draws which examples judge.</param>
    /// <exception cref="UnreadableFileException">The file does not hold that, or an example has not a square number of numbers, 16 or more.</exception>
    public static Classification ReadImages(string path, Key key) => Read(path, key).AsImages() is { Train.Inputs.Rank: 4 } images
        ? images
        : throw new UnreadableFileException(path, "", "holds no square images: the number of columns before the class must be a square, 16 or more");

    /// <summary>The share of test examples that a model tells right, and whether all its answers are finite.</summary>
    /// <param name="model">From inputs to logits [n, classes].</param>
    public (double Accuracy, bool IsFinite) Judge<TModel>(TModel model)
        where TModel : ITree<TModel>, ILayer
    {
        var judge = Compile.Of((TModel model, LabelledData test) =>
        {
            var logits = model.Call(test.Inputs);
            var isRight = Tensor.Equal(logits.ArgMax(-1).AsType(ElementType.Int32), test.Labels).AsType(ElementType.Float64);
            return (isRight.Mean(), Tensor.IsFinite(logits).All());
        });
        var (accuracy, isFinite) = judge(model, Test);
        return (accuracy.Item(), isFinite.Item<bool>());
    }

    private static (Tensor Labels, int Classes) Codes(TableColumn column, string path)
    {
        var (codes, classes) = column is TableColumn.Text text ? Counted(text.ToClasses()) : Codes(((TableColumn.Numeric)column).Values.ToDoubles(), column, path);
        if (classes < 2) throw new UnreadableFileException(path, $"column {column.Name}", "has one class only; there must be two or more to tell apart");
        if (column.Count < FewestExamples * classes)
            throw new UnreadableFileException(path, $"column {column.Name}", $"has {classes} classes in {column.Count} rows; there must be {FewestExamples} rows or more a class, to learn from and to judge");
        return (codes, classes);
    }

    private static (Tensor Labels, int Classes) Codes(double[] values, TableColumn column, string path)
    {
        RequireNumbers(values, column, path);
        if (values.Any(value => value != Math.Floor(value)))
            throw new UnreadableFileException(path, $"column {column.Name}", $"holds {values.First(value => value != Math.Floor(value)):R}; classes are whole numbers or text, and real numbers are for regression");
        double[] known = [.. values.Distinct().Order()];
        return (Tensor.From<int>([.. values.Select(value => Array.BinarySearch(known, value))]), known.Length);
    }

    private static (Tensor Labels, int Classes) Counted((Tensor Codes, IReadOnlyList<string> Labels) classes) => (classes.Codes, classes.Labels.Count);

    private static void RequireNumbers(double[] values, TableColumn column, string path)
    {
        if (Array.FindIndex(values, value => !double.IsFinite(value)) is >= 0 and var row)
            throw new UnreadableFileException(path, $"column {column.Name}", $"has no finite number in row {row + 1} of the data; each row must have one");
    }

    private static LabelledData Scaled(LabelledData data, Standardisation scale) => data with { Inputs = scale.Apply(data.Inputs).Evaluate() };

    private static LabelledData Rows(LabelledData data, int from, int to) => new(data.Inputs[from..to].Evaluate(), data.Labels[from..to].Evaluate());
}
