namespace Paramorph.Experiments;

/// <summary>Who hears what a run of an arm reports.</summary>
internal interface IArmReports
{
    string? Checkpoint(Job job);

    void Progress(Job job, long step, long steps, double loss, double rate);

    void Picture(Job job, string name, Func<Picture> draw);

    void Keep(Job job, string? name, Action<string> save);
}
