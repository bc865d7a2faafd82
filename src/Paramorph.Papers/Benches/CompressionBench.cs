using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Trained networks that become smaller.</summary>
public static class CompressionBench
{
    private static readonly int[] bits = [8, 4, 2];

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "compression",
        Meaning = "How small does a trained network become at what loss of accuracy? Convolutional networks for images and perceptrons for tables, compressed to 8, 4 and 2 bits a weight, a quarter to a sixteenth of their size, within the steps of their training. Biases and small matrices keep their 32 bits.",
        Tasks =
        [
            .. SmallImagesBench.Bench.Tasks,
            .. TableClassificationBench.Bench.Tasks.Where(task => task.Name is "spirals" or "clusters"),
        ],
        Standing =
        [
            new(CompressionMethod.Uncompressed),
            .. At(CompressionMethod.Rounding), .. At(CompressionMethod.RoundingInTraining), .. At(CompressionMethod.Sharing), .. At(CompressionMethod.MagnitudePruning), .. At(CompressionMethod.DeepCompression),
        ],
        Metrics = [ClassMetrics.Accuracy, ClassMetrics.LogLoss, Bench.Bytes],
        Budget = Budget.OfPlannedSeconds(30),
        Seeds = 3,
    };

    private static IEnumerable<Contestant> At(Method method) => bits.Select(count =>
        new Contestant(method) { Name = $"{method.Name}-{count}", Fixed = new Dictionary<string, string> { [CompressionMethod.Bits.Name] = $"{count}" } });
}
