using System.IO.Compression;
using System.Text;

namespace Paramorph.Formats;

/// <summary>The NPZ format of NumPy: a zip archive of NPY arrays with names, stored or deflated.</summary>
public static class Npz
{
    private const string Extension = ".npy";

    // The earliest time that a zip archive can tell: the same content makes the same file.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Reads the arrays of a file, in its order and by their names without <c>.npy</c>. Names may be paths, such as <c>/params/w</c> and <c>dense/kernel:0</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="where">
    /// Which arrays to read, all of which hold numbers. When null, all that are; arrays of text, objects and structures beside them are left out.
    /// </param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says, holds what no tensor can, or is beyond the limits.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path, Func<string, bool>? where = null, FormatLimits? limits = null) =>
        InputFile.Read(path, limits, file => Read(file, where));

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, Func{string, bool}, FormatLimits)"/>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, Func<string, bool>? where = null, FormatLimits? limits = null) =>
        InputFile.Read(stream, limits, file => Read(file, where));

    /// <summary>Reads the matrix of a file that <c>scipy.sparse.save_npz</c> wrote in the form CSR, CSC or COO.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says, is of another form, or is beyond the limits.</exception>
    public static SparseMatrix ReadSparse(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, ReadSparse);

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="ReadSparse(string, FormatLimits)"/>
    public static SparseMatrix ReadSparse(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, ReadSparse);

    /// <summary>Writes tensors to a file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors with their names, which differ.</param>
    /// <param name="isCompressed">Whether to deflate them, as <c>numpy.savez_compressed</c> does.</param>
    /// <exception cref="ArgumentException">A name is empty, stands there twice, or would lead out of a folder if the archive were unpacked.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool isCompressed = true) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, isCompressed));

    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}}, bool)"/>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool isCompressed = true)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var names = new HashSet<string>();
        foreach (var (name, tensor) in tensors)
        {
            if (!IsSafe(name)) throw new ArgumentException($"'{name}' cannot be the name of an array in an archive: it is empty or leads out of a folder.", nameof(tensors));
            if (!names.Add(name)) throw new ArgumentException($"the name '{name}' is given twice: the names in an archive differ.", nameof(tensors));
            var entry = archive.CreateEntry(name + Extension, isCompressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = Epoch;
            using var content = entry.Open();
            Npy.Write(content, tensor);
        }
    }

    /// <summary>Reads the arrays of a file, and tells of those that hold no numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="other">Takes the name of such an array, its texts if it is a vector of text, and why it is no tensor.</param>
    internal static IReadOnlyDictionary<string, Tensor> Read(string path, Action<string, IReadOnlyList<string>?, UnreadableFileException> other) => InputFile.Read<IReadOnlyDictionary<string, Tensor>>(path, null, file =>
        Read(file, null, (name, content, error) =>
        {
            using var part = file.Part(content, $"entry '{name}{Extension}'");
            other(name, Npy.ReadTexts(part), error);
        }));

    private static SparseMatrix ReadSparse(InputFile file)
    {
        var form = "";
        // The form is text of one byte a character, or of four: the zeros between are of no use.
        var arrays = Read(file, null, (name, content, _) => form = name == "format" ? Encoding.Latin1.GetString(content).Replace("\0", "", StringComparison.Ordinal)[^3..] : form);
        return new ScipySparse(form, arrays, file).Matrix();
    }

    private static OrderedDictionary<string, Tensor> Read(InputFile file, Func<string, bool>? where, Action<string, byte[], UnreadableFileException>? see = null)
    {
        var arrays = new OrderedDictionary<string, Tensor>();
        UnreadableFileException? leftOut = null;
        var (total, largest) = (0L, Math.Max(file.Limits.MaxDecompressedBytes, file.Remaining));
        using var archive = new ZipContent(file, "Npz.Read", "this is no zip archive, as NPZ files are");
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
            if (!IsSafe(name)) throw file.Error($"entry '{entry.FullName}'", "the name is empty or leads out of a folder: an array has a plain name.");
            if (where is not null && !where(name)) continue;
            // Entries may lie on top of each other, so that a small archive holds much even without compression.
            total += Math.Max(0, entry.Length);
            if (total > largest) throw file.Error($"entry '{entry.FullName}'", $"the arrays so far take more than {largest} bytes (FormatLimits.MaxDecompressedBytes).");
            var content = archive.Take(entry);
            using var part = file.Part(content, $"entry '{entry.FullName}'");
            try
            {
                if (!arrays.TryAdd(name, Npy.ReadOnly(part))) throw file.Error($"entry '{entry.FullName}'", "the name stands there twice.");
            }
            catch (UnreadableFileException e) when (e.IsOtherKind && where is null)
            {
                leftOut ??= e;
                see?.Invoke(name, content, e);
            }
        }
        return arrays.Count == 0 && leftOut is not null ? throw leftOut : arrays;
    }

    /// <summary>TensorFlow and JAX put colons, leading slashes and double ones into the names of arrays, which nothing here takes for those of files.</summary>
    private static bool IsSafe(string name) =>
        name.Length > 0 && !name.Any(c => c is '\\' || char.IsControl(c)) && name.Split('/').All(part => part is not ("." or ".."));
}
