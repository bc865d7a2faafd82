using System.Globalization;
using FirstSteps;
using Paramorph;
using static Paramorph.Tensor;

// Learns sin(3x) on [-1, 1] with a network of one hidden layer. The number of steps may be given.
if (args.Length > 1 || (args.Length == 1 && !(int.TryParse(args[0], CultureInfo.InvariantCulture, out var asked) && asked > 0)))
{
    Console.Error.WriteLine($"FirstSteps takes one argument at most, a number of steps above 0, not \"{string.Join(' ', args)}\".");
    return 2;
}
var steps = args.Length == 0 ? 1000 : int.Parse(args[0], CultureInfo.InvariantCulture);

var random = new Random(1);
Tensor Uniform(Shape shape, double bound) =>
    From<float>([.. Enumerable.Range(0, shape.ElementCount).Select(_ => (float)(bound * (2 * random.NextDouble() - 1)))], shape);

const int Width = 16;
var model = new Network(new(Uniform([1, Width], 2), Uniform([Width], 1)), new(Uniform([Width, 1], 0.5), Zeros([1])));
var x = Linspace(-1, 1, 64).ExpandDims(1);
var y = Sin(3.0 * x);

// Gradient descent with momentum: one compiled step from model and velocity to the next ones.
var step = Compile.Of((Network model, Network velocity, Tensor x, Tensor y) =>
{
    var (loss, gradient) = ValueAndGradient.Of(model, m => Square(m.Call(x) - y).Mean());
    var faster = Tree.Zip(velocity, gradient, (v, g) => 0.9 * v - 0.05 * g);
    return (Tree.Zip(model, faster, (p, v) => p + v), faster, loss);
});

var velocity = Tree.Map(model, ZerosLike);
var loss = double.NaN;
for (var i = 1; i <= steps; i++)
{
    (model, velocity, var value) = step(model, velocity, x, y);
    if (i % Math.Max(1, steps / 10) != 0 && i != steps) continue;
    loss = value.Item();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {i,6} of {steps}   loss {loss:0.000000}"));
}
return double.IsFinite(loss) ? 0 : 1;
