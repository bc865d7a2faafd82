using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// A two-layer network of swap tests: a hidden unit compares an input, as amplitudes of a quantum state, with a state of its own, and what is measured is 1/2 + |⟨x|w⟩|² / 2; answers are weighted sums of these overlaps.
/// That equals a network with squares as activation. (Pastorello and Blanzieri, "Scalable quantum neural networks by few quantum resources", 2024.)
/// </summary>
/// <param name="States">Amplitudes of the units, of any length above zero: complex or real [inputs, units].</param>
/// <param name="Readout">From overlaps to outputs.</param>
[Tree]
public sealed partial record SwapTest(Tensor States, Linear Readout) : ILayer
{
    /// <summary>A network with normal complex amplitudes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="type">f32 or f64.</param>
    public static SwapTest Create(Key key, int inputs, int units, int outputs, ElementType type = ElementType.Float32) => Initialise.Of(key, key => new SwapTest(
        Tensor.Complex(Sample.Normal(key.Fold(0), [inputs, units], type), Sample.Normal(key.Fold(1), [inputs, units], type)), Linear.Create(key.Fold(2), units, outputs, type: type)));

    /// <summary>|⟨x|w⟩|² of each unit with states of length one: real [..., inputs] gives [..., units], in [0, 1].</summary>
    public Tensor Overlaps(Tensor x)
    {
        var products = (x / Tensor.Sqrt(Tensor.Square(x).Sum(-1).ExpandDims(-1))).AsType(States.ElementType).Dot(Normalised(States));
        return Tensor.Real(products * Tensor.Conjugate(products));
    }

    /// <summary>The answers of exact measurements: real [..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x) => Readout.Call(Overlaps(x));

    /// <summary>The answers of measurements that are repeated: each unit's test gives zero or one so many times, and the overlap is read off the share of zeros.</summary>
    /// <param name="x">Real [..., inputs].</param>
    /// <param name="shots">Repetitions of each test, 1 or more.</param>
    /// <param name="key">Draws the outcomes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no shot.</exception>
    public Tensor Measured(Tensor x, int shots, Key key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shots, 1);
        var zero = 0.5 + 0.5 * Overlaps(x);
        var share = Sample.Bernoulli(key, zero.ExpandDims(-1).BroadcastTo([.. zero.Shape, shots])).AsType(zero.ElementType).Mean(-1);
        return Readout.Call(2.0 * share - 1.0);
    }

    /// <summary>
    /// The probability of zero at the ancilla by the state vector of the whole circuit: a Hadamard gate on the ancilla, a swap of the two registers that it controls, and a Hadamard gate.
    /// </summary>
    /// <param name="first">Amplitudes of the first register, of length one: complex [n].</param>
    /// <param name="second">Amplitudes of the second, of length one: complex [n].</param>
    public static Tensor Circuit(Tensor first, Tensor second)
    {
        var root = Math.Sqrt(0.5);
        // [ancilla, first register, second register]
        var product = first.ExpandDims(1) * second;
        var zero = root * product;
        var one = (root * product).T;
        var measured = root * (zero + one);
        return Tensor.Real(measured * Tensor.Conjugate(measured)).Sum();
    }

    /// <summary>Qubits of one swap test of states of so many amplitudes: two registers and the ancilla.</summary>
    /// <param name="amplitudes">1 or more.</param>
    public static int Qubits(int amplitudes) => 2 * Math.Max(1, (int)Math.Ceiling(Math.Log2(amplitudes))) + 1;

    private static Tensor Normalised(Tensor states) => states / Tensor.Sqrt(Tensor.Real(states * Tensor.Conjugate(states)).Sum(0)).AsType(states.ElementType);
}
