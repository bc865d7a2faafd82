using Paramorph.Experiments;

namespace Paramorph.Problems;

/// <summary>What models that tell classes are judged by.</summary>
public static class ClassMetrics
{
    /// <summary>The share of right answers.</summary>
    public static Metric Accuracy { get; } = new("accuracy", "share of examples whose class has the highest probability, where classes that tie for it share", Better.Higher);

    /// <summary>The cross entropy.</summary>
    public static Metric LogLoss { get; } = new("log loss", "mean of minus the logarithm of the probability of the true class");

    /// <summary>The share of right answers where all classes count alike.</summary>
    public static Metric BalancedAccuracy { get; } = new("balanced accuracy", "mean over the classes of the share that is told right", Better.Higher);

    /// <summary>All of them; the first chooses among models.</summary>
    public static IReadOnlyList<Metric> All { get; } = [Accuracy, LogLoss, BalancedAccuracy];

    /// <summary>The metrics of logits [m, classes] for rows i32 [m] of labels i32 [n].</summary>
    internal static IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor labels, Tensor rows)
    {
        var (logits, all, places, classes) = (outputs.ToDoubles(), labels.ToArray<int>(), rows.ToArray<int>(), outputs.Shape[^1]);
        var (hits, counts, loss) = (new double[classes], new int[classes], 0.0);
        for (var i = 0; i < places.Length; i++)
        {
            var own = logits.AsSpan(i * classes, classes);
            var (label, largest) = (all[places[i]], own[0]);
            foreach (var value in own) largest = Math.Max(largest, value);
            var (sum, ties) = (0.0, 0);
            foreach (var value in own) (sum, ties) = (sum + Math.Exp(value - largest), ties + (value == largest ? 1 : 0));
            loss += largest + Math.Log(sum) - own[label];
            counts[label]++;
            // Of classes that are equally likely any may be taken: each is right by chance.
            if (own[label] == largest) hits[label] += 1.0 / ties;
        }
        var present = Enumerable.Range(0, classes).Where(c => counts[c] > 0).ToArray();
        return new Dictionary<string, double>
        {
            [Accuracy.Name] = hits.Sum() / places.Length,
            [LogLoss.Name] = loss / places.Length,
            [BalancedAccuracy.Name] = present.Average(c => hits[c] / counts[c]),
        };
    }

    /// <summary>The simple answer of the shares of the classes in training.</summary>
    internal static Func<Tensor, Tensor> Frequencies(ExamplesProblem problem)
    {
        var (labels, classes) = (problem.Train.Targets.ToArray<int>(), problem.Signature.Outputs);
        float[] shares = [.. Enumerable.Range(0, classes).Select(c => (float)Math.Log((labels.Count(label => label == c) + 0.5) / (labels.Length + 0.5 * classes)))];
        return rows => Tensor.From(shares).BroadcastTo([rows.Count, classes]).Evaluate();
    }
}
