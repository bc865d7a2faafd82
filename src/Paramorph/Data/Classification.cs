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
    /// <exception cref="UnreadableFileException">The file does not hold that.</exception>
    public static Classification Read(string path, Key key)
    {
        var table = DelimitedText.Read(path);
        if (table.Columns.Count < 2) throw new UnreadableFileException(path, "column 1", "has the only column; a table for classification has numbers and, in the last column, the class");
        if (table.Columns.SkipLast(1).FirstOrDefault(column => column is TableColumn.Text) is { } text)
            throw new UnreadableFileException(path, $"column {text.Name}", "holds text; all columns but the last must be numbers");
        var (labels, classes) = Codes(table.Columns[^1]);
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

    private static (Tensor Labels, int Classes) Codes(TableColumn column)
    {
        if (column is TableColumn.Text text)
        {
            var (codes, labels) = text.ToClasses();
            return (codes, labels.Count);
        }
        var values = ((TableColumn.Numeric)column).Values.ToDoubles();
        double[] known = [.. values.Distinct().Order()];
        return (Tensor.From<int>([.. values.Select(value => Array.BinarySearch(known, value))]), known.Length);
    }

    private static LabelledData Scaled(LabelledData data, Standardisation scale) => data with { Inputs = scale.Apply(data.Inputs).Evaluate() };

    private static LabelledData Rows(LabelledData data, int from, int to) => new(data.Inputs[from..to].Evaluate(), data.Labels[from..to].Evaluate());
}
