using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Paramorph.Data;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Tests.Formats;

public class MatlabTests
{
    private static void Read(Stream stream)
    {
        foreach (var value in Matlab.Read(stream).Values)
            if (value is MatlabValue.Unreadable { Error: var error }) throw error;
    }

    /// <summary>A file of elements.</summary>
    private static byte[] FileOf(bool isBigEndian, params byte[][] elements)
    {
        var header = Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124));
        return [.. header, .. isBigEndian ? new byte[] { 1, 0 } : [0, 1], .. isBigEndian ? "MI"u8 : "IM"u8, .. elements.SelectMany(element => element)];
    }

    private static byte[] Element(int type, byte[] content, bool isBigEndian = false) =>
        [.. Words(isBigEndian, type, content.Length), .. content, .. new byte[(8 - content.Length % 8) % 8]];

    private static byte[] Words(bool isBigEndian, params int[] words) =>
        [.. words.SelectMany(word => BitConverter.GetBytes(isBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word))];

    /// <summary>An array: class, sizes, name, and the elements of its content.</summary>
    private static byte[] Matrix(int kind, int[] sizes, string name, bool isBigEndian, params byte[][] content) => Element(
        14,
        [
            .. Element(6, Words(isBigEndian, kind, 0), isBigEndian), .. Element(5, Words(isBigEndian, sizes), isBigEndian),
            .. Element(1, Encoding.ASCII.GetBytes(name), isBigEndian), .. content.SelectMany(element => element),
        ],
        isBigEndian);

    private static byte[] Doubles(bool isBigEndian, params double[] numbers) => Element(
        9,
        [.. numbers.SelectMany(x => BitConverter.GetBytes(isBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(BitConverter.DoubleToInt64Bits(x)) : BitConverter.DoubleToInt64Bits(x)))],
        isBigEndian);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_byte_orders_are_read(bool isBigEndian)
    {
        var file = FileOf(isBigEndian, Matrix(6, [2, 3], "x", isBigEndian, Doubles(isBigEndian, 1, 2, 3, 4, 5, 6)));
        Expect.Close(Tensor.From(new double[,] { { 1, 3, 5 }, { 2, 4, 6 } }), Matlab.Read(new MemoryStream(file))["x"].ToTensor(), 0);
    }

    [PythonFact("numpy, scipy")]
    public void Files_of_SciPy_are_read()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, """
            import numpy as np, scipy.io, scipy.sparse
            n = np.arange(24).reshape(2, 3, 4)
            values = {d: n.astype(d) for d in ['i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8']}
            values = {'n' + k: v for k, v in values.items()}
            cell = np.empty((1, 2), object); cell[0, 0] = 'ab'; cell[0, 1] = np.array([[1., 2.]])
            values.update(c16=n * (1 - 2j), c8=(n * (1 - 2j)).astype('c8'), truth=n % 3 == 0, text='wörd Ω', texts=np.array(['one', 'two']), none=np.zeros((0, 3)),
                sparse=scipy.sparse.csc_matrix([[0, 1.5, 0], [2, 0, -3]]), imaginary=scipy.sparse.csc_matrix([[0, 1j]]), cell=cell,
                one={'a': 1.5, 'b': {'c': 'deep'}}, many=np.array([[(1, 'x'), (2, 'y')]], dtype=[('id', 'O'), ('name', 'O')]), a_rather_long_name=3)
            for compressed in False, True: scipy.io.savemat(f'{compressed}.mat', values, do_compression=compressed)
            """);
        foreach (var name in new[] { "False.mat", "True.mat" }) CheckSciPy(Matlab.Read(scratch[name]));
    }

    private static void CheckSciPy(IReadOnlyDictionary<string, MatlabValue> values)
    {
        var counted = Numbered.Of(ElementType.Float64, 2, 3, 4);
        foreach (var (name, type) in new[] { ("ni1", "i8"), ("nu1", "u8"), ("ni2", "i32"), ("nu2", "i32"), ("ni4", "i32"), ("nu4", "i64"), ("ni8", "i64"), ("nu8", "i64"), ("nf4", "f32"), ("nf8", "f64") })
        {
            Assert.Equal($"{type}[2, 3, 4]", values[name].ToTensor().Type.ToString());
            Assert.Equal(counted.ToDoubles(), values[name].ToTensor().ToDoubles());
        }
        Expect.Close(Tensor.Complex(counted, -2 * counted), values["c16"].ToTensor(), 0);
        Expect.Close(Tensor.Complex(counted, -2 * counted).AsType(ElementType.Complex64), values["c8"].ToTensor(), 0);
        Expect.Close(Numbered.Of(ElementType.Bool, 2, 3, 4), values["truth"].ToTensor(), 0);
        Assert.Equal(["wörd Ω"], ((MatlabValue.Text)values["text"]).Rows);
        Assert.Equal(["one", "two"], ((MatlabValue.Text)values["texts"]).Rows);
        Assert.Equal([0, 3], values["none"].ToTensor().Shape);
        var sparse = (MatlabValue.Sparse)values["sparse"];
        Assert.Equal([1, 0, 1], sparse.Rows.ToArray<int>());
        Assert.Equal([0, 1, 2], sparse.Columns.ToArray<int>());
        Expect.Close(Tensor.From(new[,] { { 0, 1.5, 0 }, { 2, 0, -3 } }), sparse.ToDense(), 0);
        Assert.Equal([0, Complex.ImaginaryOne], values["imaginary"].ToTensor().ToArray<Complex>());
        var cell = (MatlabValue.Cell)values["cell"];
        Assert.Equal(["ab"], ((MatlabValue.Text)cell.Elements[0]).Rows);
        Assert.Equal([1, 2], cell.Elements[1].ToTensor().ToDoubles());
        Assert.Equal(1.5, values["one"]["a"].ToTensor().Item());
        Assert.Equal(["deep"], ((MatlabValue.Text)values["one"]["b"]["c"]).Rows);
        Assert.Equal(["x", "y"], ((MatlabValue.Struct)values["many"]).Fields["name"].Select(value => ((MatlabValue.Text)value).Rows[0]));
        Assert.Equal(3, values["a_rather_long_name"].ToTensor().Item());
    }

    [SharedDataFact("burgers_shock.mat", "allen_cahn.mat")]
    public void Real_files_are_read()
    {
        var burgers = Matlab.Read(SharedData.Path("burgers_shock.mat")!);
        Assert.Equal([256, 1], burgers["x"].ToTensor().Shape);
        var u = burgers["usol"].ToTensor();
        Assert.Equal("f64[256, 100]", u.Type.ToString());
        // At the first time the solution is -sin(pi x).
        var x = burgers["x"].ToTensor().ToDoubles();
        for (var i = 0; i < 256; i++) Assert.Equal(-Math.Sin(Math.PI * x[i]), u.AsSpan<double>()[i * 100], 1e-6);
        Assert.Equal(["tt", "uu", "x"], Matlab.Read(SharedData.Path("allen_cahn.mat")!).Keys.Order());
    }

    [Fact]
    public void A_kind_that_is_not_read_leaves_the_others_readable()
    {
        var file = FileOf(false, Matrix(16, [1, 1], "f", false), Matrix(6, [1, 1], "x", false, Doubles(false, 7)));
        var values = Matlab.Read(new MemoryStream(file));
        Assert.IsType<MatlabValue.Unsupported>(values["f"]);
        Assert.Equal(7, values["x"].ToTensor().Item());
        Assert.Throws<InvalidOperationException>(() => values["f"].ToTensor());
        Assert.Throws<KeyNotFoundException>(() => values["x"]["field"]);
    }

    [Fact]
    public void Variables_that_are_not_asked_for_may_be_damaged()
    {
        var file = FileOf(false, Matrix(6, [3, 3], "bad", false, Doubles(false, 1)), Matrix(6, [1, 1], "x", false, Doubles(false, 7)));
        Hostile.Refused(file, stream => Matlab.Read(stream, name => name == "bad"), "the variable 'bad'");
        var values = Matlab.Read(new MemoryStream(file), name => name == "x");
        Assert.Equal(["x"], values.Keys);
        Assert.Equal(7, values["x"].ToTensor().Item());
        var all = Matlab.Read(new MemoryStream(file));
        Assert.Equal(["bad", "x"], all.Keys);
        Assert.Equal(7, all["x"].ToTensor().Item());
        Assert.Contains("the variable 'bad'", Assert.Throws<UnreadableFileException>(() => all["bad"].ToTensor()).Message, StringComparison.Ordinal);
        using var scratch = new Scratch();
        var content = (DataContent.OfArrays)DataContent.Read(scratch.Write("two.mat", file));
        Assert.Equal("arrays: x f64[1, 1], bad, which cannot be read", content.Description);
        Assert.Contains("1 elements do not fill an array of shape [3, 3]", Assert.Throws<ProblemException>(() => content.Array("bad")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_variable_that_is_damaged_is_known_by_its_name_and_takes_no_other_with_it()
    {
        var random = new KeyRandom(Key.Of(1));
        var numbers = Enumerable.Range(0, 400).Select(_ => random.Normal()).ToArray();
        var packed = Compressed.ZLib(Matrix(6, [20, 20], "bad", false, Doubles(false, numbers)));
        for (var i = packed.Length / 2; i < packed.Length / 2 + 64; i++) packed[i] ^= 0x5a;
        var file = FileOf(false, [.. Words(false, 15, packed.Length), .. packed], Matrix(6, [1, 1], "x", false, Doubles(false, 7)));
        var all = Matlab.Read(new MemoryStream(file));
        Assert.Equal(["bad", "x"], all.Keys);
        Assert.Equal(7, all["x"].ToTensor().Item());
        Assert.Throws<UnreadableFileException>(() => all["bad"].ToTensor());
        Assert.Equal(["x"], Matlab.Read(new MemoryStream(file), name => name == "x").Keys);
        Hostile.Refused(file, stream => Matlab.Read(stream, name => name == "bad"), "the variable at byte 128");
    }

    /// <summary>Octave's <c>v = ['ab'; 'cd']; save -v7</c>, and <c>-v6</c>, states four bytes of padding that it does not write.</summary>
    [Fact]
    public void Padding_that_is_stated_and_not_there_is_no_damage()
    {
        var matrix = Matrix(4, [2, 2], "v", false, Element(1, [.. "acbd"u8]));
        matrix[4] += 4;
        var packed = Compressed.ZLib(matrix);
        var values = Matlab.Read(new MemoryStream(FileOf(false, [.. Words(false, 15, packed.Length), .. packed])));
        Assert.Equal(["ab", "cd"], ((MatlabValue.Text)values["v"]).Rows);
        values = Matlab.Read(new MemoryStream(FileOf(false, matrix)));
        Assert.Equal(["ab", "cd"], ((MatlabValue.Text)values["v"]).Rows);
    }

    [Fact]
    public void What_is_left_behind_the_data_of_an_array_is_noticed()
    {
        Hostile.Refused(FileOf(false, Matrix(6, [1, 1], "x", false, Doubles(false, 1), Doubles(false, 2))), Read, "16 bytes are left behind the data");
        Hostile.Refused(
            FileOf(false, Matrix(5, [1, 1], "x", false, Element(5, Words(false, 0)), Element(5, Words(false, 0, 1)), Doubles(false, 1), Doubles(false, 1))), Read, "are left behind the data");
    }

    [Fact]
    public void Other_formats_of_Matlab_and_Octave_are_refused_by_their_names()
    {
        Hostile.Refused([.. Words(false, 0, 1, 1, 0, 2), .. "x\0"u8, .. BitConverter.GetBytes(1.5)], Read, "a MATLAB 4 file");
        Hostile.Refused([.. Words(true, 1000, 1, 1, 0, 2), .. "x\0"u8, .. new byte[200]], Read, "a MATLAB 4 file");
        Hostile.Refused([.. "Octave-1-L\0"u8, .. new byte[20]], Read, "Octave's own binary format");
        Hostile.Refused([.. "# Created by Octave 9.2.0\n# name: x\n"u8], Read, "Octave's own text format, which OctaveText.Read reads");
    }

    [Fact]
    public void Version_7_3_is_refused_with_what_to_do() =>
        Hostile.Refused([.. Encoding.ASCII.GetBytes("MATLAB 7.3 MAT-file, Platform: GLNXA64".PadRight(124)), 0, 2, .. "IM"u8, .. new byte[600]], Read, "save(name, '-v7')");

    [Fact]
    public void A_file_of_another_format_is_refused()
    {
        Hostile.Refused(new byte[200], Read, "no MATLAB 5 file");
        Hostile.Refused([1, 2, 3], Read, "no MATLAB 5 file");
    }

    [Fact]
    public void Sizes_beyond_the_file_are_refused()
    {
        Hostile.Refused(FileOf(false, Matrix(6, [10000, 10000], "x", false, Doubles(false, 1))), Read, "do not fill an array");
        Hostile.Refused(FileOf(false, Matrix(6, [int.MaxValue, int.MaxValue], "x", false, Doubles(false, 1))), Read, "more than");
        Hostile.Refused(FileOf(false, Matrix(1, [10000, 10000], "x", false)), Read, "are left");
        Hostile.Refused(FileOf(false, Matrix(5, [4, int.MaxValue], "x", false, Element(5, Words(false, 0)), Element(5, Words(false, 0, 1)), Doubles(false, 1))), Read, "do not fit a sparse matrix");
        Hostile.Refused(FileOf(false, Words(false, 14, int.MaxValue)), Read, "are left");
    }

    [Fact]
    public void A_place_outside_a_sparse_matrix_is_refused() => Hostile.Refused(
        FileOf(false, Matrix(5, [1, 1], "x", false, Element(5, Words(false, 1)), Element(5, Words(false, 0, 1)), Doubles(false, 1))), Read, "row 1 is not in");

    [Fact]
    public void Numbers_beyond_the_range_of_what_they_stand_for_are_refused()
    {
        Hostile.Refused(FileOf(false, Matrix(4, [1, 1], "text", false, Element(1, [0xff]))), Read, "beyond the range of UInt16");
        Hostile.Refused(FileOf(false, Matrix(12, [1, 1], "x", false, Doubles(false, double.NaN))), Read, "beyond the range of Int32");
    }

    [Fact]
    public void Values_too_deep_in_each_other_are_refused()
    {
        var nested = Matrix(6, [1, 1], "", false, Doubles(false, 1));
        for (var depth = 0; depth < 300; depth++) nested = Matrix(1, [1, 1], "", false, nested);
        Hostile.Refused(FileOf(false, nested), Read, "more than 32 deep");
    }

    [Fact]
    public void A_variable_that_expands_beyond_the_limit_is_refused()
    {
        var bomb = FileOf(false, [.. Words(false, 15, Compressed.ZLib(new byte[5_000_000]).Length), .. Compressed.ZLib(new byte[5_000_000])]);
        Hostile.Refused(bomb, stream => Matlab.Read(stream, limits: new FormatLimits { MaxDecompressedBytes = 1_000_000 }), "more than 1000000 bytes");
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        var elements = new[]
        {
            Matrix(6, [2, 3], "x", false, Doubles(false, 1, 2, 3, 4, 5, 6)),
            Matrix(4, [1, 4], "text", false, Element(4, [.. "a\0b\0c\0d\0"u8])),
            Matrix(1, [1, 2], "cell", false, Matrix(9, [1, 2], "", false, Element(2, [1, 2])), Element(14, [])),
            Matrix(2, [1, 1], "struct", false, Element(5, Words(false, 4)), Element(1, [.. "ab\0\0cd\0\0"u8]), Matrix(6, [1, 1], "", false, Doubles(false, 1)), Element(14, [])),
            Matrix(5, [2, 2], "sparse", false, Element(5, Words(false, 0, 1)), Element(5, Words(false, 0, 1, 2)), Doubles(false, 1, 2)),
        };
        var file = FileOf(false, elements);
        Hostile.Cuts(file, Read);
        Hostile.Mutations(file, Read, count: 1500);
        foreach (var element in elements)
            Hostile.Mutations(element, Read, changed => FileOf(false, [.. Words(false, 15, Compressed.ZLib(changed).Length), .. Compressed.ZLib(changed)]), 200);
    }
}
