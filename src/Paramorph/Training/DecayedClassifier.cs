using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>A linear classifier with a penalty of its squared weights, each of which may have a factor of its own: a task with as many hyperparameters as weights. It is trained from zeros, on all examples at every step.</summary>
public sealed class DecayedClassifier
{
    private readonly int inputs;
    private readonly int classes;
    private readonly IOptimiser optimiser;
    private readonly Func<Linear, OptimiserState<Linear>, Tensor, LabelledData, (Linear, OptimiserState<Linear>)> step;

    /// <param name="inputs">Numbers of an example.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="optimiser">The optimiser.</param>
    public DecayedClassifier(int inputs, int classes, IOptimiser optimiser)
    {
        (this.inputs, this.classes, this.optimiser) = (inputs, classes, optimiser);
        step = Compile.Of((Linear map, OptimiserState<Linear> state, Tensor logarithms, LabelledData data) =>
            optimiser.Update(map, Gradient.Of(map, map => Penalised(map, logarithms, data)), state));
    }

    /// <summary>The map before the first step.</summary>
    public Linear Zero => new(Tensor.Zeros([inputs, classes]).Evaluate(), Tensor.Zeros([classes]).Evaluate());

    /// <summary>The cross-entropy and the penalty.</summary>
    /// <param name="map">The classifier.</param>
    /// <param name="logarithms">Logarithms of the factors, of each class [classes] or of each weight [inputs classes].</param>
    /// <param name="data">Examples as rows.</param>
    public Tensor Penalised(Linear map, Tensor logarithms, LabelledData data)
    {
        var decays = Tensor.Exp(logarithms.Count == classes ? logarithms : logarithms.Reshape(inputs, -1));
        return Loss.CrossEntropy(map.Call(data.Inputs), data.Labels) + (decays * Tensor.Square(map.Weight)).Sum();
    }

    /// <summary>The classifier as it is trained.</summary>
    /// <param name="logarithms">Logarithms of the factors.</param>
    /// <param name="data">Examples as rows.</param>
    /// <param name="rate">A factor on the optimiser's learning rate.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="every">Steps between two looks at it, 1 or more.</param>
    /// <returns>The map behind so many steps each time, as it is asked for.</returns>
    public IEnumerable<Linear> Train(Tensor logarithms, LabelledData data, double rate, int steps, int every)
    {
        var map = Zero;
        var state = optimiser.Start(map) with { RateFactor = Tensor.Scalar(rate) };
        for (var i = 1; i <= steps; i++)
        {
            (map, state) = step(map, state, logarithms, data);
            if (i % every == 0) yield return map;
        }
    }
}
