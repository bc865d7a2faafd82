using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Neurons;

/// <summary>
/// A product of some of the inputs, Π (w_i x_i + 1 - w_i), whose weights stay within [0, 1] and are pushed to its ends: 1 takes an input into the product, 0 leaves it out. (Madsen and Johansen, "Neural arithmetic
/// units", 2020, Eq. 9.)
/// </summary>
/// <param name="Weight">[inputs, outputs].</param>
[Tree]
public sealed partial record NeuralMultiplicationUnit(Tensor Weight) : ILayer
{
    /// <summary>The part of the sparsity in the loss of the method.</summary>
    private const double Strength = 0.1;

    /// <summary>Products of affine forms of the columns, added up, as a method: which forms are multiplied is learned.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("nmu", "Sums of products of affine forms of the columns; which forms are multiplied is learned.", (key, signature, choice) =>
    {
        var (forms, products) = (choice.Whole("forms"), choice.Whole("products"));
        return new Sequential([Linear.Create(key.Fold(0), signature.Inputs, forms), Create(key.Fold(1), forms, products), Linear.Create(key.Fold(2), products, signature.Outputs)]);
    })
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "laws that are products of few columns, with little noise",
        Paper = "Madsen and Johansen, Neural arithmetic units, 2020",
        IsAutomatic = false,
        Own = [Hyperparameter.Whole("forms", "affine forms", 6, 2, 16), Hyperparameter.Whole("products", "products of them", 32, 4, 128)],
        Stages = [new(0.5), new(0.5) { Penalty = Pushed, Before = Bounded }],
    };

    /// <summary>A unit with uniform weights between a quarter and three quarters.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="type">f32 or f64.</param>
    public static NeuralMultiplicationUnit Create(Key key, int inputs, int outputs, ElementType type = ElementType.Float32) => new(Sample.Uniform(key, [inputs, outputs], 0.25, 0.75, type));

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x) => (Weight * (x.ExpandDims(-1) - 1.0) + 1.0).Product(-2);

    /// <summary>The unit with its weights moved into [0, 1], as after each step of training.</summary>
    public NeuralMultiplicationUnit Clamped() => new(Tensor.Clamp(Weight, 0.0, 1.0));

    /// <summary>The mean distance of weights from 0 and 1, to be added to the loss. (Eq. 8.)</summary>
    public Tensor Sparsity() => Tensor.Minimum(Tensor.Abs(Weight), Tensor.Abs(1.0 - Weight)).Mean();

    private static ILayer Bounded(ILayer network) => network is Sequential { Layers: [var forms, NeuralMultiplicationUnit unit, var sums] } ? new Sequential([forms, unit.Clamped(), sums]) : network;

    private static Tensor Pushed(ILayer network) => Strength * ((NeuralMultiplicationUnit)((Sequential)network).Layers[1]).Sparsity();
}
