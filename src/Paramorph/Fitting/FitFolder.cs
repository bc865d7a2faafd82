using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Problems;
using Paramorph.Shrink;

namespace Paramorph.Fitting;

/// <summary>
/// Where a fit keeps what has ended, beside the folder of the model, so that one that was killed goes on; it is gone when the model is written. Files appear whole or not at all.
/// One fit has it at a time, from its beginning to its end.
/// </summary>
internal sealed class FitFolder : IDisposable
{
    private const string Plan = "plan.txt", Skipped = "skipped", Locked = "lock";
    private readonly string root;
    private readonly FileStream own;

    private FitFolder(string root, FileStream own) => (this.root, this.own) = (root, own);

    /// <summary>Opens the folder of a fit, new or to be resumed. One that was killed before it kept anything begins anew.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <param name="plan">All that the fit depends on, as text.</param>
    /// <param name="isResumed">Whether it goes on.</param>
    /// <exception cref="ProblemException">Another fit has it, there is nothing to resume, or it is of another fit.</exception>
    public static FitFolder Open(string model, string plan, bool isResumed)
    {
        var folder = new FitFolder(Of(model), Lock(model));
        try
        {
            folder.Begin(model, plan, isResumed);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The file that one fit holds open. The system closes it when a process ends, however it ends; who opens it after that waits for nobody. On closing its name is gone before others may open it.
    /// </summary>
    private static FileStream Lock(string model)
    {
        var path = Path.Combine(Of(model), Locked);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(Of(model));
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (DirectoryNotFoundException) when (attempt < 10)
            {
                // Another fit has just ended, and removed the folder between the two lines.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new ProblemException(
                    exception is IOException && File.Exists(path) ? $"another fit into {model} is under way: let it end, or give another folder." : $"nothing can be written into {Of(model)}: {AtomicFile.Reason(exception)}.",
                    exception);
            }
        }
    }

    private void Begin(string model, string plan, bool isResumed)
    {
        var known = At(Plan);
        if (isResumed && !File.Exists(known) && Directory.Exists(model)) throw new ProblemException($"there is no interrupted fit into {model} to go on with: the model there is whole.");
        if (isResumed && File.Exists(known))
        {
            var found = File.ReadAllText(known);
            if (found != plan) throw new ProblemException($"the interrupted fit into {model} is another one: {Difference(found, plan)}. Resume it as it was begun, or start without --resume.");
            return;
        }
        Delete();
        AtomicFile.WriteText(known, plan);
    }

    /// <summary>The folder that belongs to that of a model.</summary>
    public static string Of(string model) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)) + ".fitting";

    /// <summary>A fingerprint of a file.</summary>
    public static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>What a job gave, if it has ended; null of a model that was skipped.</summary>
    /// <param name="job">The name of the job.</param>
    /// <param name="structure">A model of the structure, from the stored types.</param>
    /// <param name="result">What it gave.</param>
    /// <param name="reason">Why the model was skipped; null where the clock was the reason, or it was not skipped.</param>
    public bool TryRead(string job, Func<IReadOnlyDictionary<string, TensorType>, ILayer> structure, out FitJob? result, out string? reason)
    {
        (result, reason) = (null, null);
        if (File.Exists(At($"{job}.{Skipped}")))
        {
            reason = File.ReadAllText(At($"{job}.{Skipped}")) is { Length: > 0 } text ? text : null;
            return true;
        }
        if (!File.Exists(At($"{job}.json"))) return false;
        var measured = JsonSerializer.Deserialize(File.ReadAllText(At($"{job}.json")), FitJson.Default.FitJobFile)!;
        result = new(WeightCodes.Load(At($"{job}.safetensors"), structure), measured.Validation, measured.Seconds);
        return true;
    }

    /// <summary>Keeps what a job gave.</summary>
    /// <param name="job">The name of the job.</param>
    /// <param name="result">What it gave, or null of a model that was skipped.</param>
    /// <param name="reason">Why it was skipped; null where the clock was the reason.</param>
    public void Write(string job, FitJob? result, string? reason)
    {
        if (result is null)
        {
            AtomicFile.WriteText(At($"{job}.{Skipped}"), reason ?? "");
            return;
        }
        SafeTensors.Save(At($"{job}.safetensors"), result.Model);
        AtomicFile.WriteText(At($"{job}.json"), JsonSerializer.Serialize(new(result.Validation, result.Seconds), FitJson.Default.FitJobFile));
        if (Directory.Exists(Checkpoints(job))) Directory.Delete(Checkpoints(job), recursive: true);
    }

    /// <summary>Where a job keeps checkpoints.</summary>
    public string Checkpoints(string job) => At($"{job}.checkpoints");

    /// <summary>Removes all that it keeps.</summary>
    public void Delete()
    {
        foreach (var item in new DirectoryInfo(root).EnumerateFileSystemInfos().Where(item => item.Name != Locked))
        {
            if (item is DirectoryInfo { LinkTarget: null } folder) folder.Delete(recursive: true);
            else item.Delete();
        }
    }

    /// <summary>Lets others have it; where it keeps nothing, it is gone.</summary>
    public void Dispose()
    {
        own.Dispose();
        try
        {
            if (Directory.Exists(root) && !Directory.EnumerateFileSystemEntries(root).Any()) Directory.Delete(root);
        }
        catch (IOException)
        {
            // Another fit has begun in it.
        }
    }

    private string At(string name) => Path.Combine(root, name);

    private static string Difference(string found, string plan) => found.Split('\n').Zip(plan.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second) switch
    {
        (null, _) => "it is of other methods",
        var (before, now) when before.StartsWith("data ", StringComparison.Ordinal) && now.StartsWith("data ", StringComparison.Ordinal) => "it was begun with another file of data, or the file has changed since",
        var (before, _) when before.StartsWith("columns ", StringComparison.Ordinal) => "other columns are predicted or learned from",
        var (before, _) when before.StartsWith("rows ", StringComparison.Ordinal) => "other rows train, choose and judge",
        var (before, now) => $"it has \"{before}\", not \"{now}\"",
    };
}

/// <summary>What training a model gave.</summary>
/// <param name="Model">The model.</param>
/// <param name="Validation">What it reached on validation examples, by metric.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record FitJob(ILayer Model, IReadOnlyDictionary<string, double> Validation, double Seconds);

/// <summary>The same without the model, as it is kept.</summary>
internal sealed record FitJobFile(IReadOnlyDictionary<string, double> Validation, double Seconds);
