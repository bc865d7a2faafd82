namespace Paramorph.Experiments;

/// <summary>Who hears what a run of an arm reports.</summary>
internal interface IArmReports
{
    /// <summary>The folder where a trainer keeps its checkpoints, or null where nothing is kept.</summary>
    /// <param name="job">The job.</param>
    /// <param name="number">How many models the job trained before.</param>
    string? Checkpoints(Job job, int number);

    void Progress(Job job, long step, long steps, double loss, double rate);

    void Picture(Job job, string name, Func<Picture> draw);

    void Keep(Job job, string? name, Action<string> save);
}
