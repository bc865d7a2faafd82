using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>A model whose weights became codes of a few bits, in a folder of its own.</summary>
/// <param name="Before">The model as it was.</param>
/// <param name="After">The model as it is.</param>
/// <param name="Bits">Bits of a weight.</param>
/// <param name="Weights">Numbers that became codes.</param>
/// <param name="BytesBefore">The file of its parameters as it was.</param>
/// <param name="BytesAfter">The file as it is.</param>
public sealed record ShrunkModel(Model Before, Model After, int Bits, long Weights, long BytesBefore, long BytesAfter)
{
    /// <summary>Writes a model with smaller weights into a folder, with what people read of its fit and a note of what was done.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="bits">Bits of a weight, 2 to 8.</param>
    /// <param name="target">The folder for the smaller one, which appears whole or not at all.</param>
    /// <exception cref="ProblemException">There is no model, it has no weights that could be rounded, or the folder cannot be written.</exception>
    public static ShrunkModel Write(string folder, int bits, string target)
    {
        var before = Model.Load(folder);
        var after = before.Shrink(bits);
        var note = $"its weights were rounded to {bits} bits after the fit; the figures here are those of the model before";
        var result = Model.ReadResult(folder);
        result = result is null ? null : result with { Notes = [.. result.Notes, note], Out = target, ParameterHash = after.ParameterHash };
        var size = ModelFolder.TensorBytes(folder);
        ModelFolder.Save(target, after, result, fresh => Read(folder, fresh, result, note));
        var weights = Tree.Names(before.Layer).Zip(Tree.Leaves(before.Layer)).Where(leaf => after.Codes.ContainsKey(leaf.First)).Sum(leaf => (long)leaf.Second.Count);
        return new(before, after, bits, weights, size, ModelFolder.TensorBytes(target));
    }

    /// <summary>How far answers differ from those of the model before.</summary>
    /// <param name="raw">f64 [n, raw...].</param>
    public AnswerDifference Difference(Tensor raw)
    {
        var (first, second) = (Before.Predict(raw), After.Predict(raw));
        var spread = Tensor.Sqrt(Tensor.Square(first - first.Mean(0)).Mean()).Item();
        var error = Tensor.Sqrt(Tensor.Square(second - first).Mean()).Item();
        double? same = Before.Preparation is ILabelled ? Tensor.Equal(first.ArgMax(-1), second.ArgMax(-1)).AsType(ElementType.Float64).Mean().Item() : null;
        return new(raw.Shape[0], error, Tensor.Abs(second - first).Max().Item(), spread, same);
    }

    /// <summary>Copies what people read of a fit.</summary>
    private static void Read(string folder, string fresh, FitResult? result, string note)
    {
        foreach (var name in ModelFolder.ReadByPeople(folder)) File.Copy(Path.Combine(folder, name), Path.Combine(fresh, name));
        if (result is not null) File.WriteAllText(Path.Combine(fresh, "result.json"), result.ToJson() + "\n");
        var card = Path.Combine(fresh, "README.md");
        if (File.Exists(card)) File.AppendAllText(card, $"\nNote: {note}.\n");
    }
}

/// <summary>How far the answers of two models differ.</summary>
/// <param name="Examples">On how many examples.</param>
/// <param name="Error">The root of the mean square of the differences, in the units of the answers.</param>
/// <param name="Largest">The largest difference.</param>
/// <param name="Spread">The standard deviation of the answers of the first.</param>
/// <param name="SameClass">The share of examples that both put into one class; null where answers are no classes.</param>
public sealed record AnswerDifference(int Examples, double Error, double Largest, double Spread, double? SameClass);
