using Paramorph.Bayes;
using Paramorph.Fields;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Operators;
using Paramorph.Tests.Formats;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

/// <summary>Whole models, exported with an open batch, run by ONNX Runtime on inputs and batch sizes that the export has not seen.</summary>
public class ModelExportTests
{
    private static readonly Key Key = Key.Of(7);

    private static void Check<TModel>(TModel model, Func<TModel, Tensor, Tensor> call, Shape example, double tolerance32 = 1e-5, double tolerance64 = 1e-12, int opset = 18)
        where TModel : ITree<TModel>
    {
        foreach (var (type, tolerance) in new[] { (ElementType.Float32, tolerance32), (ElementType.Float64, tolerance64) })
        {
            using var scratch = new Scratch();
            var typed = Tree.Map(model, leaf => leaf.AsType(leaf.ElementType.IsComplex() ? type.ComplexType() : type).Evaluate());
            Onnx.Export(scratch["model.onnx"], typed, call, Tensor.Zeros([2, .. example], type), new() { Opset = opset });
            foreach (var batch in new[] { 1, 2, 5 })
            {
                var x = Case.Numbers([batch, .. example], seed: batch).AsType(type).Evaluate();
                var expected = Computation.Of(call, typed, x).EvaluateReference([.. Tree.Leaves(typed), x])[0];
                Expect.Close(expected, Runtime.Run(scratch["model.onnx"], x)[0], tolerance, $"{type} of {batch} examples");
                Expect.Close(expected, Onnx.Read(scratch["model.onnx"]).Call(x), tolerance, $"{type} of {batch} examples, read again");
            }
        }
    }

