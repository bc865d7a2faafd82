using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A <see cref="PriorFittedNetwork"/> of learning curves, trained on <see cref="LearningCurves"/> that break off anywhere. (Adriaensen et al., "Efficient Bayesian learning curve extrapolation using
/// prior-data fitted networks", 2023.) It is shown, and predicts, the area hyperbolic sine of how far values lie from a mean of the last known ones, in a linear range of 0.05: most of an answer is
/// there before the first step, and densities and probabilities are still those of the values.
/// </summary>
/// <param name="Network">The network.</param>
[Tree]
public sealed partial record LearningCurveNetwork(PriorFittedNetwork Network)
{
    /// <summary>Over how many known epochs the weights of the mean fall by e.</summary>
    private const double AnchorEpochs = 4;

    private const double LinearDistance = 0.05;
    private const int Inputs = 7, FeaturesOfHead = 16;

    private BarDistribution Bars => Network.Bars!;

    /// <summary>A network with drawn weights, whose bars are equally probable over the prior.</summary>
    /// <param name="key">The key.</param>
    /// <param name="epochs">Epochs of a curve.</param>
    /// <param name="bars">Bars of a predictive distribution.</param>
    /// <param name="features">Size of an element of the sequence.</param>
    /// <param name="layers">Blocks of the transformer.</param>
    public static LearningCurveNetwork Create(Key key, int epochs, int bars, int features, int layers)
    {
        const int Curves = 2000;
        var curves = LearningCurves.Of(key.Fold(0).Fold(0), Curves, epochs).Noisy;
        var known = (Tensor.Arange(epochs) < Sample.Integers(key.Fold(0).Fold(1), [Curves, 1], 1, epochs)).Evaluate();
        var distances = Compile.Of((Tensor curves, Tensor known) => Distance(curves, Anchor(curves, known)))(curves, known).ToArray<float>();
        var unknown = distances.Zip(known.ToArray<bool>()).Where(pair => !pair.Second).Select(pair => pair.First);
        return new(PriorFittedNetwork.Create(key.Fold(1), BarDistribution.OfQuantiles(Tensor.From<float>([.. unknown]), bars), Inputs, features, Math.Max(1, features / FeaturesOfHead), layers));
    }

    /// <summary>The usual training: Adam with clipped gradients, a quarter of the steps up to the rate, then a cosine down; each curve breaks off after an epoch of its own.</summary>
    /// <param name="epochs">Epochs of a curve.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="rate">The highest learning rate.</param>
    public static Trainer<LearningCurveNetwork, Tensor> Trainer(int epochs, int steps, double rate = 1e-2)
    {
        var warm = Schedule.Of(step => Tensor.Minimum((step.AsType(ElementType.Float64) + 1.0) / (0.25 * steps), 1.0)) * Schedule.Cosine(rate, steps);
        return new(new ClippedByNorm(new Adam(warm), 1), (network, curves, key) =>
            network.Network.Loss(Tasks(curves, Tensor.Arange(epochs) < Sample.Integers(key, [curves.Shape[0], 1], 1, epochs))));
    }

    /// <summary>Batches of curves of the prior, drawn anew for each step.</summary>
    /// <param name="key">The key.</param>
    /// <param name="size">Curves of a batch.</param>
    /// <param name="epochs">Epochs of a curve.</param>
    public static IBatches<Tensor> Drawn(Key key, int size, int epochs) => Batches.Drawn(step => LearningCurves.Of(key.Fold(step), size, epochs).Noisy);

    /// <summary>The logits of the predictive distribution at each epoch; at known ones they are of no use.</summary>
    /// <param name="curves">[..., epochs].</param>
    /// <param name="known">Which epochs are known, the first ones: bool [..., epochs].</param>
    /// <returns>[..., epochs, bars].</returns>
    public Tensor Call(Tensor curves, Tensor known) => Network.Call(Tasks(curves, known));

    /// <summary>The logarithm of the density of the values at each epoch.</summary>
    /// <param name="logits">What <see cref="Call"/> gave.</param>
    /// <param name="curves">[..., epochs].</param>
    /// <param name="known">bool [..., epochs].</param>
    public Tensor LogDensity(Tensor logits, Tensor curves, Tensor known)
    {
        // The density of distances times their derivative.
        var anchor = Anchor(curves, known);
        return Bars.LogDensity(logits, Distance(curves, anchor)) - 0.5 * Tensor.Log(Tensor.Square(curves - anchor) + LinearDistance * LinearDistance);
    }

    /// <summary>The probability that each unknown epoch lies above a value; 0 at known ones.</summary>
    /// <param name="logits">What <see cref="Call"/> gave.</param>
    /// <param name="curves">[..., epochs].</param>
    /// <param name="known">bool [..., epochs].</param>
    /// <param name="value">The value.</param>
    public Tensor ProbabilityAbove(Tensor logits, Tensor curves, Tensor known, Tensor value) =>
        Tensor.Where(known, 0.0, Bars.ProbabilityAbove(logits, Distance(value, Anchor(curves, known)).BroadcastTo(curves.Shape)));

    /// <summary>The value below which each epoch lies with a probability.</summary>
    /// <param name="logits">What <see cref="Call"/> gave.</param>
    /// <param name="curves">[..., epochs].</param>
    /// <param name="known">bool [..., epochs].</param>
    /// <param name="probability">The probability.</param>
    public Tensor Quantile(Tensor logits, Tensor curves, Tensor known, double probability) =>
        Anchor(curves, known) + LinearDistance * Tensor.Sinh(Bars.Quantile(logits, probability));

    /// <summary>When to end trainings: the first number of epochs after which the hope to pass a value is small at every later epoch, or all.</summary>
    /// <param name="curves">Trainings, all of as many epochs.</param>
    /// <param name="leastHope">The probability below which hope is small.</param>
    /// <returns>From the number of a training and the value to a number of epochs, 2 or more, since one has no slope.</returns>
    public Func<int, double, int> HopelessAfter(IReadOnlyList<double[]> curves, double leastHope)
    {
        // Each training in rows that break off after one epoch, after two, ...
        var epochs = curves[0].Length;
        var known = (Tensor.LowerTriangle(epochs - 1, epochs) > 0.5).Evaluate();
        Tensor[] rows = [.. curves.Select(curve => Tensor.From<double>(curve, [1, epochs]).AsType(ElementType.Float32).BroadcastTo([epochs - 1, epochs]).Evaluate())];
        var predict = Compile.Of((LearningCurveNetwork network, Tensor rows) => network.Call(rows, known));
        Tensor[] logits = [.. rows.Select(rows => predict(this, rows).Evaluate())];
        var hopes = Compile.Of((LearningCurveNetwork network, Tensor logits, Tensor rows, Tensor value) => network.ProbabilityAbove(logits, rows, known, value).Max(-1));
        return (index, value) =>
        {
            var hope = hopes(this, logits[index], rows[index], Tensor.Scalar((float)value)).ToDoubles();
            return Enumerable.Range(2, epochs - 2).Where(epoch => hope[epoch - 1] < leastHope).DefaultIfEmpty(epochs).First();
        };
    }

    /// <summary>A mean of the known values that the last ones dominate: [..., epochs] gives [..., 1].</summary>
    private static Tensor Anchor(Tensor curves, Tensor known)
    {
        // The known epochs are the first ones; weights fall from the last of them to the first.
        var last = Tensor.Where(known, 1.0, 0.0).AsType(ElementType.Float32).Sum(-1).ExpandDims(-1) - 1.0;
        var weights = Tensor.Where(known, Tensor.Exp((Tensor.Arange(curves.Shape[^1], ElementType.Float32) - last) / AnchorEpochs), 0.0);
        return ((weights * curves).Sum(-1) / weights.Sum(-1)).ExpandDims(-1);
    }

    private static Tensor Distance(Tensor values, Tensor anchor) => Tensor.Asinh((values - anchor) / LinearDistance);

    private static PriorTasks Tasks(Tensor curves, Tensor known)
    {
        known = known.BroadcastTo(curves.Shape);
        var (count, anchor) = (curves.Shape[^1], Anchor(curves, known));
        var epochs = Tensor.Arange(count, ElementType.Float32) + 1.0;
        // The place in the forms that the prior uses, and what is alike for all places: the mean, and how much is known. All are of the order of one.
        var places = Tensor.Stack([epochs * (2.0 / count) - 1.0, Tensor.Log(epochs) - 2.5, 2.0 / epochs, 1.0 / Tensor.Log(epochs + 1.0) - 0.5], 1);
        var length = Tensor.Where(known, 1.0, 0.0).AsType(ElementType.Float32).Sum(-1).ExpandDims(-1);
        var alike = Tensor.Stack([3.0 * anchor - 1.5, length * (2.0 / count) - 1.0, Tensor.Log(length) - 2.5], -1);
        return new(Tensor.Concatenate([places.BroadcastTo([.. curves.Shape, 4]), alike.BroadcastTo([.. curves.Shape, 3])], -1), Distance(curves, anchor), known);
    }
}
