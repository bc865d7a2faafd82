using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Layers;

/// <summary>
/// Perceptrons with links around their blocks: each adds to what it is given an affine map, an activation and another affine map of the normed input. Deep ones train like shallow ones. (Gorishniy,
/// Rubachev, Khrulkov and Babenko, "Revisiting deep learning models for tabular data", 2021, section 3.2.)
/// </summary>
public static class ResidualMlp
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("residual-mlp", "A multilayer perceptron with skip connections and layer norms.", (key, signature, choice) =>
        Create(key, signature.Inputs, choice.Whole("width"), choice.Whole("blocks"), signature.Outputs))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth dependence on all columns together, with thousands of rows",
        Paper = "Gorishniy, Rubachev, Khrulkov and Babenko, Revisiting deep learning models for tabular data, 2021",
        Own = [Hyperparameter.Whole("width", "features between blocks; blocks are twice as wide inside", 96, 32, 256), Hyperparameter.Whole("blocks", "blocks", 2, 1, 4, HyperparameterScale.Linear)],
        Rate = NetworkMethod.UsualRate.Within(2e-3, 3e-4, 1e-2),
        Epochs = NetworkMethod.UsualEpochs.Within(200, 60, 600),
    };

    /// <summary>A network with drawn weights, whose blocks add nothing at first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="width">Features between blocks.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="outputs">Size of an output.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static Sequential Create(Key key, int inputs, int width, int blocks, int outputs)
    {
        if (blocks < 1) throw new ShapeException($"residual mlp: {blocks} blocks make no network: there is at least one.");
        Residual Block(Key key) => new(new Sequential(
        [
            LayerNorm.Create([width]), Linear.Create(key.Fold(0), width, 2 * width, weight: Initialiser.HeNormal), new Elementwise(Activation.Gelu),
            Linear.Create(key.Fold(1), 2 * width, width, weight: Initialiser.Zeros),
        ]));
        return new(
        [
            Linear.Create(key.Fold(0), inputs, width), .. Enumerable.Range(0, blocks).Select(i => Block(key.Fold(2 + i))), LayerNorm.Create([width]), Linear.Create(key.Fold(1), width, outputs),
        ]);
    }
}
