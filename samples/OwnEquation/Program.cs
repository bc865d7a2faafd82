using System.Globalization;
using Paramorph;
using Paramorph.Fitting;
using Paramorph.Physics;
using Paramorph.Problems;

// Fisher's equation u_t = d u_xx + r u (1 - u), stated and solved: a front that travels at speed 5 sqrt(r d / 6), whose exact form is known. The number of iterations may be given.
const double Diffusion = 0.01, Rate = 6;
var iterations = args is [var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : 1500;

Tensor Front(Coordinates at) => Tensor.Square(Tensor.Sigmoid(-Math.Sqrt(Rate / (6 * Diffusion)) * at["x"] + 5.0 / 6 * Rate * at["t"]));

var equation = new DifferentialEquation(
    axes: [new("x", -1, 2), new("t", 0, 1) { IsTime = true }],
    residual: u => u["t"] - Diffusion * u["x", "x"] - Rate * u.U * (1.0 - u.U),
    conditions: [SideCondition.Start(Front), SideCondition.Edge("x", Side.Low, Front), SideCondition.Edge("x", Side.High, Front)])
{
    Name = "fisher",
};
var result = Fit.Run(equation, new FitOptions
{
    Methods = [PhysicsInformedNetworks.Newton],
    Fixed = new Dictionary<string, string> { ["iterations"] = $"{iterations}", ["points"] = "2000", ["width"] = "16" },
});

var points = equation.Inside(Key.Of(1), 10_000);
var error = Tensor.Abs(result.Model.Predict(points) - Front(new(points, equation.Axes))).Max().Item();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"residual {result.Metrics.Test["residual RMS"]:E1}; largest error at 10,000 points {error:E1}; u(0, 0.5) = {result.Model.Predict(Tensor.From(new[,] { { 0.0, 0.5 } })).Item():F6}"));
return 0;
