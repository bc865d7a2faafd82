using System.Buffers;
using Paramorph.Bayes;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Shrink;

namespace Paramorph.Fitting;

/// <summary>
/// A fitted model with all that stands between it and people's data: it predicts, is a tree of parameters, is kept in a folder, and is traced to a computation. It may be used from any number
/// of threads at once.
/// </summary>
public sealed class Model
{
    /// <summary>Examples that one compiled program takes at once where there are many.</summary>
    private const int Chunk = 256;

    private readonly Lazy<CompiledComputation> one;
    private readonly Lazy<CompiledComputation> many;

    /// <param name="kind">The kind of problem, by name.</param>
    /// <param name="preparation">What stands between data and model.</param>
    /// <param name="signature">The shapes that the model maps.</param>
    /// <param name="parts">Which methods made it.</param>
    /// <param name="layer">The model itself.</param>
    /// <param name="calibration">What makes its answers honest.</param>
    public Model(string kind, Preparation preparation, ModelSignature signature, IReadOnlyList<ModelPart> parts, ILayer layer, Calibration calibration)
    {
        (Kind, Preparation, Signature, Parts, Layer, Calibration) = (kind, preparation, signature, parts, layer, calibration);
        (InputLength, AnswerLength) = (preparation.RawInput.ElementCount, preparation.Answer.ElementCount);
        one = new(() => new(ToComputation(1)));
        many = new(() => new(ToComputation(Chunk)));
    }

    /// <summary>The kind of problem, by name.</summary>
    public string Kind { get; }

    /// <summary>What stands between data and model.</summary>
    public Preparation Preparation { get; }

    /// <summary>The shapes that the model maps.</summary>
    public ModelSignature Signature { get; }

    /// <summary>Which methods made it.</summary>
    public IReadOnlyList<ModelPart> Parts { get; }

    /// <summary>The model itself: a tree of parameters, from prepared inputs to prepared outputs.</summary>
    public ILayer Layer { get; }

    /// <summary>What makes its answers honest.</summary>
    public Calibration Calibration { get; }

    /// <summary>How weights are kept as codes of a few bits, by their paths; none of a model that was not shrunk.</summary>
    internal IReadOnlyDictionary<string, Quantiser> Codes { get; private init; } = new Dictionary<string, Quantiser>();

    /// <summary>Trained numbers.</summary>
    public long Parameters => ParameterCount.Of(Layer);

    /// <summary>The fingerprint of its parameters: that of a model that was trained to the same last bit.</summary>
    public string ParameterHash => Paramorph.Parameters.ParameterHash.Of(Layer);

    /// <summary>Numbers of a raw input.</summary>
    public int InputLength { get; }

    /// <summary>Numbers of an answer.</summary>
    public int AnswerLength { get; }

    /// <summary>Reads a model from its folder.</summary>
    /// <param name="folder">The folder that a fit wrote.</param>
    /// <param name="methods">Methods of your own that it may have been made by, beside those of the library.</param>
    /// <param name="preparation">What stands between data and model, where the folder cannot hold it: that of an equation of your own.</param>
    /// <exception cref="ProblemException">The folder holds no model, is damaged, or is of a newer version.</exception>
    public static Model Load(string folder, IReadOnlyList<Method>? methods = null, Preparation? preparation = null) => ModelFolder.Load(folder, methods ?? [], preparation);

    /// <summary>What came of the fit that made the model of a folder; null of a model that was saved by other means.</summary>
    /// <inheritdoc cref="Load"/>
    public static FitResult? ReadResult(string folder) => ModelFolder.ReadResult(folder);

    /// <summary>Answers for raw inputs [n, raw...]: [n, answer...]. It is traced; logits of classes become probabilities.</summary>
    public Tensor Call(Tensor raw) => Answers(Layer, raw);

    /// <summary>The computation from raw inputs f64 [examples, raw...] to answers f64 [examples, answer...]; its parameters are constants.</summary>
    /// <param name="examples">How many at once.</param>
    public Computation ToComputation(int examples) =>
        Computation.Trace("model", x => [Call(x[0])], [new(ElementType.Float64, [examples, .. Preparation.RawInput])], ["inputs"]);

    /// <summary>
    /// Writes it as an ONNX file that takes raw inputs <c>inputs</c> [n, raw...] and gives <c>answers</c> [n, answer...], with what stands between data and model; where answers have intervals, their
    /// ends are the outputs <c>low</c> and <c>high</c>. What the numbers are stands in the metadata of the file.
    /// </summary>
    /// <param name="path">The file, which appears whole or not at all.</param>
    /// <param name="type">The type of inputs and answers, f64 or f32. The model itself is computed in f32 either way, and the preparation in f64.</param>
    /// <param name="examples">How many examples at once; any number when null.</param>
    /// <param name="opset">The version of the operators, 17 to 22.</param>
    /// <returns>What is in the file.</returns>
    /// <exception cref="ProblemException">Something in the model has no translation, or the type loses what the inputs tell; the message says what.</exception>
    public OnnxSummary ExportOnnx(string path, ElementType type = ElementType.Float64, int? examples = null, int opset = 18) => ModelExport.Write(path, this, type, examples, opset);

