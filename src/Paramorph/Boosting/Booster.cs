using System.Numerics;
using System.Runtime.Intrinsics;
using Paramorph.Data;
using Paramorph.Methods;

namespace Paramorph.Boosting;

/// <summary>
/// Grows symmetric trees one after the other. A level's question is the one by which Newton's step of all leaves lowers the loss most: the largest sum over leaves of G² / (H + penalty), where G
/// and H are sums of first and second derivatives, taken from histograms over the bins of each feature. (Chen and Guestrin, "XGBoost: a scalable tree boosting system", 2016, Eq. 7.) Of many
/// outputs a few random mixtures stand for all while questions are looked for. (Iosipoi and Vakhrushev, "SketchBoost: fast gradient boosted decision tree for multioutput problems", 2022.)
/// </summary>
internal sealed class Booster
{
    /// <summary>Outputs, or mixtures of them, by which questions are scored.</summary>
    public const int MostScored = 4;

    private readonly FeatureBins bins;
    private readonly IBoostingLoss loss;
    private readonly FitRun run;
    private readonly KeyRandom random;
    private readonly int trees, depth;
    private readonly double rate, penalty, rowShare, columnShare;
    private readonly double[] outputs;
    private readonly Vector128<double>[] derivatives, scored, histogram;
    private readonly double[] scores, firsts, seconds, sums;
    private readonly int[] rows, leaf;

    public Booster(FeatureBins bins, IBoostingLoss loss, FitRun run)
    {
        (this.bins, this.loss, this.run) = (bins, loss, run);
        var choice = run.Configuration;
        (trees, depth) = (choice.Whole("trees"), choice.Whole("depth"));
        (rate, penalty, rowShare, columnShare) = (choice["rate"], choice["leaf-penalty"], choice["rows"], choice["columns"]);
        random = new(run.Key);
        var most = bins.Thresholds.Max(thresholds => thresholds.Length + 1);
        outputs = new double[loss.Learned * loss.Rows];
        derivatives = new Vector128<double>[outputs.Length];
        scored = loss.Learned <= MostScored ? derivatives : new Vector128<double>[MostScored * loss.Rows];
        histogram = new Vector128<double>[most << depth];
        (scores, firsts, seconds) = (new double[most], new double[most], new double[most]);
        sums = new double[2 * loss.Learned << depth];
        rows = new int[Math.Clamp((int)Math.Round(rowShare * loss.Rows), 1, loss.Rows)];
        leaf = new int[rows.Length];
    }

    public BoostedTrees Fit()
    {
        var (features, thresholds) = (new int[trees * depth], new float[trees * depth]);
        var leaves = new float[(trees << depth) * loss.Outputs];
        var (start, offset) = (loss.Start, new float[loss.Outputs]);
        loss.Expand(start, offset);
        for (var k = 0; k < loss.Learned; k++) outputs.AsSpan(k * loss.Rows, loss.Rows).Fill(start[k]);
        var values = new double[loss.Learned << depth];
        // Trees that are not grown ask nothing and add nothing.
        Array.Fill(thresholds, float.PositiveInfinity);
        for (var tree = 0; tree < trees; tree++)
        {
            if (run.Deadline.IsCancellationRequested && tree > 0)
            {
                run.Note?.Invoke($"the time was over after {tree} of {trees} trees");
                break;
            }
            run.Cancellation.ThrowIfCancellationRequested();
            loss.Derivatives(outputs, derivatives);
            if (scored != derivatives) Mix();
            var questions = Grow();
            for (var level = 0; level < depth; level++)
            {
                var isAsked = level < questions.Count;
                features[tree * depth + level] = isAsked ? questions[level].Feature : 0;
                thresholds[tree * depth + level] = isAsked ? bins.Thresholds[questions[level].Feature][questions[level].Bin] : float.PositiveInfinity;
            }
            LeafValues(values);
            Add(questions, values, leaves.AsSpan((tree << depth) * loss.Outputs, (1 << depth) * loss.Outputs));
        }
        return new(
            Tensor.From(features, [trees, depth]), Tensor.From(thresholds, [trees, depth]), Tensor.From(leaves, [trees, 1 << depth, loss.Outputs]), Tensor.From(offset, [loss.Outputs]));
    }

    /// <summary>A question: whether the bin of a feature is above a number.</summary>
    private readonly record struct Question(int Feature, int Bin);

    /// <summary>Random mixtures of the first derivatives of all outputs, each with the mean of the second ones.</summary>
    private void Mix()
    {
        var shares = new double[MostScored * loss.Learned];
        for (var i = 0; i < shares.Length; i++) shares[i] = random.Normal() / Math.Sqrt(MostScored);
        Array.Clear(scored);
        for (var m = 0; m < MostScored; m++)
        {
            var own = scored.AsSpan(m * loss.Rows, loss.Rows);
            for (var k = 0; k < loss.Learned; k++)
            {
                var factors = Vector128.Create(shares[m * loss.Learned + k], 1.0 / loss.Learned);
                var part = derivatives.AsSpan(k * loss.Rows, loss.Rows);
                for (var i = 0; i < own.Length; i++) own[i] += factors * part[i];
            }
        }
    }

