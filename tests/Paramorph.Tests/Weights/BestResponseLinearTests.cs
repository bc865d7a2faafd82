using Paramorph.Layers;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class BestResponseLinearTests
{
    private const int Inputs = 4, Outputs = 3, Count = 2;

    [Fact]
    public void It_is_the_map_with_the_weights_of_its_hyperparameters()
    {
        var map = Drawn();
        var (x, hyper) = (Normal(5, [6, Inputs]), Normal(6, [Count]));
        // Row by row: the weights of an output are W + (V λ) H, with the output's own V λ.
        var (gate, biasGate) = (hyper.Dot(map.Gates), hyper.Dot(map.BiasGates));
        var columns = Enumerable.Range(0, Outputs).Select(o =>
            x.Dot(map.Elementary.Weight[.., o] + gate[o] * map.Response.Weight[.., o]) + map.Elementary.Bias![o] + biasGate[o] * map.Response.Bias![o]);
        var expected = Tensor.Stack([.. columns], 1).ToDoubles();
        Numbers.Close(expected, map.Call(x, hyper).ToDoubles(), 1e-12);
        Numbers.Close(expected, map.At(hyper).Call(x).ToDoubles(), 1e-12);
    }

    [Fact]
    public void Examples_may_have_hyperparameters_of_their_own()
    {
        var map = Drawn();
        var (x, hyper) = (Normal(7, [6, Inputs]), Normal(8, [6, Count]));
        var all = map.Call(x, hyper);
        for (var row = 0; row < 6; row++) Numbers.Close(map.At(hyper[row]).Call(x[row]).ToDoubles(), all[row].ToDoubles(), 1e-12);
    }

    [Fact]
    public void It_begins_without_an_answer_and_can_learn_one()
    {
        var map = BestResponseLinear.Create(Key.Of(1), Inputs, Outputs, Count, type: ElementType.Float64);
        var (x, hyper) = (Normal(2, [6, Inputs]), Normal(3, [Count]));
        Numbers.Close(map.Elementary.Call(x).ToDoubles(), map.Call(x, hyper).ToDoubles(), 0);
        var gradient = Gradient.Of(map, m => Tensor.Square(m.Call(x, hyper)).Sum());
        Assert.True(Tensor.Abs(gradient.Gates).Max().Item() > 0 && Tensor.Abs(gradient.BiasGates).Max().Item() > 0);
    }

    /// <summary>For a linear network whose Jacobian is penalised, with orthonormal inputs, the best response is a gate of each hidden unit: what the form was made after.</summary>
    [Fact]
    public void The_best_response_of_ridge_regression_is_of_its_form()
    {
        // Minimiser of |w - a|² + e^λ |w|²: a σ(-λ), which is W + (v λ) H to first order about λ = 0 with W = a / 2, v H = -a / 4.
        var a = Tensor.From(2.0, -1.0);
        var map = new BestResponseLinear(
            new(0.5 * a.ExpandDims(-1), Tensor.Zeros([1], ElementType.Float64)), new(a.ExpandDims(-1), Tensor.Zeros([1], ElementType.Float64)), Tensor.From(new double[,] { { -0.25 } }), Tensor.Zeros([1, 1], ElementType.Float64));
        const double Small = 1e-3;
        var exact = (a * Tensor.Sigmoid(Tensor.Scalar(-Small))).ToDoubles();
        Numbers.Close(exact, map.At(Tensor.From(Small)).Weight.ToDoubles(), 1e-9);
    }

    [Fact]
    public void There_must_be_something_to_answer_to() => Assert.Throws<ShapeException>(() => BestResponseLinear.Create(Key.Of(1), 2, 2, 0));

    private static BestResponseLinear Drawn() => Tree.Map(BestResponseLinear.Create(Key.Of(4), Inputs, Outputs, Count, type: ElementType.Float64), (path, leaf) => Normal(path.Length + leaf.Count, leaf.Shape));

    private static Tensor Normal(int seed, Shape shape) => Sample.Normal(Key.Of(seed), shape, ElementType.Float64).Evaluate();
}
