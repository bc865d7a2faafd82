using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Bayes;

/// <summary>
/// A function of vectors that is large at draws of one distribution and small at those of another, while it hardly rises faster than with slope 1: the difference of its means is then nearly the 1-Wasserstein
/// distance of the two. (Kantorovich's duality; the slope is held by a penalty, Gulrajani et al., "Improved training of Wasserstein GANs", 2017; where it is less than 1 none is asked for, Petzka, Fischer and Lukovnikov,
/// "On the regularization of Wasserstein GANs", 2018: a penalty of both sides ends in a function that rises all the way, which cannot tell symmetric distributions apart.)
/// </summary>
/// <param name="Network">The function: [..., dimensions] to [..., 1].</param>
[Tree]
public sealed partial record WassersteinCritic(Mlp Network)
{
    /// <summary>A critic with drawn weights: two hidden layers with softplus between.</summary>
    /// <param name="key">The key.</param>
    /// <param name="dimensions">Size of a vector.</param>
    /// <param name="width">Neurons of a hidden layer.</param>
    /// <param name="type">f32 or f64.</param>
    public static WassersteinCritic Create(Key key, int dimensions, int width, ElementType type = ElementType.Float32) =>
        new(Mlp.Create(key, [dimensions, width, width, 1], Activation.Softplus, Initialiser.GlorotNormal, type: type));

    /// <summary>Its mean over draws of one distribution minus that over draws of another: the distance, once it is trained.</summary>
    /// <param name="one">[draws, dimensions].</param>
    /// <param name="other">[draws, dimensions].</param>
    public Tensor Difference(Tensor one, Tensor other) => Network.Call(one).Mean() - Network.Call(other).Mean();

    /// <summary>The mean of the square of what slopes have beyond 1, at random places between draws of both.</summary>
    /// <param name="key">Draws the places.</param>
    /// <param name="one">[draws, dimensions].</param>
    /// <param name="other">As many.</param>
    public Tensor Penalty(Key key, Tensor one, Tensor other)
    {
        var share = Sample.Uniform(key, [one.Shape[0], 1], type: one.ElementType);
        var slopes = Gradient.Of(share * one + (1.0 - share) * other, x => Network.Call(x).Sum());
        // A root has no slope at 0.
        return Tensor.Square(Tensor.Relu(Tensor.Sqrt(Tensor.Square(slopes).Sum(-1) + 1e-12) - 1.0)).Mean();
    }

    /// <summary>Trains it by Adagrad on the draws given, all at each step.</summary>
    /// <param name="key">Draws the places of the penalty.</param>
    /// <param name="one">Where it shall be large: [draws, dimensions].</param>
    /// <param name="other">Where it shall be small; as many.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weight">How much the penalty counts: slopes go beyond 1 by about the distance over twice the weight, and what is found with them.</param>
    /// <exception cref="ShapeException">The draws are not equally many vectors of one size.</exception>
    public WassersteinCritic Trained(Key key, Tensor one, Tensor other, int steps, double rate = 0.05, double weight = 10)
    {
        if (one.Rank != 2 || !one.Shape.Equals(other.Shape)) throw new ShapeException($"critic: {one.Type} and {other.Type} are not both [draws, dimensions].");
        var optimiser = new Adagrad(rate);
        return Control.Repeat(
            steps,
            (step, state) =>
            {
                var gradient = Gradient.Of(state.Item1, critic => weight * critic.Penalty(key.Fold(step), one, other) - critic.Difference(one, other));
                var (critic, next) = optimiser.Update(state.Item1, gradient, state.Item2);
                return new TreePair<WassersteinCritic, OptimiserState<WassersteinCritic>>(critic, next);
            },
            new TreePair<WassersteinCritic, OptimiserState<WassersteinCritic>>(this, optimiser.Start(this))).Item1;
    }
}
