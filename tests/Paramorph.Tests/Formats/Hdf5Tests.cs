using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Tests.Formats;

public class Hdf5Tests
{
    private static void Read(Stream stream) => Hdf5.Read(stream);

    [PythonFact("numpy, h5py")]
    public void Datasets_of_h5py_are_read_by_their_stored_type()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, """
            import h5py, numpy as np
            n = np.arange(24).reshape(2, 3, 4)
            f = h5py.File('a.h5', 'w')
            for d in ['i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', '>i2', '>i4', '>i8', '>f4', '>f8']: f[d.replace('>', 'big')] = n.astype(d)
            f['c8'] = (n * (1 - 2j)).astype('c8'); f['c16'] = n * (1 - 2j); f['truth'] = n % 3 == 0; f['scalar'] = 1.5; f['none'] = np.zeros((0, 3))
            f['group/inner/x'] = np.arange(5.); f['link'] = h5py.SoftLink('/group/inner/x'); f['nowhere'] = h5py.SoftLink('/not/there')
            f.create_dataset('chunks', data=np.arange(1000.).reshape(10, 100), compression='gzip', shuffle=True, fletcher32=True, chunks=(3, 33))
            f['text'] = 'left out'; f['empty'] = h5py.Empty('f8'); f['structure'] = np.array([(1, 2.)], dtype=[('a', 'i4'), ('b', 'f8')])
            f.close()
            """);
        var tensors = Hdf5.Read(scratch["a.h5"]);
        var counted = Numbered.Of(ElementType.Float64, 2, 3, 4);
        foreach (var (name, type) in new[]
        {
            ("i1", "i8"), ("u1", "u8"), ("i2", "i32"), ("u2", "i32"), ("i4", "i32"), ("u4", "i64"), ("i8", "i64"), ("u8", "i64"), ("f2", "f32"), ("f4", "f32"), ("f8", "f64"),
            ("bigi2", "i32"), ("bigi4", "i32"), ("bigi8", "i64"), ("bigf4", "f32"), ("bigf8", "f64"),
        })
        {
            Assert.Equal($"{type}[2, 3, 4]", tensors[name].Type.ToString());
            Assert.Equal(counted.ToDoubles(), tensors[name].ToDoubles());
        }
        Expect.Close(Tensor.Complex(counted, -2 * counted), tensors["c16"], 0);
        Expect.Close(Tensor.Complex(counted, -2 * counted).AsType(ElementType.Complex64), tensors["c8"], 0);
        Expect.Close(Numbered.Of(ElementType.Bool, 2, 3, 4), tensors["truth"], 0);
        Assert.Equal(1.5, tensors["scalar"].Item());
        Assert.Equal([0, 3], tensors["none"].Shape);
        Assert.Equal([0, 1, 2, 3, 4], tensors["group/inner/x"].ToDoubles());
        Assert.Equal(tensors["group/inner/x"].ToDoubles(), tensors["link"].ToDoubles());
        Expect.Close(Numbered.Of(ElementType.Float64, 10, 100), tensors["chunks"], 0);
        foreach (var other in (string[])["text", "empty", "structure", "nowhere"]) Assert.DoesNotContain(other, tensors.Keys);
        Assert.Equal(["f8"], Hdf5.Read(scratch["a.h5"], name => name == "f8").Keys);
        var refusal = Assert.Throws<UnreadableFileException>(() => Hdf5.Read(scratch["a.h5"], name => name == "structure"));
        Assert.Contains("dataset 'structure': holds structures of a, b", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(tensors.Count, Assert.IsType<DataContent.OfArrays>(DataContent.Read(scratch["a.h5"], others: StorageReaders.All)).Arrays.Count);
    }

    [PythonFact("numpy, h5py")]
    public void Variables_of_MATLAB_7_3_have_its_axes()
    {
        using var scratch = new Scratch();
        // What save(name, '-v7.3') writes: a header in front, axes in reverse, and attributes that name the class.
        Python.Run(scratch.Folder, """
            import h5py, numpy as np
            f = h5py.File('a.mat', 'w', userblock_size=512)
            def put(name, value, kind, **attributes):
                f[name] = value
                f[name].attrs['MATLAB_class'] = np.bytes_(kind)
                for key, more in attributes.items(): f[name].attrs[key] = more
            put('m', np.array([[1., 2, 3], [4, 5, 6]]).T, 'double')
            put('yes', np.array([[1, 0]], 'u1').T, 'logical', MATLAB_int_decode=np.int32(1))
            put('z', np.array([[(1., 2.)]], dtype=[('real', 'f8'), ('imag', 'f8')]), 'double')
            put('text', np.array([[104], [105]], 'u2'), 'char')
            put('nothing', np.array([0, 3], 'u8'), 'double', MATLAB_empty=np.int32(1))
            put('#refs#/a', np.zeros(3), 'double')
            f.close()
            h = open('a.mat', 'r+b'); h.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64'.ljust(124) + b'\x00\x02IM'); h.close()
            """);
        var variables = Hdf5.Read(scratch["a.mat"]);
        Expect.Close(Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }), variables["m"], 0);
        Assert.Equal("bool[1, 2]", variables["yes"].Type.ToString());
        Assert.Equal("c128[1, 1]", variables["z"].Type.ToString());
        Assert.Equal([0, 3], variables["nothing"].Shape);
        Assert.Equal(4, variables.Count);
        Assert.Equal(variables.Keys, Assert.IsType<DataContent.OfArrays>(DataContent.Read(scratch["a.mat"], others: StorageReaders.All)).Arrays.Keys);
        Assert.Contains("Hdf5.Read", Assert.Throws<UnreadableFileException>(() => Matlab.Read(scratch["a.mat"])).Message, StringComparison.Ordinal);
    }

    [PythonFact("numpy, h5py")]
    public void What_is_compressed_in_a_way_that_is_not_read_is_refused_by_name()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, "import h5py, numpy as np\nh5py.File('a.h5', 'w').create_dataset('x', data=np.arange(100.), compression='lzf')");
        Assert.Contains("'lzf'", Assert.Throws<UnreadableFileException>(() => Hdf5.Read(scratch["a.h5"])).Message, StringComparison.Ordinal);
        Assert.Contains("FormatLimits.MaxElements", Assert.Throws<UnreadableFileException>(() => Hdf5.Read(scratch["a.h5"], limits: new() { MaxElements = 50 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_HDF5_is_refused() => Hostile.Refused([0x89, .. "HDF\r\n\u001a\n"u8, .. new byte[60]], Read, "no HDF5 file that can be read, or it is damaged");
}
