using Paramorph.Experiments;
using Paramorph.Layers;

namespace Paramorph.Problems;

/// <summary>What is to be learned, with the data: read from files, split, scaled, and judged.</summary>
public abstract class Problem
{
    /// <summary>The name of its kind.</summary>
    public abstract string Kind { get; }

    /// <summary>Its name: that of the file, or of what was generated.</summary>
    public required string Name { get; init; }

    /// <summary>What was understood of the data, and what was guessed: plain sentences.</summary>
    public IReadOnlyList<string> Understood { get; init; } = [];

    /// <summary>What it is judged by; the first chooses among models.</summary>
    public abstract IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The shapes that a model maps.</summary>
    public abstract ModelSignature Signature { get; }

    /// <summary>What stands between the data and a model.</summary>
    public abstract Preparation Preparation { get; }

    /// <summary>What a model reaches on the part of the data that chooses among models.</summary>
    public abstract IReadOnlyDictionary<string, double> Validate(ILayer model);

    /// <summary>What a model reaches on the part of the data that judges at the end.</summary>
    public abstract IReadOnlyDictionary<string, double> Test(ILayer model);

    /// <summary>What the simple answers reach.</summary>
    public abstract IReadOnlyList<SimpleAnswer> SimpleAnswers();

    /// <summary>What there is to see of a model's answers to test examples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="halfWidths">Half the widths of the intervals around its answers, a number for each output in the units of the data; empty where it has none.</param>
    public virtual IEnumerable<Illustration> Illustrations(ILayer model, IReadOnlyList<double> halfWidths) => [];

    /// <summary>Whether a final model may be several, each trained on other examples: not where nothing is held out.</summary>
    public virtual bool IsFoldable => false;

    /// <summary>What answers say of their own error.</summary>
    public virtual Uncertainty Uncertainty => Uncertainty.None;

    /// <summary>The metric that chooses among models.</summary>
    public Metric Objective => Metrics[0];

    /// <summary>A measure as a cost: lower is better, and what is no number is worst.</summary>
    public double Cost(IReadOnlyDictionary<string, double> measures) => Cost(Objective, measures);

    /// <summary>The cost that decides between models of equal <see cref="Cost(IReadOnlyDictionary{string, double})"/>: that of the second metric.</summary>
    public double SecondCost(IReadOnlyDictionary<string, double> measures) => Cost(Metrics[Math.Min(1, Metrics.Count - 1)], measures);

    private static double Cost(Metric metric, IReadOnlyDictionary<string, double> measures) => metric.Cost(measures[metric.Name]);
}
