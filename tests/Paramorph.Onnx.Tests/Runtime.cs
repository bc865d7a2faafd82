using Microsoft.ML.OnnxRuntime;

namespace Paramorph.Tests;

/// <summary>ONNX Runtime, on one thread and without rewriting of the graph unless asked for.</summary>
internal static class Runtime
{
    /// <summary>The outputs of a model in the order of the file; inputs are given in the order of the file, too.</summary>
    public static Tensor[] Run(string path, params Tensor[] inputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(path, options);
        var values = session.InputNames.Zip(inputs, (name, tensor) => KeyValuePair.Create(name, Value(tensor))).ToDictionary();
        using var run = new RunOptions();
        using var results = session.Run(run, values, session.OutputNames);
        Tensor[] outputs = [.. results.Select(Tensor)];
        foreach (var value in values.Values) value.Dispose();
        return outputs;
    }

    /// <summary>The operators of a model, and its inputs and outputs with their shapes, where -1 is open.</summary>
    public static (Dictionary<string, int[]> Inputs, Dictionary<string, int[]> Outputs) Shapes(string path)
    {
        using var session = new InferenceSession(path);
        return (session.InputMetadata.ToDictionary(p => p.Key, p => p.Value.Dimensions), session.OutputMetadata.ToDictionary(p => p.Key, p => p.Value.Dimensions));
    }

    private static OrtValue Value(Tensor tensor)
    {
        long[] shape = [.. tensor.Shape.Select(size => (long)size)];
        return tensor.ElementType switch
        {
            ElementType.Float32 => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<float>(), shape),
            ElementType.Float64 => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<double>(), shape),
            ElementType.Int32 => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<int>(), shape),
            ElementType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<long>(), shape),
            ElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<byte>(), shape),
            ElementType.Int8 => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<sbyte>(), shape),
            ElementType.Bool => OrtValue.CreateTensorValueFromMemory(tensor.ToArray<bool>(), shape),
            _ => Value(Pairs(tensor)),
        };
    }

    /// <summary>Complex numbers as the exporter takes and gives them: with their parts on a last axis.</summary>
    public static Tensor Pairs(Tensor tensor) =>
        tensor.ElementType.IsComplex() ? Paramorph.Tensor.Stack([Paramorph.Tensor.Real(tensor), Paramorph.Tensor.Imaginary(tensor)], -1) : tensor;

    private static Tensor Tensor(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        Shape shape = [.. info.Shape.Select(size => (int)size)];
        return info.ElementDataType switch
        {
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float => Of<float>(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double => Of<double>(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32 => Of<int>(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => Of<long>(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8 => Of<byte>(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int8 => Of<sbyte>(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Bool => Of<bool>(),
            var other => throw new NotSupportedException(other.ToString()),
        };

        Tensor Of<T>()
            where T : unmanaged => Paramorph.Tensor.From<T>(value.GetTensorDataAsSpan<T>().ToArray(), shape);
    }
}
