using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class DelimitedTextTests
{
    private static Table Read(string text, DelimitedTextOptions? options = null) => DelimitedText.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), options);

    private static void Read(Stream stream) => DelimitedText.Read(stream);

    [Theory]
    [InlineData("1,2\n3,4\n")]
    [InlineData("1;2\r\n3;4")]
    [InlineData("1\t2\n3\t4\n\n")]
    [InlineData("  1   2 \n3\t 4")]
    [InlineData("1.0 \t2.0 \t\n3 \t4 \t\n")]
    [InlineData("\uFEFF# a comment\n\n1 , 2\n# another\n \"3\", 4e0")]
    [InlineData("\r1,2\r3,4\r")]
    public void Numbers_are_read_whatever_stands_between_them(string text)
    {
        var table = Read(text);
        Expect.Close(Tensor.From(new double[,] { { 1, 2 }, { 3, 4 } }), table.Matrix(), 0);
        Assert.Equal(["0", "1"], table.Names);
    }

    [Fact]
    public void Names_that_are_numbers_are_names_again()
    {
        using var scratch = new Scratch();
        DelimitedText.Write(scratch["years.csv"], new Table([new TableColumn.Numeric("2020", Tensor.From(1.5, 2)), new TableColumn.Numeric("2021", Tensor.From(3.0, 4))]));
        Assert.Equal(["2020", "2021"], DelimitedText.Read(scratch["years.csv"]).Names);
    }

    [Fact]
    public void A_header_names_the_columns()
    {
        var table = Read("id,name,\"the, size\"\n1,ann,1.5\n2,\"b \"\"x\"\"\nc\",\n");
        Assert.Equal(["id", "name", "the, size"], table.Names);
        Assert.Equal([1, 2], table.Numbers("id").ToDoubles());
        Assert.Equal(["ann", "b \"x\"\nc"], table.Texts("name"));
        Assert.Equal([1.5, double.NaN], table.Numbers("the, size").ToDoubles());
        Assert.Equal([2, 2], table.Matrix().Shape);
        Expect.Close(Tensor.From(new[,] { { 1.5, 1 }, { double.NaN, 2 } }), table.Matrix("the, size", "id"), 0);
    }

    [Fact]
    public void Whether_there_is_a_header_can_be_said()
    {
        Assert.Equal(2, Read("a,b\nc,d").RowCount);
        Assert.Equal(["a", "b"], Read("a,b\nc,d", new() { HasHeader = true }).Names);
        Assert.Equal(3, Read("x,1\n2,3\n4,5", new() { HasHeader = false }).RowCount);
        Assert.Equal(0, Read("a,b", new() { HasHeader = true }).RowCount);
    }

    [Fact]
    public void Labels_become_classes()
    {
        var (codes, labels) = ((TableColumn.Text)Read("b\na\nb")["0"]).ToClasses();
        Assert.Equal([1, 0, 1], codes.ToArray<int>());
        Assert.Equal(["a", "b"], labels);
    }

    [Fact]
    public void Missing_and_infinite_numbers_are_numbers()
    {
        var numbers = Read("NA,nan,inf,-Inf,Infinity,1e5,-.5\n,,,,,,", new() { HasHeader = false }).Matrix()[0].ToDoubles();
        Assert.Equal([double.NaN, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, 1e5, -0.5], numbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_that_is_no_UTF_8_is_Windows_1252_and_said(bool isCompressed)
    {
        // Written by hand: "größe;€" as spreadsheets of Western Europe save it.
        byte[] title = [.. "gr"u8, 0xF6, 0xDF, .. "e;"u8, 0x80, .. "\n"u8], rows = [.. "1;"u8, 0xE9, .. "\n2;"u8, 0xE8, .. "\n"u8];
        byte[] content = [.. title, .. rows];
        var table = DelimitedText.Read(new MemoryStream(isCompressed ? Compressed.Gzip(content) : content));
        Assert.Equal(["größe", "€"], table.Names);
        Assert.Equal(["é", "è"], table.Texts("€"));
        Assert.Contains(table.Understood, note => note.Contains("Windows-1252", StringComparison.Ordinal));
    }

    [Fact]
    public void A_letter_beyond_ASCII_far_from_the_start_tells_the_encoding_too()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("x,1\n", 300_000))), 0xFC, .. ",2\n"u8];
        Assert.Equal("ü", DelimitedText.Read(new MemoryStream(content)).Texts("a")[^1]);
    }

    [Fact]
    public void UTF_8_stays_UTF_8_wherever_it_is_cut_and_a_damaged_byte_in_it_is_said()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var text = $"{new string('n', 1 + shift)},b\n" + string.Concat(Enumerable.Repeat("größe€𝛼,1\n", 30_000));
            var table = Read(text);
            Assert.Equal(["größe€𝛼"], table.Texts(new string('n', 1 + shift)).Distinct());
            Assert.DoesNotContain(table.Understood, note => note.Contains("UTF-8", StringComparison.Ordinal));
        }
        byte[] damaged = [.. Encoding.UTF8.GetBytes("größe,ü\n1,2\n"), 0xE9, .. ",3\n"u8];
        var read = DelimitedText.Read(new MemoryStream(damaged));
        Assert.Equal(["größe", "ü"], read.Names);
        Assert.Contains(read.Understood, note => note.StartsWith("1 byte is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_may_be_skipped_and_comments_be_kept()
    {
        var table = Read("a title, with \"a quote\n#1\n#2", new() { SkippedLines = 1, Comment = "" });
        Assert.Equal(["#1", "#2"], table.Texts("0"));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var scratch = new Scratch();
        var table = new Table(
            new TableColumn.Numeric("number", Tensor.From(0.1, double.NaN, -1e-300)),
            new TableColumn.Numeric("single", Tensor.From(0.1f, 2f, 3f)),
            new TableColumn.Text("a \"name\"", ["#x,", "", " \n"]));
        foreach (var delimiter in new[] { ',', ';', '\t', ' ' })
        {
            DelimitedText.Write(scratch["a.csv"], table, delimiter);
            var read = DelimitedText.Read(scratch["a.csv"], new() { HasHeader = true, Delimiter = delimiter });
            Assert.Equal(table.Names, read.Names);
            Assert.Equal(table.Numbers("number").ToDoubles(), read.Numbers("number").ToDoubles());
            Assert.Equal(table.Numbers("single").ToDoubles(), read.Numbers("single").ToDoubles().Select(x => (double)(float)x));
            Assert.Equal(table.Texts("a \"name\""), read.Texts("a \"name\""));
        }
    }

    [PythonFact("csv")]
    public void Python_and_we_read_each_other()
    {
        using var scratch = new Scratch();
        DelimitedText.Write(scratch["ours.csv"], new(new TableColumn.Numeric("x", Tensor.From(1.5, 0.1)), new TableColumn.Text("y", ["a,\"b\"", "c\nd"])));
        Python.Run(scratch.Folder, """
            import csv
            rows = list(csv.reader(open('ours.csv', newline='')))
            assert rows == [['x', 'y'], ['1.5', 'a,"b"'], ['0.1', 'c\nd']], rows
            csv.writer(open('theirs.csv', 'w', newline='')).writerows([['x', 'y'], [1.5, 'a,"b"'], [0.1, 'c\nd']])
            """);
        var theirs = DelimitedText.Read(scratch["theirs.csv"]);
        Assert.Equal([1.5, 0.1], theirs.Numbers("x").ToDoubles());
        Assert.Equal(["a,\"b\"", "c\nd"], theirs.Texts("y"));
    }

    [SharedDataFact("digits.csv.gz", "ETTh1.csv.gz", "iris.csv", "diabetes_data_raw.csv.gz", "uci_concrete.txt", "uci_power-plant.txt", "uci_wine-quality-red.txt")]
    public void Real_tables_are_read()
    {
        Assert.Equal([1797, 65], Matrix("digits.csv.gz"));
        Assert.Equal([442, 10], Matrix("diabetes_data_raw.csv.gz"));
        Assert.Equal([1030, 9], Matrix("uci_concrete.txt"));
        Assert.Equal([9568, 5], Matrix("uci_power-plant.txt"));
        Assert.Equal([1599, 12], Matrix("uci_wine-quality-red.txt"));
        Assert.Equal([150, 5], Matrix("iris.csv"));
        var hours = DelimitedText.Read(SharedData.Path("ETTh1.csv.gz")!);
        Assert.Equal(["date", "HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"], hours.Names);
        Assert.Equal("2016-07-01 01:00:00", hours.Texts("date")[1]);
        Assert.Equal(27.78700065612793, hours.Numbers("OT").AsSpan<double>()[1]);
        Assert.Equal(17420, hours.RowCount);

        static Shape Matrix(string name) => DelimitedText.Read(SharedData.Path(name)!).Matrix().Shape;
    }

    [Theory]
    [InlineData("", "no rows")]
    [InlineData("# nothing\n\n", "no rows")]
    [InlineData("1,2\n3\n", "line 2: the row has 1 field where the first row has 2")]
    [InlineData("1,2\n\n3,4,5", "line 3: the row has 3 fields")]
    [InlineData("1,\"2\n3\n", "line 1: a quote is opened and never closed")]
    [InlineData("1,\"2\"3\n", "line 1: text follows a closing quote")]
    public void A_wrong_table_is_refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), Read, message);

    [Fact]
    public void Bytes_with_many_control_characters_are_no_text_and_a_separator_of_old_is()
    {
        Hostile.Refused([.. Enumerable.Range(1, 255).Select(i => (byte)(97 * i))], Read, "no text but a binary file");
        Read(new MemoryStream("a\u0001b\n1\u00012\n"u8.ToArray()));
    }

    [Fact]
    public void Text_of_two_bytes_a_character_is_refused() => Hostile.Refused(Encoding.Unicode.GetPreamble(), Read, "UTF-16");

    [Fact]
    public void Limits_bound_columns_fields_and_what_gzip_expands_to()
    {
        Hostile.Refused([.. Enumerable.Repeat((byte)',', 100_000)], Read, "MaxColumns");
        Hostile.Refused("1,2\n3,4"u8.ToArray(), stream => DelimitedText.Read(stream, limits: new() { MaxElements = 3 }), "MaxElements");
        var bomb = Compressed.Gzip(Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Repeat("0", 100_000))));
        Hostile.Refused(bomb, stream => DelimitedText.Read(stream, limits: new() { MaxDecompressedBytes = 100_000 }), "more than 100000 bytes");
    }

    [Fact]
    public void Gzip_that_is_cut_off_or_damaged_is_refused()
    {
        var content = Compressed.Gzip("a,b\n1,2\n3,4\n5,6\n"u8.ToArray());
        for (var length = 3; length < content.Length; length++) Hostile.Refused(content[..length], Read, "cut off");
        Assert.Equal(3, DelimitedText.Read(new MemoryStream(content)).RowCount);
        Assert.Equal(6, DelimitedText.Read(new MemoryStream([.. content, .. Compressed.Gzip("7,8\n9,0\n1,1"u8.ToArray())])).RowCount);
    }

    [Fact]
    public void Damaged_text_is_refused_or_read()
    {
        var text = "# c\nid,name,\"the, size\"\n1,ann,1.5\n2,\"b \"\"x\"\"\nc\",\n"u8.ToArray();
        Hostile.Cuts(text, Read);
        Hostile.Mutations(text, Read);
        Hostile.Mutations(text, Read, Compressed.Gzip, 200);
        Hostile.Mutations("1 2 3\n4\t5 \"6\"\n"u8.ToArray(), Read);
        Hostile.Mutations(Compressed.Gzip(text), Read, count: 300);
    }
}
