namespace Paramorph.Neurons;

/// <content>Functions that pass what is positive, and bend what is negative towards a level.</content>
internal static partial class Activations
{
    private static ActivationFunction[] Exponentials =>
    [
        Of("elu", "Exponential linear unit", "x < 0 ? a*expm1(x) : x", "Clevert, Unterthiner and Hochreiter, 2015", "a=1", -1),
        Of("celu", "Continuously differentiable ELU", "x < 0 ? a*expm1(x/a) : x", "Barron, 2017", "a=1", -1),
        Of("selu", "Scaled ELU", "a*(x < 0 ? b*expm1(x) : x)", "Klambauer et al., 2017", "a=1.0507010 b=1.6732632", -1.758099),
        Of("leaky-selu", "Leaky scaled ELU", "a*(x < 0 ? b*expm1(x) + c*x : x)", "Chen et al., 2020", "a=1.0507010 b=1.6732632 c=0.1"),
        Of("pselu", "Parametric scaled ELU", "a*(x < 0 ? b*expm1(x) : x)", Survey, "a~1.0507010 b~1.6732632", -1.758099),
        Of("lpselu", "Leaky parametric scaled ELU", "x < 0 ? a*b*expm1(x) + c*x : a*x", Survey, "a~1.0507010 b~1.6732632 c=0.01"),
        Of("lpselu-rp", "Leaky parametric scaled ELU with reposition", "(x < 0 ? a*b*expm1(x) + c*x : a*x) + m", Survey, "a~1.0507010 b~1.6732632 c=0.01 m~0"),
        Of("serlu", "Scaled exponentially-regularized linear unit", "a*(x < 0 ? b*x*exp(x) : x)", "Zhang and Li, 2018", "a=1.07862 b=2.90427", -1.152421),
        Of("pelu", "Parametric ELU", "x < 0 ? a*expm1(x/b) : a*x/b", "Trottier, Giguère and Chaib-draa, 2017", "a~1 b~1", -1),
        Of("mpelu", "Multiple parametric ELU", "x < 0 ? a*expm1(b*x) : x", "Li et al., 2018", "a~1 b~1", -1),
        Of("felu", "Fast ELU", "x < 0 ? a*(2^(x/ln(2)) - 1) : x", "Qiumei, Dan and Fenghua, 2019", "a~1", -1),
        Of("p-felu", "P+FELU", "(x < 0 ? a*(2^(x/ln(2)) - 1) : x) + b", "Adem, 2022", "a~1 b~0", -1),
        Of("shelu", "ELU shifted along x", "x < -b ? a*expm1(x + b) : x + b", "Grelsson and Felsberg, 2018", "a=1 b~0", -1),
        Of("svelu", "ELU shifted along y", "(x < 0 ? a*expm1(x) : x) + b", "Grelsson and Felsberg, 2018", "a=1 b~0", -1),
        Of("pshelu", "PELU shifted along x", "x < -c ? a*expm1((x + c)/b) : a*(x + c)/b", "Grelsson and Felsberg, 2018", "a~1 b~1 c~0", -1),
        Of("psvelu", "PELU shifted along y", "(x < 0 ? a*expm1(x/b) : a*x/b) + c", "Grelsson and Felsberg, 2018", "a~1 b~1 c~0", -1),
        Of("pdelu", "Parametric deformable ELU", "x < 0 ? a*(max(1 + (1 - b)*x, 0)^(1/(1 - b)) - 1) : x", "Cheng et al., 2020", "a~1 b=0.9", -1),
        Of("elish", "Exponential linear sigmoid squashing", "x < 0 ? expm1(x)*sigmoid(x) : x*sigmoid(x)", "Basirat and Roth, 2018", low: -0.171573),
        Of("hard-elish", "Hard exponential linear sigmoid squashing", "(x < 0 ? expm1(x) : x)*clip((x + 1)/2, 0, 1)", "Basirat and Roth, 2018", low: -0.099673),
        Of("rsigelu", "RSigELU", "x > 1 ? a*x*sigmoid(x) + x : x < 0 ? a*expm1(x) : x", "Kiliçarslan and Celik, 2021", "a=0.5", -0.5),
        Of("rsigelud", "RSigELU of two parameters", "x > 1 ? a*x*sigmoid(x) + x : x < 0 ? b*expm1(x) : x", "Kiliçarslan and Celik, 2021", "a=0.5 b=0.5", -0.5),
        Of("polylu", "Polynomial linear unit", "x < 0 ? 1/(1 - x) - 1 : x", "Feng and Yang, 2023", low: -1),
        Of("polu", "Power linear unit", "x < 0 ? (1 - x)^(-a) - 1 : x", "Li, Ding and Li, 2018", "a=2", -1),
        Of("fpflu", "Faster power function linear unit", "x < 0 ? x + x^2/sqrt(1 + x^2) : x", "Zhu et al., 2021", low: -0.300283),
        Of("pfplus", "Parametric first power linear unit with sign", "x < 0 ? a*x/(1 - b*x) : a*x", Survey, "a~1 b~1", -1),
        Of("preu", "Parametric rectified exponential unit", "a*(x < 0 ? x*exp(b*x) : x)", "Ying et al., 2019", "a~1 b~1", -0.367879),
        Of("delu", "DELU", "x < 0 ? x*sigmoid(x) : (n + 1/2)*x + abs(exp(-x) - 1)", "Pishchik, 2023", "n~1", -0.278465),
        Of("tanh-linear-unit", "Tanh linear unit", "x < 0 ? 2*sigmoid(x) - 1 : x", Survey, low: -1),
        Of("ptelu", "Parametric tanh linear unit", "x < 0 ? a*tanh(b*x) : x", "Duggal and Gupta, 2017", "a~1 b~1", -1),
        Of("trelu", "Tanh-based ReLU", "x < 0 ? tanh(b*x) : x", Survey, "b~1", -1),
        Of("talu", "Tangent linear unit", "x >= 0 ? x : x <= a ? tanh(a) : tanh(x)", Survey, "a~-1", -0.761595),
        Of("ptalu", "Parametric tangent linear unit", "x >= b ? x : x <= a ? tanh(a) : tanh(x)", Survey, "a~-0.75 b~1", -0.635149),
        Of("erfrelu", "Erf-based ReLU", "x < 0 ? a*erf(x) : x", "Rajanand and Singh, 2023", "a~1", -1),
        Of("p-e2-relu", "P-E2-ReLU", "a*max(x, 0) + b*elu(x) - (1 - a - b)*elu(-x)", "Jie et al., 2021", "a~0.4 b~0.3"),
        Of("p-e2-id", "P-E2-identity", "a*x + (1 - a)*(elu(x) - elu(-x))", "Jie et al., 2021", "a~0.5"),
        Of("exponential", "Exponential", "exp(-x)", Survey, low: 0),
        Of("sexp", "Scaled exponential", "a*expm1(b*x)", Survey, "a~1 b~1", -1),
        Of("hyper-sinh", "Hyper-sinh", "x > 0 ? sinh(x)/3 : x^3/4", "Parisi et al., 2021"),
    ];
}
