using static Paramorph.Tensor;

namespace Paramorph.Tests;

public partial class ComputationTests
{
    private static readonly Layer Example = new(Ones([3, 2]), Zeros([2]));

    [Fact]
    public void The_text_form_names_inputs_after_parameters_and_leaves()
    {
        const string Expected = """
            computation(layer.weight: f32[3, 2], layer.bias: f32[2], x: f32[4, 3])
              %3: f32[4, 2] = dot[contracted=[1]x[0]] x, layer.weight
              %4: f32[4, 2] = broadcast[shape=[4, 2], axes=[1]] layer.bias
              %5: f32[4, 2] = add %3, %4
              %6: f32[4, 2] = tanh %5
              return %6

            """;
        Assert.Equal(Expected, Computation.Of((Layer layer, Tensor x) => Tanh(layer.Call(x)), Example, Ones([4, 3])).ToString());
    }

    [Fact]
    public void The_text_form_shows_bodies_below_their_loop()
    {
        const string Expected = """
            computation(x: f32[])
              %1: i32[3] = iota[type=i32[3], axis=0]
              %2: f32[], %3: f32[3] = scan[length=3, constants=1, carries=1] x, 1:f32, %1
                scan(x: f32[], %1: f32[], %2: i32[])
                  %3: f32[] = multiply %1, x
                  return %3
              return %2

            """;
        Assert.Equal(Expected, Computation.Of((Tensor x) => Control.Repeat(3, (_, y) => y * x, Scalar(1f)), Scalar(2f)).ToString());
    }

    [Fact]
    public void Inputs_of_one_tree_are_named_below_the_parameter()
    {
        var computation = Computation.Of((TreeList<Layer> layers) => layers[1].Weight.Sum(), [Example, Example]);
        Assert.StartsWith("computation(layers[0].weight: f32[3, 2], layers[0].bias: f32[2], layers[1].weight: f32[3, 2], ", computation.ToString());
    }

    [Fact]
    public void Equal_programs_have_equal_hashes_whatever_their_inputs_are_called() => Assert.Equal(
        Computation.Of((Tensor x) => Tanh(x) * 2.0, Ones([3])).StructuralHash,
        Computation.Of((Tensor input) => Tanh(input) * 2.0, Zeros([3])).StructuralHash);

    public static TheoryData<string, Func<Tensor, Tensor>> Different() => new()
    {
        { "another constant", x => x.Sum(0) * 3.0 },
        { "another attribute", x => x.Sum(1) * 2.0 },
        { "another operation", x => x.Sum(0) / 2.0 },
        { "another order of operands", x => 2.0 * x.Sum(0) },
        { "one operation more", x => Tanh(x.Sum(0) * 2.0) },
        { "large constants that differ in one element", x => x.Sum(0) * From(2f, 2f, 2f, 2f, 2f, 2.0000002f) },
        { "large constants", x => x.Sum(0) * From(2f, 2f, 2f, 2f, 2f, 2f) },
        { "a loop", x => Control.Repeat(2, (_, y) => y * 2.0, x.Sum(0)) },
        { "a loop with another body", x => Control.Repeat(2, (_, y) => y * 3.0, x.Sum(0)) },
        { "a longer loop", x => Control.Repeat(3, (_, y) => y * 2.0, x.Sum(0)) },
        { "a function with a derivative of its own", x => CustomDerivative.OfTangents(x.Sum(0), y => y * 2.0, (_, _, t) => t) },
        { "the same function with another derivative", x => CustomDerivative.OfTangents(x.Sum(0), y => y * 2.0, (_, _, t) => -t) },
        { "an opaque function", x => Foreign.Call("double", y => [y[0] * 2.0], [new(ElementType.Float32, [6])], x.Sum(0))[0] },
        { "another opaque function of the same name", x => Foreign.Call("double", y => [y[0] + y[0]], [new(ElementType.Float32, [6])], x.Sum(0))[0] },
    };

    [Fact]
    public void Different_programs_have_different_hashes()
    {
        var hashes = new Dictionary<string, string> { [Hash(x => x.Sum(0) * 2.0)] = "the program" };
        foreach (var row in Different())
        {
            var (name, function) = ((string)row[0], (Func<Tensor, Tensor>)row[1]);
            Assert.True(hashes.TryAdd(Hash(function), name), $"{name} has the hash of {hashes.GetValueOrDefault(Hash(function))}");
        }
        static string Hash(Func<Tensor, Tensor> function) => Computation.Of(function, Ones([6, 6])).StructuralHash;
    }

    [Fact]
    public void Operations_are_counted_with_those_of_bodies()
    {
        var computation = Computation.Of((Tensor x) => Control.Repeat(3, (_, y) => Tanh(y * x) + y, Tanh(x)), Ones([4]));
        Assert.Equal([("add", 1), ("iota", 1), ("multiply", 1), ("scan", 1), ("tanh", 2)], computation.OperationCounts.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(4, computation.InputElements);
    }

    [Fact]
    public void A_rule_rewrites_every_tanh_into_x_sigmoid_x()
    {
        var computation = Computation.Of((Tensor x) => Tanh(Tanh(x) * 3.0) + x, Ones([5]));
        var x = Linspace(-2, 2, 5);
        var rewritten = computation.Rewrite([x], (operation, operands) =>
            operation.Primitive == Paramorph.Primitives.Elementwise.Tanh ? [operands[0] * Sigmoid(operands[0])] : operation.Apply(operands))[0];
        static double Swish(double a) => a / (1 + Math.Exp(-a));
        Assert.Equal(x.ToDoubles().Select(a => Swish(3 * Swish(a)) + a), rewritten.ToDoubles(), (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void A_rewritten_program_is_a_program_again()
    {
        var computation = Computation.Of((Tensor x) => Tanh(x) + Tanh(x), Ones([5]));
        var rewritten = Computation.Of(
            (Tensor x) => computation.Rewrite([x], (o, operands) => o.Primitive.Name == "tanh" ? [Sin(operands[0])] : o.Apply(operands))[0], Ones([5]));
        Assert.Equal(["add", "sin"], rewritten.OperationCounts.Keys);
    }

    [Tree]
    internal sealed partial record Layer(Tensor Weight, Tensor Bias)
    {
        public Tensor Call(Tensor x) => x.Dot(Weight) + Bias;
    }
}
