using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Neurons;

/// <summary>
/// A Π-net: affine maps of the input, multiplied element by element one after the other, x₁ = a(A₁ z), xₙ = a(Aₙ z) * xₙ₋₁ + xₙ₋₁, with an affine readout of the last. Without activation a it is a polynomial whose degree is
/// the number of maps. (Chrysos et al., "P-nets: deep polynomial neural networks", 2020, Eq. 4; with ReLUs, Choraria et al., "The spectral bias of polynomial neural networks", 2022.)
/// </summary>
/// <param name="Injections">A₁, A₂, ..., from the inputs to equally many features.</param>
/// <param name="Readout">From features to outputs.</param>
/// <param name="Activation">a.</param>
[Tree]
public sealed partial record PolynomialNetwork(TreeList<Linear> Injections, Linear Readout, Func<Tensor, Tensor> Activation) : ILayer
{
    /// <summary>It as a method: a polynomial of the columns.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("pi-net", "A polynomial of the columns, as products of affine maps one after the other.", (key, signature, choice) =>
        Create(key, signature.Inputs, choice.Whole("width"), choice.Whole("degree"), signature.Outputs, Layers.Activation.Identity))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "polynomials of few columns",
        Paper = "Chrysos et al., P-nets: deep polynomial neural networks, 2020",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("width", "features", 64, 16, 256), Hyperparameter.Whole("degree", "degree of the polynomial", 3, 2, 6, HyperparameterScale.Linear)],
    };

    /// <summary>A network with drawn weights and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="width">Features.</param>
    /// <param name="degree">How many maps are multiplied, 1 or more.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="activation">a; kept in a field, since each new closure is another function.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static PolynomialNetwork Create(Key key, int inputs, int width, int degree, int outputs, Func<Tensor, Tensor> activation, ElementType type = ElementType.Float32)
    {
        if (degree < 1) throw new ShapeException($"polynomial network: a degree of {degree} makes no network: it is 1 or more.");
        return Initialise.Of(key, key => new PolynomialNetwork(
            [.. Enumerable.Range(1, degree).Select(n => Linear.Create(key.Fold(n), inputs, width, weight: Initialiser.LeCunNormal, type: type))],
            Linear.Create(key.Fold(0), width, outputs, weight: Initialiser.LeCunNormal, type: type), activation));
    }

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var value = Activation(Injections[0].Call(x));
        foreach (var injection in Injections.Skip(1)) value += Activation(injection.Call(x)) * value;
        return Readout.Call(value);
    }
}
