using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

/// <summary>A reader that is given a file of another format says which one it is.</summary>
public class OtherFormatTests
{
    private static readonly Dictionary<string, Action<Stream>> Readers = new()
    {
        ["Arff"] = stream => Arff.Read(stream),
        ["DelimitedText"] = stream => DelimitedText.Read(stream),
        ["EdgeList"] = stream => EdgeList.Read(stream),
        ["ExtendedXyz"] = stream => ExtendedXyz.Read(stream).Count(),
        ["Hdf5"] = stream => Hdf5.Read(stream),
        ["Idx"] = stream => Idx.Read(stream),
        ["Matlab"] = stream => Matlab.Read(stream),
        ["Npy"] = stream => Npy.Read(stream),
        ["Npz"] = stream => Npz.Read(stream),
        ["OctaveText"] = stream => OctaveText.Read(stream),
        ["Onnx"] = stream => Onnx.Read(stream),
        ["ParquetTable"] = stream => ParquetTable.Read(stream),
        ["Png"] = stream => Png.Read(stream),
        ["SafeTensors"] = stream => SafeTensors.Read(stream),
        ["SvmLight"] = stream => SvmLight.Read(stream),
        ["TorchState"] = stream => TorchState.Read(stream),
        ["Xvg"] = stream => Xvg.Read(stream),
    };

    private static readonly Dictionary<string, (byte[] Start, string Name)> Formats = new()
    {
        ["Hdf5"] = ([0x89, .. "HDF\r\n\u001a\n"u8], "Hdf5.Read of Paramorph.Storage"),
        ["ParquetTable"] = ([.. "PAR1"u8], "a Parquet file: ParquetTable.Read of Paramorph.Storage reads it"),
        ["Npy"] = ([0x93, .. "NUMPY\u0001\0"u8], "an NPY file: Npy.Read reads it"),
        ["Png"] = ([0x89, .. "PNG\r\n\u001a\n"u8], "a PNG image: Png.Read reads it"),
    };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var reader in Readers.Keys)
                foreach (var format in Formats.Keys.Where(format => format != reader)) pairs.Add(reader, format);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_reader_names_the_format_that_it_found(string reader, string format)
    {
        var (start, name) = Formats[format];
        using var stream = new MemoryStream([.. start, .. new byte[200]]);
        var error = Assert.Throws<UnreadableFileException>(() => Readers[reader](stream));
        Assert.Contains(name, error.Problem, StringComparison.Ordinal);
        Assert.Contains($"{format}.Read", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_of_the_own_format_is_not_sent_to_its_own_reader()
    {
        foreach (var (format, (start, _)) in Formats)
        {
            using var stream = new MemoryStream([.. start, .. new byte[200]]);
            Assert.DoesNotContain("reads it", Assert.Throws<UnreadableFileException>(() => Readers[format](stream)).Problem, StringComparison.Ordinal);
        }
    }
}
