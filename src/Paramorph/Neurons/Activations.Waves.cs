namespace Paramorph.Neurons;

/// <content>Functions that rise and fall again and again.</content>
internal static partial class Activations
{
    private static ActivationFunction[] Waves =>
    [
        Of("sine", "Sine", "sin(pi*x)", Survey, low: -1, high: 1),
        Of("sin", "Sine of period 2 pi", "sin(x)", "Parascandolo, Huttunen and Virtanen, 2017", low: -1, high: 1),
        Of("cos", "Cosine of random features", "cos(x)", "Rahimi and Recht, 2007", low: -1, high: 1),
        Of("siren", "Sine of SIREN", "sin(a*x)", "Sitzmann et al., 2020", "a=30", -1, 1),
        Of("cosine", "Cosine", "1 - cos(x)", Survey, low: 0, high: 2),
        Of("cosid", "Cosid", "cos(x) - x", Survey),
        Of("sinp", "Sinp", "sin(x) - a*x", Survey, "a=1"),
        Of("gcu", "Growing cosine unit", "x*cos(x)", "Noel et al., 2021"),
        Of("asu", "Amplifying sine unit", "x*sin(x)", Survey),
        Of("sinc", "Sinc", "sinc(x)", Survey, low: -0.217234, high: 1),
        Of("ssu", "Shifted sinc unit", "pi*sinc((x - pi)/pi)", "Noel et al., 2021", low: -0.682459, high: Math.PI),
        Of("dsu", "Decaying sine unit", "pi/2*(sinc((x - pi)/pi) - sinc((x + pi)/pi))", "Noel et al., 2021", low: -1.636408, high: 1.636408),
        Of("snake", "Snake", "x + sin(a*x)^2/a", "Ziyin, Hartwig and Ueda, 2020", "a~1"),
        Of("fourier-series", "Fourier series activation of rank 2", "a + b*cos(w*x) + c*sin(w*x) + d*cos(2*w*x) + e*sin(2*w*x)", "Liao, 2020", "a~0 b~0 c~1 d~0 e~0 w~1", -1, 1),
        Of("rowdy-tanh", "Rowdy tanh of two terms", "tanh(x) + n*(a*sin(n*x) + b*sin(2*n*x))", "Jagtap et al., 2022", "n=10 a~0 b~0", -1, 1),
    ];
}
