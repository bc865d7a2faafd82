using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>Means of a <see cref="SparsePosterior"/>: sums of coefficients times covariances with inducing features. Of neurons these are a hidden layer, of points a sum of kernels.</summary>
/// <param name="Kernel">The covariance.</param>
/// <param name="Principal">The principal features.</param>
/// <param name="Orthogonal">The points of orthogonal features; none when null.</param>
/// <param name="PrincipalCoefficients">f64 [m, outputs].</param>
/// <param name="OrthogonalCoefficients">f64 [k, outputs].</param>
/// <param name="Offset">What is added: f64 [outputs].</param>
[Tree]
public sealed partial record SparseAnswers(
    ICovariance Kernel, IInducingFeatures Principal, InducingPoints? Orthogonal, Tensor PrincipalCoefficients, Tensor? OrthogonalCoefficients, Tensor Offset) : ILayer
{
    /// <summary>[n, inputs] gives [n, outputs] in the type of the inputs, computed in double precision.</summary>
    public Tensor Call(Tensor x)
    {
        var points = x.AsType(ElementType.Float64);
        var values = Tensor.MatMul(Principal.With(Kernel, points).T, PrincipalCoefficients) + Offset;
        if (Orthogonal is not null) values += Tensor.MatMul(Orthogonal.With(Kernel, points).T, OrthogonalCoefficients!);
        return values.AsType(x.ElementType);
    }
}
