using System.Globalization;
using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class NpzTests
{
    private static readonly KeyValuePair<string, Tensor>[] Tensors =
        [new("b", Numbered.Of(ElementType.Float32, 3, 4)), new("a", Numbered.Of(ElementType.Complex128, 2)), new("in/folder", Numbered.Of(ElementType.Bool))];

    private static byte[] Bytes(bool isCompressed)
    {
        using var stream = new MemoryStream();
        Npz.Write(stream, Tensors, isCompressed);
        return stream.ToArray();
    }

    private static byte[] Npy(Tensor tensor)
    {
        using var stream = new MemoryStream();
        Paramorph.Formats.Npy.Write(stream, tensor);
        return stream.ToArray();
    }

    private static void Read(Stream stream) => Npz.Read(stream);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_again_in_its_order(bool isCompressed)
    {
        var read = Npz.Read(new MemoryStream(Bytes(isCompressed)));
        Assert.Equal(Tensors.Select(pair => pair.Key), read.Keys);
        foreach (var (name, tensor) in Tensors) Expect.Close(tensor, read[name], 0, name);
    }

    [Fact]
    public void The_same_tensors_make_the_same_bytes() => Assert.Equal(Bytes(true), Bytes(true));

    [Fact]
    public void Some_arrays_may_be_left_out()
    {
        var archive = Compressed.Zip(("text.npy", [1, 2, 3]), ("x.npy", Npy(Tensor.From(1, 2))));
        Assert.Equal(["x"], Npz.Read(new MemoryStream(archive), name => name == "x").Keys);
        Hostile.Refused(archive, Read, "entry 'text.npy', byte 0");
    }

    [Fact]
    public void Names_of_variables_of_TensorFlow_and_JAX_are_read_and_written()
    {
        string[] names = ["dense/kernel:0", "/params/w", "w//b"];
        using var stream = new MemoryStream();
        Npz.Write(stream, names.Select((name, i) => KeyValuePair.Create(name, Tensor.From(i))));
        stream.Position = 0;
        var read = Npz.Read(stream);
        Assert.Equal(names, read.Keys);
        Assert.Equal([2], read["w//b"].ToArray<int>());
    }

    /// <summary>An array of text, as NumPy writes <c>np.array('csr')</c> in one byte a character and in four.</summary>
    private static byte[] Text(string text, bool isWide)
    {
        var header = $"{{'descr': '{(isWide ? "<U" : "|S")}{text.Length}', 'fortran_order': False, 'shape': (), }}\n";
        return [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. (isWide ? Encoding.UTF32 : Encoding.ASCII).GetBytes(text)];
    }

    [Fact]
    public void Arrays_of_text_leave_the_others_readable()
    {
        var archive = Compressed.Zip(("labels.npy", Text("abc", true)), ("x.npy", Npy(Tensor.From(1, 2))));
        Assert.Equal(["x"], Npz.Read(new MemoryStream(archive)).Keys);
        Hostile.Refused(archive, stream => Npz.Read(stream, name => name == "labels"), "elements of type '<U3' are not read");
        Hostile.Refused(Compressed.Zip(("labels.npy", Text("abc", false))), Read, "elements of type '|S3' are not read");
    }

    [Theory]
    [InlineData("csr", "indptr:0,1,3;indices:1,0,2;data:1.5,2,3")]
    [InlineData("csc", "indptr:0,1,2,3;indices:1,0,1;data:2,1.5,3")]
    [InlineData("coo", "row:0,1,1;col:1,0,2;data:1.5,2,3")]
    public void Sparse_matrices_of_SciPy_are_read(string form, string arrays)
    {
        foreach (var isWide in new[] { false, true })
        {
            var matrix = Npz.ReadSparse(new MemoryStream(Sparse(form, arrays, isWide)));
            Expect.Close(Tensor.From(new[,] { { 0, 1.5, 0 }, { 2, 0, 3 } }), matrix.ToDense(), 0);
        }
    }

    [Theory]
    [InlineData("bsr", "data:1", "but 'bsr'")]
    [InlineData("csr", "indptr:0,1;indices:1;data:1.5", "2 starts do not cut 1 elements into 2 rows")]
    [InlineData("csr", "indptr:0,5,1;indices:1;data:1.5", "ends before it starts")]
    [InlineData("csr", "indptr:0,1,1;indices:3;data:1.5", "the place 3 is not from 0 to 2")]
    [InlineData("coo", "row:0,1;col:1;data:1.5", "do not place 1 elements")]
    [InlineData("coo", "row:0;data:1.5", "lacks the array 'col'")]
    public void A_wrong_sparse_matrix_is_refused(string form, string arrays, string message) =>
        Hostile.Refused(Sparse(form, arrays, isWide: false), stream => Npz.ReadSparse(stream), message);

    [PythonFact("scipy.sparse")]
    public void Sparse_matrices_that_SciPy_wrote_are_read()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, """
            import numpy as np, scipy.sparse as s
            for form in 'csr', 'csc', 'coo': s.save_npz(form + '.npz', s.random(7, 5, 0.4, format=form, random_state=1))
            np.save('dense.npy', s.random(7, 5, 0.4, random_state=1).toarray())
            """);
        foreach (var form in new[] { "csr", "csc", "coo" })
            Expect.Close(Paramorph.Formats.Npy.Read(scratch["dense.npy"]), Npz.ReadSparse(scratch[$"{form}.npz"]).ToDense(), 0, form);
    }

    private static byte[] Sparse(string form, string arrays, bool isWide) => Compressed.Zip(
    [
        ("format.npy", Text(form, isWide)),
        ("shape.npy", Npy(Tensor.From(2L, 3L))),
        .. arrays.Split(';').Select(array => array.Split(':')).Select(parts => ($"{parts[0]}.npy", Npy(Values(parts[0], [.. parts[1].Split(',').Select(x => double.Parse(x, CultureInfo.InvariantCulture))])))),
    ]);

    private static Tensor Values(string name, double[] values) => name == "data" ? Tensor.From(values) : Tensor.From(Array.ConvertAll(values, x => (int)x));

    [PythonFact("numpy")]
    public void NumPy_and_we_read_each_other()
    {
        using var scratch = new Scratch();
        Npz.Write(scratch["stored.npz"], Tensors, isCompressed: false);
        Npz.Write(scratch["deflated.npz"], Tensors);
        Python.Run(scratch.Folder, """
            import numpy as np, zipfile
            for name, method in ('stored.npz', 0), ('deflated.npz', 8):
                z = np.load(name)
                assert z.files == ['b', 'a', 'in/folder'], z.files
                assert (z['b'] == np.arange(12, dtype='f4').reshape(3, 4)).all() and z['a'].dtype == 'c16' and z['in/folder'] == True
                assert all(i.compress_type == method for i in zipfile.ZipFile(name).infolist()), name
            np.savez('theirs.npz', x=np.arange(3), y=np.ones((2, 2), 'f4')); np.savez_compressed('packed.npz', x=np.zeros(100000))
            """);
        var theirs = Npz.Read(scratch["theirs.npz"]);
        Assert.Equal([0, 1, 2], theirs["x"].ToArray<long>());
        Assert.Equal("f32[2, 2]", theirs["y"].Type.ToString());
        Assert.Equal(100000, Npz.Read(scratch["packed.npz"])["x"].Count);
    }

    [SharedDataFact("darcy_16.npz", "cora.npz")]
    public void Real_archives_are_read()
    {
        var darcy = Npz.Read(SharedData.Path("darcy_16.npz")!);
        Assert.Equal(["test_x", "test_y", "train_x", "train_y"], darcy.Keys.Order());
        Assert.Equal([1000, 16, 16], darcy["train_x"].Shape);
        var cora = Npz.Read(SharedData.Path("cora.npz")!);
        Assert.Equal(2708, cora["labels"].Count);
        Assert.Equal(5278 * 2, cora["edges"].Count);
    }

    [Theory]
    [InlineData("../x.npy")]
    [InlineData("/a/../x.npy")]
    [InlineData("a\\b.npy")]
    [InlineData(".npy")]
    public void A_name_that_leads_out_of_a_folder_is_refused(string name)
    {
        Hostile.Refused(Compressed.Zip((name, Npy(Tensor.From(1)))), Read, "leads out of a folder");
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => Npz.Write(stream, [new(name[..^4], Tensor.From(1))]));
    }

    [Fact]
    public void A_name_that_stands_there_twice_is_refused()
    {
        Hostile.Refused(Compressed.Zip(("x.npy", Npy(Tensor.From(1))), ("x.npy", Npy(Tensor.From(2)))), Read, "stands there twice");
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => Npz.Write(stream, [new("x", Tensor.From(1)), new("x", Tensor.From(1))]));
    }

    [Fact]
    public void An_archive_that_expands_beyond_the_limit_is_refused()
    {
        var archive = Compressed.Zip(("x.npy", Npy(Numbered.Of(ElementType.Int32, 100000) * 0)), ("y.npy", Npy(Numbered.Of(ElementType.Int32, 100000) * 0)));
        Assert.Equal(2, Npz.Read(new MemoryStream(archive)).Count);
        Hostile.Refused(archive, stream => Npz.Read(stream, limits: new FormatLimits { MaxDecompressedBytes = 500000 }), "more than 500000 bytes");
    }

    [Fact]
    public void Damaged_archives_are_refused()
    {
        foreach (var content in new[] { Bytes(false), Bytes(true) })
        {
            Hostile.Cuts(content, Read);
            Hostile.Mutations(content, Read);
        }
        Hostile.Mutations(Npy(Numbered.Of(ElementType.Float32, 3)), Read, npy => Compressed.Zip(("x.npy", npy)), 200);
    }
}
