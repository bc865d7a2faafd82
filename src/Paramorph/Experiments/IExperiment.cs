namespace Paramorph.Experiments;

/// <summary>A paper's claim as something that can be run and decided. <see cref="Experiment{TTask}"/> is how one is written.</summary>
public interface IExperiment
{
    /// <summary>The paper's id.</summary>
    string Id { get; }

    /// <summary>What is put to the test, in one or two sentences.</summary>
    string Question { get; }

    /// <summary>What the paper itself did and reports, in our words, so that nobody takes this task for the original.</summary>
    string Original { get; }

    /// <summary>What is smaller or different here.</summary>
    string Difference { get; }

    /// <summary>What is equal among the arms: steps, parameters, flops, time.</summary>
    string Budget { get; }

    /// <summary>What files the user may give, or null if none is read.</summary>
    string? Data { get; }

    /// <summary>Whether what the user gives is a folder with files, and not a file.</summary>
    bool ReadsFolder { get; }

    /// <summary>The settings with their defaults.</summary>
    IReadOnlyList<Setting> Settings { get; }

    /// <summary>The contestants; the first is the method.</summary>
    IReadOnlyList<Arm> Arms { get; }

    /// <summary>What each arm measures.</summary>
    IReadOnlyList<Metric> Metrics { get; }

    /// <summary>What must hold.</summary>
    IReadOnlyList<Claim> Claims { get; }

    /// <summary>The metric by which hyperparameters are chosen.</summary>
    Metric Objective { get; }

    /// <summary>In what arms are equal, which the runner checks with what it counted and measured.</summary>
    EqualBudget Equal { get; }

    /// <summary>Why a claim did not hold, or was not decided; null while there is nothing to say.</summary>
    string? Why { get; }

    /// <summary>Verdicts of earlier forms of the experiment, and what was changed after each.</summary>
    IReadOnlyList<EarlierVerdict> Earlier { get; }

    /// <summary>How many seeds decide, unless another number is asked for.</summary>
    int Seeds { get; }

    /// <summary>Whether all seeds work on the same task; otherwise each has data of its own.</summary>
    bool SharesTask { get; }

    /// <summary>Whether arms measure times: then nothing else runs beside one.</summary>
    bool MeasuresTime { get; }

    /// <summary>Makes the task.</summary>
    object MakeTask(TaskContext context);

    /// <summary>Runs an arm on a task that <see cref="MakeTask"/> made.</summary>
    void Run(Arm arm, object task, ArmRun run);
}
