using Google.Protobuf;
using Paramorph.Formats.OnnxSchema;

namespace Paramorph.Formats;

/// <summary>
/// The format of ONNX, in which other runtimes take models. What is written is a <see cref="Computation"/>, primitive by primitive: whatever can be traced can be
/// shipped. Complex inputs and outputs have their parts on a last axis of two.
/// </summary>
public static class Onnx
{
    /// <summary>Batch sizes at which a function is traced, to see what depends on them.</summary>
    private static readonly int[] BatchSizes = [3, 4, 7];

    /// <summary>Writes a computation, with all sizes fixed, to a file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="computation">The computation.</param>
    /// <param name="options">Names, version and parameters; <see cref="OnnxExportOptions.Default"/> when null.</param>
    /// <exception cref="OnnxException">A primitive has no translation; the message says which and where it stands.</exception>
    public static void Export(string path, Computation computation, OnnxExportOptions? options = null)
    {
        options ??= OnnxExportOptions.Default;
        Save(path, OnnxGraphs.Tidy(OnnxGraphs.Write(computation, options), options), options);
    }

    /// <summary>
    /// Writes a computation with one size left open. It is traced for three sizes; what differs between them must be a whole number that grows evenly, such as the
    /// size in a shape, and is then computed from the shape of the input when the model runs.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="trace">The computation for a size, for example of the batch or of a sequence.</param>
    /// <param name="options">Names, version and parameters; <see cref="OnnxExportOptions.Default"/> when null.</param>
    /// <exception cref="OnnxException">A primitive has no translation, or something else than a shape depends on the size; the message says what.</exception>
    public static void Export(string path, Func<int, Computation> trace, OnnxExportOptions? options = null)
    {
        options ??= OnnxExportOptions.Default;
        var graphs = Array.ConvertAll(BatchSizes, size => OnnxGraphs.Write(trace(size), options));
        Save(path, OnnxGraphs.Tidy(OnnxOpenSize.Merge(graphs, BatchSizes, options.BatchName), options), options);
    }

    /// <summary>Writes what a model does to its inputs. The leaves of the model become initialisers named by their paths.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="call">From the model and its inputs to its outputs.</param>
    /// <param name="example">Inputs, of which the types matter; the size of their first axis is left open unless the options say otherwise.</param>
    /// <param name="options">Names and version; <see cref="OnnxExportOptions.Default"/> when null.</param>
    /// <exception cref="OnnxException">A primitive has no translation, or something else than a shape depends on the size of the batch; the message says what.</exception>
    public static void Export<TModel, TInputs, TOutputs>(
        string path, TModel model, Func<TModel, TInputs, TOutputs> call, TInputs example, OnnxExportOptions? options = null)
        where TModel : ITree<TModel>
        where TInputs : ITree<TInputs>
        where TOutputs : ITree<TOutputs>
    {
        options ??= OnnxExportOptions.Default;
        TOutputs? outputs = default;
        Computation Trace(TInputs inputs) => Computation.Of((m, x) => outputs = call(m, x), model, inputs);
        var fixedSizes = Trace(example);
        options = options with
        {
            Parameters = [.. Named(model, "parameter").Zip(Tree.Leaves(model), KeyValuePair.Create)],
            InputNames = options.InputNames ?? Named(example, "input"),
            OutputNames = options.OutputNames ?? Named(outputs!, "output"),
        };
        if (options.HasDynamicBatch) Export(path, AtSize, options);
        else Export(path, fixedSizes, options);

        // What works for the example and not for another size, such as a model that was read with its batch written into it.
        Computation AtSize(int size)
        {
            try
            {
                return Trace(Resized(example, size));
            }
            catch (TensorException error)
            {
                throw OnnxOpenSize.Refused($"with {size} examples the function fails ({error.Message.TrimEnd('.')})");
            }
        }
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says.</exception>
    /// <exception cref="OnnxException">A node has an operator that is not supported; the message names both.</exception>
    public static OnnxModel Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, OnnxReader.Read);

    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static OnnxModel Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, OnnxReader.Read);

    /// <summary>Tells what is in a file, whether or not its operators are supported.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says.</exception>
    public static OnnxSummary Inspect(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, OnnxReader.Inspect);

    /// <summary>The paths of leaves; a tree that is one tensor has the given name.</summary>
    private static string[] Named<T>(T tree, string otherwise)
        where T : ITree<T> => [.. Tree.Names(tree).Select(name => name.Length > 0 ? name : otherwise)];

    private static T Resized<T>(T example, int size)
        where T : ITree<T> => Tree.Map(example, leaf => leaf.Rank == 0 ? leaf : Tensor.Zeros(leaf.Shape.With(0, size), leaf.ElementType));

    private static void Save(string path, GraphProto graph, OnnxExportOptions options)
    {
        var model = new ModelProto { IrVersion = options.Opset < 19 ? 8 : options.Opset < 21 ? 9 : 10, ProducerName = "Paramorph", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = options.Opset });
        foreach (var (key, value) in options.Metadata) model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        if (graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) > int.MaxValue - (1 << 24))
            throw new OnnxException("onnx: the parameters take more than 2 GiB, which is the most that one file of this format holds.");
        AtomicFile.Write(path, stream => model.WriteTo(stream));
    }
}