    /// <summary>The questions of a tree; afterwards <see cref="leaf"/> tells where each sampled row ends.</summary>
    private List<Question> Grow()
    {
        SampleRows();
        Array.Clear(leaf);
        var questions = new List<Question>();
        for (var level = 0; level < depth; level++)
        {
            if (Best(level) is not { } question) break;
            questions.Add(question);
            var own = bins.Bins[question.Feature];
            for (var i = 0; i < rows.Length; i++)
                if (own[rows[i]] > question.Bin) leaf[i] |= 1 << level;
        }
        return questions;
    }

    /// <summary>Draws rows without putting any back, in order. (Algorithm S of Knuth, "The art of computer programming", volume 2, 3.4.2.)</summary>
    private void SampleRows()
    {
        var taken = 0;
        for (var i = 0; taken < rows.Length; i++)
            if (rows.Length - taken >= loss.Rows - i || random.Uniform() * (loss.Rows - i) < rows.Length - taken) rows[taken++] = i;
    }

    /// <summary>The best question of a level among some features; null when none parts any rows.</summary>
    private Question? Best(int level)
    {
        var features = bins.Thresholds.Length;
        var asked = Math.Clamp((int)Math.Round(columnShare * features), 1, features);
        var order = asked == features ? null : random.Permutation(features);
        Question? best = null;
        // A question that parts nothing scores as the level above.
        var bar = double.NegativeInfinity;
        for (var at = 0; at < asked; at++)
        {
            var feature = order is null ? at : order[at];
            var cuts = bins.Thresholds[feature].Length;
            if (cuts == 0) continue;
            Score(feature, cuts, level);
            for (var bin = 0; bin < cuts; bin++)
            {
                if (!(scores[bin] > bar)) continue;
                bar = scores[bin];
                best = new(feature, bin);
            }
        }
        return best;
    }

    /// <summary>The scores of all thresholds of a feature.</summary>
    private void Score(int feature, int cuts, int level)
    {
        scores.AsSpan(0, cuts).Clear();
        var (count, own) = (cuts + 1, bins.Bins[feature]);
        for (var k = 0; k < scored.Length / loss.Rows; k++)
        {
            Gather(k, own, count, level);
            for (var node = 0; node < 1 << level; node++)
            {
                var total = Vector128<double>.Zero;
                var places = histogram.AsSpan(node * count, count);
                for (var bin = 0; bin < places.Length; bin++)
                {
                    total += places[bin];
                    (firsts[bin], seconds[bin]) = (total[0], total[1]);
                }
                Add(total, cuts);
            }
        }
    }

    /// <summary>Sums of derivatives by leaf and bin.</summary>
    private void Gather(int output, byte[] own, int count, int level)
    {
        var places = histogram.AsSpan(0, count << level);
        places.Clear();
        var all = scored.AsSpan(output * loss.Rows, loss.Rows);
        var (rows, leaf) = (this.rows, this.leaf);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            places[leaf[i] * count + own[row]] += all[row];
        }
    }

    /// <summary>Adds to the scores what a leaf gains that is parted behind each bin.</summary>
    private void Add(Vector128<double> total, int cuts)
    {
        var bin = 0;
        for (; bin <= cuts - Vector<double>.Count; bin += Vector<double>.Count)
        {
            var (first, second) = (new Vector<double>(firsts, bin), new Vector<double>(seconds, bin));
            var (otherFirst, otherSecond) = (new Vector<double>(total[0]) - first, new Vector<double>(total[1]) - second);
            var gain = first * first / (second + new Vector<double>(penalty)) + otherFirst * otherFirst / (otherSecond + new Vector<double>(penalty));
            (new Vector<double>(scores, bin) + gain).CopyTo(scores, bin);
        }
        for (; bin < cuts; bin++)
        {
            var (first, second) = (total[0] - firsts[bin], total[1] - seconds[bin]);
            scores[bin] += firsts[bin] * firsts[bin] / (seconds[bin] + penalty) + first * first / (second + penalty);
        }
    }

    /// <summary>Newton's step of each leaf, shortened by the rate.</summary>
    /// <param name="values">[leaves, learned].</param>
    private void LeafValues(Span<double> values)
    {
        Array.Clear(sums);
        for (var k = 0; k < loss.Learned; k++)
        {
            var own = derivatives.AsSpan(k * loss.Rows, loss.Rows);
            for (var i = 0; i < rows.Length; i++)
            {
                var place = 2 * (leaf[i] * loss.Learned + k);
                sums[place] += own[rows[i]][0];
                sums[place + 1] += own[rows[i]][1];
            }
        }
        for (var place = 0; place < values.Length; place++) values[place] = sums[2 * place] == 0 ? 0 : -rate * sums[2 * place] / (sums[2 * place + 1] + penalty);
    }

    /// <summary>Adds a tree to the outputs of all rows, and writes its leaves.</summary>
    private void Add(List<Question> questions, ReadOnlySpan<double> values, Span<float> leaves)
    {
        var (learned, width) = (loss.Learned, loss.Outputs);
        for (var node = 0; node < 1 << depth; node++) loss.Expand(values.Slice(node * learned, learned), leaves.Slice(node * width, width));
        for (var i = 0; i < loss.Rows; i++)
        {
            var node = 0;
            for (var level = 0; level < questions.Count; level++)
                if (bins.Bins[questions[level].Feature][i] > questions[level].Bin) node |= 1 << level;
            for (var k = 0; k < learned; k++) outputs[k * loss.Rows + i] += values[node * learned + k];
        }
    }
}
