namespace Paramorph.Training;

/// <summary>
/// What gradient descent on half the mean squared error makes of a model that is linear in its parameters, or so wide that it is as good as linear, by its tangent kernel K alone: after
/// t steps at a rate η answers are
/// f(x) + K(x, X) K⁻¹ (1 - (1 - η K / n)ᵗ) (y - f(X)). (Jacot, Gabriel and Hongler, "Neural tangent kernel", 2018; Lee et al., "Wide neural networks of any depth evolve as linear models", 2019.)
/// </summary>
public sealed class KernelDescent
{
    private readonly Tensor kernel;

    /// <param name="kernel">f64 [all, n]: between all points and those that are learned, which are the first n of all; positive definite among these.</param>
    /// <exception cref="ShapeException">The kernel is no matrix, or has fewer rows than columns.</exception>
    public KernelDescent(Tensor kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (kernel.Rank != 2 || kernel.Shape[0] < kernel.Shape[1])
            throw new ShapeException($"kernel descent: a kernel {kernel.Type} must be [all, n], and all points must begin with the n that are learned.");
        this.kernel = kernel;
        (Eigenvalues, Eigenvectors) = LinearAlgebra.Eigh(kernel[..kernel.Shape[1]]);
    }

    /// <summary>Those of the kernel among the points that are learned, in increasing order: [n]. Steps are stable at rates below 2 n over the largest.</summary>
    public Tensor Eigenvalues { get; }

    /// <summary>Its eigenvectors, as columns: [n, n]. Along each the error shrinks by 1 - η λ / n in a step.</summary>
    public Tensor Eigenvectors { get; }

    /// <summary>What answers to all points gain.</summary>
    /// <param name="errors">f64 [models, n]: targets less first answers, of any number of models.</param>
    /// <param name="rate">η.</param>
    /// <param name="steps">t.</param>
    /// <returns>[models, all].</returns>
    public Tensor Learned(Tensor errors, double rate, int steps)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return ((1.0 - Tensor.Power(1.0 - rate / kernel.Shape[1] * Eigenvalues, (double)steps)) / Eigenvalues * Eigenvectors.T.Dot(errors.T).T).Dot(Eigenvectors.T).Dot(kernel.T);
    }
}
