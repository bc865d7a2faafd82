using System.IO.Compression;
using System.Text;
using Paramorph.Formats;
using Paramorph.Layers;

namespace Paramorph.Tests.Formats;

public class TorchStateTests
{
    private static void Read(Stream stream) => TorchState.Read(stream);

    /// <summary>A pickle, written instruction by instruction.</summary>
    private sealed class Pickle
    {
        private readonly MemoryStream bytes = new();

        public Pickle() => Put(0x80, 2);

        public Pickle Put(params ReadOnlySpan<byte> code)
        {
            bytes.Write(code);
            return this;
        }

        public Pickle Global(string name) => Put((byte)'c').Put(Encoding.ASCII.GetBytes($"{name[..name.LastIndexOf('.')]}\n{name[(name.LastIndexOf('.') + 1)..]}\n"));

        public Pickle Text(string text) => Put((byte)'X').Put(BitConverter.GetBytes(text.Length)).Put(Encoding.UTF8.GetBytes(text));

        public Pickle Int(int value) => Put((byte)'J').Put(BitConverter.GetBytes(value));

        public Pickle Tuple(params int[] values)
        {
            Put((byte)'(');
            foreach (var value in values) Int(value);
            return Put((byte)'t');
        }

        /// <summary>A view of the storage 0.</summary>
        public Pickle Tensor(string type, int offset, int[] sizes, int[] strides)
        {
            Global("torch._utils._rebuild_tensor_v2").Put((byte)'(', (byte)'(').Text("storage").Global($"torch.{type}").Text("0").Text("cpu").Int(6);
            Put((byte)'t', (byte)'Q').Int(offset).Tuple(sizes).Tuple(strides).Put(0x89).Global("collections.OrderedDict").Put((byte)')', (byte)'R');
            return Put((byte)'t', (byte)'R');
        }

