using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public partial class TrainerTests
{
    private static readonly Tensor Inputs = Tensor.Linspace(-1, 1, 32);
    private static readonly TreePair<Tensor, Tensor> Data = (Inputs, 2 * Inputs + 1);

    [Fact]
    public void A_line_is_found()
    {
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(new Adam(0.05), Loss);

        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Batches.Whole(Data), new(500));

        Assert.Equal(EndReason.Finished, run.Reason);
        Assert.Equal(2, run.State.Model.Slope.Item(), 1e-3);
        Assert.Equal(1, run.State.Model.Offset.Item(), 1e-3);
        Assert.Equal(500, run.Loss.Count);
        Assert.Equal(500, run.State.Step.Item<long>());
    }

    [Fact]
    public void The_model_that_training_started_from_stays_valid()
    {
        var model = new Line(0f, 0f);
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(new Sgd(0.1), Loss);
        trainer.Run(trainer.Start(model, Key.Of(1)), Batches.Whole(Data), new(3));
        Assert.Equal(0, model.Slope.Item());
    }

    private static Tensor Loss(Line line, TreePair<Tensor, Tensor> data, Key key) => Tensor.Square(line.Slope * data.Item1 + line.Offset - data.Item2).Mean();

    [Tree]
    private sealed partial record Line(Tensor Slope, Tensor Offset);
}
