namespace Paramorph.Layers;

/// <summary>
/// Cosines and sines of random projections, cos(2 pi B x) and sin(2 pi B x), by which a network of coordinates learns fine detail. (Rahimi and Recht, 2007;
/// Tancik et al., 2020, Eq. 5.) B is not learned: it follows from the key, which is saved with the model and moved by no optimiser.
/// </summary>
/// <param name="Frequencies">The key from which B is drawn.</param>
/// <param name="Inputs">Number of coordinates.</param>
/// <param name="Count">Number of frequencies.</param>
/// <param name="Deviation">Standard deviation of frequencies, in periods per unit of the coordinates.</param>
[Tree]
public sealed partial record RandomFourierFeatures(Key Frequencies, int Inputs, int Count, double Deviation = 1) : ILayer
{
    /// <summary>[..., inputs] gives [..., 2 count]: the cosines, then the sines.</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Inputs)
            throw new ShapeException($"random Fourier features: {x.Type} does not enter: its last axis must have {Inputs} elements.");
        var angles = x.Dot(2 * Math.PI * Deviation * Sample.Normal(Frequencies, [Inputs, Count], x.ElementType));
        return Tensor.Concatenate([Tensor.Cos(angles), Tensor.Sin(angles)], -1);
    }
}
