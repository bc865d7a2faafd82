using System.IO.Compression;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Tests.Formats;

public class ParquetTableTests
{
    /// <summary>A file that hyparquet-writer 0.17 wrote, with two groups of rows, compressed by gzip.</summary>
    private const string Written = """
        H4sIAAAAAAACA3VVPU/bQBg+n8/OBWVAVe56ljwwNBEDqvioPCAEbaeKoUKZKkGkppAGqzSh2FRC6tAJdcjUgSFl6Fqpogs/ICNC7c5Q0bVD1X9Q0vfu8BHb2Ipzb+6e596v54W1R405
        5rIqExuMMAwvki9CtkX9l+qpPrwBoDGATX0L1qvRaASAe2w6B5hckgCEppBeESp0VboBzLMgd9PdZy6sUTvuRa0yWG/DvU7YDTdbgHfZRA5vIaswJkSsd58goA/9L2otzA6WFYSGK4U3
        ObCuz83MN21pLDSTmzCA8Hh2P77LR8hCVthkDkAqM2Nx5Nj/RvL5NSoElG+KR5grAXgMoPZVkTJEXaQixu2BQjOHcDjJqrlDt4plGZqMeF+fkL1eL2Z3EJuoYeHutLudeBvQ8MPZ7O13
        Y2CBbb8IO9oiUe91G7GKNF+F3a0axIAkNYwa4W77Gr7VOqjBnVQeRGG3s5NQ4lYnqtURd70Z77hOfTbhMeQljhnmhC/zx3W6FOBpmshaGCtAyPMhLYgQUqiv+gwrvo7V0FeXAjRNpJYF
        kbJPkfqWD5lLlsxKcZ7yBmxLEk0GQdBkFFLkS0NWhTAeLy0VcTIdwlgp9mfss4pmy9op9gZ/DvvSd9kMCxRNTVCK/N72gamqpWut6LP8AZxIumUJK+3u1DaZQkNMpqcKTpOxEjQZtBT5
        kPiMane6gybXQ6LKKydOEDl7ma6cEZOlbLfxe6Z4NsyfcNQ0jrP4X8JJ8NFBIIuBk9cFVq4Hjgo9GVNhrEwIP52cMjAP+CIcqNjlGAv1naIduRlpaK9HrvKajLcwVop84WalodkXml02
        0ijfJo1BKSsNzO/zWdgHYaWQ56W8DrDSwXkp0YGVYlyVMjrQV1/lrj6h+Z7rup3Q655PDYX6zhT8N832HPNFvgz7kofXmwLeVL//2BwHfQKy3z7Ybe292W/H3jH8KS/6oG/gdw3+C/4H
        Giav/goHAAA=
        """;

    private static byte[] Content()
    {
        using var expanding = new GZipStream(new MemoryStream(Convert.FromBase64String(Written)), CompressionMode.Decompress);
        using var content = new MemoryStream();
        expanding.CopyTo(content);
        return content.ToArray();
    }

    private static void Read(Stream stream) => ParquetTable.Read(stream);

    [Fact]
    public void Columns_of_another_writer_are_read_and_nulls_are_missing()
    {
        var table = ParquetTable.Read(new MemoryStream(Content()));
        Assert.Equal([5.1, double.NaN, 6.2], table.Numbers("length").ToDoubles());
        Assert.Equal([1, -2, 300], table.Numbers("count").ToDoubles());
        Assert.Equal([9007199254740993, 1, -9007199254740995], table.Numbers("big").ToArray<long>());
        Assert.Equal([7, double.NaN, 9], table.Numbers("some").ToDoubles());
        Assert.Equal(["setosa", "virginica", ""], table.Texts("kind"));
        Assert.Equal([1, 0, 1], table.Numbers("isRipe").ToDoubles());
        Assert.Equal(["2026-01-02", "2026-01-02T03:04:05", ""], table.Texts("day"));
        Assert.Equal([0.5, 1.5, -2.5], table.Numbers("single").ToDoubles());
    }

    [Fact]
    public void A_file_is_recognised_by_its_first_bytes()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("data.bin", Content());
        Assert.Equal(3, Assert.IsType<DataContent.OfTable>(DataContent.Read(path, others: StorageReaders.All)).Table.RowCount);
        var refusal = Assert.Throws<UnreadableFileException>(() => DataContent.Read(path));
        Assert.Contains("ParquetTable.Read of Paramorph.Storage reads it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        var content = Content();
        Hostile.Refused(content[..^20], Read, "no Parquet file that can be read, or it is damaged");
        Hostile.Refused([.. "PAR1"u8, .. new byte[40], .. "PAR1"u8], Read, "no Parquet file that can be read, or it is damaged");
        Assert.Throws<UnreadableFileException>(() => ParquetTable.Read(new MemoryStream(content), new FormatLimits { MaxElements = 5 }));
    }
}
