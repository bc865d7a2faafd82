namespace Paramorph.Formats;

/// <summary>
/// A model of an ONNX file, as a function in the tensor language: it is compiled, differentiated, trained, shrunk and exported like any model. Its parameters are
/// the real tensors that the file stores as initialisers, under their names; the statistics of batch norms and the scales of quantised tensors are among them.
/// </summary>
/// <param name="Parameters">The parameters by their names.</param>
/// <param name="Program">The operators.</param>
[Tree]
public sealed partial record OnnxModel(TreeDictionary<Tensor> Parameters, [Static] OnnxProgram Program)
{
    /// <summary>The output of a model with one.</summary>
    /// <param name="inputs">The inputs in the order of <see cref="OnnxProgram.Inputs"/>.</param>
    /// <exception cref="OnnxException">The model has other inputs or several outputs, or a node cannot be expressed here; the message names it.</exception>
    public Tensor Call(params IReadOnlyList<Tensor> inputs) => Program.Outputs.Count == 1
        ? CallAll(inputs)[0]
        : throw new OnnxException($"onnx: the model has {Program.Outputs.Count} outputs ({string.Join(", ", Program.Outputs)}): use CallAll.");

    /// <summary>All outputs, in the order of <see cref="OnnxProgram.Outputs"/>.</summary>
    /// <param name="inputs">The inputs in the order of <see cref="OnnxProgram.Inputs"/>.</param>
    /// <exception cref="OnnxException">The model has other inputs, or a node cannot be expressed here; the message names it.</exception>
    public Tensor[] CallAll(params IReadOnlyList<Tensor> inputs) => Program.Call(Parameters, inputs);
}
