using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>Tells the progress of a run or a fit as JSON, an object a line, so that a program can watch. Each has <c>event</c>; numbers that are not finite are null.</summary>
internal sealed class JsonProgress(TextWriter writer) : IRunObserver, IFitObserver
{
    /// <summary>Each job tells of its steps this often at most, so that a long run is not made of lines.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Dictionary<string, long> told = new(StringComparer.Ordinal);

    public void Planned(int done, int jobs) => Tell("planned", json =>
    {
        json.WriteNumber("done", done);
        json.WriteNumber("jobs", jobs);
    });

    public void Progressed(Job job, long step, long steps, double loss, double rate)
    {
        if (IsDue(job.ToString(), step == steps)) Tell("progressed", json => Steps(Describe(json, job), step, steps, loss));
    }

    public void Finished(Job job, IReadOnlyDictionary<string, double> measures) => Tell("finished", json =>
    {
        Describe(json, job).WriteStartObject("metrics");
        foreach (var (name, value) in measures) Number(json, name, value);
        json.WriteEndObject();
    });

    public void Began(Problem problem, IReadOnlyList<SimpleAnswer> simple) => Tell("began", json =>
    {
        json.WriteString("problem", problem.Kind);
        json.WriteString("name", problem.Name);
        json.WriteString("metric", problem.Objective.Name);
        json.WriteString("better", problem.Objective.Better.ToString().ToLowerInvariant());
        json.WriteStartObject("simple");
        foreach (var answer in simple) Number(json, answer.Name, answer.Validation[problem.Objective.Name]);
        json.WriteEndObject();
        json.WriteStartArray("understood");
        foreach (var note in problem.Understood) json.WriteStringValue(note);
        json.WriteEndArray();
    });

    public void Entered(string stage, int jobs) => Tell("entered", json =>
    {
        json.WriteString("stage", stage);
        json.WriteNumber("jobs", jobs);
    });

    public void Progressed(string job, long step, long steps, double loss)
    {
        if (!IsDue(job, step == steps)) return;
        Tell("progressed", json =>
        {
            json.WriteString("job", job);
            Steps(json, step, steps, loss);
        });
    }

    public void Finished(string job, Metric objective, double value, double best) => Tell("finished", json =>
    {
        json.WriteString("job", job);
        json.WriteString("metric", objective.Name);
        Number(json, "value", value);
        Number(json, "best", best);
    });

    public void Noted(string note) => Tell("noted", json => json.WriteString("note", note));

    private static Utf8JsonWriter Describe(Utf8JsonWriter json, Job job)
    {
        json.WriteString("job", job.ToString());
        json.WriteString("arm", job.Arm);
        json.WriteNumber("seed", job.Seed);
        json.WriteBoolean("isSearch", job.IsSearch);
        return json;
    }

    private static void Steps(Utf8JsonWriter json, long step, long steps, double loss)
    {
        json.WriteNumber("step", step);
        json.WriteNumber("steps", steps);
        Number(json, "loss", loss);
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private bool IsDue(string job, bool isLast)
    {
        var now = Stopwatch.GetTimestamp();
        if (!isLast && told.TryGetValue(job, out var last) && Stopwatch.GetElapsedTime(last, now) < Pause) return false;
        told[job] = now;
        return true;
    }

    private void Tell(string what, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", what);
            write(json);
            json.WriteEndObject();
        }
        writer.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
