using Google.Protobuf;
using Paramorph.Formats;
using Paramorph.Tests.Formats;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

/// <summary>What operators mean: models of one node, called here and run by ONNX Runtime.</summary>
public class OperatorTests
{
    private static readonly Dictionary<string, Subject> Subjects = All().ToDictionary(subject => subject.ToString());

    public static TheoryData<string> Names => [.. Subjects.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operator_does_what_it_does_in_onnx_runtime(string name)
    {
        var subject = Subjects[name];
        using var scratch = new Scratch();
        var present = subject.Inputs.Select((input, i) => (input, Name: input is null ? "" : $"x{i}")).ToArray();
        var node = NodeModel.Node(subject.Operator, [.. present.Select(p => p.Name)], [.. Enumerable.Range(0, subject.Outputs).Select(i => $"y{i}")], subject.Attributes);
        node.Domain = subject.Domain;
        var model = NodeModel.Of(subject.Opset, subject.Inputs, subject.Outputs, node);
        // What shapes depend on is a constant, as in models of other programs.
        foreach (var i in subject.Constants)
        {
            model.Graph.Initializer.Add(OnnxTensors.Write($"x{i}", subject.Inputs[i]!));
            model.Graph.Input.Remove(model.Graph.Input.Single(input => input.Name == $"x{i}"));
        }
        File.WriteAllBytes(scratch["model.onnx"], model.ToByteArray());
        Tensor[] inputs = [.. subject.Inputs.Where((input, i) => input is not null && !subject.Constants.Contains(i)).Select(input => input!)];
        var expected = Runtime.Run(scratch["model.onnx"], inputs);
        var read = Onnx.Read(scratch["model.onnx"]);
        var types = inputs.Select(input => input.Type).ToArray();
        // Traced, as in training: nothing but constants has a value then.
        var outputs = Computation.Trace("model", x => read.CallAll(x), types).Apply(inputs);
        Assert.Equal(subject.Outputs, expected.Length);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], outputs[i].Evaluate(), subject.Tolerance, $"output {i}");
    }

    private static Tensor X(params int[] shape) => Case.Numbers([.. shape], -2, 2).AsType(ElementType.Float32).Evaluate();

    private static Tensor I(params long[] values) => Tensor.From<long>(values);

    private static IEnumerable<Subject> All() => [.. Elementwise(), .. Shapes(), .. Indexing(), .. Reductions(), .. Windows(), .. Norms(), .. Recurrent(), .. Resizing(), .. Quantised(), .. Learning()];

    private static IEnumerable<Subject> Elementwise()
    {
        foreach (var name in "Abs Ceil Cos Elu Erf Exp Floor HardSigmoid HardSwish LeakyRelu Mish Neg Reciprocal Relu Round Selu Sigmoid Sign Sin Softplus Softsign Tan Tanh Celu ThresholdedRelu Atan Sinh Cosh Asinh Shrink Identity IsNaN".Split(' '))
            yield return new(name, [X(3, 5)]);
        yield return new("Elu", [X(7)], ("alpha", 0.7));
        yield return new("Selu", [X(7)], ("alpha", 0.7), ("gamma", 1.3));
        yield return new("HardSigmoid", [X(7)], ("alpha", 0.7), ("beta", 0.1));
        yield return new("Shrink", [X(7)], ("lambd", 1.0), ("bias", 0.3));
        yield return new("Gelu", [X(7)]) { Opset = 20 };
        yield return new("Gelu", [X(7)], ("approximate", "tanh")) { Opset = 20 };
        yield return new("Clip", [X(7)], ("min", -0.5), ("max", 1.0)) { Opset = 7 };
        yield return new("Clip", [X(7), Tensor.Scalar(-0.5f), null]) { Label = "with a lower bound" };
        yield return new("Clip", [X(7), null, Tensor.Scalar(0.5f)]) { Label = "with an upper bound" };
        yield return new("PRelu", [X(2, 3, 4), X(3, 1)]);
        yield return new("Div", [I(7, -7, 7, -7, 6), I(2, 2, -2, -2, 3)]) { Label = "of integers" };
        yield return new("Mod", [I(7, -7, 7, -7), I(3, 3, -3, -3)]) { Label = "of integers" };
        yield return new("Mod", [X(5), X(5) + 3], ("fmod", 1)) { Label = "of real numbers" };
        yield return new("Mod", [I(7, -7, 7, -7), I(3, 3, -3, -3)], ("fmod", 1)) { Label = "of integers, with the sign of the first" };
        yield return new("Pow", [Tensor.Abs(X(5)), X(5)]);
        yield return new("Pow", [X(5), I(3)]) { Label = "with an integer exponent" };
        yield return new("Pow", [X(5), Tensor.Scalar(2f)]) { Label = "with a constant", Constants = [1] };
        yield return new("Max", [X(3, 1), X(4), Tensor.Scalar(0.5f)]);
        yield return new("Mean", [X(3, 1), X(4)]);
        yield return new("Sum", [X(3, 1), X(4)]);
        yield return new("Where", [Tensor.Greater(X(3, 1), 0), X(4), X(3, 4)]);
        yield return new("Cast", [X(5) * 3], ("to", 7));
        yield return new("Cast", [X(5)], ("to", 9));
        yield return new("BitShift", [Tensor.From<byte>(1, 130, 255), Tensor.From<byte>(3, 1, 4)], ("direction", "LEFT"));
        yield return new("IsInf", [Tensor.From(1f, float.PositiveInfinity, float.NegativeInfinity)], ("detect_negative", 0));
    }

    private static IEnumerable<Subject> Shapes()
    {
        yield return new("Reshape", [X(2, 3, 4), I(0, -1)]) { Constants = [1] };
        yield return new("Reshape", [X(0, 3), I(0, 5)], ("allowzero", 1)) { Constants = [1] };
        yield return new("Flatten", [X(2, 3, 4)], ("axis", -1));
        yield return new("Flatten", [X(2, 3, 4)], ("axis", 0));
        yield return new("Shape", [X(2, 3, 4)], ("start", -2)) { Tolerance = 0 };
        yield return new("Squeeze", [X(1, 3, 1)], ("axes", new[] { 0 })) { Opset = 11 };
        yield return new("Squeeze", [X(1, 3, 1), I(-1)]) { Constants = [1] };
        yield return new("Squeeze", [X(1, 3, 1)]);
        yield return new("Unsqueeze", [X(3, 4), I(0, -1)]) { Constants = [1] };
        yield return new("Unsqueeze", [X(3, 4)], ("axes", new[] { 1, 3 })) { Opset = 11 };
        yield return new("Slice", [X(5, 6)], ("starts", new[] { 1, -3 }), ("ends", new[] { 100, -1 })) { Opset = 9 };
        yield return new("Slice", [X(5, 6), I(-1, 5), I(-100, 0), I(0, 1), I(-2, -1)]) { Constants = [1, 2, 3, 4], Label = "backward" };
        yield return new("Slice", [X(5, 6), I(1), I(long.MaxValue), I(-1), I(2)]) { Constants = [1, 2, 3, 4], Label = "to the end" };
        yield return new("Slice", [X(5), I(3), I(1)]) { Constants = [1, 2], Label = "of nothing" };
        yield return new("Split", [X(7, 2), I(3, 4)], ("axis", 0)) { Constants = [1], Outputs = 2 };
        yield return new("Split", [X(7, 2)], ("axis", 0), ("num_outputs", 3)) { Outputs = 3, Opset = 18 };
        yield return new("Split", [X(6, 2)], ("split", new[] { 2, 4 })) { Outputs = 2, Opset = 11 };
        yield return new("Expand", [X(3, 1), I(2, 1, 4)]) { Constants = [1] };
        yield return new("Tile", [X(2, 3), I(2, 3)]) { Constants = [1] };
        yield return new("Tile", [X(2, 3, 4, 5), I(3, 2, 5, 4)]) { Constants = [1], Label = "of four axes" };
        yield return new("Transpose", [X(2, 3, 2, 4, 2, 3, 2, 2)], ("perm", new[] { 0, 1, 3, 5, 2, 4, 6, 7 }));
        yield return new("Transpose", [X(2, 3, 4)]);
        yield return new("Transpose", [X(2, 3, 4)], ("perm", new[] { 1, 0, 2 }));
        yield return new("Trilu", [X(4, 5), I(-1)], ("upper", 0)) { Constants = [1] };
        yield return new("Trilu", [X(4, 5)]);
        yield return new("EyeLike", [X(4, 5)], ("k", 1));
        yield return new("DepthToSpace", [X(1, 8, 2, 3)], ("blocksize", 2));
        yield return new("DepthToSpace", [X(1, 8, 2, 3)], ("blocksize", 2), ("mode", "CRD"));
        yield return new("SpaceToDepth", [X(1, 2, 4, 6)], ("blocksize", 2));
        yield return new("Range", [Tensor.Scalar(7L), Tensor.Scalar(-2L), Tensor.Scalar(-3L)]) { Constants = [0, 1, 2] };
        yield return new("ConstantOfShape", [I(2, 3)], ("value", I(7))) { Constants = [0] };
        yield return new("Pad", [X(3, 4), I(1, 0, -1, 2), Tensor.Scalar(0.5f)]) { Constants = [1] };
        yield return new("Pad", [X(3, 4), I(1, 2, 0, 3)], ("mode", "reflect")) { Constants = [1] };
        yield return new("Pad", [X(3, 4), I(1, 2, 0, 3)], ("mode", "edge")) { Constants = [1] };
        yield return new("Pad", [X(3, 4), I(2, 1), null, I(-1)]) { Constants = [1, 3], Label = "of an axis" };
        yield return new("Pad", [X(3, 4)], ("pads", new[] { 0, 1, 2, 0 }), ("value", 0.5)) { Opset = 10 };
    }

    private static IEnumerable<Subject> Indexing()
    {
        yield return new("Gather", [X(4, 5), Tensor.From(new[,] { { 0L, -1 }, { 2, 1 } })], ("axis", 1));
        yield return new("GatherElements", [X(3, 4), Tensor.From(new[,] { { 0L, -1 }, { 2, 1 } })], ("axis", -1));
        yield return new("GatherND", [X(2, 3, 4), Tensor.From(new[,] { { 0L, -1 }, { 1, 1 } })]);
        yield return new("GatherND", [X(2, 3, 4), Tensor.From(new[,] { { -1L }, { 1 } })], ("batch_dims", 1));
        yield return new("ScatterND", [X(4, 3), Tensor.From(new[,] { { 0L }, { -1 } }), X(2, 3)], ("reduction", "add"));
        yield return new("ScatterElements", [X(4, 3), Tensor.From(new[,] { { 0L, 1 }, { -1, 2 } }), X(2, 2)], ("axis", 0));
        yield return new("ScatterElements", [X(4, 3), Tensor.From(new[,] { { 0L, 1 }, { 2, 2 } }), X(2, 2)], ("axis", 1), ("reduction", "max"));
        yield return new("OneHot", [I(1, -1, 7, 0), Tensor.Scalar(4L), Tensor.From(-1f, 2f)], ("axis", 0)) { Constants = [1] };
        yield return new("TopK", [X(3, 6), I(4)], ("largest", 0)) { Constants = [1], Outputs = 2 };
        yield return new("TopK", [X(6, 3), I(2)], ("axis", 0)) { Constants = [1], Outputs = 2 };
        yield return new("ArgMax", [Tensor.From(new[,] { { 1f, 3, 3 }, { 2, 2, 1 } })], ("axis", -1), ("select_last_index", 1));
        yield return new("ArgMin", [X(3, 4)], ("keepdims", 0));
    }

    private static IEnumerable<Subject> Reductions()
    {
        foreach (var name in "ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare".Split(' '))
        {
            yield return new(name, [X(3, 4, 2), I(-1, 0)]) { Constants = [1], Opset = 18 };
            yield return new(name, [X(3, 4, 2)], ("axes", new[] { -2 }), ("keepdims", 0)) { Opset = 12 };
            yield return new(name, [X(3, 4)]) { Label = "of everything" };
        }
        yield return new("ReduceSum", [X(3, 4)], ("noop_with_empty_axes", 1));
        yield return new("CumSum", [X(3, 4), Tensor.Scalar(-1L)], ("exclusive", 1), ("reverse", 1)) { Constants = [1] };
        yield return new("Einsum", [X(2, 3, 4), X(2, 4, 5)], ("equation", "bij,bjk->bik"));
        yield return new("Gemm", [X(4, 3), X(5, 4), X(5)], ("alpha", 0.5), ("beta", 2.0), ("transA", 1), ("transB", 1));
        yield return new("Gemm", [X(3, 4), X(4, 5)]);
        yield return new("Attention", [X(2, 4, 5, 3), X(2, 2, 6, 3), X(2, 2, 6, 4)]) { Opset = 23 };
        yield return new("Attention", [X(2, 5, 8), X(2, 6, 8), X(2, 6, 8)], ("q_num_heads", 2), ("kv_num_heads", 2), ("is_causal", 1), ("scale", 0.7)) { Opset = 23 };
        yield return new("Attention", [X(1, 2, 5, 3), X(1, 2, 6, 3), X(1, 2, 6, 3), X(5, 6)]) { Opset = 23, Label = "with a bias" };
        yield return new("Attention", [X(1, 2, 5, 3), X(1, 2, 6, 3), X(1, 2, 6, 3), Tensor.Greater(X(5, 6), -1)]) { Opset = 23, Label = "with a mask" };
        yield return new("MatMul", [X(2, 3, 4), X(4, 5)]);
        yield return new("MatMul", [X(4), X(2, 4, 5)]);
    }

    private static IEnumerable<Subject> Windows()
    {
        yield return new("Conv", [X(2, 3, 6, 7), X(4, 3, 3, 2), X(4)], ("pads", new[] { 1, 0, 2, 1 }), ("strides", new[] { 2, 1 }), ("dilations", new[] { 1, 2 }));
        yield return new("Conv", [X(2, 4, 9), X(6, 2, 3)], ("group", 2));
        foreach (var automatic in new[] { "SAME_UPPER", "SAME_LOWER", "VALID" })
        {
            yield return new("Conv", [X(1, 2, 7, 8), X(3, 2, 4, 3)], ("auto_pad", automatic), ("strides", new[] { 2, 2 }));
            yield return new("MaxPool", [X(1, 2, 7, 8)], ("auto_pad", automatic), ("kernel_shape", new[] { 2, 3 }), ("strides", new[] { 2, 2 }));
            yield return new("AveragePool", [X(1, 2, 7, 8)], ("auto_pad", automatic), ("kernel_shape", new[] { 2, 3 }), ("strides", new[] { 2, 2 }));
            if (automatic != "VALID") yield return new("ConvTranspose", [X(1, 2, 5, 4), X(2, 3, 3, 3)], ("auto_pad", automatic), ("strides", new[] { 2, 3 }));
        }
        yield return new("ConvTranspose", [X(1, 4, 5, 4), X(4, 3, 3, 2), X(6)], ("pads", new[] { 1, 0, 1, 1 }), ("strides", new[] { 2, 3 }), ("output_padding", new[] { 1, 0 }), ("group", 2));
        yield return new("ConvTranspose", [X(1, 2, 5, 4), X(2, 3, 3, 3)], ("strides", new[] { 2, 2 }), ("output_shape", new[] { 10, 8 }));
        yield return new("ConvTranspose", [X(1, 1, 3, 3), X(1, 2, 3, 3)], ("strides", new[] { 3, 2 }), ("output_shape", new[] { 10, 8 })) { Label = "to a shape beyond the windows" };
        yield return new("ConvTranspose", [X(1, 2, 6), X(2, 3, 3)], ("dilations", new[] { 2 }), ("strides", new[] { 2 }));
        yield return new("MaxPool", [X(2, 2, 7, 8)], ("kernel_shape", new[] { 3, 2 }), ("pads", new[] { 1, 0, 1, 1 }), ("strides", new[] { 2, 2 })) { Outputs = 2 };
        yield return new("MaxPool", [X(1, 1, 6, 8)], ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1));
        yield return new("MaxPool", [X(1, 2, 10)], ("kernel_shape", new[] { 3 }), ("dilations", new[] { 2 }));
        foreach (var counts in new[] { 0, 1 })
        {
            yield return new("AveragePool", [X(1, 2, 7, 8)], ("kernel_shape", new[] { 3, 2 }), ("pads", new[] { 1, 0, 1, 1 }), ("count_include_pad", counts));
            yield return new("AveragePool", [X(1, 2, 6, 8)], ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1), ("pads", new[] { 1, 1, 0, 0 }), ("count_include_pad", counts)) { Opset = 19 };
        }
        yield return new("GlobalAveragePool", [X(2, 3, 4, 5)]);
        yield return new("GlobalMaxPool", [X(2, 3, 4)]);
        yield return new("LpPool", [X(2, 3, 4, 6)], ("kernel_shape", new[] { 2, 2 }), ("p", 3));
        yield return new("DFT", [X(2, 6, 1)], ("axis", 1), ("onesided", 1));
        yield return new("DFT", [X(2, 6, 3, 2)], ("axis", 1), ("inverse", 1));
        yield return new("DFT", [X(2, 6, 3, 2), null, Tensor.Scalar(-2L)]) { Opset = 20, Constants = [2] };
    }

    private static IEnumerable<Subject> Norms()
    {
        yield return new("BatchNormalization", [X(2, 3, 4, 2), X(3), X(3), X(3), Tensor.Abs(X(3))], ("epsilon", 0.01));
        yield return new("BatchNormalization", [X(2, 3, 4), X(3), X(3), X(3), Tensor.Abs(X(3))], ("training_mode", 1), ("momentum", 0.8)) { Outputs = 3 };
        yield return new("LayerNormalization", [X(2, 3, 4), X(3, 4), X(3, 4)], ("axis", 1)) { Outputs = 3 };
        yield return new("LayerNormalization", [X(2, 3, 4), X(4)]);
        yield return new("InstanceNormalization", [X(2, 3, 4), X(3), X(3)]);
        yield return new("GroupNormalization", [X(2, 4, 5), X(2), X(2)], ("num_groups", 2)) { Opset = 18 };
        yield return new("GroupNormalization", [X(2, 4, 5), X(4), X(4)], ("num_groups", 2)) { Opset = 21 };
        yield return new("RMSNormalization", [X(2, 3, 4), X(4)]) { Opset = 23 };
        yield return new("LpNormalization", [X(2, 3, 4)], ("axis", 1), ("p", 1));
        yield return new("MeanVarianceNormalization", [X(2, 3, 4, 2)]);
        yield return new("LRN", [X(1, 6, 2, 2)], ("size", 5), ("alpha", 0.5));
        foreach (var name in new[] { "Softmax", "LogSoftmax", "Hardmax" })
        {
            yield return new(name, [X(2, 3, 4)]) { Opset = 11 };
            yield return new(name, [X(2, 3, 4)]) { Opset = 13 };
            yield return new(name, [X(2, 3, 4)], ("axis", 1)) { Opset = 13 };
        }
    }

    private static IEnumerable<Subject> Recurrent()
    {
        foreach (var (name, gates) in new[] { ("RNN", 1), ("GRU", 3), ("LSTM", 4) })
        {
            foreach (var direction in new[] { "forward", "reverse", "bidirectional" })
            {
                var d = direction == "bidirectional" ? 2 : 1;
                Tensor?[] inputs = [X(5, 2, 3), X(d, gates * 4, 3), X(d, gates * 4, 4), X(d, gates * 8)];
                var outputs = name == "LSTM" ? 3 : 2;
                yield return new(name, inputs, ("hidden_size", 4), ("direction", direction)) { Outputs = outputs };
                yield return new(name, [.. inputs, Tensor.From(5, 3), X(d, 2, 4)], ("hidden_size", 4), ("direction", direction)) { Outputs = outputs, Label = "of sequences of two lengths" };
            }
        }
        yield return new("GRU", [X(5, 2, 3), X(2, 12, 3), X(2, 12, 4), X(2, 24)], ("hidden_size", 4), ("direction", "bidirectional"), ("linear_before_reset", 1)) { Outputs = 2 };
        yield return new("LSTM", [X(5, 2, 3), X(1, 16, 3), X(1, 16, 4), X(1, 32), null, X(1, 2, 4), X(1, 2, 4), X(1, 12)], ("hidden_size", 4)) { Outputs = 3, Label = "with peepholes" };
        yield return new("RNN", [X(5, 2, 3), X(1, 4, 3), X(1, 4, 4)], ("hidden_size", 4), ("activations", new[] { "Relu" })) { Outputs = 2 };
        yield return new("LSTM", [X(5, 2, 3), X(1, 16, 3), X(1, 16, 4)], ("hidden_size", 4), ("activations", new[] { "Sigmoid", "Softsign", "Tanh" })) { Outputs = 3 };
    }

    private static IEnumerable<Subject> Resizing()
    {
        Tensor Scales(params float[] scales) => Tensor.From<float>(scales);
        foreach (var mode in new[] { "nearest", "linear", "cubic" })
        {
            foreach (var coordinates in new[] { "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric" })
            {
                yield return new("Resize", [X(1, 2, 4, 5), null, Scales(1, 1, 2.6f, 0.7f)], ("mode", mode), ("coordinate_transformation_mode", coordinates)) { Constants = [2], Opset = 19 };
                yield return new("Resize", [X(1, 2, 4, 5), null, null, I(1, 2, 7, 3)], ("mode", mode), ("coordinate_transformation_mode", coordinates)) { Constants = [3], Opset = coordinates == "half_pixel_symmetric" ? 19 : 13, Label = "by sizes" };
            }
        }
        foreach (var rounding in new[] { "floor", "ceil", "round_prefer_floor", "round_prefer_ceil" })
            yield return new("Resize", [X(1, 1, 4, 6), null, Scales(1, 1, 2, 0.5f)], ("nearest_mode", rounding), ("coordinate_transformation_mode", "asymmetric")) { Constants = [2] };
        yield return new("Resize", [X(1, 1, 8, 8), null, Scales(1, 1, 0.4f, 0.6f)], ("mode", "linear"), ("antialias", 1)) { Constants = [2] };
        yield return new("Resize", [X(1, 1, 8, 8), null, Scales(1, 1, 0.5f, 0.6f)], ("mode", "cubic"), ("antialias", 1)) { Constants = [2] };
        yield return new("Resize", [X(1, 1, 4, 4), null, Scales(1, 1, 2, 2)], ("mode", "cubic"), ("exclude_outside", 1), ("cubic_coeff_a", -0.5)) { Constants = [2] };
        yield return new("Resize", [X(1, 1, 4, 5), Scales(1, 1, 2, 0.6f)]) { Constants = [1], Opset = 10 };
        yield return new("Resize", [X(1, 1, 4, 5), Scales(1, 1, 2, 0.6f)], ("mode", "linear")) { Constants = [1], Opset = 10 };
        yield return new("Resize", [X(1, 1, 4, 5), null, Scales(2, 3)], ("mode", "linear"), ("axes", new[] { 3, 2 })) { Constants = [2] };
        yield return new("Upsample", [X(1, 1, 3, 4), Scales(1, 1, 2, 3)]) { Constants = [1], Opset = 9 };
        yield return new("Upsample", [X(1, 1, 3, 4)], ("mode", "linear"), ("scales", new[] { 1.0, 1, 2, 2 })) { Opset = 7 };
    }

    private static IEnumerable<Subject> Quantised()
    {
        var codes = Tensor.From<sbyte>([.. Enumerable.Range(-6, 12).Select(i => (sbyte)(i * 21))], [3, 4]);
        var bytes = Tensor.From<byte>([.. Enumerable.Range(0, 12).Select(i => (byte)(i * 23))], [3, 4]);
        Tensor Byte(int value) => Tensor.Scalar((byte)value);
        Tensor Signed(int value) => Tensor.Scalar((sbyte)value);
        yield return new("QuantizeLinear", [X(3, 4), Tensor.Scalar(0.013f), Byte(120)]) { Tolerance = 0 };
        yield return new("QuantizeLinear", [X(3, 4), Tensor.From(0.01f, 0.02f, 0.03f, 0.013f), Tensor.From<sbyte>(0, 3, -5, 0)]) { Tolerance = 0, Label = "of each column" };
        yield return new("DequantizeLinear", [bytes, Tensor.Scalar(0.1f), Byte(7)]);
        yield return new("DequantizeLinear", [codes, Tensor.From(0.1f, 0.2f, 0.3f)], ("axis", 0));
        yield return new("DynamicQuantizeLinear", [X(3, 4)]) { Outputs = 3, Tolerance = 1e-6 };
        yield return new("DynamicQuantizeLinear", [Tensor.Zeros([3])]) { Outputs = 3, Tolerance = 0, Label = "of zeros" };
        yield return new("MatMulInteger", [bytes, codes.T.Evaluate(), Byte(12), Signed(-3)]) { Tolerance = 0 };
        yield return new("ConvInteger", [Tensor.From<byte>([.. Enumerable.Range(0, 16).Select(i => (byte)(i * 15))], [1, 1, 4, 4]), Tensor.From<byte>([.. Enumerable.Range(0, 4).Select(i => (byte)(i * 60))], [1, 1, 2, 2]), Byte(9)], ("pads", new[] { 1, 1, 0, 0 })) { Tolerance = 0 };
        yield return new("QLinearMatMul", [bytes, Tensor.Scalar(0.1f), Byte(12), codes.T.Evaluate(), Tensor.Scalar(0.05f), Signed(2), Tensor.Scalar(0.9f), Byte(100)]) { Tolerance = 0 };
        yield return new(
            "QLinearConv",
            [
                Tensor.From<byte>([.. Enumerable.Range(0, 16).Select(i => (byte)(i * 15))], [1, 1, 4, 4]), Tensor.Scalar(0.1f), Byte(9),
                Tensor.From<sbyte>([.. Enumerable.Range(-4, 8).Select(i => (sbyte)(i * 30))], [2, 1, 2, 2]), Tensor.From(0.02f, 0.03f), Tensor.From<sbyte>(0, 0), Tensor.Scalar(0.5f), Byte(128),
                Tensor.From(1000, -500),
            ],
            ("pads", new[] { 0, 1, 1, 0 }))
        { Tolerance = 0 };
    }

    private static IEnumerable<Subject> Learning()
    {
        yield return new("Scaler", [X(3, 2)], ("offset", new[] { 0.5, -1 }), ("scale", new[] { 2.0, 0.1 })) { Domain = "ai.onnx.ml" };
        foreach (var norm in new[] { "L1", "L2" }) yield return new("Normalizer", [X(3, 2)], ("norm", norm)) { Domain = "ai.onnx.ml" };
        yield return new("LinearRegressor", [X(3, 2)], ("coefficients", new[] { 1.0, 2, 3, 4 }), ("intercepts", new[] { 0.5, -0.5 }), ("targets", 2)) { Domain = "ai.onnx.ml" };
        yield return new("LinearClassifier", [X(5, 2)], ("coefficients", new[] { 1.0, 2, 3, 4, -1, 0 }), ("intercepts", new[] { 0.5, -0.5, 0 }), ("classlabels_ints", new[] { 3, 7, 9 }), ("post_transform", "SOFTMAX")) { Domain = "ai.onnx.ml", Outputs = 2 };
        yield return new("Imputer", [Tensor.From(new[,] { { 1f, float.NaN }, { float.NaN, 2f } })], ("imputed_value_floats", new[] { 5.0, 6 }), ("replaced_value_float", double.NaN)) { Domain = "ai.onnx.ml" };
        yield return new("Binarizer", [X(3, 2)], ("threshold", 0.3)) { Domain = "ai.onnx.ml" };
        yield return new("ArrayFeatureExtractor", [X(3, 4), I(2, 0)]) { Domain = "ai.onnx.ml" };
    }

    private sealed record Subject(string Operator, Tensor?[] Inputs, params (string Name, object Value)[] Attributes)
    {
        public int Opset { get; init; } = 18;

        public int Outputs { get; init; } = 1;

        public int[] Constants { get; init; } = [];

        public double Tolerance { get; init; } = 1e-5;

        public string Label { get; init; } = "";

        public string Domain { get; init; } = "";

        public override string ToString()
        {
            var attributes = Attributes.Select(a => $"{a.Name}={(a.Value is System.Collections.IEnumerable list and not string ? string.Join(' ', list.Cast<object>()) : a.Value)}");
            var shapes = Inputs.Select(input => input?.Evaluate().Type.ToString() ?? "-");
            return $"{Operator}-{Opset} {string.Join(" ", shapes)} {string.Join(", ", attributes)} {Label}".TrimEnd();
        }
    }
}
