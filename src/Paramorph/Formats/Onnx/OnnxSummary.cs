using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>What is in an ONNX file.</summary>
/// <param name="Producer">What wrote it.</param>
/// <param name="OperatorSet">The version of the standard operators.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="Operators">How often each operator occurs; bodies of loops count once.</param>
/// <param name="Parameters">The names and types of the parameters, which are the real initialisers.</param>
/// <param name="Cost">
/// What one run takes with each open size taken as 1; null when the model cannot be called here, <see cref="Obstacle"/> tells why.
/// </param>
/// <param name="Obstacle">Why the model cannot be called, in one sentence; null when it can.</param>
public sealed record OnnxSummary(
    string Producer, int OperatorSet, IReadOnlyList<OnnxValueInfo> Inputs, IReadOnlyList<OnnxValueInfo> Outputs, IReadOnlyDictionary<string, int> Operators,
    IReadOnlyDictionary<string, TensorType> Parameters, Cost? Cost, string? Obstacle)
{
    /// <summary>The nodes whose operators are not supported, as <c>node 'name' (Operator)</c>.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>What else the file notes.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Number of elements of all parameters.</summary>
    public long ParameterCount => Parameters.Values.Sum(type => (long)type.Shape.ElementCount);

    internal static OnnxSummary Of(InputFile file, OnnxProgram program)
    {
        var parameters = program.ReadParameters(file);
        var (cost, obstacle) = CostOf(new(parameters, program));
        return new(
            program.Producer, program.OperatorSet, program.Inputs, program.Outputs, program.OperatorCounts, parameters.ToDictionary(p => p.Key, p => p.Value.Type), cost,
            obstacle)
        {
            Unsupported = [.. program.Unsupported.Select(OnnxNode.Describe)],
            Metadata = program.Metadata,
        };
    }

    private static (Cost? Cost, string? Obstacle) CostOf(OnnxModel model)
    {
        if (model.Program.Obstacle is { } obstacle) return (null, obstacle);
        try
        {
            var types = model.Program.Inputs.Select(input => new TensorType(
                input.ElementType ?? throw new OnnxException($"onnx: the input '{input.Name}' is no tensor of numbers."),
                [.. (input.Shape ?? throw new OnnxException($"onnx: the file does not tell the shape of the input '{input.Name}'.")).Select(size => size ?? 1)]));
            return (Computation.Trace("model", inputs => model.CallAll(inputs), [.. types]).Cost, null);
        }
        catch (TensorException error)
        {
            return (null, error.Message);
        }
    }

    /// <summary>The summary as text, a fact a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"written by {(Producer.Length > 0 ? Producer : "an unknown program")}, operator set {OperatorSet}\n");
        foreach (var input in Inputs) text.Append(CultureInfo.InvariantCulture, $"input {input}\n");
        foreach (var output in Outputs) text.Append(CultureInfo.InvariantCulture, $"output {output}\n");
        text.Append(CultureInfo.InvariantCulture, $"{ParameterCount:N0} parameters in {Parameters.Count} tensors\n");
        text.Append("operators: ").AppendJoin(", ", Operators.Select(pair => $"{pair.Key} {pair.Value}")).Append('\n');
        foreach (var (key, value) in Metadata) text.Append(CultureInfo.InvariantCulture, $"{key}: {value.ReplaceLineEndings("; ")}\n");
        foreach (var node in Unsupported) text.Append(CultureInfo.InvariantCulture, $"not supported: {node}\n");
        return text.Append(Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $"{cost.Flops:N0} flops a run with open sizes of 1\n") : $"cannot be called here: {Obstacle}\n").ToString();
    }
}
