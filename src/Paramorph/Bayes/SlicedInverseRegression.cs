namespace Paramorph.Bayes;

/// <summary>
/// Sufficient dimension reduction by kernels: the functions of a kernel's space whose regression on the response varies most, leading eigenfunctions of (K + r)⁻¹ K L K (K + r)⁻¹ for
/// centred kernels K of inputs and L of
/// responses. (Lee, Li and Chiaromonte, "A general theory for nonlinear sufficient dimension reduction: formulation and estimation", 2013: generalised sliced inverse regression.)
/// </summary>
/// <param name="Kernel">Of inputs: from f64 [a, inputs] and [b, inputs] to [a, b].</param>
/// <param name="Points">The inputs of examples: f64 [n, inputs].</param>
/// <param name="Coefficients">Of the kernels at these, for each function: f64 [n, functions], the leading function last.</param>
public sealed record SlicedInverseRegression(Func<Tensor, Tensor, Tensor> Kernel, Tensor Points, Tensor Coefficients)
{
    /// <summary>Finds the functions.</summary>
    /// <param name="kernel">Of inputs.</param>
    /// <param name="points">f64 [n, inputs].</param>
    /// <param name="responses">The kernel of responses between all examples: f64 [n, n].</param>
    /// <param name="functions">How many.</param>
    /// <param name="ridge">r over n, positive.</param>
    /// <exception cref="ShapeException">The kernel of responses is not of as many examples.</exception>
    public static SlicedInverseRegression Fit(Func<Tensor, Tensor, Tensor> kernel, Tensor points, Tensor responses, int functions, double ridge)
    {
        var count = points.Shape[0];
        if (responses.Rank != 2 || responses.Shape[0] != count || responses.Shape[1] != count)
            throw new ShapeException($"sliced inverse regression: a kernel of responses {responses.Type} is not [{count}, {count}].");
        var centre = Tensor.Eye(count, ElementType.Float64) - (1.0 / count);
        var inputs = Tensor.MatMul(Tensor.MatMul(centre, kernel(points, points)), centre).Evaluate();
        var inverse = LinearAlgebra.Inverse(inputs + ridge * count * Tensor.Eye(count, ElementType.Float64)).Evaluate();
        var map = Tensor.MatMul(inverse, Tensor.MatMul(inputs, centre)).Evaluate();
        var (_, vectors) = LinearAlgebra.Eigh(Tensor.MatMul(Tensor.MatMul(map, responses), map.T).Evaluate());
        return new(kernel, points, Tensor.MatMul(centre, Tensor.MatMul(inverse, vectors[.., ^functions..])));
    }

    /// <summary>The functions at points f64 [m, inputs]: [m, functions].</summary>
    public Tensor Features(Tensor points) => Tensor.MatMul(Kernel(points, Points), Coefficients);
}
