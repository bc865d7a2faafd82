namespace Paramorph.Formats;

/// <summary>How a computation is written as an ONNX model.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The defaults.</summary>
    public static OnnxExportOptions Default { get; } = new();

    /// <summary>The version of the operators, 17 to 22. An operator that needs a higher one is named in the error.</summary>
    public int Opset { get; init; } = 18;

    /// <summary>Name of the graph.</summary>
    public string ModelName { get; init; } = "paramorph";

    /// <summary>Names of the inputs that are not parameters, in their order; those of the tree of inputs, or <c>input</c>, when null.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>Names of the outputs in their order; those of the tree of outputs, or <c>output</c>, when null.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>
    /// Values of the first inputs of the computation, with their names: they become initialisers and are no inputs of the model. Overloads that take a model fill
    /// this in.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Parameters { get; init; } = [];

    /// <summary>Whether overloads that take a model leave the size of the first axis of all inputs open.</summary>
    public bool HasDynamicBatch { get; init; } = true;

    /// <summary>What the open size is called.</summary>
    public string BatchName { get; init; } = "batch";

    /// <summary>What else to note in the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
