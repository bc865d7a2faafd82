using System.IO.Compression;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What a file holds, found out from its first bytes and read.</summary>
/// <param name="Path">The file.</param>
public abstract record DataContent(string Path)
{
    /// <summary>The name of the file.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>What it is, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>A table: delimited text, ARFF, svmlight, curves of GROMACS, or what another reader makes one of.</summary>
    public sealed record OfTable(string Path, Table Table) : DataContent(Path)
    {
        /// <inheritdoc/>
        public override string Description => $"a table of {Counted.Of(Table.RowCount, "row", "rows")} and {Counted.Of(Table.Columns.Count, "column", "columns")}";
    }

    /// <summary>Arrays with names: NPZ, NPY (under the name <c>array</c>), MATLAB, IDX.</summary>
    public sealed record OfArrays(string Path, IReadOnlyDictionary<string, Tensor> Arrays) : DataContent(Path)
    {
        /// <inheritdoc/>
        public override string Description => Arrays.Count + Texts.Count + Unreadable.Count == 0 ? "no arrays" :
            $"arrays: {string.Join(", ", [.. Arrays.Select(array => $"{array.Key} {array.Value.Type}"), .. Texts.Select(text => $"{text.Key} of {Counted.Of(text.Value.Count, "text", "texts")}"), .. Unreadable.Keys.Select(name => $"{name}, which cannot be read")])}";

        /// <summary>Vectors of text that the file has too, by their names.</summary>
        public IReadOnlyDictionary<string, IReadOnlyList<string>> Texts { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

        /// <summary>Why arrays that the file has too cannot be read, by their names.</summary>
        public IReadOnlyDictionary<string, string> Unreadable { get; init; } = new Dictionary<string, string>();

        /// <summary>The array of a name.</summary>
        /// <exception cref="ProblemException">There is none, or it cannot be read.</exception>
        public Tensor Array(string name) => Arrays.TryGetValue(name, out var array)
            ? array
            : throw new ProblemException(Unreadable.TryGetValue(name, out var problem) ? problem : Texts.ContainsKey(name) ? $"{name} of {Path} is text, and not an array of numbers." : $"{Path} has no array {name}: it holds {Description}.");
    }

    /// <summary>A picture: numbers from 0 to 255 or 65535, [height, width] or [height, width, channels].</summary>
    public sealed record OfImage(string Path, Tensor Pixels) : DataContent(Path)
    {
        /// <inheritdoc/>
        public override string Description => $"a picture of {Pixels.Shape[1]} x {Pixels.Shape[0]} pixels with {Counted.Of(Pixels.Rank == 2 ? 1 : Pixels.Shape[2], "channel", "channels")}";
    }

    /// <summary>Structures of atoms.</summary>
    public sealed record OfAtoms(string Path, IReadOnlyList<AtomicStructure> Structures) : DataContent(Path)
    {
        /// <inheritdoc/>
        public override string Description => $"{Counted.Of(Structures.Count, "structure", "structures")} of atoms";
    }

    /// <summary>No file: the name of a problem that needs none.</summary>
    public sealed record OfName(string Path) : DataContent(Path)
    {
        /// <inheritdoc/>
        public override string Description => "the name of a problem that needs no file";
    }

