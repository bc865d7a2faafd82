namespace Paramorph.Formats;

/// <summary>A computation that ONNX cannot express, or a node of a model that cannot be expressed here, told in one sentence.</summary>
public sealed class OnnxException(string message) : TensorException(message);
