namespace Paramorph.Layers;

/// <summary>Activations set to zero at random in training, the others enlarged so that the mean stays. (Srivastava et al., 2014.)</summary>
/// <param name="Rate">The probability of zero, in [0, 1).</param>
[Tree]
public sealed partial record Dropout(double Rate)
{
    /// <summary>The activations of training with a key, or those of evaluation, unchanged, without one.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="key">A key for this call alone; null in evaluation.</param>
    /// <exception cref="ShapeException">The rate is not in [0, 1).</exception>
    public Tensor Call(Tensor x, Key? key) => key is { } drawn && Rate > 0 ? x * Sample.DropoutMask(drawn, Rate, x.Shape, x.ElementType) : x;
}