    /// <summary>Reads a file, whatever it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">How delimited text looks, where it is not found out.</param>
    /// <param name="others">Readers of further formats, which are asked first; those of HDF5 and Parquet are in Paramorph.Storage.</param>
    /// <exception cref="ProblemException">There is no such file.</exception>
    /// <exception cref="UnreadableFileException">The content is damaged, or of a format that is not read.</exception>
    public static DataContent Read(string path, DelimitedTextOptions? text = null, IReadOnlyList<ContentReader>? others = null)
    {
        if (Directory.Exists(path)) throw new ProblemException($"{path} is a folder: give a file with data.");
        if (!File.Exists(path)) throw new ProblemException($"there is no file {path}.");
        Span<byte> start = stackalloc byte[128];
        start = start[..Start(path, start)];
        foreach (var other in others ?? [])
            if (other.Recognises(start)) return other.Read(path);
        if (start.StartsWith("\x89PNG"u8) || start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..]) return new OfImage(path, Png.Read(path));
        if (start is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..]) return new OfArrays(path, new Dictionary<string, Tensor> { ["array"] = Npy.Read(path) });
        if ((start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8)) && IsNpz(path)) return OfNpz(path);
        if (start.StartsWith("MATLAB 5.0"u8)) return Numeric(path, Matlab.Read(path));
        if (OctaveText.Recognises(start)) return Numeric(path, OctaveText.Read(path));
        if (start is [0, 0, 8 or 9 or 0xB or 0xC or 0xD or 0xE, >= 1 and <= 4, ..]) return new OfArrays(path, new Dictionary<string, Tensor> { ["array"] = Idx.Read(path) });
        if (Named(path, ".bin") && Cifar.IsBatch(path)) return new OfArrays(path, OfCifar(Cifar.Read10(path)));
        if (Named(path, ".xyz") || Named(path, ".extxyz")) return new OfAtoms(path, [.. ExtendedXyz.Read(path)]);
        if (Named(path, ".arff")) return new OfTable(path, Arff.Read(path));
        if (Named(path, ".xvg")) return new OfTable(path, Xvg.Read(path));
        if (Named(path, ".svm") || Named(path, ".svmlight") || Named(path, ".libsvm")) return new OfTable(path, SvmLight.Read(path));
        return new OfTable(path, SignedNumbers.Of(DelimitedText.Read(path, text), text?.Decimal));
    }

    /// <summary>The first bytes, of the content where it is compressed by gzip.</summary>
    private static int Start(string path, Span<byte> bytes)
    {
        using var file = File.OpenRead(path);
        if (!file.CanSeek) throw new ProblemException($"{path} is a pipe, which can be read once only: write what comes from it into a file first.");
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B) return count;
        file.Position = 0;
        using var content = new GZipStream(file, CompressionMode.Decompress);
        try
        {
            return content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            // The reader says where it is damaged.
            return 0;
        }
    }

    private static bool Named(string path, string extension)
    {
        var plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return plain.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsNpz(string path)
    {
        if (Named(path, ".npz")) return true;
        try
        {
            using var archive = ZipFile.OpenRead(path);
            return archive.Entries.Any(entry => entry.Name.EndsWith(".npy", StringComparison.Ordinal));
        }
        catch (InvalidDataException)
        {
            // The reader of text says that it is no text but an archive.
            return false;
        }
    }

    private static Dictionary<string, Tensor> OfCifar(CifarBatch batch) => new(StringComparer.Ordinal) { ["images"] = batch.Images, ["labels"] = batch.Labels };

    private static OfArrays OfNpz(string path)
    {
        var (texts, unreadable) = (new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        var arrays = Npz.Read(path, (name, vector, error) =>
        {
            if (vector is not null) texts[name] = vector;
            else unreadable[name] = error.Message;
        });
        if (!ScipySparse.Recognises(arrays.Keys)) return new(path, arrays) { Texts = texts, Unreadable = unreadable };
        var matrix = Npz.ReadSparse(path);
        return IsSmall(matrix.RowCount, matrix.ColumnCount)
            ? new(path, new Dictionary<string, Tensor> { ["array"] = matrix.ToDense() })
            : throw new ProblemException($"{path} holds a sparse matrix of {matrix.RowCount} rows and {matrix.ColumnCount} columns, which is too large with its zeros: keep fewer columns.");
    }

    /// <summary>Whether a sparse matrix may be held with its zeros.</summary>
    private static bool IsSmall(int rows, int columns) => (long)rows * columns <= FormatLimits.Default.MaxElements / sizeof(double);

    private static OfArrays Numeric(string path, IReadOnlyDictionary<string, MatlabValue> variables)
    {
        var (arrays, texts, unreadable) =
            (new Dictionary<string, Tensor>(StringComparer.Ordinal), new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (name, value) in variables)
        {
            if (value is MatlabValue.Numeric || (value is MatlabValue.Sparse sparse && IsSmall(sparse.RowCount, sparse.ColumnCount))) arrays[name] = value.ToTensor();
            else if (value is MatlabValue.Unreadable { Error: var error }) unreadable[name] = error.Message;
            else if (TextsOf(value) is { } vector) texts[name] = vector;
            else unreadable[name] = $"{name} of {path} is {What(value)}, and not an array of numbers or texts: save the numbers in it as variables of their own.";
        }
        return new(path, arrays) { Texts = texts, Unreadable = unreadable };
    }

    /// <summary>The rows of a text, without the blanks that fill them up, or the texts of a cell array; null of anything else.</summary>
    private static IReadOnlyList<string>? TextsOf(MatlabValue value)
    {
        if (value is MatlabValue.Text { Rows: var rows }) return [.. rows.Select(row => row.TrimEnd())];
        if (value is not MatlabValue.Cell { Elements: { Count: > 0 } elements }) return null;
        return elements.All(element => element is MatlabValue.Text { Rows.Count: <= 1 }) ? [.. elements.Select(element => string.Concat(((MatlabValue.Text)element).Rows))] : null;
    }

    private static string What(MatlabValue value) => value switch
    {
        MatlabValue.Text => "text",
        MatlabValue.Sparse => "a sparse matrix",
        MatlabValue.Cell => "a cell array",
        MatlabValue.Struct => "a structure",
        MatlabValue.Unsupported { Kind: var kind } => kind,
        _ => "of another kind",
    };
}
