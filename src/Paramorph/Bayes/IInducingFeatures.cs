namespace Paramorph.Bayes;

/// <summary>Random variables that a Gaussian process gives, by which the rest of it is told: values at points, or inner products with functions of the kernel's space.</summary>
public interface IInducingFeatures : ITree<IInducingFeatures>
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>Their covariance: [features, features].</summary>
    /// <exception cref="ArgumentException">They are not those of processes of such a covariance.</exception>
    Tensor Covariance(ICovariance kernel);

    /// <summary>Their covariances with values at points [n, inputs]: [features, n].</summary>
    /// <exception cref="ArgumentException">They are not those of processes of such a covariance.</exception>
    Tensor With(ICovariance kernel, Tensor x);
}
