using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Tests.Layers;

namespace Paramorph.Tests.Neurons;

public sealed class ArithmeticUnitTests
{
    private static readonly Tensor inputs = Tensor.From(new[,] { { 2.0, 3, -1.5, 4 }, { 0.5, -2, 1, 7 } });

    [Fact]
    public void An_addition_unit_adds_and_subtracts()
    {
        var unit = new NeuralAdditionUnit(Tensor.From(new[,] { { 1.0, 0 }, { -1, 0 }, { 0, 1 }, { 1, 1 } }));
        Assert.Equal([3, 2.5, 9.5, 8], unit.Call(inputs).ToDoubles());
    }

    [Fact]
    public void A_multiplication_unit_multiplies_what_has_the_weight_one()
    {
        var unit = new NeuralMultiplicationUnit(Tensor.From(new[,] { { 1.0, 0 }, { 1, 0 }, { 0, 1 }, { 0, 1 } }));
        Assert.Equal([6, -6, -1, 7], unit.Call(inputs).ToDoubles());
    }

    [Fact]
    public void A_multiplication_unit_is_the_product_of_its_factors_with_right_derivatives()
    {
        var unit = new NeuralMultiplicationUnit(Loops.Numbers(4, 3));
        var (x, w) = (Loops.Elements(inputs), Loops.Elements(unit.Weight));
        var expected = Loops.Fill([2, 3], at => Enumerable.Range(0, 4).Aggregate(1.0, (product, i) => product * (w([i, at[1]]) * x([at[0], i]) + 1 - w([i, at[1]]))));
        Loops.Agree(expected, unit, inputs, (unit, x) => unit.Call(x));
    }

    [Fact]
    public void Weights_are_clamped_and_their_distance_from_whole_numbers_is_found()
    {
        var addition = new NeuralAdditionUnit(Tensor.From(new[,] { { -1.5, -0.8, 0.1, 0.6 } }));
        Assert.Equal([-1, -0.8, 0.1, 0.6], addition.Clamped().Weight.ToDoubles());
        Assert.Equal((0 + 0.2 + 0.1 + 0.4) / 4, addition.Clamped().Sparsity().Item(), 12);
        var multiplication = new NeuralMultiplicationUnit(Tensor.From(new[,] { { -0.5, 0.3, 0.9, 1.25 } }));
        Assert.Equal([0, 0.3, 0.9, 1], multiplication.Clamped().Weight.ToDoubles());
        Assert.Equal((0.5 + 0.3 + 0.1 + 0.25) / 4, multiplication.Sparsity().Item(), 12);
    }

    [Fact]
    public void An_accumulator_adds_or_multiplies_by_logarithms()
    {
        var adds = NeuralAccumulator.Create(Key.Of(1), 4, 3, type: ElementType.Float64);
        var (x, v, m) = (Loops.Elements(inputs), Loops.Elements(adds.Value), Loops.Elements(adds.Presence));
        double Weight(int i, int k) => Math.Tanh(v([i, k])) / (1 + Math.Exp(-m([i, k])));
        Loops.Agree(Loops.Fill([2, 3], at => Enumerable.Range(0, 4).Sum(i => Weight(i, at[1]) * x([at[0], i]))), adds, inputs, (unit, x) => unit.Call(x));
        var products = Loops.Fill([2, 3], at => Enumerable.Range(0, 4).Aggregate(1.0, (product, i) => product * Math.Pow(Math.Abs(x([at[0], i])) + 1e-7, Weight(i, at[1]))));
        Loops.Agree(products, adds with { IsProduct = true }, inputs, (unit, x) => unit.Call(x));
    }

    [Fact]
    public void A_logic_unit_with_an_open_gate_adds_and_with_a_closed_one_multiplies()
    {
        var unit = NeuralArithmeticLogicUnit.Create(Key.Of(2), 4, 3, ElementType.Float64);
        var positive = Tensor.Abs(inputs);
        Expect.Close(unit.Accumulator.Call(positive), (unit with { Gate = Tensor.Full([4, 3], 50, ElementType.Float64) }).Call(positive), 1e-12);
        Expect.Close((unit.Accumulator with { IsProduct = true }).Call(positive), (unit with { Gate = Tensor.Full([4, 3], -50, ElementType.Float64) }).Call(positive), 1e-12);
        Loops.Differentiable(unit, positive, (unit, x) => unit.Call(x));
    }

    [Fact]
    public void Saturated_accumulators_multiply_and_divide()
    {
        var unit = new NeuralAccumulator(Tensor.From(new[,] { { 40.0 }, { 40 }, { -40 }, { 0 } }), Tensor.Full([4, 1], 40, ElementType.Float64), IsProduct: true);
        Assert.Equal(2 * 3 / 1.5, unit.Call(inputs)[0].Item(), 5);
    }
}
