using Google.Protobuf;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>From files of ONNX to models.</summary>
internal static class OnnxReader
{
    /// <summary>Since this version operands broadcast as in NumPy.</summary>
    private const int OldestOperators = 7;

    public static OnnxModel Read(InputFile file)
    {
        var model = Parse(file);
        var program = new OnnxProgram(model);
        if (program.OperatorSet < OldestOperators)
            throw new OnnxException($"onnx: the operators are of version {program.OperatorSet}: convert the model to version {OldestOperators} or later.");
        if (program.Obstacle is { } obstacle) throw new OnnxException(obstacle);
        return new(program.ReadParameters(file), program);
    }

    public static OnnxSummary Inspect(InputFile file) => OnnxSummary.Of(file, new OnnxProgram(Parse(file)));

    private static ModelProto Parse(InputFile file)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file.TakeRest());
        }
        catch (InvalidProtocolBufferException error)
        {
            throw file.OtherFormat("Onnx.Read", "", $"this is no ONNX model, or it is damaged: {error.Message}", error);
        }
        return model.Graph is { Node.Count: > 0 } or { Output.Count: > 0 } ? model : throw file.OtherFormat("Onnx.Read", "", "this is no ONNX model: it has no graph.");
    }
}
