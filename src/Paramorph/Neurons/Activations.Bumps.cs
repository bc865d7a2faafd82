namespace Paramorph.Neurons;

/// <content>Functions that are largest, or least, near a place and fall off around it.</content>
internal static partial class Activations
{
    private static ActivationFunction[] Bumps =>
    [
        Of("gaussian", "Gaussian", "exp(-x^2)", "Broomhead and Lowe, 1988", low: 0, high: 1),
        Of("arbf", "Adaptive radial basis function", "exp(-(x - a)^2/(2*b^2))", Survey, "a~0 b~1", 0, 1),
        Of("mexican-hat", "Mexican hat wavelet", "(1 - x^2)*exp(-x^2/2)", "Zhang and Benveniste, 1992", low: -0.446260, high: 1),
        Of("inverse-multiquadric", "Inverse multiquadric", "1/sqrt(1 + x^2)", "Broomhead and Lowe, 1988", low: 0, high: 1),
        Of("elephant", "Elephant function", "1/(1 + abs(x/a)^d)", "Lan and Mahmood, 2023", "a=1 d=4", 0, 1),
        Of("piecewise-rbf", "Piecewise radial basis function", "x >= a ? exp(-(x - 2*a)^2/b^2) : x <= -a ? exp(-(x + 2*a)^2/b^2) : exp(-x^2/b^2)", Survey, "a=3 b=1", 0, 1),
        Of("dsigmoid", "Derivative of the sigmoid", "sigmoid(x)*sigmoid(-x)", "Koçak and Üstündağ Şiray, 2021", low: 0, high: 0.25),
        Of("mrelu", "Mirrored ReLU", "min(max(1 - x, 0), max(1 + x, 0))", Survey, low: 0, high: 1),
        Of("tent", "Tent", "max(a - abs(x), 0)", "Rozsa and Boult, 2019", "a~1", 0, 1),
        Of("hat", "Hat", "x <= 0 ? 0 : x <= a/2 ? x : x <= a ? a - x : 0", "Wang et al., 2022", "a~2", 0, 1),
        Of("triangle", "Triangular linear unit", "x < 0 ? x/5 : x <= a ? x : x <= 2*a ? 2*a - x : 0", Survey, "a=1", high: 1),
        Of("cone", "Cone", "1 - abs(x - 1)", "Noel and Swaroop, 2023", high: 1),
        Of("parabolic-cone", "Parabolic cone", "x*(2 - x)", "Noel and Swaroop, 2023", high: 1),
        Of("cauchy", "Cauchy activation", "(a*x + b)/(x^2 + d^2)", "Li, Xia and Zhang, 2024", "a~1 b~1 d~1", -0.207107, 1.207107),
    ];
}
