namespace Paramorph.Formats;

/// <summary>
/// The binary version of the CIFAR-10 and CIFAR-100 data: records of one or two labels and an image of 32 by 32 pixels. (Krizhevsky, "Learning Multiple Layers
/// of Features from Tiny Images", 2009.)
/// </summary>
public static class Cifar
{
    private const int ImageBytes = 3 * 32 * 32;

    /// <summary>Whether a file has the length of whole records of CIFAR-10, by which alone batches can be told: they have no mark.</summary>
    public static bool IsBatch(string path) => new FileInfo(path).Length is > 0 and var length && length % (1 + ImageBytes) == 0;

    /// <summary>Reads a batch of CIFAR-10, such as <c>data_batch_1.bin</c>.</summary>
    /// <exception cref="UnreadableFileException">The length is not that of whole records, a label is none, or the content is beyond the limits.</exception>
    public static CifarBatch Read10(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, file => Read(file, 10));

    /// <inheritdoc cref="Read10(string, FormatLimits)"/>
    public static CifarBatch Read10(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, file => Read(file, 10));

    /// <summary>Reads a part of CIFAR-100: <c>train.bin</c> or <c>test.bin</c>.</summary>
    /// <inheritdoc cref="Read10(string, FormatLimits)"/>
    public static CifarBatch Read100(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, file => Read(file, 20, 100));

    /// <inheritdoc cref="Read100(string, FormatLimits)"/>
    public static CifarBatch Read100(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, file => Read(file, 20, 100));

    /// <param name="compressed">The file.</param>
    /// <param name="classes">How many classes each label of a record tells apart.</param>
    private static CifarBatch Read(InputFile compressed, params ReadOnlySpan<int> classes)
    {
        using var file = compressed.Decompressed();
        var record = classes.Length + ImageBytes;
        if (file.Remaining == 0 || file.Remaining % record != 0) throw file.Error("", $"{file.Remaining} bytes are no whole records of {record} bytes.");
        var shape = file.ShapeOf([file.Remaining / record, 3, 32, 32], 1, "");
        var content = file.TakeRest();
        var images = new byte[shape.ElementCount];
        var labels = new int[classes.Length][];
        for (var label = 0; label < labels.Length; label++) labels[label] = new int[shape[0]];
        for (var i = 0; i < shape[0]; i++)
        {
            for (var label = 0; label < labels.Length; label++)
            {
                var value = content[i * record + label];
                if (value >= classes[label]) throw file.Error($"record {i}", $"the label {value} is not from 0 to {classes[label] - 1}.");
                labels[label][i] = value;
            }
            content.AsSpan(i * record + classes.Length, ImageBytes).CopyTo(images.AsSpan(i * ImageBytes));
        }
        return new(Tensor.From(images, shape), Tensor.From(labels[^1]), labels.Length == 1 ? null : Tensor.From(labels[0]));
    }
}
