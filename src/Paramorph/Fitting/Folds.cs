using Paramorph.Data;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>
/// The final models of a problem whose examples may be exchanged: in each of one or two random partitions every model trains on all folds but one. Each example is then foreign to one model a
/// partition, whose answers for it are honest: they tell what intervals must be like, and in what shares methods should be mixed, with all examples and not with a few.
/// </summary>
internal sealed class Folds
{
    private readonly int[][][] heldOut;
    private readonly int[] all;

    private Folds(int[] all, int[][][] heldOut) => (this.all, this.heldOut) = (all, heldOut);

    /// <summary>Partitions.</summary>
    public int Partitions => heldOut.Length;

    /// <summary>Models in all.</summary>
    public int Count => heldOut.Sum(partition => partition.Length);

    /// <summary>The examples that train or choose, in order.</summary>
    public Tensor Rows => Tensor.From<int>(all, [all.Length]);

    /// <summary>Random partitions of the examples that do not judge at the end.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="split">The split.</param>
    /// <param name="partitions">How many.</param>
    /// <param name="folds">Folds of each.</param>
    public static Folds Of(Key key, Split split, int partitions, int folds)
    {
        int[] all = [.. split.Train.ToArray<int>(), .. split.Validation.ToArray<int>()];
        Array.Sort(all);
        return new(all, [.. Enumerable.Range(0, partitions).Select(partition =>
        {
            var order = new KeyRandom(key.Fold(partition)).Permutation(all.Length);
            return Enumerable.Range(0, folds).Select(fold => order.Where((_, i) => i % folds == fold).Order().ToArray()).ToArray();
        })]);
    }

    /// <summary>The split of a model: it trains on all but what it holds out.</summary>
    /// <param name="member">Its number.</param>
    /// <param name="test">The examples that judge at the end.</param>
    public Split Split(int member, Tensor test)
    {
        var held = HeldOut(member).ToHashSet();
        int[] train = [.. Enumerable.Range(0, all.Length).Where(place => !held.Contains(place)).Select(place => all[place])];
        return new(Tensor.From(train), Rows.Take(Tensor.From(HeldOut(member))).Evaluate(), test);
    }

    /// <summary>Honest outputs for all examples in one partition: those of the models that did not see them.</summary>
    /// <param name="partition">Its number.</param>
    /// <param name="outputs">The outputs of each model for the examples that it holds out, [held out, output...].</param>
    public Tensor Honest(int partition, IReadOnlyList<Tensor> outputs)
    {
        var width = outputs[0].Count / outputs[0].Shape[0];
        var joined = new float[all.Length * width];
        for (var fold = 0; fold < heldOut[partition].Length; fold++)
        {
            var values = outputs[partition * heldOut[partition].Length + fold].ToArray<float>();
            foreach (var (i, place) in heldOut[partition][fold].Index()) values.AsSpan(i * width, width).CopyTo(joined.AsSpan(place * width));
        }
        return Tensor.From(joined, [all.Length, .. outputs[0].Shape[1..]]);
    }

    private int[] HeldOut(int member)
    {
        var folds = heldOut[0].Length;
        return heldOut[member / folds][member % folds];
    }
}