    /// <summary>
    /// The model with each matrix and kernel of its weights rounded to codes of a few bits. Its folder takes that much less room; answers cost what they did. It has no intervals and sets of classes:
    /// what they promised was measured on answers before rounding. <see cref="ShrunkModel.Write"/> keeps them, as wide as the rounding asks for.
    /// </summary>
    /// <param name="bits">Bits of a weight, 2 to 8.</param>
    /// <exception cref="ProblemException">It has no weights that could be rounded.</exception>
    public Model Shrink(int bits)
    {
        var codes = WeightCodes.Quantisers(Layer, bits);
        return codes.Count > 0
            ? new(Kind, Preparation, Signature, Parts, WeightCodes.Rounded(Layer, codes), Calibration with { HalfWidths = [], Errors = null, Threshold = null }) { Codes = codes }
            : throw new ProblemException($"there is nothing to shrink: {string.Join(" + ", Parts.Select(part => part.Method.Name))} has no matrix of f32 with 32 numbers or more.");
    }

    /// <summary>The same model with another calibration.</summary>
    internal Model With(Calibration calibration) => new(Kind, Preparation, Signature, Parts, Layer, calibration) { Codes = Codes };

    /// <summary>Answers for any number of inputs. Nothing is allocated after the first call for one input and the first for many.</summary>
    /// <param name="inputs">Raw inputs one after the other: <see cref="InputLength"/> numbers each; NaN where a value is missing, for categories their position.</param>
    /// <param name="answers">Takes <see cref="AnswerLength"/> numbers for each.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Predict(ReadOnlySpan<double> inputs, Span<double> answers)
    {
        var (width, height) = (InputLength, AnswerLength);
        var count = inputs.Length / width;
        if (inputs.Length % width != 0 || answers.Length != count * height)
            throw new ArgumentException($"{inputs.Length} numbers of inputs and {answers.Length} of answers are not so many times {width} and {height}.", nameof(inputs));
        var from = 0;
        for (; count - from >= Chunk; from += Chunk) many.Value.Run(inputs.Slice(from * width, Chunk * width), answers.Slice(from * height, Chunk * height));
        const int Few = 8;
        if (count - from > Few)
        {
            Padded(inputs[(from * width)..], answers[(from * height)..], (count - from) * width);
            return;
        }
        for (; from < count; from++) one.Value.Run(inputs.Slice(from * width, width), answers.Slice(from * height, height));
    }

    /// <summary>Answers for inputs.</summary>
    /// <param name="raw">f64 [n, raw...].</param>
    /// <returns>f64 [n, answer...].</returns>
    public Tensor Predict(Tensor raw)
    {
        if (raw.Rank != Preparation.RawInput.Rank + 1 || raw.Shape[1..] != Preparation.RawInput)
            throw new ShapeException($"predict: inputs are {raw.Type}, but must be f64[n, {string.Join(", ", Preparation.RawInput)}].");
        var answers = new double[raw.Shape[0] * AnswerLength];
        Predict(raw.ToDoubles(), answers);
        return Tensor.From(answers, [raw.Shape[0], .. Preparation.Answer]);
    }

    /// <summary>The ends of the intervals around answers, or null where the problem has none.</summary>
    /// <param name="answers">f64 [n, answer...].</param>
    public (Tensor Low, Tensor High)? Intervals(Tensor answers)
    {
        if (Calibration.HalfWidths.Count == 0) return null;
        var half = Tensor.From<double>([.. Calibration.HalfWidths], Preparation.Answer);
        return (answers - half, answers + half);
    }

    /// <summary>Writes it into a folder, which appears whole or not at all; a model that was there is replaced only by a whole one.</summary>
    /// <param name="folder">The folder.</param>
    public void Save(string folder) => ModelFolder.Save(folder, this, null);

    /// <summary>Answers of a layer in place of the model's own.</summary>
    internal Tensor Answers(ILayer layer, Tensor raw) => Preparation.Decode(Tempered(layer.Call(Preparation.Encode(raw))), raw);

    /// <summary>Logits divided by the temperature.</summary>
    internal Tensor Tempered(Tensor outputs) => Calibration.Temperature == 1 ? outputs : outputs / Calibration.Temperature;

    /// <summary>The layer of several models, or of the only one.</summary>
    internal static ILayer Joined(IReadOnlyList<ILayer> members, IReadOnlyList<double> weights) => members.Count == 1
        ? members[0]
        : new Ensemble([.. members], Tensor.From<float>([.. weights.Select(weight => (float)weight)]));

    private void Padded(ReadOnlySpan<double> inputs, Span<double> answers, int used)
    {
        var (width, height) = (InputLength, AnswerLength);
        var (from, to) = (ArrayPool<double>.Shared.Rent(Chunk * width), ArrayPool<double>.Shared.Rent(Chunk * height));
        inputs[..used].CopyTo(from);
        from.AsSpan(used, Chunk * width - used).Clear();
        many.Value.Run<double, double>(from.AsSpan(0, Chunk * width), to.AsSpan(0, Chunk * height));
        to.AsSpan(0, answers.Length).CopyTo(answers);
        ArrayPool<double>.Shared.Return(from);
        ArrayPool<double>.Shared.Return(to);
    }
}
