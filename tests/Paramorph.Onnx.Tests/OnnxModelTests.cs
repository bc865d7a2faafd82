using Google.Protobuf;
using Paramorph.Formats;
using Paramorph.Formats.OnnxSchema;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Tests.Formats;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

public class OnnxModelTests
{
    private static OnnxModel Written(Scratch scratch, Mlp model)
    {
        Onnx.Export(scratch["model.onnx"], model, (m, x) => m.Call(x), Tensor.Zeros([2, 3]));
        return Onnx.Read(scratch["model.onnx"]);
    }

    [Fact]
    public void A_model_that_was_read_has_the_gradients_of_the_one_that_was_written()
    {
        using var scratch = new Scratch();
        var model = Mlp.Create(Key.Of(1), [3, 8, 2], Activation.Tanh);
        var read = Written(scratch, model);
        Assert.Equal(Tree.Names(model).Order(StringComparer.Ordinal), read.Parameters.Keys);
        var x = Case.Numbers([5, 3]).AsType(ElementType.Float32).Evaluate();
        var expected = Gradient.Of(model, m => Tensor.Square(m.Call(x)).Sum());
        var actual = Gradient.Of(read, m => Tensor.Square(m.Call(x)).Sum());
        foreach (var (name, leaf) in Tree.Names(expected).Zip(Tree.Leaves(expected))) Expect.Close(leaf, actual.Parameters[name], 1e-6, name);
    }

    [Fact]
    public void A_model_that_was_read_is_trained()
    {
        using var scratch = new Scratch();
        var read = Written(scratch, Mlp.Create(Key.Of(1), [3, 8, 2], Activation.Tanh));
        var x = Case.Numbers([20, 3]).AsType(ElementType.Float32).Evaluate();
        var step = Compile.Of((OnnxModel m) =>
        {
            var (loss, gradient) = ValueAndGradient.Of(m, model => Tensor.Square(model.Call(x) - x[.., ..2]).Mean());
            return new TreePair<Tensor, OnnxModel>(loss, Tree.Zip(m, gradient, (p, g) => p - 0.3 * g));
        });
        var first = step(read).Item1.Item();
        for (var i = 0; i < 200; i++) read = step(read).Item2;
        Assert.True(step(read).Item1.Item() < first / 10);
    }

    [Fact]
    public void Int8_graphs_with_pairs_of_quantisers_are_read()
    {
        using var scratch = new Scratch();
        var (x, weights) = (Case.Numbers([4, 6]).AsType(ElementType.Float32).Evaluate(), Tensor.From<sbyte>([.. Enumerable.Range(0, 18).Select(i => (sbyte)(i * 13 - 110))], [6, 3]));
        var model = NodeModel.Of(
            13, [x], 1,
            NodeModel.Node("QuantizeLinear", ["x0", "s", "z"], ["q"]), NodeModel.Node("DequantizeLinear", ["q", "s", "z"], ["d"]),
            NodeModel.Node("DequantizeLinear", ["w", "ws"], ["wd"], ("axis", 1)), NodeModel.Node("MatMul", ["d", "wd"], ["m"]),
            NodeModel.Node("QuantizeLinear", ["m", "os", "oz"], ["oq"]), NodeModel.Node("DequantizeLinear", ["oq", "os", "oz"], ["y0"]));
        foreach (var (name, tensor) in new Dictionary<string, Tensor>
        {
            ["s"] = Tensor.Scalar(0.01f),
            ["z"] = Tensor.Scalar((byte)128),
            ["w"] = weights,
            ["ws"] = Tensor.From(0.01f, 0.02f, 0.015f),
            ["os"] = Tensor.Scalar(0.05f),
            ["oz"] = Tensor.Scalar((sbyte)3),
        }) model.Graph.Initializer.Add(OnnxTensors.Write(name, tensor));
        File.WriteAllBytes(scratch["model.onnx"], model.ToByteArray());
        Expect.Close(Runtime.Run(scratch["model.onnx"], x)[0], Onnx.Read(scratch["model.onnx"]).Call(x), 1e-6);
    }

