using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// A residual block x + c(g d(x)) of two convolutions c and d without biases, between which features are multiplied by gates g = 1 + e(free share); and its
/// adjoint, x + dᵀ(g cᵀ(x)).
/// </summary>
/// <param name="First">d, of kernel 3.</param>
/// <param name="Gate">e, a convolution of kernel 3 from where the grid is free to a factor for each feature.</param>
/// <param name="Second">c, of kernel 3.</param>
[Tree]
public sealed partial record GatedBlock(Convolution First, Convolution Gate, Convolution Second)
{
    /// <summary>A block that changes little at first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="width">Features of each cell.</param>
    /// <param name="type">f32 or f64.</param>
    public static GatedBlock Create(Key key, int width, ElementType type = ElementType.Float32)
    {
        Convolution Local(Key key, int from, bool hasBias, Initialiser weight) => Convolution.Create(key, from, width, [3, 3], hasBias: hasBias, weight: weight, type: type);
        return Initialise.Of(key, key => new GatedBlock(
            Local(key.Fold(0), width, false, Initialiser.HeNormal), Local(key.Fold(1), 1, true, Initialiser.Normal(0.1)), Local(key.Fold(2), width, false, Initialiser.Normal(0.01))));
    }

    /// <summary>The features after the block.</summary>
    /// <param name="x">[batch, width, rows, columns].</param>
    /// <param name="isFree">The free share of each cell, by which what comes in and what is added is multiplied: [rows, columns].</param>
    public Tensor Call(Tensor x, Tensor isFree) => x + Second.Call(First.Call(x * isFree) * Gates(isFree)) * isFree;

    /// <summary>The adjoint of <see cref="Call"/>, which is linear in the features.</summary>
    /// <param name="x">[batch, width, rows, columns].</param>
    /// <param name="isFree">The free share of each cell: [rows, columns].</param>
    public Tensor Adjoint(Tensor x, Tensor isFree) => x + First.Adjoint(Second.Adjoint(x * isFree) * Gates(isFree)) * isFree;

    private Tensor Gates(Tensor isFree) => 1.0 + Gate.Call(isFree.ExpandDims(0).ExpandDims(0));
}