        public byte[] Archive(byte[] elements)
        {
            Put((byte)'.');
            using var stream = new MemoryStream();
            using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var (name, content) in new[] { ("model/data.pkl", bytes.ToArray()), ("model/data/0", elements) })
                {
                    using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                    entry.Write(content);
                }
            }
            return stream.ToArray();
        }
    }

    private static byte[] Dictionary(string type, int offset, int[] sizes, int[] strides, byte[] elements) => new Pickle()
        .Global("collections.OrderedDict").Put((byte)')', (byte)'R', (byte)'(').Text("layer.weight").Tensor(type, offset, sizes, strides).Put((byte)'u').Archive(elements);

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void Strides_and_offsets_are_honoured()
    {
        var read = TorchState.Read(new MemoryStream(Dictionary("FloatStorage", 1, [2, 2], [1, 2], Floats(0, 1, 2, 3, 4, 5))));
        Assert.Equal(["layer.weight"], read.Keys);
        Expect.Close(Tensor.From(new[,] { { 1f, 3 }, { 2, 4 } }), read["layer.weight"], 0);
        Expect.Close(Tensor.From(new[,] { { 5f, 5 }, { 5, 5 } }), TorchState.Read(new MemoryStream(Dictionary("FloatStorage", 5, [2, 2], [0, 0], Floats(0, 1, 2, 3, 4, 5))))["layer.weight"], 0);
    }

    [Fact]
    public void Views_beyond_what_is_stored_are_refused()
    {
        foreach (var (offset, strides) in new[] { (3, new[] { 2, 1 }), (-1, new[] { 2, 1 }), (0, new[] { -1, 1 }), (0, new[] { 1 }) })
            Assert.Throws<UnreadableFileException>(() => Read(new MemoryStream(Dictionary("FloatStorage", offset, [2, 2], strides, Floats(0, 1, 2, 3, 4, 5)))));
    }

    [Fact]
    public void What_is_no_state_dictionary_is_refused_by_its_name()
    {
        var asking = new Pickle().Global("os.system").Put((byte)'(').Text("echo").Put((byte)'t', (byte)'R').Archive([]);
        Assert.Equal(
            "the file asks for the global 'os.system', which no state dictionary of tensors needs: save model.state_dict() instead of the model.",
            Assert.Throws<UnreadableFileException>(() => Read(new MemoryStream(asking))).Problem);
        Assert.Equal(
            "this is no file of PyTorch: it neither is a zip archive nor begins with the magic number of older files.",
            Assert.Throws<UnreadableFileException>(() => Read(new MemoryStream("hello"u8.ToArray()))).Problem);
    }

    [Fact]
    public void Lists_that_stand_in_each_other_many_times_are_refused()
    {
        // 20 lists, each of which has the one before ten times: few bytes for a hundred million million million places.
        var nested = new Pickle().Put((byte)']', (byte)'q', 0);
        for (byte level = 1; level <= 20; level++)
        {
            nested.Put((byte)']', (byte)'q', level, (byte)'(');
            for (var i = 0; i < 10; i++) nested.Put((byte)'h', (byte)(level - 1));
            nested.Put((byte)'e');
        }
        Assert.Contains("places", Assert.Throws<UnreadableFileException>(() => Read(new MemoryStream(nested.Archive([])))).Problem);
    }

    [Fact]
    public void Values_that_hold_themselves_are_refused()
    {
        var knotted = new Pickle().Put((byte)'}', (byte)'q', 0).Text("a").Put((byte)'h', 0, (byte)'s').Archive([]);
        Assert.Contains("FormatLimits.MaxDepth", Assert.Throws<UnreadableFileException>(() => Read(new MemoryStream(knotted))).Problem);
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        var content = Dictionary("FloatStorage", 1, [2, 2], [1, 2], Floats(0, 1, 2, 3, 4, 5));
        Hostile.Cuts(content, Read);
        Hostile.Mutations(content, Read);
    }

    [Fact]
    public void Matrices_of_pytorch_are_transposed_square_ones_too()
    {
        using var scratch = new Scratch();
        var weight = Tensor.From(new[,] { { 1f, 2 }, { 3, 4 } });
        var like = new Linear(Tensor.Zeros([2, 2]), Tensor.Zeros([2]));
        KeyValuePair<string, Tensor>[] tensors = [new("weight", weight), new("bias", Tensor.From(5f, 6))];
        SafeTensors.Write(scratch["ours"], tensors);
        SafeTensors.Write(scratch["theirs"], tensors, [new("format", "pt")]);
        Expect.Close(weight, SafeTensors.Load(scratch["ours"], like).Weight, 0);
        Expect.Close(weight.T, SafeTensors.Load(scratch["theirs"], like).Weight, 0);
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_named()
    {
        using var scratch = new Scratch();
        File.WriteAllBytes(scratch["model.pt"], Dictionary("FloatStorage", 0, [2, 3], [3, 1], Floats(0, 1, 2, 3, 4, 5)));
        var error = Assert.Throws<UnreadableFileException>(() => TorchState.Load(scratch["model.pt"], new Linear(Tensor.Zeros([2, 3]), Tensor.Zeros([3])), _ => "layer"));
        Assert.Equal(
            "the tensors are not those of the model in the layout of PyTorch: nothing in the file is 'weight' (looked for as 'weight'); nothing in the file is 'bias' (looked for as 'bias'); the model has no place for 'layer.weight'.",
            error.Problem);
        TreeDictionary<Linear> nested = new Dictionary<string, Linear> { ["layer"] = new(Tensor.Zeros([2, 3]), null) };
        error = Assert.Throws<UnreadableFileException>(() => TorchState.Load(scratch["model.pt"], nested));
        Assert.Equal(
            "the tensors are not those of the model in the layout of PyTorch: '[\"layer\"].weight' is f32[3, 2] in the layout of the library where the model has f32[2, 3].",
            error.Problem);
    }

    [PythonFact("torch, numpy")]
    public void Files_of_pytorch_are_read_in_both_forms()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, """
            import torch, numpy as np
            torch.manual_seed(0)
            base = torch.arange(24.).reshape(4, 6)
            state = {"epoch": 3, "name": "x", "none": None, "rates": [0.1, 2],
                     "model": {"plain": base, "turned": base.t(), "part": base[1:3, ::2], "repeated": torch.ones(1).expand(3, 2), "scalar": torch.tensor(2.5),
                               "parameter": torch.nn.Parameter(torch.randn(3)), "shared": base, "empty": torch.zeros(0, 3)},
                     "types": [torch.tensor([1.5, -2, 0]).to(t) for t in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8)]
                              + [torch.tensor([True, False]), torch.tensor([3, 250], dtype=torch.uint8), torch.tensor([1 + 2j])]}
            torch.save(state, "new.pt")
            torch.save(state, "old.pt", _use_new_zipfile_serialization=False)
            flat = {f"model.{k}": v.detach().numpy() for k, v in state["model"].items()}
            for i, t in enumerate(state["types"]):
                flat[f"types.{i}"] = (t.float() if t.dtype in (torch.float16, torch.bfloat16) else t.int() if t.dtype == torch.int16 else t).numpy()
            np.savez("truth.npz", **flat)
            """);
        var truth = Npz.Read(scratch["truth.npz"]);
        foreach (var file in new[] { "new.pt", "old.pt" })
        {
            var read = TorchState.Read(scratch[file]);
            Assert.Equal(truth.Keys.Order(), read.Keys.Order());
            foreach (var (name, tensor) in truth) Expect.Close(tensor, read[name], 0, $"{file}: {name}");
        }
    }

    [PythonFact("torch, numpy")]
    public void Modules_of_pytorch_become_layers()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, """
            import torch, torch.nn as nn, numpy as np
            torch.manual_seed(0)
            torch.set_default_dtype(torch.float64)
            x = torch.randn(2, 5, 4)
            out = {"x": x}
            def keep(name, module, y):
                torch.save(module.state_dict(), name + ".pt")
                out[name] = y.detach()
            mlp = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 2))
            keep("mlp", mlp, mlp(x))
            gru, lstm, rnn = nn.GRU(4, 4, batch_first=True), nn.LSTM(4, 4, batch_first=True), nn.RNN(4, 4, batch_first=True)
            keep("gru", gru, gru(x)[0])
            keep("lstm", lstm, lstm(x)[0])
            keep("rnn", rnn, rnn(x)[0])
            attention = nn.MultiheadAttention(4, 2, batch_first=True)
            nn.init.normal_(attention.in_proj_bias)
            keep("attention", attention, attention(x, x, x)[0])
            norm = nn.LayerNorm(4)
            nn.init.normal_(norm.weight)
            keep("norm", norm, norm(x))
            convolution = nn.Conv1d(5, 3, 3, padding=1)
            keep("convolution", convolution, convolution(x))
            np.savez("truth.npz", **{k: v.numpy() for k, v in out.items()})
            """);
        var truth = Npz.Read(scratch["truth.npz"]);
        var (x, key, type) = (truth["x"], Key.Of(1), ElementType.Float64);
        var mlp = TorchState.Load(scratch["mlp.pt"], Mlp.Create(key, [4, 4, 4, 2], Activation.Tanh, type: type), path => $"{2 * int.Parse(path[7..^1])}");
        Expect.Close(truth["mlp"], mlp.Call(x), 1e-13);
        Expect.Close(truth["gru"], Recurrent.Run(TorchState.Load(scratch["gru.pt"], GruCell.Create(key, 4, 4, type)), x).Outputs, 1e-13);
        Expect.Close(truth["lstm"], Recurrent.Run(TorchState.Load(scratch["lstm.pt"], LstmCell.Create(key, 4, 4, type)), x).Outputs, 1e-13);
        Expect.Close(truth["rnn"], Recurrent.Run(TorchState.Load(scratch["rnn.pt"], RecurrentCell.Create(key, 4, 4, type: type)), x).Outputs, 1e-13);
        var attention = TorchState.Load(
            scratch["attention.pt"], MultiHeadAttention.Create(key, 4, 2, type: type), path => path == "output" ? "out_proj" : path);
        Expect.Close(truth["attention"], attention.Call(x), 1e-13);
        Expect.Close(truth["norm"], TorchState.Load(scratch["norm.pt"], LayerNorm.Create([4], type)).Call(x), 1e-13);
        Expect.Close(truth["convolution"], TorchState.Load(scratch["convolution.pt"], Convolution.Create(key, 5, 3, [3], type: type)).Call(x), 1e-13);
    }
}
