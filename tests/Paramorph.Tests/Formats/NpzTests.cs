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
    [InlineData("/etc/x.npy")]
    [InlineData("a\\b.npy")]
    [InlineData("c:x.npy")]
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
