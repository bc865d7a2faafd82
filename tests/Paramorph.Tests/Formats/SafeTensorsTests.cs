using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public partial class SafeTensorsTests
{
    private static readonly Network Model = new([new(Numbered.Of(ElementType.Float32, 3, 4), Numbered.Of(ElementType.Float64, 4))], Numbered.Of(ElementType.Complex128, 2, 2), "tanh");

    private static void Read(Stream stream) => SafeTensors.Read(stream);

    private static byte[] FileOf(string header, params byte[] elements) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. elements];

    private static byte[] Bytes(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors, [new("made by", "a test")]);
        return stream.ToArray();
    }

    [Fact]
    public void What_is_written_is_read_again_in_its_order()
    {
        using var scratch = new Scratch();
        var tensors = Numbered.ElementTypes.Select(type => KeyValuePair.Create($"a \"{type}\" ü", Numbered.Of(type, 3, 1))).Append(new("scalar", Tensor.Scalar(1f))).Append(new("none", Tensor.Zeros([0, 2])));
        SafeTensors.Write(scratch["a"], tensors, [new("made by", "a test")]);
        var read = SafeTensors.Read(scratch["a"]);
        Assert.Equal(tensors.Select(pair => pair.Key), read.Keys);
        foreach (var (name, tensor) in tensors) Expect.Close(tensor, read[name], 0, name);
        Assert.Equal([new("made by", "a test")], SafeTensors.ReadMetadata(scratch["a"]));
    }

    [Fact]
    public void A_model_is_saved_and_loaded()
    {
        using var scratch = new Scratch();
        SafeTensors.Save(scratch["model"], Model);
        var loaded = SafeTensors.Load(scratch["model"], Tree.Map(Model, leaf => leaf * 0));
        Assert.Equal("tanh", loaded.Activation);
        foreach (var (saved, leaf) in Tree.Leaves(Model).Zip(Tree.Leaves(loaded))) Expect.Close(saved, leaf, 0);
    }

    [Fact]
    public void Shapes_decide_where_names_differ()
    {
        using var scratch = new Scratch();
        var (names, leaves) = (Tree.Names(Model), Tree.Leaves(Model));
        SafeTensors.Write(scratch["others"], names.Zip(leaves).Select((leaf, i) => KeyValuePair.Create(i == 1 ? leaf.First : $"w{i}", leaf.Second)).Reverse());
        var told = new List<string>();
        var loaded = SafeTensors.LoadByShapes(scratch["others"], Tree.Map(Model, leaf => leaf * 0), told.Add);
        foreach (var (saved, leaf) in leaves.Zip(Tree.Leaves(loaded))) Expect.Close(saved, leaf, 0);
        Assert.Equal(names.Length - 1, told.Count);
        Assert.Contains($"'w0' f32[3, 4] of the file is '{names[0]}'", told);
        // Two of a shape under other names are not told apart; one too few or too many is said.
        void Refused(string message, params KeyValuePair<string, Tensor>[] tensors)
        {
            SafeTensors.Write(scratch["bad"], tensors);
            Assert.Contains(message, Assert.Throws<UnreadableFileException>(() => SafeTensors.LoadByShapes(scratch["bad"], Model)).Message, StringComparison.Ordinal);
        }
        KeyValuePair<string, Tensor>[] all = [.. leaves.Select((leaf, i) => KeyValuePair.Create($"w{i}", leaf))];
        Refused("shapes do not decide: f32[3, 4] are 'w0', 'x' in the file", [.. all, new("x", leaves[0])]);
        Refused("shapes do not decide: f32[3, 4] are none in the file", all[1..]);
        Refused("the file has besides 'x'", [.. all, new("x", Tensor.Zeros([9]))]);
    }

    [Fact]
    public void Leaves_that_do_not_fit_are_named()
    {
        using var scratch = new Scratch();
        SafeTensors.Write(scratch["model"], [new("layers[0].weight", Tensor.Zeros([3, 5])), new("head", Numbered.Of(ElementType.Complex128, 2, 2)), new("other", Tensor.Zeros([1]))]);
        var error = Assert.Throws<UnreadableFileException>(() => SafeTensors.Load(scratch["model"], Model));
        Assert.Equal(
            "the tensors are not the leaves of the model: the file lacks 'layers[0].bias'; the file has besides 'other'; 'layers[0].weight' is f32[3, 5] where the model has f32[3, 4].",
            error.Problem);
    }

    [PythonFact("numpy")]
    public void Files_by_the_specification_are_read_and_ours_follow_it()
    {
        using var scratch = new Scratch();
        SafeTensors.Write(scratch["ours"], Numbered.ElementTypes.Select(type => KeyValuePair.Create(type.ShortName(), Numbered.Of(type, 2, 3))), [new("k", "v")]);
        Python.Run(scratch.Folder, """
            import json, struct, numpy as np
            types = dict(BOOL='?', U8='u1', I8='i1', I32='<i4', I64='<i8', F32='<f4', F64='<f8', C64='<c8')
            data = open('ours', 'rb').read()
            size = struct.unpack('<Q', data[:8])[0]
            header, data = json.loads(data[8:8 + size]), data[8 + size:]
            assert size % 8 == 0 and header.pop('__metadata__') == {'k': 'v', 'paramorph.complex128': '["c128"]'}
            ends = sorted(tuple(t['data_offsets']) for t in header.values())
            assert all(a[1] == b[0] for a, b in zip(ends, ends[1:])) and ends[0][0] == 0 and ends[-1][1] == len(data)
            for name, t in header.items():
                begin, end = t['data_offsets']
                a = np.frombuffer(data[begin:end], types[t['dtype']]).reshape(t['shape'])
                n = np.arange(6).reshape(2, 3)
                if name == 'c128': a = a[..., 0] + 1j * a[..., 1]
                assert begin % a.itemsize == 0 and (a == (n % 3 == 0 if name == 'bool' else n * (1 - .5j) if name[0] == 'c' else n)).all(), name
            tensors = {t: np.arange(6).reshape(2, 3).astype(d) for t, d in dict(types, U16='<u2', I16='<i2', U32='<u4', U64='<u8', F16='<f2').items()}
            tensors['BF16'] = (np.arange(6).reshape(2, 3).astype('<f4').view('<u4') >> 16).astype('<u2')
            header, body = {'__metadata__': {'by': 'hand'}}, b''
            for name, a in tensors.items():
                header['t' + name] = {'dtype': name, 'shape': list(a.shape), 'data_offsets': [len(body), len(body) + a.nbytes]}
                body += a.tobytes()
            text = json.dumps(header).encode() + b'   '
            open('theirs', 'wb').write(struct.pack('<Q', len(text)) + text + body)
            """);
        var theirs = SafeTensors.Read(scratch["theirs"]);
        Assert.Equal(14, theirs.Count);
        foreach (var (name, tensor) in theirs)
        {
            var expected = Numbered.Of(ElementType.Float64, 2, 3);
            Expect.Close(name == "tBOOL" ? Tensor.NotEqual(expected, 0.0) : expected.AsType(tensor.ElementType), tensor, 0, name);
        }
        Assert.Equal("f32", theirs["tBF16"].ElementType.ShortName());
        Assert.Equal("hand", SafeTensors.ReadMetadata(scratch["theirs"])["by"]);
    }

    [Theory]
    [InlineData("[]", "should be a JSON object")]
    [InlineData("{", "no valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "no valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "do not fit the shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "not where those before end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not where those before end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "follow the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", "sizes are from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "sizes are from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "list of integers")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", "F8_E4M3 are not read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "an object with dtype, shape and data_offsets")]
    [InlineData("""{"a":[[[[[[[[[[[[]]]]]]]]]]]]}""", "no valid JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", "'a' should be a text")]
    [InlineData("""{"__metadata__":{"paramorph.complex128":"{"}}""", "no valid JSON")]
    public void A_wrong_header_is_refused(string header, string message) => Hostile.Refused(FileOf(header, 1, 2, 3, 4), Read, message);

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        Hostile.Refused([.. BitConverter.GetBytes(90_000_000L), (byte)'{'], Read, "are left");
        Hostile.Refused([.. BitConverter.GetBytes(-1L), (byte)'{'], Read, "at most 100000000");
    }

    [Fact]
    public void Names_that_are_equal_or_reserved_are_not_written()
    {
        Assert.Throws<ArgumentException>(() => Bytes([new("x", Tensor.Scalar(1f)), new("x", Tensor.Scalar(1f))]));
        Assert.Throws<ArgumentException>(() => Bytes([new("__metadata__", Tensor.Scalar(1f))]));
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        var file = Bytes([new("a", Numbered.Of(ElementType.Float32, 2, 2)), new("b", Numbered.Of(ElementType.Complex128, 2))]);
        Hostile.Cuts(file, Read);
        Hostile.Mutations(file, Read, count: 1500);
    }

    [Tree]
    public sealed partial record Layer(Tensor Weight, Tensor Bias);

    [Tree]
    public sealed partial record Network(Layer[] Layers, Tensor Head, string Activation);
}
