using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Fields;

/// <summary>
/// A network behind cosines and sines of random projections of coordinates. (Tancik et al., "Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains", 2020.)
/// </summary>
public static class FourierMlp
{
    private const int Frequencies = 64;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new FieldMethod("fourier-mlp", "Random Fourier features of coordinates, then a network with two hidden layers.", (key, signature, choice, parameters) =>
    {
        var width = FieldMethod.Largest(parameters, width => FieldMethod.Affine(2 * Frequencies, width, width, signature.Outputs));
        return Create(key, signature.Inputs, Frequencies, choice["deviation"], width, signature.Outputs);
    })
    {
        Kinds = ["field-fit"],
        GoodAt = "signals with detail everywhere, of any number of coordinates",
        Paper = "Tancik et al., Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains, 2020",
        Own = [Hyperparameter.Number("deviation", "standard deviation of frequencies, in periods per half side of the box", 2, 0.5, 15)],
        Rate = Hyperparameter.Number("rate", "highest learning rate", 3e-3, 1e-3, 1e-2),
        IsAutomatic = false,
    };

    /// <summary>A field with drawn frequencies and weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Number of coordinates.</param>
    /// <param name="frequencies">Number of frequencies.</param>
    /// <param name="deviation">Their standard deviation, in periods per unit of the coordinates.</param>
    /// <param name="width">Width of the two hidden layers.</param>
    /// <param name="outputs">Components of the field.</param>
    public static Sequential Create(Key key, int inputs, int frequencies, double deviation, int width, int outputs) => new(
    [
        new RandomFourierFeatures(key.Fold(0), inputs, frequencies, deviation),
        Mlp.Create(key.Fold(1), [2 * frequencies, width, width, outputs], Activation.Relu, Initialiser.HeNormal),
    ]);
}
