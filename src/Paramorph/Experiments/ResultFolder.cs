using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Paramorph.Formats;

namespace Paramorph.Experiments;

/// <summary>
/// The folder of a run: <c>result.json</c>, <c>report.html</c>, <c>curves/*.csv</c> and <c>*.svg</c>, <c>pictures/*.png</c>, <c>parameters/*.safetensors</c>, and in <c>runs/</c> what
/// each finished job gave and the checkpoints of those begun, from which an interrupted run goes on. Files appear whole or not at all.
/// </summary>
internal sealed class ResultFolder
{
    private const string CheckpointExtension = ".checkpoints";

    private readonly string root;

    private ResultFolder(string root) => this.root = root;

    /// <summary>Opens the folder for a run, new or to be resumed.</summary>
    /// <exception cref="ExperimentException">What it holds is of another run.</exception>
    public static ResultFolder Open(string root, RunPlan plan, bool resume)
    {
        var folder = new ResultFolder(Path.GetFullPath(root));
        var planFile = folder.At("runs", "plan.json");
        if (resume)
        {
            if (!File.Exists(planFile)) throw new ExperimentException($"there is nothing to resume in {root}: it holds no run.");
            var found = Read(planFile, ExperimentJson.Default.RunPlan);
            if (Difference(found, plan) is { } difference)
                throw new ExperimentException($"the run in {root} is another one: {difference}; resume it as it was begun, or start anew without --resume.");
            return folder;
        }
        string[] kept = ["curves", "pictures", "parameters", "runs"];
        // Other programs have folders of these names, too.
        if (!File.Exists(planFile) && kept.FirstOrDefault(name => Directory.Exists(folder.At(name)) && Directory.EnumerateFileSystemEntries(folder.At(name)).Any()) is { } foreign)
            throw new ExperimentException($"{root} has a folder {foreign} that is of no run of ours, and what a run writes would take its place: give another folder.");
        foreach (var name in kept)
            if (Directory.Exists(folder.At(name))) Directory.Delete(folder.At(name), recursive: true);
        foreach (var name in (string[])["result.json", "report.html"])
            if (File.Exists(folder.At(name))) File.Delete(folder.At(name));
        folder.Write(planFile, JsonSerializer.Serialize(plan, ExperimentJson.Default.RunPlan));
        return folder;
    }

    /// <summary>What a job gave, if it has ended.</summary>
    public JobResult? Finished(Job job) => File.Exists(JobFile(job, ".json")) ? Read(JobFile(job, ".json"), ExperimentJson.Default.JobResult) : null;

    /// <summary>Keeps what a job gave, in the place of its checkpoints.</summary>
    public void Finish(Job job, JobResult result)
    {
        Write(JobFile(job, ".json"), JsonSerializer.Serialize(result, ExperimentJson.Default.JobResult));
        if (Directory.Exists(JobFile(job, CheckpointExtension))) Directory.Delete(JobFile(job, CheckpointExtension), recursive: true);
    }

    /// <summary>Where a job keeps the checkpoints of one of the models that it trains.</summary>
    public string Checkpoints(Job job, int number) => Path.Combine(JobFile(job, CheckpointExtension), number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a picture.</summary>
    public void Picture(Job job, string name, Picture picture)
    {
        Directory.CreateDirectory(At("pictures"));
        picture.Save(At("pictures", $"{FileName(job.Arm)}-{FileName(name)}.png"));
    }

    /// <summary>Writes trained parameters.</summary>
    public void Keep(Job job, string? name, Action<string> save)
    {
        Directory.CreateDirectory(At("parameters"));
        save(At("parameters", $"{FileName($"{job} {name}")}.safetensors"));
    }

    /// <summary>Writes a curve of all arms and seeds as a table and as a drawing.</summary>
    public void Curves(string name, IReadOnlyList<(Job Job, IReadOnlyList<ChartPoint> Points)> curves)
    {
        var table = new StringBuilder("arm,seed,x,y\n");
        foreach (var (job, points) in curves)
            foreach (var point in points) table.Append(CultureInfo.InvariantCulture, $"{DelimitedText.Field(job.Arm)},{job.Seed},{point.X:R},{point.Y:R}\n");
        Write(At("curves", $"{FileName(name)}.csv"), table.ToString());
        Write(At("curves", $"{FileName(name)}.svg"), LineChart.Draw(name, [.. curves.Select(curve => (curve.Job.Arm, curve.Points))]));
    }

    /// <summary>Writes the result.</summary>
    public void Result(ExperimentResult result) => Write(At("result.json"), result.ToJson() + "\n");

    /// <summary>Writes the page that people read, with all pictures and curves of the folder.</summary>
    public void Page(Report report)
    {
        report.Section("What it looks like");
        foreach (var (folder, pattern) in (ReadOnlySpan<(string, string)>)[("pictures", "*.png"), ("curves", "*.svg")])
        {
            if (!Directory.Exists(At(folder))) continue;
            foreach (var file in Directory.GetFiles(At(folder), pattern).Select(Path.GetFileName).Order(StringComparer.Ordinal)) report.Picture($"{folder}/{file}");
        }
        Write(At("report.html"), report.ToHtml(root));
    }

    /// <summary>A fingerprint of a file.</summary>
    public static string Hash(string path)
    {
        if (Directory.Exists(path))
        {
            // Tasks of a bench know their files by their fingerprints; a folder says which of them are there.
            var files = new DirectoryInfo(path).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Name} {file.Length}");
            return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', files))));
        }
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string? Difference(RunPlan found, RunPlan asked)
    {
        if (found.Id != asked.Id) return $"it is of {found.Id}, not of {asked.Id}";
        if (found.Size != asked.Size) return $"its size is {found.Size}, not {asked.Size}";
        if (found.DataHash != asked.DataHash) return "its data file is another";
        if (found.Version != asked.Version) return $"it was begun by version {found.Version}, and this is {asked.Version}";
        if (found.Fingerprint != asked.Fingerprint) return "its experiment has changed since";
        var changed = asked.Settings.FirstOrDefault(setting => found.Settings.GetValueOrDefault(setting.Key) != setting.Value).Key;
        return changed is null ? null : $"its setting {changed} is {found.Settings.GetValueOrDefault(changed, "missing")}, not {asked.Settings[changed]}";
    }

    private static T Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type) ?? throw new JsonException("it is null.");
        }
        catch (JsonException exception)
        {
            throw new ExperimentException($"{path} is no record of a run: {exception.Message}", exception);
        }
    }

    private static string FileName(string name) =>
        string.Join('-', new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private string JobFile(Job job, string extension) => At("runs", FileName(job.ToString()) + extension);

    private string At(params ReadOnlySpan<string> parts) => Path.Combine([root, .. parts]);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
