using System.Numerics;

namespace Paramorph.Formats;

/// <summary>Tells what a file is by its first bytes, so that a reader of another format says so.</summary>
internal static class FileSignature
{
    /// <summary>How many bytes tell.</summary>
    public const int Length = 1 << 12;

    /// <summary>Text may have a control character or two, since some are used as separators.</summary>
    private const int MostControls = 2;

    /// <summary>Refuses a content that is no text in UTF-8.</summary>
    /// <param name="start">Its first bytes.</param>
    /// <param name="file">The file.</param>
    public static void RequireText(ReadOnlySpan<byte> start, InputFile file)
    {
        if (start is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..]) throw file.Error("byte 0", "the text is in UTF-16: save it in UTF-8.");
        if (start is [0x1f, 0x8b, ..]) throw file.Error("byte 0", "this is content that is compressed by gzip twice, not text.");
        if (Name(start) is { } name) throw file.Error("byte 0", $"this is {name}, not text.");
        if (start.IndexOf((byte)0) is >= 0 and var zero) throw file.Error($"byte {zero}", "a zero byte stands here: this is no text but a binary file of an unknown format.");
        if (MostControls < ControlsOf(start)) throw file.Error("", "many kinds of control characters stand in it: this is no text but a binary file of an unknown or damaged format.");
    }

    /// <summary>How many kinds of control characters there are, white space, the end-of-file mark of DOS and what comes behind it aside.</summary>
    private static int ControlsOf(ReadOnlySpan<byte> bytes)
    {
        var seen = 0u;
        foreach (var value in bytes)
            if (value is > 0 and < (byte)'\t' or > (byte)'\r' and < 0x1A) seen |= 1u << value;
        return BitOperations.PopCount(seen);
    }

    /// <summary>What a file that begins so is, and which reader takes it; null when it is not known.</summary>
    public static string? Name(ReadOnlySpan<byte> start) => start switch
    {
        _ when start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8) => Archive(start),
        _ when start is [0x1f, 0x8b, ..] => "a file that is compressed by gzip: expand it first",
        _ when start is [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, ..] => "a file that is compressed by bzip2: expand it first",
        _ when start is [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "a file that is compressed by xz: expand it first",
        _ when start is [0x28, 0xB5, 0x2F, 0xFD, ..] => "a file that is compressed by zstd: expand it first",
        _ when start is [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "a 7z archive: expand it first",
        _ when start is [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file: Hdf5.Read of Paramorph.Storage reads it",
        _ when start.StartsWith("PAR1"u8) => "a Parquet file: ParquetTable.Read of Paramorph.Storage reads it",
        _ when start.StartsWith("ARROW1"u8) || start.StartsWith("FEA1"u8) => "an Arrow file",
        _ when start is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "an NPY file: Npy.Read reads it",
        _ when start.StartsWith("MATLAB 5.0 MAT-file"u8) => "a MATLAB file: Matlab.Read reads it",
        _ when start.StartsWith("Octave-1-L"u8) || start.StartsWith("Octave-1-B"u8) => "a file in Octave's own binary format: save it by save('-v7', name, ...) and read it with Matlab.Read",
        _ when start.StartsWith("MATLAB 7.3 MAT-file"u8) => "a MATLAB 7.3 file: Hdf5.Read of Paramorph.Storage reads it",
        _ when start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG image: Png.Read reads it",
        _ when start is [0xFF, 0xD8, 0xFF, ..] => "a JPEG image",
        _ when start.StartsWith("GIF8"u8) => "a GIF image",
        _ when start is [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF image",
        _ when start.StartsWith("%PDF-"u8) => "a PDF document",
        _ when start is [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Excel or Word file: save the sheet as CSV",
        _ when start.StartsWith("SQLite format 3"u8) => "an SQLite database: export a table as CSV",
        _ when start is [0x80, >= 2 and <= 5, ..] => "a pickle of Python: save arrays with numpy.savez, tables with DataFrame.to_csv",
        _ when start.StartsWith("RDX2\n"u8) || start.StartsWith("RDX3\n"u8) || start.StartsWith("X\n\0\0\0"u8) => "a file of R: save the table with write.csv",
        _ when start.StartsWith("version https://git-lfs"u8) => "a pointer of Git LFS in place of the file: fetch it with git lfs pull",
        _ when IsPage(start) => "a web page, perhaps in place of the file that was asked for",
        [_, _, _, _, _, 0, 0, 0, (byte)'{', ..] => "a safetensors file: SafeTensors.Read reads it",
        _ => null,
    };

    private static string Archive(ReadOnlySpan<byte> start) => start switch
    {
        _ when start.IndexOf("/data.pkl"u8) >= 0 => "a state dictionary of PyTorch: TorchState.Read reads it",
        _ when start.IndexOf(".npy"u8) >= 0 => "an NPZ archive: Npz.Read reads it",
        _ when start.IndexOf("[Content_Types].xml"u8) >= 0 || start.IndexOf("xl/"u8) >= 0 => "an Excel workbook (XLSX): save the sheet as CSV",
        _ => "a zip archive: expand it first, or read it with Npz.Read if it holds arrays of NumPy",
    };

    private static bool IsPage(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n\uFEFF"u8);
        foreach (var tag in (ReadOnlySpan<string>)["<!doctype html", "<html"])
            if (text.Length >= tag.Length && System.Text.Ascii.EqualsIgnoreCase(text[..tag.Length], tag)) return true;
        return false;
    }
}