    [Fact]
    public void Loops_and_branches_are_read()
    {
        using var scratch = new Scratch();
        GraphProto body = new() { Name = "body" };
        body.Node.Add(NodeModel.Node("Mul", ["v", "two"], ["w"]));
        body.Node.Add(NodeModel.Node("Identity", ["c"], ["d"]));
        body.Node.Add(NodeModel.Node("Identity", ["w"], ["s"]));
        body.Input.Add(OnnxBuilder.Describe("i", new(ElementType.Int64, [])));
        body.Input.Add(OnnxBuilder.Describe("c", new(ElementType.Bool, [])));
        body.Input.Add(OnnxBuilder.Describe("v", new(ElementType.Float32, [3])));
        foreach (var (name, type) in new[] { ("d", ElementType.Bool), ("w", ElementType.Float32), ("s", ElementType.Float32) })
            body.Output.Add(OnnxBuilder.Describe(name, new(type, []), hasShape: false));
        var model = NodeModel.Of(16, [Case.Numbers([3]).AsType(ElementType.Float32)], 2, NodeModel.Node("Loop", ["m", "t", "x0"], ["y0", "y1"], ("body", body)));
        model.Graph.Initializer.Add(OnnxTensors.Write("m", Tensor.Scalar(4L)));
        model.Graph.Initializer.Add(OnnxTensors.Write("t", Tensor.Scalar(true)));
        model.Graph.Initializer.Add(OnnxTensors.Write("two", Tensor.Scalar(2f)));
        File.WriteAllBytes(scratch["model.onnx"], model.ToByteArray());
        var x = Case.Numbers([3]).AsType(ElementType.Float32).Evaluate();
        var (expected, actual) = (Runtime.Run(scratch["model.onnx"], x), Onnx.Read(scratch["model.onnx"]).CallAll(x));
        Expect.Close(expected[0], actual[0], 1e-6);
        Expect.Close(expected[1], actual[1], 1e-6);
    }

