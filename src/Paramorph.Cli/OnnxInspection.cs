using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Cli;

/// <summary>What is told of an ONNX file.</summary>
internal sealed record OnnxInspection(
    string Producer, int OperatorSet, IReadOnlyList<OnnxInspection.Value> Inputs, IReadOnlyList<OnnxInspection.Value> Outputs, IReadOnlyDictionary<string, int> Operators, long Parameters,
    double? Flops, IReadOnlyList<string> Unsupported, string? Obstacle, IReadOnlyDictionary<string, string> Metadata)
{
    public static void Tell(string path, OutputFormat format)
    {
        var summary = Onnx.Inspect(path);
        if (format == OutputFormat.Json) Console.WriteLine(JsonSerializer.Serialize(Of(summary), OnnxJson.Default.OnnxInspection));
        else Console.Write(summary);
    }

    private static OnnxInspection Of(OnnxSummary summary) => new(
        summary.Producer, summary.OperatorSet, [.. summary.Inputs.Select(Value.Of)], [.. summary.Outputs.Select(Value.Of)], summary.Operators, summary.ParameterCount, summary.Cost?.Flops,
        summary.Unsupported, summary.Obstacle, summary.Metadata);

    /// <summary>An input or an output; sizes that are open are null, and so is a shape that the file does not tell.</summary>
    internal sealed record Value(string Name, string? Type, IReadOnlyList<int?>? Shape)
    {
        public static Value Of(OnnxValueInfo info) => new(info.Name, info.ElementType?.ShortName(), info.Shape);
    }
}

/// <summary>How that looks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OnnxInspection))]
internal sealed partial class OnnxJson : JsonSerializerContext;
