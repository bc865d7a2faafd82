namespace Paramorph.Bayes;

/// <summary>The covariance of a Gaussian process whose mean is 0, with the hyperparameters that are learned, in f64.</summary>
public interface ICovariance : ITree<ICovariance>
{
    /// <summary>The covariances of values at points [a, inputs] and [b, inputs]: [a, b].</summary>
    Tensor Between(Tensor x, Tensor y);

    /// <summary>The variances at points [n, inputs]: [n].</summary>
    Tensor Variances(Tensor x);

    /// <summary>Minus the logarithm of a broad prior of the hyperparameters, up to a constant: it keeps those that data tell nothing of from running away.</summary>
    Tensor NegativeLogPrior();
}
