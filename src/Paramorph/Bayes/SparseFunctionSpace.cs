using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A trained network as a sparse Gaussian process: made linear in its weights, which have a normal prior, it is a process whose kernel is the tangent kernel, k(x, x') = J(x) J(x')ᵀ / (δ N), and what N examples
/// say is summed up at M inducing points z in a vector and a matrix, Σ k(z, xᵢ) (αᵢ + βᵢ fᵢ) and B = Σ k(z, xᵢ) βᵢ k(xᵢ, z). More examples are more terms of the sums, without training and without those seen
/// before. (Scannell et al., "Function-space parameterization of neural networks for sequential learning", 2024, Eq. 9 to 12 and 17.)
/// </summary>
/// <param name="Network">The trained network, from [n, input...] to [n, outputs], in f64.</param>
/// <param name="Points">The inducing points z: f64 [M, input...].</param>
/// <param name="Variance">The variance of the prior of a weight, 1 / (δ N): f64 [].</param>
/// <param name="Root">The lower Cholesky factor L of k(z, z) of each output by itself, with a jitter: f64 [outputs, M, M].</param>
/// <param name="Linear">L⁻¹ times the vector of sums: f64 [outputs, M].</param>
/// <param name="Quadratic">L⁻¹ B L⁻ᵀ: f64 [outputs, M, M].</param>
/// <param name="IsAroundNetwork">
/// Whether the network's answer is the mean, to which examples that come later add; if not, the mean is that of the process alone, in which the network's answers stand for the examples' targets.
/// </param>
/// <remarks>Outputs are processes of their own, so that of β only the diagonal counts, as in the paper's code.</remarks>
[Tree]
public sealed partial record SparseFunctionSpace(ILayer Network, Tensor Points, Tensor Variance, Tensor Root, Tensor Linear, Tensor Quadratic, bool IsAroundNetwork)
{
    /// <summary>The part of its variance that is added to that of each inducing point, by which the kernel of points that lie together stays positive definite.</summary>
    private const double Jitter = 1e-8;

    private static readonly Func<SparseFunctionSpace, SparseFunctionSpace> begun = Compile.Of((SparseFunctionSpace like) => like.Begun());
    private static readonly Func<SparseFunctionSpace, Tensor, DualParameters, SparseFunctionSpace> added = Compile.Of((SparseFunctionSpace known, Tensor inputs, DualParameters duals) => known.Added(inputs, duals));
    private static readonly Func<SparseFunctionSpace, FunctionSpaceLayer> solved = Compile.Of((SparseFunctionSpace known) => known.Solved());

    /// <summary>What is known before any example.</summary>
    /// <param name="network">The trained network, from [n, input...] to [n, outputs], in any type.</param>
    /// <param name="points">The inducing points, such as some training inputs: [M, input...].</param>
    /// <param name="variance">The variance of the prior of a weight, positive: 1 / (δ N), where weight decay adds δ / 2 times the squares of the weights to the mean loss of N examples.</param>
    /// <param name="isAroundNetwork">As <see cref="IsAroundNetwork"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variance is not positive.</exception>
    /// <exception cref="ShapeException">The network does not give [n, outputs].</exception>
    public static SparseFunctionSpace Prior(ILayer network, Tensor points, double variance, bool isAroundNetwork = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        ILayer exact = Tree.Map(network, leaf => leaf.ElementType.IsFloating() ? leaf.AsType(ElementType.Float64).Evaluate() : leaf);
        var none = Tensor.Zeros([], ElementType.Float64);
        return begun(new(exact, points.AsType(ElementType.Float64), Tensor.Scalar(variance), none, none, none, isAroundNetwork));
    }

    /// <summary>What is known of a network that was trained on examples.</summary>
    /// <param name="network">The trained network, from [n, input...] to [n, outputs], in any type.</param>
    /// <param name="inputs">The examples that it was trained on, [n, input...].</param>
    /// <param name="duals">What the likelihood says of them at its outputs.</param>
    /// <param name="points">The inducing points: [M, input...].</param>
    /// <param name="variance">As of <see cref="Prior"/>.</param>
    /// <param name="isAroundNetwork">As <see cref="IsAroundNetwork"/>: at the end of training the slopes of these examples and the pull of the prior cancel, so that the mean is the network's answer itself.</param>
    /// <inheritdoc cref="Updated" path="/exception"/>
    /// <inheritdoc cref="Prior" path="/exception"/>
    public static SparseFunctionSpace Of(ILayer network, Tensor inputs, DualParameters duals, Tensor points, double variance, bool isAroundNetwork = false)
    {
        var prior = Prior(network, points, variance, isAroundNetwork);
        var known = prior.Updated(inputs, duals);
        return isAroundNetwork ? known with { Linear = prior.Linear } : known;
    }

