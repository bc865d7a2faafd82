using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Search;

/// <summary>
/// Optimism over the parameters of a model, for optimisation: told values of a function, it says how high a model in the ball ‖θ - θ̂‖²_Σ ≤ β could be at a point. Σ is λ and the sum of the products of the model's gradients at
/// what was told, and θ̂ the least squares of the model made linear at its first parameters, which a regression on first values gave. (Liu and Wang, "Global optimization with parametric function approximation", 2023,
/// Algorithm 1 and Eq. 4 to 8.)
/// </summary>
/// <typeparam name="TModel">The model, of real numbers.</typeparam>
public sealed class ParametricSearch<TModel>
    where TModel : ITree<TModel>
{
    private readonly TModel first;
    private readonly Func<TModel, Tensor, Tensor> model;
    private readonly Func<TModel, Tensor, (Tensor Values, Tensor Gradients)> linear;
    private readonly Func<Tensor, Tensor, Tensor, Tensor, Tensor> optimistic;
    private Tensor matrix;
    private Tensor right;

    /// <param name="first">The parameters that regression on first values gave, θ̂₀.</param>
    /// <param name="function">From the model and points [n, dimensions] to [n].</param>
    /// <param name="ridge">λ.</param>
    public ParametricSearch(TModel first, Func<TModel, Tensor, Tensor> function, double ridge)
    {
        (this.first, model) = (first, function);
        linear = Compile.Of((TModel model, Tensor x) => (function(model, x).AsType(ElementType.Float64), Rows(TangentKernel.Gradients(model, x, function), x.Shape[0])));
        Parameters = ParameterVector.Of(first).Evaluate();
        var size = Parameters.Count;
        matrix = (ridge * Tensor.Eye(size, ElementType.Float64)).Evaluate();
        right = (ridge * Parameters).Evaluate();
        optimistic = Compile.Of((Tensor parameters, Tensor factor, Tensor x, Tensor radius) =>
        {
            var own = ParameterVector.Model(first, parameters);
            var gradients = Rows(TangentKernel.Gradients(own, x, function), x.Shape[0]);
            var whitened = LinearAlgebra.TriangularSolve(factor, gradients.T);
            // The point of the ball that is highest where the model is linear, and the model itself there.
            var steps = LinearAlgebra.TriangularSolve(factor, whitened, form: MatrixForm.Transposed) / Tensor.Sqrt(Tensor.Maximum(Tensor.Square(whitened).Sum(0), 1e-30));
            return Vmap.Of((Tensor point, Tensor step) => function(ParameterVector.Model(first, parameters + radius * step), point.ExpandDims(0)).Squeeze(0), x, steps.T);
        });
    }

    /// <summary>θ̂, the least squares of what was told: f64 [parameters].</summary>
    public Tensor Parameters { get; private set; }

    /// <summary>Σ: f64 [parameters, parameters].</summary>
    public Tensor Metric => matrix;

    /// <summary>Tells a value of the function.</summary>
    /// <param name="at">[dimensions].</param>
    /// <param name="value">The value, noisy or not.</param>
    public void Tell(Tensor at, double value)
    {
        var (values, gradients) = linear(first, at.ExpandDims(0));
        var gradient = gradients[0];
        matrix = (matrix + gradient.ExpandDims(-1) * gradient).Evaluate();
        right = (right + gradient * ((gradient * ParameterVector.Of(first)).Sum() + value - values[0])).Evaluate();
        Parameters = LinearAlgebra.Solve(matrix, right.ExpandDims(-1)).Squeeze(-1).Evaluate();
    }

    /// <summary>How high the model is at points, each with the parameters of the ball that are highest there to first order: [n].</summary>
    /// <param name="at">[n, dimensions]; points of one number share a program.</param>
    /// <param name="radius">√β.</param>
    public Tensor UpperBound(Tensor at, double radius) => optimistic(Parameters, LinearAlgebra.Cholesky(matrix).Evaluate(), at, Tensor.Scalar(radius));

    /// <summary>The model of the least squares at points: [n].</summary>
    /// <param name="at">[n, dimensions].</param>
    public Tensor Predict(Tensor at) => model(ParameterVector.Model(first, Parameters), at).Evaluate();

    private static Tensor Rows(TModel gradients, int count) =>
        Tensor.Concatenate([.. Tree.Leaves(gradients).Select(leaf => leaf.Reshape(count, -1).AsType(ElementType.Float64))], 1);
}