    public static TheoryData<string, int> Activations => new()
    {
        { "Relu", 17 }, { "Gelu", 18 }, { "Softplus", 19 }, { "Silu", 20 }, { "Elu", 21 }, { "Mish", 22 }, { "Selu", 17 }, { "Sigmoid", 18 }, { "Tanh", 18 },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_perceptron(string activation, int opset)
    {
        var function = (Func<Tensor, Tensor>)typeof(Activation).GetProperty(activation)!.GetValue(null)!;
        Check(Mlp.Create(Key, [3, 16, 16, 2], function), (m, x) => m.Call(x), [3], opset: opset);
    }

    [Fact]
    public void A_convolutional_network()
    {
        var network = new Sequential(
        [
            Convolution.Create(Key.Fold(0), 2, 4, [3, 3]), new Layers.Elementwise(Activation.Relu), new MaxPooling([2, 2]),
            Convolution.Create(Key.Fold(1), 4, 6, [3, 3], new() { Stride = [2], Groups = 2 }, PaddingMode.Circular), new AveragePooling([2, 2]), new GlobalPooling(2),
            Linear.Create(Key.Fold(2), 6, 3),
        ]);
        Check(network, (n, x) => n.Call(x).LogSoftmax(), [2, 16, 16]);
    }

    [Fact]
    public void A_residual_block_with_running_statistics()
    {
        var block = ResidualBlock.Create(Key, 3, 6, stride: 2);
        TreePair<ResidualBlock, TreeList<BatchStatistics>> model = new(block, block.InitialStatistics);
        Check(model, (m, x) => m.Item1.Call(x, BatchPass.Evaluation(m.Item2)), [3, 8, 8]);
    }

    [Fact]
    public void A_u_net() => Check(UNet.Create(Key, 1, 2, width: 4, depth: 2, groups: 2), (m, x) => m.Call(x), [1, 8, 8]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_kolmogorov_arnold_network(int family)
    {
        var basis = UnivariateBasis.All(8)[family];
        var network = new Sequential([KanLayer.Create(Key.Fold(0), basis, 3, 5, isSquashed: true), KanLayer.Create(Key.Fold(1), basis, 5, 2, isSquashed: true)]);
        Check(network, (n, x) => n.Call(x), [3]);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(20)]
    public void A_fourier_neural_operator(int opset) =>
        Check(FourierNeuralOperator.Create(Key, 1, 1, [3, 3], width: 4, blocks: 2, projection: 8), (m, x) => m.Call(x), [1, 10, 8], opset: opset);

    [Fact]
    public void A_sinusoidal_field() => Check(Siren.Create(Key, [2, 16, 16, 1], firstFrequency: 5, frequency: 5), (m, x) => m.Call(x), [2]);

    [Fact]
    public void An_attention_block()
    {
        var block = TransformerEncoderBlock.Create(Key, 8, 2, activation: Activation.Gelu, rotaryWavelength: 100);
        Check(block, (b, x) => b.Call(x, isCausal: true), [5, 8]);
    }

    [Fact]
    public void Recurrent_networks_of_both_directions()
    {
        Check(GruCell.Create(Key, 3, 4), (cell, x) => Recurrent.Run(cell, x).Outputs, [6, 3]);
        Check(LstmCell.Create(Key, 3, 4), (cell, x) => Recurrent.Run(cell, x, isReverse: true).Outputs, [6, 3]);
    }

    [Fact]
    public void A_prior_fitted_network_of_several_inputs()
    {
        var network = PriorFittedNetwork.Create(Key, new(-1, -0.5, 0, 0.5, 1), inputs: 2, features: 8, heads: 2, layers: 2);
        using var scratch = new Scratch();
        static PriorTasks Tasks(int batch) => new(
            Case.Numbers([batch, 6, 2]).AsType(ElementType.Float32).Evaluate(), Case.Numbers([batch, 6], seed: 1).AsType(ElementType.Float32).Evaluate(),
            Tensor.Less(Tensor.Iota([batch, 6], 1), 4).Evaluate());
        Onnx.Export(scratch["model.onnx"], network, (n, tasks) => n.Call(tasks), Tasks(2), new() { OutputNames = ["logits"] });
        var (inputs, outputs) = Runtime.Shapes(scratch["model.onnx"]);
        Assert.Equal(["inputs", "values", "known"], inputs.Keys);
        Assert.Equal([-1, 6, 2], inputs["inputs"]);
        Assert.Equal([-1, 6, 4], outputs["logits"]);
        Expect.Close(network.Call(Tasks(5)).Evaluate(), Runtime.Run(scratch["model.onnx"], Tree.Leaves(Tasks(5)))[0], 1e-5);
    }

    [Fact]
    public void A_derivative_is_exported_like_anything_else()
    {
        var field = Mlp.Create(Key, [2, 8, 1], Activation.Tanh);
        Check(field, (m, x) => Gradient.Of(x, at => m.Call(at).Sum()), [2]);
    }

    [Fact]
    public void The_logarithm_of_a_sigmoid_is_finite()
    {
        using var scratch = new Scratch();
        Onnx.Export(scratch["model.onnx"], Computation.Of((Tensor x) => Tensor.Log(Tensor.Sigmoid(x)), Tensor.Zeros([3])));
        Expect.Close(Tensor.From(-17f, -30f, -80f), Runtime.Run(scratch["model.onnx"], Tensor.From(-17f, -30f, -80f))[0], 1e-6);
    }

    [Fact]
    public void What_depends_on_the_batch_otherwise_than_in_shapes_is_refused()
    {
        var error = Assert.Throws<OnnxException>(() => Onnx.Export("never.onnx", Tensor.Scalar(1f), (m, x) => m * (x - x.Mean(0)), Tensor.Zeros([2, 3])));
        Assert.Contains("such as the divisor of a mean over the batch", error.Message);
        Assert.False(File.Exists("never.onnx"));
        error = Assert.Throws<OnnxException>(() => Onnx.Export("never.onnx", Tensor.Scalar(1f), (m, x) => x.Shape[0] > 5 ? m * x : m + x, Tensor.Zeros([2, 3])));
        Assert.Equal(
            "onnx: the size of the batch cannot be left open: operator 0 is Add for one size and Mul, or of other operands, for another. Set HasDynamicBatch = false, or trace the computation for one size.",
            error.Message);
    }

    [Fact]
    public void Parameters_are_initialisers_named_by_their_paths()
    {
        using var scratch = new Scratch();
        var model = Mlp.Create(Key, [3, 4, 2], Activation.Relu);
        Onnx.Export(scratch["model.onnx"], model, (m, x) => m.Call(x), Tensor.Zeros([2, 3]));
        var graph = Paramorph.Formats.OnnxSchema.ModelProto.Parser.ParseFrom(File.ReadAllBytes(scratch["model.onnx"])).Graph;
        var named = graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => tensor.RawData.ToByteArray());
        foreach (var (name, leaf) in Tree.Names(model).Zip(Tree.Leaves(model)))
            Assert.Equal(leaf.ToArray<float>(), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(named[name]).ToArray());
        Assert.Equal(named.Keys.Order(), Tree.Names(model).Order());
        Assert.Equal(["Constant", "MatMul", "Add", "LessOrEqual", "Where", "MatMul", "Add", "Identity"], graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void What_is_drawn_from_a_key_among_the_parameters_is_a_constant()
    {
        using var scratch = new Scratch();
        var model = new TreePair<Key, Tensor>(Key, Tensor.Scalar(2f));
        Onnx.Export(scratch["model.onnx"], model, (m, x) => Tensor.Cos(x.Dot(Sample.Normal(m.Item1, [3, 5]))) * m.Item2, Tensor.Zeros([2, 3]));
        var summary = Onnx.Inspect(scratch["model.onnx"]);
        Assert.Equal(["item2"], summary.Parameters.Keys);
        Assert.Equal(["Constant", "Cos", "Identity", "MatMul", "Mul"], summary.Operators.Keys);
        var x = Case.Numbers([4, 3]).AsType(ElementType.Float32).Evaluate();
        Expect.Close((Tensor.Cos(x.Dot(Sample.Normal(Key, [3, 5]))) * model.Item2).Evaluate(), Runtime.Run(scratch["model.onnx"], x)[0], 1e-5);
    }

    [Fact]
    public void Names_that_clash_are_refused()
    {
        var model = Mlp.Create(Key, [3, 4, 2], Activation.Relu);
        var error = Assert.Throws<OnnxException>(() => Onnx.Export("never.onnx", model, (m, x) => m.Call(x), Tensor.Zeros([2, 3]), new() { InputNames = ["layers[0].bias"] }));
        Assert.Equal("onnx: the name 'layers[0].bias' is that of a parameter and of something else: give inputs and outputs other names.", error.Message);
    }

    [Fact]
    public void A_sequence_of_any_length_is_left_open_by_tracing_it_at_several()
    {
        using var scratch = new Scratch();
        var cell = GruCell.Create(Key, 3, 4);
        Onnx.Export(scratch["model.onnx"], steps => Computation.Of((Tensor x) => Recurrent.Run(cell, x).Outputs, Tensor.Zeros([1, steps, 3])), new() { BatchName = "steps" });
        var x = Case.Numbers([1, 11, 3]).AsType(ElementType.Float32).Evaluate();
        Expect.Close(Recurrent.Run(cell, x).Outputs.Evaluate(), Runtime.Run(scratch["model.onnx"], x)[0], 1e-5);
    }
}
