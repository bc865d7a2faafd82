namespace Paramorph.Neurons;

/// <content>Powers, roots and logarithms, and sums of other functions with learned weights.</content>
internal static partial class Activations
{
    private static ActivationFunction[] Sums =>
    [
        Of("squ", "Shifted quadratic unit", "x^2 + x", "Noel et al., 2021", low: -0.25),
        Of("square", "Square", "x^2", "Livni, Shalev-Shwartz and Shamir, 2014", low: 0),
        Of("ncu", "Non-monotonic cubic unit", "x - x^3", "Noel et al., 2021"),
        Of("triple", "Triple", "a*x^3", Survey, "a=1"),
        Of("square-root", "Square root", "sign(x)*sqrt(abs(x))", Survey),
        Of("ssaf", "S-shaped activation of roots", "sign(x)*sqrt(2*a*abs(x))", Survey, "a=1"),
        Of("logarithmic", "Logarithmic activation", "sign(x)*ln(1 + abs(x))", "Bilski, 2000"),
        Of("symexp", "Symmetric exponential", "sign(x)*expm1(abs(x))", Survey),
        Of("comb-h-sine", "Comb-H-sine", "sinh(a*x) + asinh(a*x)", Survey, "a=1"),
        Of("m-arcsinh", "Modified inverse hyperbolic sine", "abs(x) > 0 ? asinh(x)*sqrt(abs(x))/12 : 0", "Parisi, 2020"),
        Of("ssinh", "Scaled hyperbolic sine", "a*sinh(b*x)", Survey, "a~1 b~1"),
        Of("frac-relu", "Fractional ReLU", "(x > 0 ? 1 : 0)*abs(x)^(1 - a)/gamma(2 - a)", "Zamora-Esquivel et al., 2019", "a=0.5", 0),
        Of("slaf", "Self-learnable activation of degree 3", "a + b*x + c*x^2 + d*x^3", "Goyal, Goyal and Lall, 2020", "a~0 b~1 c~0 d~0"),
        Of("chebyshev", "Chebyshev polynomials to degree 3", "a + b*x + c*(2*x^2 - 1) + d*(4*x^3 - 3*x)", Survey, "a~0 b~1 c~0 d~0"),
        Of("legendre", "Legendre polynomials to degree 3", "a + b*x + c*(3*x^2 - 1)/2 + d*(5*x^3 - 3*x)/2", "Venkatappareddy et al., 2021", "a~0 b~1 c~0 d~0"),
        Of("hermite", "Hermite polynomials to degree 3", "a + b*x + c*(x^2 - 1) + d*(x^3 - 3*x)", Survey, "a~0 b~1 c~0 d~0"),
        Of("abu", "Adaptive blending unit", "a*tanh(x) + b*elu(x) + c*max(x, 0) + d*x + e*x*sigmoid(x)", "Sütfeld et al., 2018", "a~0.2 b~0.2 c~0.2 d~0.2 e~0.2"),
        Of("mmelu", "Modified Mexican ReLU", "a*max(b - abs(x - c), 0) + (1 - a)*max(x, 0)", Survey, "a~0.5 b~1 c~0", 0),
        Of("tanhlu", "TanhLU", "a*tanh(b*x) + c*x", "Shen et al., 2022", "a~1 b~1 c~1"),
    ];
}
