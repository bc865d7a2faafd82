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
    /// <summary>
    /// Writes a model with smaller weights into a new folder, with its card and the result of its fit, which tell what was done. Its intervals are wider by the largest difference of answers to the
    /// inputs that are given, and its sets of classes larger likewise, so that they hold what they held there; without inputs it has none.
    /// </summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="bits">Bits of a weight, 2 to 8.</param>
    /// <param name="target">The folder for the smaller one, which holds nothing yet, and appears whole or not at all.</param>
    /// <param name="raw">f64 [n, raw...], or null.</param>
    /// <exception cref="ProblemException">There is no model, it has no weights that could be rounded, or the folder cannot be written.</exception>
    public static ShrunkModel Write(string folder, int bits, string target, Tensor? raw = null)
    {
        var (from, to) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)));
        if (to == from || to.StartsWith($"{from}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) throw new ProblemException($"{target} is the model itself or lies in it: give the smaller model a folder of its own.");
        if (File.Exists(to) || (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any())) throw new ProblemException($"{target} is there already: give the smaller model a folder of its own.");
        var before = Model.Load(folder);
        if (raw is { Shape: [0, ..] }) throw new ProblemException("there are no examples on which answers could be compared.");
        var after = before.Shrink(bits);
        if (raw is not null) after = after.With(Widened(before, after, raw));
        var promised = before.Calibration.HalfWidths.Count > 0 || before.Calibration.Threshold is not null;
        var note = $"its weights were rounded to {bits} bits after the fit; the figures here are those of the model before, in {Path.GetFileName(from)}"
            + (!promised ? "" : raw is null ? ", and it has no intervals or sets of classes, since nothing was there to compare answers on" : ", and its intervals or sets of classes are as much wider as answers differ at most on the rows compared");
        var result = Model.ReadResult(folder);
        result = result is null ? null : result with { Notes = [note, .. result.Notes], Intervals = null, Out = target, ParameterHash = after.ParameterHash };
        ModelFolder.Save(target, after, result, fresh => Read(folder, fresh, result, note));
        var weights = Tree.Names(before.Layer).Zip(Tree.Leaves(before.Layer)).Where(leaf => after.Codes.ContainsKey(leaf.First)).Sum(leaf => (long)leaf.Second.Count);
        return new(before, after, bits, weights, ModelFolder.TensorBytes(folder), ModelFolder.TensorBytes(target));
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

    /// <summary>A truth that an interval of the model before holds is held by one that reaches as much farther as answers differ.</summary>
    private static Calibration Widened(Model before, Model after, Tensor raw)
    {
        var differences = Tensor.Abs(after.Predict(raw) - before.Predict(raw)).Max(0).ToDoubles();
        return before.Calibration with
        {
            HalfWidths = [.. before.Calibration.HalfWidths.Zip(differences, (half, difference) => half + difference)],
            Errors = null,
            Threshold = before.Calibration.Threshold is { } threshold ? Math.Max(0, threshold - differences.Max()) : null,
        };
    }

    /// <summary>The card of a fit, which tells first what was done, and its result. Reports and pictures are of the model before.</summary>
    private static void Read(string folder, string fresh, FitResult? result, string note)
    {
        if (result is not null) File.WriteAllText(Path.Combine(fresh, "result.json"), result.ToJson() + "\n");
        var card = Path.Combine(folder, "README.md");
        if (File.Exists(card)) File.WriteAllText(Path.Combine(fresh, "README.md"), $"**Note:** {note}.\n\n{File.ReadAllText(card)}");
    }
}

/// <summary>How far the answers of two models differ.</summary>
/// <param name="Examples">On how many examples.</param>
/// <param name="Error">The root of the mean square of the differences, in the units of the answers.</param>
/// <param name="Largest">The largest difference.</param>
/// <param name="Spread">The standard deviation of the answers of the first.</param>
/// <param name="SameClass">The share of examples that both put into one class; null where answers are no classes.</param>
public sealed record AnswerDifference(int Examples, double Error, double Largest, double Spread, double? SameClass);
