using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>Trains a classifier of affine maps as a <see cref="NoisyPerceptron"/> whose rates of noise and dropout may be others at each step.</summary>
public sealed class NoisyTraining
{
    private readonly IOptimiser optimiser;
    private readonly Func<TreeList<Linear>, OptimiserState<TreeList<Linear>>, LabelledData, Tensor, Key, (TreeList<Linear>, OptimiserState<TreeList<Linear>>)> step;

    /// <param name="optimiser">The optimiser.</param>
    public NoisyTraining(IOptimiser optimiser)
    {
        this.optimiser = optimiser;
        step = Compile.Of((TreeList<Linear> maps, OptimiserState<TreeList<Linear>> state, LabelledData batch, Tensor rates, Key key) =>
        {
            var all = rates.BroadcastTo([batch.Labels.Shape[0], rates.Count]);
            return optimiser.Update(maps, Gradient.Of(maps, maps => Loss.CrossEntropy(NoisyPerceptron.Call(batch.Inputs, all, key, maps), batch.Labels)), state);
        });
    }

    /// <summary>The maps as they are trained.</summary>
    /// <param name="maps">The maps before the first step.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="rates">From the steps taken before to the noise of inputs and the dropout before each map.</param>
    /// <param name="key">From the steps taken before to what draws both.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="every">Steps between two looks at the maps, 1 or more.</param>
    /// <returns>The maps behind so many steps each time, as they are asked for.</returns>
    public IEnumerable<TreeList<Linear>> Run(TreeList<Linear> maps, IBatches<LabelledData> batches, Func<int, float[]> rates, Func<int, Key> key, int steps, int every)
    {
        var state = optimiser.Start(maps);
        for (var i = 0; i < steps; i++)
        {
            (maps, state) = step(maps, state, batches.At(i), Tensor.From(rates(i)), key(i));
            if ((i + 1) % every == 0) yield return maps;
        }
    }
}
