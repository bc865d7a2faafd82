using Paramorph.Data;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>
/// The final models of a problem whose examples can be held out in turn: in each of one or two partitions every model trains on all folds but one. Each example is then foreign to one model a
/// partition, whose answers for it are honest: they tell what intervals must be like, and in what shares methods should be mixed, with all examples and not with a few.
/// </summary>
internal sealed class Folds
{
    /// <summary>Numbers of outputs that are kept for mixing and for intervals: windows of a long series overlap, so that every n-th of them tells as much.</summary>
    private const long MostNumbers = 2_000_000;

    private readonly int[] rows;
    private readonly int[][][] heldOut;
    private readonly int[][] train;

    private Folds(int[] rows, int[][][] heldOut, int[][] train) => (this.rows, this.heldOut, this.train) = (rows, heldOut, train);

    /// <summary>Partitions.</summary>
    public int Partitions => heldOut.Length;

    /// <summary>Models in all.</summary>
    public int Count => train.Length;

    /// <summary>The examples that are held out in turn, in order.</summary>
    public Tensor Rows => Tensor.From<int>(rows, [rows.Length]);

    /// <summary>Whether some can be held out so many times in turn: whether there are so many examples, or groups of them.</summary>
    public static bool Suit(ExamplesProblem problem, int folds) =>
        problem.Split.Train.ToArray<int>().Concat(problem.Split.Validation.ToArray<int>()).Select(row => problem.Groups?[row] ?? row).Distinct().Take(folds).Count() == folds;

    /// <summary>Partitions of the examples that do not judge at the end.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="partitions">How many.</param>
    /// <param name="folds">Folds of each.</param>
    public static Folds Of(Key key, ExamplesProblem problem, int partitions, int folds)
    {
        int[] all = [.. problem.Split.Train.ToArray<int>(), .. problem.Split.Validation.ToArray<int>()];
        Array.Sort(all);
        return problem.Reach is { } reach
            ? InTime(all, reach, Math.Max(1, (int)((long)all.Length * problem.Signature.Outputs / MostNumbers)), partitions, folds)
            : Random(key, all, problem.Groups, partitions, folds);
    }

    /// <summary>The split of a model: it trains on all but what it holds out.</summary>
    /// <param name="member">Its number.</param>
    /// <param name="test">The examples that judge at the end.</param>
    public Split Split(int member, Tensor test) => new(Tensor.From(train[member]), Rows.Take(Tensor.From(HeldOut(member))).Evaluate(), test);

    /// <summary>Honest outputs for all examples in one partition: those of the models that did not see them.</summary>
    /// <param name="partition">Its number.</param>
    /// <param name="outputs">The outputs of each model for the examples that it holds out, [held out, output...].</param>
    public Tensor Honest(int partition, IReadOnlyList<Tensor> outputs)
    {
        var width = outputs[0].Count / outputs[0].Shape[0];
        var joined = new float[rows.Length * width];
        for (var fold = 0; fold < heldOut[partition].Length; fold++)
        {
            var values = outputs[partition * heldOut[partition].Length + fold].ToArray<float>();
            foreach (var (i, place) in heldOut[partition][fold].Index()) values.AsSpan(i * width, width).CopyTo(joined.AsSpan(place * width));
        }
        return Tensor.From(joined, [rows.Length, .. outputs[0].Shape[1..]]);
    }

    private static Folds Random(Key key, int[] all, IReadOnlyList<int>? groups, int partitions, int folds)
    {
        // The places of what is held out together.
        int[][] units = [.. Enumerable.Range(0, all.Length).GroupBy(place => groups?[all[place]] ?? place).Select(unit => unit.ToArray())];
        int[][][] heldOut = [.. Enumerable.Range(0, partitions).Select(partition =>
        {
            var order = new KeyRandom(key.Fold(partition)).Permutation(units.Length);
            return Enumerable.Range(0, folds).Select(fold => order.Where((_, i) => i % folds == fold).SelectMany(unit => units[unit]).Order().ToArray()).ToArray();
        })];
        return new(all, heldOut, [.. heldOut.SelectMany(partition => partition).Select(held => all.Except(held.Select(place => all[place])).ToArray())]);
    }

    /// <summary>
    /// Folds that are stretches of time; what lies within reach of one neither trains nor is held out with it. A second partition has its borders in the middle of the stretches of the first. (Bergmeir
    /// and Benítez, "On the use of cross-validation for time series predictor evaluation", 2012.)
    /// </summary>
    private static Folds InTime(int[] all, int reach, int stride, int partitions, int folds)
    {
        int[] rows = [.. all.Where((_, i) => i % stride == 0)];
        // In halves of a stretch.
        int FoldOf(int partition, int place) => ((int)(2L * folds * place / rows.Length) + partition) / 2 % folds;
        int[][][] heldOut = [.. Enumerable.Range(0, partitions).Select(partition =>
            Enumerable.Range(0, folds).Select(fold => Enumerable.Range(0, rows.Length).Where(place => FoldOf(partition, place) == fold).ToArray()).ToArray())];
        int[] Foreign(int[] held)
        {
            var far = Math.Max(reach, stride);
            int[] away = [.. held.Select(place => rows[place])];
            return [.. all.Where(row => !IsNear(row))];

            // The rows of both are in order: the next one that is held out, or the one before it, is the nearest.
            bool IsNear(int row)
            {
                var next = Array.BinarySearch(away, row);
                if (next >= 0) return true;
                next = ~next;
                return (next < away.Length && away[next] - row < far) || (next > 0 && row - away[next - 1] < far);
            }
        }
        return new(rows, heldOut, [.. heldOut.SelectMany(partition => partition).Select(Foreign)]);
    }

    private int[] HeldOut(int member)
    {
        var folds = heldOut[0].Length;
        return heldOut[member / folds][member % folds];
    }
}
