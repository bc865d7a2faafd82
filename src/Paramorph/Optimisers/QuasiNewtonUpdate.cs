namespace Paramorph.Optimisers;

/// <summary>How a <see cref="QuasiNewton"/> method takes a step into its inverse Hessian.</summary>
public enum QuasiNewtonUpdate
{
    /// <summary>That of Broyden, Fletcher, Goldfarb and Shanno. (Nocedal and Wright, "Numerical Optimization", 2006, Eq. 6.17.)</summary>
    Bfgs,

    /// <summary>The same on an inverse Hessian that is first scaled where it proved too small. (Al-Baali, "Numerical experience with a class of self-scaling quasi-Newton algorithms", 1998.)</summary>
    SelfScaledBfgs,

    /// <summary>The scaled member of Broyden's family that Al-Baali and Khalfan choose. ("A wide interval for efficient self-scaling quasi-Newton algorithms", 2005.)</summary>
    SelfScaledBroyden,
}