    /// <summary>What is known when examples come to those known already: the dual update, which costs M times their number.</summary>
    /// <param name="inputs">[n, input...].</param>
    /// <param name="duals">What the likelihood says of them at the outputs of this network.</param>
    /// <exception cref="ShapeException">Inputs and dual parameters are not equally many.</exception>
    public SparseFunctionSpace Updated(Tensor inputs, DualParameters duals) => inputs.Shape[0] == duals.Outputs.Shape[0]
        ? added(this, inputs.AsType(ElementType.Float64), Tree.Map(duals, leaf => leaf.AsType(ElementType.Float64)))
        : throw new ShapeException($"function space: inputs {inputs.Type} and outputs {duals.Outputs.Type} are not equally many.");

    /// <summary>
    /// The same posterior with more inducing points, where examples are expected that the present ones cannot express. What is known of the functions there follows from the present points, so that nothing
    /// seen before is needed. (The projection of Bui, Nguyen and Turner, "Streaming sparse Gaussian process approximations", 2017, with a fixed kernel.)
    /// </summary>
    /// <param name="points">[more, input...].</param>
    public SparseFunctionSpace Grown(Tensor points)
    {
        var grown = begun(this with { Points = Tensor.Concatenate([Points, points.AsType(ElementType.Float64)], 0) });
        // The factor of the first points is that of before, and what is known beside them is what follows from them.
        var more = points.Shape[0];
        return grown with { Linear = Linear.Pad([(0, 0), (0, more)]), Quadratic = Quadratic.Pad([(0, 0), (0, more), (0, more)]) };
    }

    /// <summary>The same examples under another prior, without a look at them: kernels and sums are multiples of those of before.</summary>
    /// <param name="variance">The variance of the prior of a weight, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variance is not positive.</exception>
    public SparseFunctionSpace WithVariance(double variance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        var ratio = (variance / Variance).Evaluate();
        return this with { Variance = Tensor.Scalar(variance), Root = Root * Tensor.Sqrt(ratio), Linear = Linear * Tensor.Sqrt(ratio), Quadratic = Quadratic * ratio };
    }

    /// <summary>Each example counted so many times: of normal noise of the variance 1 that is noise of the variance 1 / weight.</summary>
    /// <param name="weight">How many times, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not positive.</exception>
    public SparseFunctionSpace Weighted(double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight);
        return this with { Linear = Linear * weight, Quadratic = Quadratic * weight };
    }

    /// <summary>The answers of the process: solves for what does not depend on the input.</summary>
    public FunctionSpaceLayer ToLayer() => solved(this);

    /// <summary>The kernel of each output by itself: [outputs, a, b].</summary>
    internal static Tensor Kernel(ILayer network, Tensor first, Tensor second, int outputs) =>
        Tensor.Stack([.. Enumerable.Range(0, outputs).Select(output => TangentKernel.Of(network, first, second, (network, x) => network.Call(x)[.., output]))]);

    private SparseFunctionSpace Begun()
    {
        var outputs = Network.Call(Points);
        if (outputs.Rank != 2) throw new ShapeException($"function space: the network gives {outputs.Type}: it must give [n, outputs].");
        var gram = Variance * Kernel(Network, Points, Points, outputs.Shape[1]);
        var root = LinearAlgebra.Cholesky(gram + Jitter * LinearAlgebra.DiagonalMatrix(LinearAlgebra.Diagonal(gram)));
        return this with { Root = root, Linear = Tensor.ZerosLike(outputs.T), Quadratic = Tensor.ZerosLike(gram) };
    }

    private SparseFunctionSpace Added(Tensor inputs, DualParameters duals)
    {
        // Sums are kept in coordinates in which the prior is the standard one, since B has the square of the condition of the kernel.
        var cross = LinearAlgebra.TriangularSolve(Root, Variance * Kernel(Network, Points, inputs, Linear.Shape[0]));
        var curvatures = LinearAlgebra.Diagonal(duals.Curvatures).T;
        var terms = IsAroundNetwork ? duals.Slopes.T : duals.Slopes.T + curvatures * duals.Outputs.T;
        return this with { Linear = Linear + (cross * terms.ExpandDims(1)).Sum(-1), Quadratic = Quadratic + Tensor.MatMul(cross * curvatures.ExpandDims(1), cross.T) };
    }

    private FunctionSpaceLayer Solved()
    {
        var eye = Tensor.Eye(Points.Shape[0], ElementType.Float64).BroadcastTo(Root.Shape);
        var (before, after) = (LinearAlgebra.TriangularSolve(Root, eye), LinearAlgebra.Cholesky(eye + Quadratic));
        var whitened = LinearAlgebra.TriangularSolve(after, before);
        var coefficients = Tensor.MatMul(whitened.T, LinearAlgebra.TriangularSolve(after, Linear.ExpandDims(2))).Squeeze(2);
        return new(Network, Points, Variance, coefficients, before, whitened, Tensor.Full([], IsAroundNetwork ? 1 : 0, ElementType.Float64));
    }
}
