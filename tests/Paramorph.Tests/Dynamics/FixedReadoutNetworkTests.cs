using Paramorph.Dynamics;
using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Tests.Dynamics;

public sealed class FixedReadoutNetworkTests
{
    private static readonly FixedReadoutNetwork network = new(Activation.Tanh, 4);
    private static readonly Linear hidden = network.Create(Key.Of(1), 3);
    private static readonly Tensor inputs = Sample.Normal(Key.Of(2), [5, 3]).Evaluate();

    [Fact]
    public void Neurons_take_turns_between_the_signs_of_the_readout()
    {
        var (x, w, b) = (inputs.ToDoubles(), hidden.Weight.ToDoubles(), hidden.Bias!.ToDoubles());
        double Answer(int row, int neuron) => Math.Tanh(b[neuron] + Enumerable.Range(0, 3).Sum(i => x[3 * row + i] * w[4 * i + neuron]));
        double[] logits = [.. Enumerable.Range(0, 5).Select(row => (Answer(row, 0) - Answer(row, 1) + Answer(row, 2) - Answer(row, 3)) / 2)];
        Numbers.Close(logits, network.Call(hidden, inputs).ToDoubles(), 1e-6);
    }

    [Fact]
    public void The_hidden_layer_learns()
    {
        var wide = new FixedReadoutNetwork(Activation.Tanh, 32);
        var (trainer, labels) = (wide.Trainer(1), Tensor.Greater(inputs[.., 0], 0.0).AsType(ElementType.Float32).Evaluate());
        var run = trainer.Run(trainer.Start(wide.Create(Key.Of(1), 3), Key.Of(3)), Batches.Whole(new TreePair<Tensor, Tensor>(inputs, labels)), new(500));
        Assert.True(run.Loss[^1].Value < 0.5 * run.Loss[0].Value);
    }
}