    [Fact]
    public void Functions_that_a_model_brings_along_are_called()
    {
        using var scratch = new Scratch();
        var x = Case.Numbers([3]).AsType(ElementType.Float32).Evaluate();
        var call = NodeModel.Node("Leak", ["x0"], ["y0"], ("slope", 0.3));
        call.Domain = "own";
        var model = NodeModel.Of(16, [x], 1, call);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        var inner = NodeModel.Node("LeakyRelu", ["a"], ["b"]);
        inner.Attribute.Add(new AttributeProto { Name = "alpha", RefAttrName = "slope", Type = AttributeProto.Types.AttributeType.Float });
        var function = new FunctionProto { Name = "Leak", Domain = "own" };
        function.Input.Add("a");
        function.Output.Add("b");
        function.Attribute.Add("slope");
        function.Node.Add(inner);
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 16 });
        model.Functions.Add(function);
        File.WriteAllBytes(scratch["model.onnx"], model.ToByteArray());
        Expect.Close(Runtime.Run(scratch["model.onnx"], x)[0], Onnx.Read(scratch["model.onnx"]).Call(x), 1e-6);
    }

    [Fact]
    public void What_is_not_supported_is_named_with_its_node()
    {
        using var scratch = new Scratch();
        var node = NodeModel.Node("NonZero", ["x0"], ["y0"]);
        node.Name = "/head/NonZero";
        File.WriteAllBytes(scratch["model.onnx"], NodeModel.Of(16, [Tensor.Zeros([3])], 1, node).ToByteArray());
        Assert.Equal("onnx: node '/head/NonZero' (NonZero): the operator is not supported.", Assert.Throws<OnnxException>(() => Onnx.Read(scratch["model.onnx"])).Message);
        var summary = Onnx.Inspect(scratch["model.onnx"]);
        Assert.Equal("onnx: node '/head/NonZero' (NonZero): the operator is not supported.", summary.Obstacle);
        Assert.Equal(["node '/head/NonZero' (NonZero)"], summary.Unsupported);
        Assert.Contains("not supported: node '/head/NonZero' (NonZero)\n", summary.ToString(), StringComparison.Ordinal);
        File.WriteAllBytes(scratch["reshape.onnx"], NodeModel.Of(16, [Tensor.Zeros([4]), Tensor.From(2L, 2)], 1, NodeModel.Node("Reshape", ["x0", "x1"], ["y0"])).ToByteArray());
        var error = Assert.Throws<OnnxException>(() => Computation.Trace("f", x => Onnx.Read(scratch["reshape.onnx"]).CallAll(x), [new(ElementType.Float32, [4]), new(ElementType.Int64, [2])]));
        Assert.Equal("onnx: node 'y0' (Reshape): input 1 depends on values that the model is given, but shapes must be known before: make it a constant.", error.Message);
    }

    /// <summary>PyTorch writes weights into a file beside the model, and ONNX Runtime reads them there.</summary>
    [Fact]
    public void Weights_beside_the_model_are_read_and_nothing_else()
    {
        using var scratch = new Scratch();
        var x = Case.Numbers([5, 3]).AsType(ElementType.Float32).Evaluate();
        var expected = Written(scratch, Mlp.Create(Key.Of(1), [3, 8, 2], Activation.Tanh)).Call(x);
        ModelProto Apart(string location, long beyond = 0)
        {
            var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(scratch["model.onnx"]));
            using var weights = File.Create(scratch["weights.data"]);
            foreach (var tensor in model.Graph.Initializer)
            {
                weights.Position = (weights.Position + 63) / 64 * 64;
                tensor.DataLocation = 1;
                foreach (var (key, value) in new[] { ("location", location), ("offset", $"{weights.Position}"), ("length", $"{tensor.RawData.Length + beyond}") })
                    tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
                weights.Write(tensor.RawData.Span);
                tensor.RawData = ByteString.Empty;
            }
            File.WriteAllBytes(scratch["apart.onnx"], model.ToByteArray());
            return model;
        }
        var bytes = Apart("weights.data").ToByteArray();
        Expect.Close(expected, Onnx.Read(scratch["apart.onnx"]).Call(x), 0);
        Expect.Close(expected, Runtime.Run(scratch["apart.onnx"], x)[0], 1e-5);
        Assert.Contains("read the model by its path", Assert.Throws<UnreadableFileException>(() => Onnx.Read(new MemoryStream(bytes))).Problem, StringComparison.Ordinal);
        foreach (var (location, beyond, message) in new[]
        {
            ("nowhere.data", 0, "does not stand beside the model"), ("../weights.data", 0, "only a file beside the model is read"), (scratch["weights.data"], 0, "only a file beside the model is read"),
            ("weights.data", 1000, "bytes from byte"),
        })
        {
            Apart(location, beyond);
            Assert.Contains(message, Assert.Throws<UnreadableFileException>(() => Onnx.Read(scratch["apart.onnx"])).Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        using var scratch = new Scratch();
        Written(scratch, Mlp.Create(Key.Of(1), [3, 4, 2], Activation.Relu));
        var content = File.ReadAllBytes(scratch["model.onnx"]);
        Hostile.Cuts(content, Read);
        Hostile.Mutations(content, Read);

        // A changed name or version may leave a model that can be read, but whose nodes do not fit.
        static void Read(Stream stream)
        {
            try
            {
                Onnx.Read(stream).Call(Tensor.Zeros([2, 3]));
            }
            catch (TensorException)
            {
            }
        }
    }

    [Fact]
    public void A_summary_tells_what_is_in_a_file()
    {
        using var scratch = new Scratch();
        Written(scratch, Mlp.Create(Key.Of(1), [3, 4, 2], Activation.Relu));
        var summary = Onnx.Inspect(scratch["model.onnx"]);
        Assert.Equal(26, summary.ParameterCount);
        Assert.Equal(2, summary.Operators["MatMul"]);
        Assert.Equal("input: f32[?, 3]", summary.Inputs[0].ToString());
        Assert.Equal("output: f32[?, 2]", summary.Outputs[0].ToString());
        // 2 * 3 * 4 + 2 * 4 * 2 of the products, 6 additions, 4 comparisons, 4 choices.
        Assert.Equal(54, summary.Cost!.Value.Flops);
    }
}
