using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Fields;

/// <summary>
/// A field of coordinates with sines as activations, whose derivatives of any order are such fields too. (Sitzmann et al., "Implicit Neural Representations
/// with Periodic Activation Functions", 2020.)
/// </summary>
/// <param name="Layers">The affine maps; behind each but the last stands sin(frequency y).</param>
/// <param name="FirstFrequency">The frequency of the first layer, to be fitted to the detail of the signal.</param>
/// <param name="Frequency">The frequency of the other layers.</param>
[Tree]
public sealed partial record Siren(TreeList<Linear> Layers, double FirstFrequency = 30, double Frequency = 30) : ILayer
{
    /// <summary>It as a method, with three hidden layers.</summary>
    [Method]
    public static Method Method { get; } = new FieldMethod("siren", "A network of coordinates with sines as activations.", (key, signature, choice, parameters) =>
    {
        var (from, to) = (signature.Inputs, signature.Outputs);
        var width = FieldMethod.Largest(parameters, width => FieldMethod.Affine(from, width, width, width, to));
        return Create(key, [from, width, width, width, to], choice["first-frequency"]);
    })
    {
        Kinds = ["field-fit"],
        GoodAt = "smooth signals whose derivatives matter too",
        Paper = "Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions, 2020",
        Own = [Hyperparameter.Number("first-frequency", "frequency of the first layer, larger for finer detail", 30, 5, 90)],
        Rate = Hyperparameter.Number("rate", "highest learning rate", 1e-3, 2e-4, 5e-3),
    };

    /// <summary>A field whose weights are drawn so that each layer's arguments have variance 1 (supplement 1.5).</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Coordinates, hidden widths and outputs: <c>[2, 256, 256, 3]</c>. Coordinates lie in [-1, 1].</param>
    /// <param name="firstFrequency">The frequency of the first layer.</param>
    /// <param name="frequency">The frequency of the other layers.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">There are fewer than two sizes, or one is below 1.</exception>
    public static Siren Create(Key key, Sequence<int> sizes, double firstFrequency = 30, double frequency = 30, ElementType type = ElementType.Float32)
    {
        if (sizes.Count < 2)
            throw new ShapeException($"siren: sizes {sizes} make no layer: give those of the coordinates, of any hidden layers, and of the output.");
        return Initialise.Of(key, key => new Siren(
            [.. Enumerable.Range(0, sizes.Count - 1).Select(i => Linear.Create(
                key.Fold(i), sizes[i], sizes[i + 1], weight: i == 0 ? Initialiser.SirenFirst : Initialiser.Siren(frequency),
                bias: Initialiser.InverseRoot, type: type))],
            firstFrequency, frequency));
    }

    /// <summary>[..., coordinates] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        for (var i = 0; i < Layers.Count - 1; i++) x = Tensor.Sin((i == 0 ? FirstFrequency : Frequency) * Layers[i].Call(x));
        return Layers[^1].Call(x);
    }
}
