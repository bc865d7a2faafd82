namespace Paramorph.Experiments;

/// <summary>What an arm is in the comparison.</summary>
public enum ArmRole
{
    /// <summary>The paper's method.</summary>
    Method,

    /// <summary>What it is compared with, given the same care.</summary>
    Baseline,

    /// <summary>The method with one part taken away.</summary>
    Ablation,

    /// <summary>What stands in the table to compare with, and in no claim.</summary>
    Reference,
}

/// <summary>One contestant of an experiment.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Role">What it is in the comparison.</param>
public abstract record Arm(string Name, string Meaning, ArmRole Role)
{
    /// <summary>Candidates among which a search chooses under each seed, the same number for every arm that is tuned; of one alone, or of none, nothing is searched.</summary>
    public IReadOnlyList<Choice> Candidates { get; init; } = [];
}

/// <summary>One contestant of an experiment on a task.</summary>
/// <typeparam name="TTask">What the arms work on: data, solvers, reference solutions.</typeparam>
/// <param name="Name">Its short name.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Role">What it is in the comparison.</param>
/// <param name="Run">Trains and measures, and reports to the run.</param>
public sealed record Arm<TTask>(string Name, string Meaning, ArmRole Role, Action<TTask, ArmRun> Run) : Arm(Name, Meaning, Role);
