using Paramorph.Experiments;

namespace Paramorph.Training;

/// <summary>
/// The loss around a trained network, along random directions whose part in each neuron's weights is as long as these weights; biases stay. (Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss
/// landscape of neural nets", 2018, section 4.)
/// </summary>
/// <param name="loss">The loss of a model on a batch, with a key for what is drawn.</param>
/// <typeparam name="TModel">The model. Its weights are leaves [inputs, outputs].</typeparam>
/// <typeparam name="TBatch">What the loss is taken on.</typeparam>
public sealed class LossLandscape<TModel, TBatch>(Func<TModel, TBatch, Key, Tensor> loss)
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    private const int Lines = 4, Steps = 20;

    private readonly Func<TModel, TBatch, Key, Tensor, Tensor> at = Compile.Of((TModel model, TBatch batch, Key key, Tensor steps) =>
    {
        var number = 0;
        Tensor Along(int axis, Tensor leaf) => steps[axis].AsType(leaf.ElementType) * Direction(leaf, key.Fold(0).Fold(number++));
        var moved = Tree.Map(model, leaf => leaf.Rank < 2 ? leaf : leaf + Along(0, leaf) + Along(1, leaf));
        return loss(moved, batch, key.Fold(1));
    });

    /// <summary>How much the slope of the loss varies along lines: the mean over lines of the sum of |second differences|, over the loss's range and the step; 4 for a parabola.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">What the loss is taken on.</param>
    /// <param name="key">Draws lines, and what the loss draws.</param>
    /// <param name="draw">Is given the points of the first line: where, from -1 to 1, and the loss.</param>
    public double Roughness(TModel model, TBatch batch, Key key, Action<double, double>? draw = null)
    {
        var sum = 0.0;
        for (var line = 0; line < Lines; line++)
        {
            var along = Enumerable.Range(-Steps, 2 * Steps + 1).Select(i => At(model, batch, key.Fold(line), (double)i / Steps, 0)).ToArray();
            var bending = Enumerable.Range(1, along.Length - 2).Sum(i => Math.Abs(along[i - 1] - 2 * along[i] + along[i + 1]));
            sum += bending * Steps / (along.Max() - along.Min());
            for (var i = 0; line == 0 && i < along.Length; i++) draw?.Invoke((double)(i - Steps) / Steps, along[i]);
        }
        return sum / Lines;
    }

    /// <summary>The logarithm of the loss over a plane of two directions, each weight's part up to its own length.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">What the loss is taken on.</param>
    /// <param name="key">Draws directions, and what the loss draws.</param>
    public Picture Draw(TModel model, TBatch batch, Key key)
    {
        var levels = new double[Steps + 1, Steps + 1];
        for (var y = 0; y <= Steps; y++)
            for (var x = 0; x <= Steps; x++) levels[y, x] = Math.Log(At(model, batch, key, 2.0 * x / Steps - 1, 1 - 2.0 * y / Steps));
        return Picture.HeatMap(levels, scale: 12);
    }

    private double At(TModel model, TBatch batch, Key key, double x, double y) => at(model, batch, key, Tensor.From((float)x, (float)y)).Item();

    /// <summary>A random direction for weights, whose columns are as long as those of the weights.</summary>
    private static Tensor Direction(Tensor weight, Key key)
    {
        var random = Sample.Normal(key, weight.Shape, weight.ElementType);
        return random * Tensor.Sqrt(Tensor.Square(weight).Sum(0) / Tensor.Square(random).Sum(0));
    }
}
