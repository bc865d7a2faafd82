using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

/// <summary>What is found out about a table of text, and that it is told.</summary>
public class DelimitedTextGuessTests
{
    private const double Missing = double.NaN;

    private static Table Read(string text, DelimitedTextOptions? options = null) => DelimitedText.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), options);

    private static void Tells(Table table, string what) => Assert.Contains(table.Understood, sentence => sentence.Contains(what, StringComparison.Ordinal));

    private static void Holds(Table table, string[] names, double[,] numbers)
    {
        Assert.Equal(names, table.Names);
        Assert.Equal(numbers.Cast<double>(), table.Matrix().ToDoubles());
    }

    [Theory]
    [InlineData("?")]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("#N/A")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("-")]
    public void Markers_of_missing_values_are_numbers(string marker)
    {
        var table = Read($"a,b,y\n1,2,3\n4,{marker},6\n7,8,9\n");
        Holds(table, ["a", "b", "y"], new[,] { { 1, 2, 3 }, { 4, Missing, 6 }, { 7, 8, 9 } });
        Tells(table, $"1 field counts as missing: 1 {(marker.Length == 0 ? "empty" : $"'{marker}'")}.");
    }

    [Fact]
    public void A_first_line_that_is_too_short_for_names_is_a_title()
    {
        var table = DelimitedText.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes("3,first,second\n1,2,3,4,0\n5,6,7,8,1\n9,8,7,6,0\n")));
        Assert.Equal((3, 5), (table.RowCount, table.Columns.Count));
        Assert.Equal([1, 5, 9], table.Numbers("0").ToDoubles());
        Assert.Contains(table.Understood, note => note.Contains("taken for a title", StringComparison.Ordinal));
    }

    [Fact]
    public void A_marker_in_the_first_row_is_no_name()
    {
        var table = Read("63,1,?\n67,1,3\n41,0,2\n");
        Holds(table, ["0", "1", "2"], new[,] { { 63, 1, Missing }, { 67, 1, 3 }, { 41, 0, 2 } });
        Tells(table, "the first row is data");
    }

    [Fact]
    public void Markers_may_be_others()
    {
        var options = new DelimitedTextOptions { Missing = ["-999", "x"] };
        Holds(Read("a,b\n-999,1\n2,x\n", options), ["a", "b"], new[,] { { Missing, 1 }, { 2, Missing } });
        Assert.Equal(["1", "?"], Read("a,b\n1,1\n2,?\n", options with { HasHeader = true }).Texts("b").Select(x => x));
    }

    [Fact]
    public void Markers_in_a_column_of_text_stay_and_are_told()
    {
        var table = Read("x,kind\n1,a\n2,?\n");
        Assert.Equal(["a", "?"], table.Texts("kind"));
        Tells(table, "kept as they are in columns of text: 'kind'");
    }

    [Theory]
    [InlineData("18.0   8   1\t\"a b\"\n15.0   8   ?\t\"c d\"\n", "18,8,1,15,8,NaN")]
    [InlineData("1,5 2,5\n3,5 4\n5 6\n", "1.5,2.5,3.5,4,5,6")]
    [InlineData("x;y\n1,5;2\n-3,25e2;4\n", "1.5,2,-325,4")]
    [InlineData("1,5;2,7;3\n1,5;2,7;4\n", "1.5,2.7,3,1.5,2.7,4")]
    [InlineData("1,5\t2\n3,25\t4\n", "1.5,2,3.25,4")]
    [InlineData("1|2\n3|4\n", "1,2,3,4")]
    [InlineData("1,\t2\n3,\t4\n", "1,2,3,4")]
    [InlineData("d,x\n2016-07-01 00:00:00,1\n2016-07-01 01:00:00,2\n", "1,2")]
    [InlineData("2016-07-01 00:00:00\t1\n2016-07-01 01:00:00\t2\n", "1,2")]
    [InlineData("a;b,1\nc;d,2\n", "1,2")]
    [InlineData("Smith, John;1\nMiller, Jane;2\n", "1,2")]
    [InlineData("0\t0,0,1\t5\n1\t1,0,1\t6\n", "0,5,1,6")]
    [InlineData("my length\n1\n2\n", "1,2")]
    public void What_stands_between_fields_is_found(string text, string numbers) =>
        Assert.Equal(numbers, string.Join(',', Read(text).Matrix().ToDoubles().Select(x => x.ToString(System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void A_comma_between_whole_numbers_is_told()
    {
        var table = Read("1,5\n2,7\n");
        Holds(table, ["0", "1"], new double[,] { { 1, 5 }, { 2, 7 } });
        Tells(table, "commas between whole numbers may be decimal marks");
        Holds(Read("1,5\n2,7\n", new() { Delimiter = ';', Decimal = ',' }), ["0"], new[,] { { 1.5 }, { 2.7 } });
    }

    [Fact]
    public void Thousands_are_not_taken_for_decimals()
    {
        const string text = "a\tb\n1\t1,234\n2\t5,678\n";
        var table = Read(text);
        Assert.Equal(["1,234", "5,678"], table.Texts("b"));
        Tells(table, "the comma may stand between thousands or before decimals: 'b'");
        Assert.Equal([1.234, 5.678], Read(text, new() { Decimal = ',' }).Numbers("b").ToDoubles());
        Tells(Read("a;b\n1;1,234\n"), "a comma stands before the decimals");
    }

    [Fact]
    public void Exponents_of_Fortran_are_numbers()
    {
        var table = Read("1.0D+00 3.14-114\n-2.5d-3 .5+200\n");
        Holds(table, ["0", "1"], new[,] { { 1, 3.14e-114 }, { -2.5e-3, 0.5e200 } });
        Tells(table, "4 numbers have the exponents of Fortran");
        Assert.Equal(["1D2", "5-100", "2016-07", "1.5-10"], Read("1D2\n5-100\n2016-07\n1.5-10\n").Texts("0"));
    }

    [Fact]
    public void Infinities_are_numbers_however_they_are_written() => Assert.Equal(
        [double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity],
        Read("x\nInfinity\n-Infinity\n+infinity\nInf\n-inf\n").Numbers("x").ToDoubles());

    [Theory]
    [InlineData("A,B,\n1,2,\n3,4,\n")]
    [InlineData("A,B\n1,2,\n3,4,\n")]
    public void A_last_field_that_is_always_empty_is_dropped(string text)
    {
        var table = Read(text);
        Holds(table, ["A", "B"], new double[,] { { 1, 2 }, { 3, 4 } });
        Tells(table, "the last field is empty in every row and left out");
    }

    [Fact]
    public void A_named_column_without_values_stays() => Holds(Read("A,B\n1,\n2,\n"), ["A", "B"], new[,] { { 1, Missing }, { 2, Missing } });

    [Fact]
    public void A_delimiter_too_much_behind_the_names_is_no_name() => Holds(Read("A,B,\n1,2\n3,4\n"), ["A", "B"], new double[,] { { 1, 2 }, { 3, 4 } });

    [Fact]
    public void Comments_are_skipped_and_told()
    {
        var table = Read("% one\n1,2\n# two\n3,4\n");
        Holds(table, ["0", "1"], new double[,] { { 1, 2 }, { 3, 4 } });
        Tells(table, "2 lines that start with '#' or '%' are comments and skipped");
    }

    [Fact]
    public void A_name_of_one_number_sign_starts_no_comment()
    {
        var table = Read("#,Name,HP\n1,Bulbasaur,45\n4,Charmander,39\n");
        Assert.Equal(["#", "Name", "HP"], table.Names);
        Assert.Equal([45, 39], table.Numbers("HP").ToDoubles());
    }

    [Fact]
    public void A_row_that_starts_with_a_marker_is_no_comment() =>
        Holds(Read("a,b\n1,2\n#N/A,4\n"), ["a", "b"], new[,] { { 1, 2 }, { Missing, 4 } });

    [Theory]
    [InlineData("# x y\n1 2\n3 4\n")]
    [InlineData("#x,y\n1,2\n3,4\n")]
    [InlineData("% Model: m\n% x                y\n1                2\n3                4\n")]
    public void The_comment_above_the_first_row_names_the_columns(string text)
    {
        var table = Read(text);
        Holds(table, ["x", "y"], new double[,] { { 1, 2 }, { 3, 4 } });
        Tells(table, "the comment above the first row names the columns");
    }

    [Fact]
    public void A_comment_that_fits_no_columns_names_none() => Assert.Equal(["0", "1"], Read("# made by a program\n1 2\n").Names);

    [SharedDataFact("pinnacle_burgers1d.dat.gz", "pinnacle_heat_darcy.dat.gz", "pinnacle_lid_driven_a2.dat.gz", "pinnacle_poisson_classic.dat.gz")]
    public void Exports_of_Comsol_have_their_names()
    {
        var burgers = Pinnacle("burgers1d");
        Assert.Equal(["X", "u (1) @ t=0", "u (1) @ t=0.1"], burgers.Names.Take(3));
        Assert.Equal([101, 12], burgers.Matrix().Shape);
        Assert.Equal(0.0627901217127178, burgers.Numbers("u (1) @ t=0").ToDoubles()[1]);
        Assert.Equal([983, 53], Pinnacle("heat_darcy").Matrix().Shape);
        Assert.Equal(["x", "y", "u @ Re=100", "v @ Re=100", "p @ Re=100"], Pinnacle("lid_driven_a2").Names);
        Assert.Equal([1255, 3], Pinnacle("poisson_classic").Matrix().Shape);

        static Table Pinnacle(string name) => DelimitedText.Read(SharedData.Path($"pinnacle_{name}.dat.gz")!);
    }

    [Fact]
    public void Equal_names_are_made_different()
    {
        var table = Read("a,b,a,a.2,a\n1,2,3,4,5\n");
        Assert.Equal(["a", "b", "a.2", "a.2.2", "a.3"], table.Names);
        Tells(table, "'a' to 'a.2', 'a.2' to 'a.2.2', 'a' to 'a.3'");
    }

    [Theory]
    [InlineData(",0,1,2\n0,5,6,7\n1,8,9,10\n", "row,0,1,2")]
    [InlineData(",a,b\n0,5,6\n", "row,a,b")]
    [InlineData("\"a\" \"b\"\n\"1\" 5 6\n\"2\" 7 8\n", "row,a,b")]
    [InlineData("a b\nfirst 5 6\nsecond 7 8\n", "row,a,b")]
    public void Names_of_rows_have_no_name_of_their_own(string text, string names)
    {
        var table = Read(text);
        Assert.Equal(names.Split(','), table.Names);
        Tells(table, "the first column has no name and is called 'row'");
        Assert.Equal(names.Split(','), Read(text, new() { HasHeader = true }).Names);
    }

    [Fact]
    public void An_empty_first_field_above_other_numbers_is_data() => Holds(Read(",1.5,2\n3,4,5\n"), ["0", "1", "2"], new[,] { { Missing, 1.5, 2 }, { 3, 4, 5 } });

    [Fact]
    public void Large_whole_numbers_keep_their_digits()
    {
        var table = Read("a,b,c,d\n9007199254740993,9007199254740993,12345678901234567890,9007199254740993\n1,,2,0.5\n");
        Assert.Equal([9007199254740993, 1], table.Numbers("a").ToArray<long>());
        Assert.Equal(["9007199254740993", ""], table.Texts("b"));
        Assert.Equal(["12345678901234567890", "2"], table.Texts("c"));
        Assert.Equal([9007199254740992, 0.5], table.Numbers("d").ToDoubles());
        Tells(table, "beyond 2^53 are kept as i64: 'a'");
        Tells(table, "are kept as text: 'b', 'c'");
        Tells(table, "are rounded, since other numbers of the column have decimals: 'd'");
    }

    [Fact]
    public void Lost_zeros_are_told() => Tells(Read("zip,x\n02134,1\n10001,2\n"), "numbers lose the zeros at their start: 'zip'");

    [Fact]
    public void Numbers_in_quotes_are_text_unless_all_fields_are_quoted()
    {
        var table = Read("id,x\n\"007\",1\n\"008\",2\n");
        Assert.Equal(["007", "008"], table.Texts("id"));
        Tells(table, "numbers in quotes are text: 'id'");
        Assert.Equal([7, 8], Read("id,x\n\"007\",1\n\"008\",2\n", new() { QuotedIsText = false }).Numbers("id").ToDoubles());
        Holds(Read("\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"\"\n"), ["a", "b"], new[,] { { 1, 2 }, { 3, Missing } });
    }

    [Fact]
    public void Text_that_looks_like_numbers_is_written_and_read_as_text()
    {
        using var scratch = new Scratch();
        string[][] texts = [["NA", "", "007"], ["1,5", "1.5", "inf"], ["-", "?", "#x"], ["%", "1.0D+00", "null"]];
        var table = new Table([.. texts.Select((values, i) => new TableColumn.Text($"c{i}", values)), new TableColumn.Numeric("big", Tensor.From(9007199254740993L, -1, long.MaxValue))]);
        foreach (var delimiter in new[] { ',', ';', '\t', ' ' })
        {
            DelimitedText.Write(scratch["a.csv"], table, delimiter);
            var read = DelimitedText.Read(scratch["a.csv"]);
            Assert.Equal(table.Names, read.Names);
            for (var i = 0; i < texts.Length; i++) Assert.Equal(texts[i], read.Texts($"c{i}"));
            Assert.Equal([9007199254740993L, -1, long.MaxValue], read.Numbers("big").ToArray<long>());
        }
    }

    /// <summary>Octave reads the longer word as 0.</summary>
    [Fact]
    public void Infinity_is_written_as_every_program_reads_it()
    {
        foreach (var numbers in new[] { Tensor.From(double.PositiveInfinity, double.NegativeInfinity, 0.5), Tensor.From(float.PositiveInfinity, float.NegativeInfinity, 0.5f) })
        {
            using var stream = new MemoryStream();
            DelimitedText.Write(stream, new Table([new TableColumn.Numeric("x", numbers)]));
            Assert.Equal("x\ninf\n-inf\n0.5\n", Encoding.UTF8.GetString(stream.ToArray()));
        }
    }

    [Fact]
    public void Why_a_column_is_text_is_told() => Tells(Read("a,b\n1,2\n3,high\n"), "the column 'b' is text, since 1 of its fields is no number, 'high' first");

    [Fact]
    public void A_layout_reads_another_file_in_the_same_way()
    {
        var trained = Read("name;size\nx;1,5\ny;2,25\n");
        Assert.Equal((';', ',', true), (trained.Layout!.Delimiter, trained.Layout.Decimal, trained.Layout.HasHeader));
        var later = Read("name;size\n3;1,234\n", trained.Layout);
        Assert.Equal([1.234], later.Numbers("size").ToDoubles());
        Assert.Empty(later.Understood);
        Assert.Equal(1, later.RowCount);
        Assert.Null(new Table(new TableColumn.Text("a", [])).Layout);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Read("1,2", new() { Delimiter = ',', Decimal = ',' }));
        Assert.Throws<ArgumentException>(() => Read("1,2", new() { Delimiter = 'é' }));
        Assert.Throws<ArgumentException>(() => Read("1,2", new() { Decimal = '\'' }));
        Assert.Throws<ArgumentException>(() => Read("1,2", new() { MaxRows = 0 }));
    }

    [Fact]
    public void Some_rows_of_many_are_kept_evenly_spread()
    {
        var text = "x,name\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i},n{i}\n"));
        foreach (var content in new[] { Encoding.UTF8.GetBytes(text), Compressed.Gzip(Encoding.UTF8.GetBytes(text)) })
        {
            var table = DelimitedText.Read(new MemoryStream(content), new() { MaxRows = 4 }, new() { MaxElements = 100 });
            Assert.Equal([0, 2500, 5000, 7500], table.Numbers("x").ToDoubles());
            Assert.Equal(["n0", "n2500", "n5000", "n7500"], table.Texts("name"));
            Tells(table, "4 of 10000 rows are kept, evenly spread");
        }
        Assert.Equal(10_000, Read(text, new() { MaxRows = 20_000 }).RowCount);
    }

    [Fact]
    public void Sampling_takes_memory_for_what_it_keeps_alone()
    {
        using var scratch = new Scratch();
        const int rows = 200_000;
        File.WriteAllLines(scratch["long.csv"], Enumerable.Range(0, rows).Select(i => $"{i},{i}.5,a text that is long enough to be noticed in memory"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(10, DelimitedText.Read(scratch["long.csv"], new() { MaxRows = 10 }).RowCount);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Theory]
    [InlineData("89504e470d0a1a0a0000", "PNG image: Png.Read reads it")]
    [InlineData("894844460d0a1a0a00", "HDF5 file")]
    [InlineData("50415231150015", "Parquet file")]
    [InlineData("255044462d312e37", "PDF document")]
    [InlineData("504b030414000000080000002100782e6e7079", "NPZ archive: Npz.Read reads it")]
    [InlineData("504b0304140000000800000021005b436f6e74656e745f54797065735d2e786d6c", "Excel workbook")]
    [InlineData("504b03041400000008000000210061", "zip archive")]
    [InlineData("425a6839314159265359", "bzip2")]
    [InlineData("fd377a585a0000", "xz")]
    [InlineData("28b52ffd0458", "zstd")]
    [InlineData("80049510000000", "pickle of Python")]
    [InlineData("934e554d5059010076", "NPY file: Npy.Read reads it")]
    [InlineData("4d41544c414220352e30204d41542d66696c65", "MATLAB file: Matlab.Read reads it")]
    [InlineData("76657273696f6e2068747470733a2f2f6769742d6c66732e", "Git LFS")]
    [InlineData("3c21444f43545950452068746d6c3e0a", "web page")]
    [InlineData("312c320a332c000a", "byte 6: a zero byte")]
    public void What_is_no_text_is_refused_by_its_name(string hexadecimal, string name)
    {
        var content = Convert.FromHexString(hexadecimal);
        Hostile.Refused(content, stream => DelimitedText.Read(stream), name);
        Hostile.Refused(Compressed.Gzip(content), stream => DelimitedText.Read(stream), name);
    }

    [Fact]
    public void A_quoted_field_may_be_longer_than_any_piece_of_the_file()
    {
        var inside = string.Concat(Enumerable.Repeat("a \"\"b\"\", c\r\n", 40_000));
        var table = Read($"x,text\r\n1,\"{inside}\"\r\n2,z\r\n");
        Assert.Equal([inside.Replace("\"\"", "\"", StringComparison.Ordinal), "z"], table.Texts("text"));
        var error = Assert.Throws<UnreadableFileException>(() => Read($"x,text\r\n1,\"{inside}\"\r\n2\r\n"));
        Assert.Equal("line 40003", error.Place);
    }
}
