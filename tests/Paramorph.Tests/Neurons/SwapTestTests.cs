using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class SwapTestTests
{
    private static readonly SwapTest network = SwapTest.Create(Key.Of(1), 4, 5, 2, ElementType.Float64);
    private static readonly Tensor inputs = Sample.Normal(Key.Of(2), [3, 4], ElementType.Float64).Evaluate();

    [Fact]
    public void Overlaps_are_squares_of_inner_products_of_states()
    {
        var (re, im, x, overlaps) = (Tensor.Real(network.States).ToDoubles(), Tensor.Imaginary(network.States).ToDoubles(), inputs.ToDoubles(), network.Overlaps(inputs).ToDoubles());
        for (var n = 0; n < 3; n++)
        {
            for (var k = 0; k < 5; k++)
            {
                var (real, imaginary, lengths) = (0.0, 0.0, (Input: 0.0, State: 0.0));
                for (var i = 0; i < 4; i++)
                {
                    var (a, r, m) = (x[n * 4 + i], re[i * 5 + k], im[i * 5 + k]);
                    (real, imaginary) = (real + a * r, imaginary + a * m);
                    lengths = (lengths.Input + a * a, lengths.State + r * r + m * m);
                }
                Assert.Equal((real * real + imaginary * imaginary) / (lengths.Input * lengths.State), overlaps[n * 5 + k], 12);
            }
        }
    }

    [Fact]
    public void The_circuit_measures_them()
    {
        var x = (inputs[0] / Tensor.Sqrt(Tensor.Square(inputs[0]).Sum())).AsType(ElementType.Complex128);
        var state = network.States[.., 2];
        state /= Tensor.Sqrt(Tensor.Real(state * Tensor.Conjugate(state)).Sum()).AsType(ElementType.Complex128);
        Assert.Equal(network.Overlaps(inputs)[0, 2].Item(), 2 * SwapTest.Circuit(x, state).Item() - 1, 12);
        Assert.Equal(1, SwapTest.Circuit(state, state).Item(), 12);
    }

    [Fact]
    public void Measured_answers_tend_to_exact_ones()
    {
        double Error(int shots) => Tensor.Sqrt(Tensor.Square(network.Measured(inputs, shots, Key.Of(3)) - network.Call(inputs)).Mean()).Item();
        Assert.InRange(Error(40_000), 0, 0.1 * Error(40));
    }

    [Fact]
    public void A_test_takes_two_registers_and_an_ancilla()
    {
        Assert.Equal(3, SwapTest.Qubits(2));
        Assert.Equal(7, SwapTest.Qubits(8));
        Assert.Equal(9, SwapTest.Qubits(9));
    }
}
