using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// Laplace's approximation of the posterior of a trained network: weights are normal around where training ended, their precision is the generalised Gauss-Newton matrix, Σ J(x)ᵀ β J(x), and that of the prior, and
/// answers are those of the network made linear in them, N(f(x), J(x) Λ⁻¹ J(x)ᵀ). (Immer, Korzepa and Bauer, "Improving predictions of Bayesian neural nets via local linearization", 2021.)
/// </summary>
/// <param name="Network">The trained network, from [n, input...] to [n, outputs].</param>
/// <param name="Precision">Of the P weights: the lower Cholesky factor [P, P] of their precision, or, where they are taken to be independent, its diagonal [P].</param>
/// <param name="Weights">Which leaves of the network are weights; the others are known.</param>
[Tree]
public sealed partial record LaplacePosterior(ILayer Network, Tensor Precision, LeafFilter Weights)
{
    /// <summary>The most weights whose whole precision is factorised: it takes memory as their square, and time as their cube.</summary>
    public const int MostWeights = 8000;

    /// <summary>The posterior at a trained network.</summary>
    /// <param name="network">The network, from [n, input...] to [n, outputs]; best in f64.</param>
    /// <param name="inputs">The training inputs, [n, input...].</param>
    /// <param name="curvatures">Those of <see cref="DualParameters"/> at the outputs, [n, outputs, outputs].</param>
    /// <param name="precision">The precision of the prior of a weight, positive: what weight decay multiplies, in units in which losses of examples are added up.</param>
    /// <param name="weights">Which leaves are unsure, such as those of the last layer; all when null.</param>
    /// <param name="isDiagonal">Whether weights are taken to be independent.</param>
    /// <exception cref="ArgumentException">There are no weights, or, where they depend on one another, more than <see cref="MostWeights"/>.</exception>
    public static LaplacePosterior Of(ILayer network, Tensor inputs, Tensor curvatures, Tensor precision, LeafFilter? weights = null, bool isDiagonal = false)
    {
        var like = new LaplacePosterior(network, Tensor.Scalar(0.0), weights ?? Leaves.All);
        var count = like.Names().Zip(Tree.Leaves(network), (name, leaf) => like.Weights(name, leaf) ? leaf.Count : 0).Sum();
        if (count == 0) throw new ArgumentException("Laplace posterior: no leaf of the network is one of the weights.", nameof(weights));
        if (count > MostWeights && !isDiagonal)
            throw new ArgumentException($"Laplace posterior: of {count} weights the whole precision is too large: take those of the last layer, or independent ones, or a SparseFunctionSpace.", nameof(weights));
        var jacobian = like.Jacobian(inputs);
        var weighted = Tensor.MatMul(curvatures, jacobian);
        if (isDiagonal) return like with { Precision = precision + (jacobian * weighted).Sum(0).Sum(0) };
        var rows = jacobian.Reshape(-1, count);
        return like with { Precision = LinearAlgebra.Cholesky(Tensor.MatMul(rows.T, weighted.Reshape(-1, count)) + precision * Tensor.Eye(count, rows.ElementType)) };
    }

    /// <summary>Mean and deviation of each output, without noise: [m, outputs].</summary>
    /// <param name="x">[m, input...].</param>
    public IndependentNormal Predict(Tensor x) => new(Network.Call(x), Tensor.Sqrt(Tensor.Square(Whitened(x)).Sum(-1)));

    /// <summary>The covariance of the outputs of each example: [m, outputs, outputs].</summary>
    /// <param name="x">[m, input...].</param>
    public Tensor Covariance(Tensor x) => Whitened(x) is var whitened ? Tensor.MatMul(whitened, whitened.T) : null!;

    /// <summary>J(x) times a root of the covariance of the weights: [m, outputs, P].</summary>
    private Tensor Whitened(Tensor x)
    {
        var jacobian = Jacobian(x);
        return Precision.Rank == 1
            ? jacobian / Tensor.Sqrt(Precision)
            : LinearAlgebra.TriangularSolve(Precision, jacobian.Reshape(-1, Precision.Shape[0]).T).T.ReshapeTo(jacobian.Shape);
    }

    /// <summary>Derivatives of outputs in weights: [n, outputs, P].</summary>
    private Tensor Jacobian(Tensor x)
    {
        var gradients = TangentKernel.Gradients(Network, x, static (network, x) => network.Call(x));
        var own = Names().Zip(Tree.Leaves(Network)).Zip(Tree.Leaves(gradients)).Where(leaf => Weights(leaf.First.First, leaf.First.Second));
        return Tensor.Concatenate([.. own.Select(leaf => leaf.Second.Reshape(leaf.Second.Shape[0], leaf.Second.Shape[1], -1))], 2);
    }

    private string[] Names() => Tree.Names(Network);
}
