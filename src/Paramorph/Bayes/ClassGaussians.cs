namespace Paramorph.Bayes;

/// <summary>
/// Normal densities of features, a mean for each class and one covariance for all, by which an input that is far from every class is told. (Lee et al., "A simple unified framework for detecting
/// out-of-distribution samples and adversarial attacks", 2018, Eq. 2, on one layer.)
/// </summary>
/// <param name="Means">f64 [classes, features].</param>
/// <param name="Factor">The Cholesky factor of the covariance: f64 [features, features].</param>
[Tree]
public sealed partial record ClassGaussians(Tensor Means, Tensor Factor)
{
    /// <summary>The densities of labelled features.</summary>
    /// <param name="features">[n, features].</param>
    /// <param name="labels">i32 [n].</param>
    /// <param name="classes">Number of classes, each of which has an example.</param>
    /// <param name="ridge">The part of the mean variance that is added to every variance, so that the covariance has an inverse.</param>
    public static ClassGaussians Of(Tensor features, Tensor labels, int classes, double ridge = 1e-3)
    {
        features = features.AsType(ElementType.Float64);
        var own = Tensor.Equal(labels.ExpandDims(-1), Tensor.Arange(classes)).AsType(ElementType.Float64);
        var means = Tensor.MatMul(own.T, features) / own.Sum(0).ExpandDims(-1);
        var residual = features - Tensor.MatMul(own, means);
        var covariance = Tensor.MatMul(residual.T, residual) / features.Shape[0];
        var mean = LinearAlgebra.Diagonal(covariance).Mean();
        var factor = LinearAlgebra.Cholesky(covariance + ridge * mean * Tensor.Eye(features.Shape[1], ElementType.Float64));
        return new(means.Evaluate(), factor.Evaluate());
    }

    /// <summary>Minus the squared Mahalanobis distance from the nearest class: [n, features] gives f64 [n].</summary>
    /// <param name="features">[n, features].</param>
    public Tensor Score(Tensor features)
    {
        var differences = features.AsType(ElementType.Float64).ExpandDims(0) - Means.ExpandDims(1);
        var (classes, rows, width) = (differences.Shape[0], differences.Shape[1], differences.Shape[2]);
        var whitened = LinearAlgebra.TriangularSolve(Factor, differences.Reshape(classes * rows, width).T);
        return (-Tensor.Square(whitened).Sum(0)).Reshape(classes, rows).Max(0);
    }
}
