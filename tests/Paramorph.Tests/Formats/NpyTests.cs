using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class NpyTests
{
    private static byte[] Bytes(Tensor tensor)
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, tensor);
        return stream.ToArray();
    }

    private static byte[] WithHeader(string header, byte version = 1, int elementBytes = 0) =>
        [0x93, .. "NUMPY"u8, version, 0, .. version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length), .. Encoding.Latin1.GetBytes(header), .. new byte[elementBytes]];

    private static void Read(Stream stream) => Npy.Read(stream);

    [Fact]
    public void What_is_written_is_read_again()
    {
        foreach (var type in Numbered.ElementTypes)
        {
            foreach (int[] sizes in new int[][] { [], [3], [2, 3], [0, 4], [2, 3, 4] })
            {
                var tensor = Numbered.Of(type, sizes);
                Expect.Close(tensor, Npy.Read(new MemoryStream(Bytes(tensor))), 0);
            }
        }
    }

    [Fact]
    public void Arrays_follow_each_other_in_a_stream()
    {
        using var stream = new MemoryStream([.. Bytes(Numbered.Of(ElementType.Int32, 2)), .. Bytes(Numbered.Of(ElementType.Float32, 3))]);
        Assert.Equal([0, 1], Npy.Read(stream).ToArray<int>());
        Assert.Equal([0, 1, 2], Npy.Read(stream).ToArray<float>());
    }

    [PythonFact("numpy")]
    public void Arrays_of_NumPy_are_read()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, """
            import numpy as np
            for d in ['b1', 'u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f2', 'f4', 'f8', 'c8', 'c16']:
                for name, order in [('little', '<'), ('big', '>')]:
                    for layout in 'CF':
                        a = np.arange(24).reshape(2, 3, 4) * (1 - 2j if d[0] == 'c' else 1)
                        np.save(f'{d}-{name}-{layout}.npy', np.array(a % 3 == 0 if d == 'b1' else a, dtype=order + d, order=layout))
            for major in 1, 2, 3:
                with open(f'version{major}.npy', 'wb') as f: np.lib.format.write_array(f, np.arange(5.0), version=(major, 0))
            np.save('scalar.npy', np.float64(3.5)); np.save('empty.npy', np.zeros((0, 3), np.int64))
            """);
        foreach (var file in Directory.EnumerateFiles(scratch.Folder, "*-*-*.npy"))
        {
            var counted = Numbered.Of(ElementType.Float64, 2, 3, 4);
            var tensor = Npy.Read(file);
            var expected = tensor.ElementType.IsComplex() ? Tensor.Complex(counted, -2 * counted)
                : tensor.ElementType == ElementType.Bool ? Numbered.Of(ElementType.Bool, 2, 3, 4) : counted;
            Expect.Close(expected.AsType(tensor.ElementType), tensor, 0, Path.GetFileName(file));
        }
        foreach (var major in new[] { 1, 2, 3 }) Assert.Equal([0, 1, 2, 3, 4], Npy.Read(scratch[$"version{major}.npy"]).ToArray<double>());
        Assert.Equal(3.5, Npy.Read(scratch["scalar.npy"]).Item());
        Assert.Equal("i64[0, 3]", Npy.Read(scratch["empty.npy"]).Type.ToString());
    }

    [PythonFact("numpy")]
    public void NumPy_reads_our_arrays()
    {
        using var scratch = new Scratch();
        foreach (var type in Numbered.ElementTypes) Npy.Write(scratch[$"{type.ShortName()}.npy"], Numbered.Of(type, 2, 3));
        Npy.Write(scratch["scalar.npy"], Tensor.Scalar(2.5));
        Npy.Write(scratch["vector.npy"], Numbered.Of(ElementType.Float32, 3));
        Python.Run(scratch.Folder, """
            import numpy as np
            for name, d in dict(bool='?', u8='u1', i8='i1', i32='i4', i64='i8', f32='f4', f64='f8', c64='c8', c128='c16').items():
                a, n = np.load(name + '.npy'), np.arange(6).reshape(2, 3)
                assert a.dtype == np.dtype(d) and a.shape == (2, 3), name
                assert (a == (n % 3 == 0 if d == '?' else n * (1 - .5j) if name[0] == 'c' else n)).all(), name
            assert np.load('scalar.npy') == 2.5 and np.load('vector.npy').shape == (3,)
            """);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (100000000,), }", "are left")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "sizes are from 0")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (65536, 65536, 65536), }", "more than")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "2^63")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "2^63")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,) ", "'}' should stand here")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, }", "missing")]
    [InlineData("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (), }", "stands there twice")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (), }", "'|O' are not read")]
    [InlineData("{'descr': '<U5', 'fortran_order': False, 'shape': (), }", "'<U5' are not read")]
    [InlineData("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (), }", "structured arrays are not read")]
    [InlineData("{'descr': '<f8', 'fortran_order': 1, 'shape': (), }", "True or False")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (), } x", "'x' follows")]
    [InlineData("", "'{' should stand here")]
    public void A_wrong_header_is_refused(string header, string message)
    {
        Hostile.Refused(WithHeader(header), Read, message);
        Hostile.Refused(WithHeader(header, version: 2), Read, message);
    }

    [Fact]
    public void Content_behind_the_array_is_refused_in_a_file()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("two.npy", [.. Bytes(Numbered.Of(ElementType.Int32, 2)), 1, 2, 3]);
        var error = Assert.Throws<UnreadableFileException>(() => Npy.Read(path));
        Assert.Equal(path, error.Path);
        Assert.Contains("3 bytes follow", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_integer_that_no_tensor_holds_is_refused() => Hostile.Refused(
        [.. WithHeader("{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }"), 0, 0, 0, 0, 0, 0, 0, 0x80], Read, "9223372036854775808");

    [Fact]
    public void A_truth_value_is_any_byte_but_zero() =>
        Assert.Equal([true, false, true], Npy.Read(new MemoryStream([.. WithHeader("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }"), 2, 0, 1])).ToArray<bool>());

    [Fact]
    public void Limits_bound_the_elements() => Hostile.Refused(
        Bytes(Numbered.Of(ElementType.Int32, 5, 5)), stream => Npy.Read(stream, new FormatLimits { MaxElements = 24 }), "more than 24 elements");

    [Fact]
    public void A_stream_without_a_length_is_read()
    {
        using var stream = new System.IO.Compression.GZipStream(new MemoryStream(Compressed.Gzip(Bytes(Numbered.Of(ElementType.Int32, 3)))), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal([0, 1, 2], Npy.Read(stream).ToArray<int>());
    }

    [Fact]
    public void Damaged_arrays_are_refused()
    {
        var content = Bytes(Numbered.Of(ElementType.Float32, 3, 4));
        Hostile.Cuts(content, Read);
        Hostile.Mutations(content, Read);
    }
}
