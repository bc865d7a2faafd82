using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>From fitted models to ONNX: what stands between data and model, the model, and its intervals, in one graph.</summary>
internal static class ModelExport
{
    /// <inheritdoc cref="Model.ExportOnnx"/>
    public static OnnxSummary Write(string path, Model model, ElementType type, int? examples, int opset)
    {
        if (type is not (ElementType.Float32 or ElementType.Float64)) throw new ProblemException($"a model is exported with inputs of f32 or f64, not {type.ShortName()}.");
        if (type == ElementType.Float32 && model.Preparation is TablePreparation { Columns: var columns } && columns.FirstOrDefault(column => column.Type == ColumnType.Time) is { } time)
            throw new ProblemException($"the column {time.Name} holds times, in seconds since 1970, which f32 tells apart by two minutes only: export the model with inputs of f64.");
        if (examples is < 1) throw new ProblemException($"a model answers for one example or more at once, not {examples}.");
        var options = new OnnxExportOptions
        {
            Opset = opset,
            ModelName = model.Kind,
            InputNames = ["inputs"],
            OutputNames = model.Calibration.HalfWidths.Count == 0 ? ["answers"] : ["answers", "low", "high"],
            HasDynamicBatch = examples is null,
            Metadata = Metadata(model),
        };
        try
        {
            Onnx.Export(path, new Exported(model.Layer), (exported, raw) => Answers(model, exported.Model, raw), Tensor.Zeros([examples ?? 2, .. model.Preparation.RawInput], type), options);
        }
        catch (OnnxException error)
        {
            throw new ProblemException($"the model of {string.Join(" + ", model.Parts.Select(part => part.Method.Name))} cannot be exported: {error.Message}", error);
        }
        return Onnx.Inspect(path);
    }

    /// <summary>What is between inputs and model is computed in f64, as in predictions.</summary>
    private static TreeList<Tensor> Answers(Model model, ILayer layer, Tensor raw)
    {
        var answers = model.Answers(layer, raw.AsType(ElementType.Float64));
        Tensor[] all = model.Intervals(answers) is var (low, high) ? [answers, low, high] : [answers];
        return [.. all.Select(values => values.AsType(raw.ElementType))];
    }

    private static Dictionary<string, string> Metadata(Model model)
    {
        var notes = new Dictionary<string, string>
        {
            ["method"] = string.Join(" + ", model.Parts.Select(part => part.Method.Name)),
            ["inputs"] = string.Join('\n', model.Preparation.DescribeInputs()),
            ["answers"] = string.Join('\n', model.Preparation.DescribeAnswers()),
        };
        if (model.Calibration.HalfWidths.Count > 0) notes["low, high"] = FormattableString.Invariant($"the ends of intervals that hold {model.Calibration.Level:P0} of answers");
        return notes;
    }
}

/// <summary>A model whose parameters have names that no input or output has.</summary>
/// <param name="Model">The model.</param>
[Tree]
internal sealed partial record Exported(ILayer Model);
