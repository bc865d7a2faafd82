using System.Globalization;
using Paramorph;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;
using static Paramorph.Tensor;

// Solves -Δu = 2 π² sin(π x) sin(π y) on the unit square with u = 0 on its border, by a network that never sees the solution sin(π x) sin(π y). The number
// of steps may be given.
var steps = args is [var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : 1000;

// The factor makes the border exact.
Tensor Field(Mlp network, Tensor p)
{
    var (x, y) = (p[.., 0], p[.., 1]);
    return x * (1.0 - x) * y * (1.0 - y) * network.Call(p)[.., 0];
}

Tensor Solution(Tensor p) => Sin(Math.PI * p[.., 0]) * Sin(Math.PI * p[.., 1]);

var trainer = new Trainer<Mlp, TreeList<Tensor>>(new Adam(Schedule.Cosine(5e-3, steps)), (network, _, key) =>
{
    var points = Sample.Uniform(key, [1000, 2]);
    var (_, _, laplacian) = Taylor.Laplacian(points, p => Field(network, p));
    return Square(laplacian + 2 * Math.PI * Math.PI * Solution(points)).Mean();
});
var state = trainer.Start(Mlp.Create(Key.Of(1), [2, 32, 32, 1], Activation.Tanh), Key.Of(2));
var run = trainer.Run(state, Batches.Whole<TreeList<Tensor>>([]), new TrainingOptions(steps)
{
    ReadEvery = Math.Max(1, steps / 10),
    Progress = p => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {p.Step,6} of {p.Steps}   loss {p.Loss:0.000000}")),
});

var error = Compile.Of((Mlp network, Tensor p) => Abs(Field(network, p) - Solution(p)).Max());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest error at 10,000 points: {error(run.State.Model, Sample.Uniform(Key.Of(3), [10_000, 2])).Item():0.00000}"));
return run.Reason == EndReason.Finished ? 0 : 1;
