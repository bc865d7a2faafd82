using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>
/// Where a fit keeps what has ended, beside the folder of the model, so that one that was killed goes on; it is gone when the model is written. Files appear whole or not at all.
/// </summary>
internal sealed class FitFolder
{
    private const string Plan = "plan.txt", Skipped = "skipped";
    private readonly string root;

    private FitFolder(string root) => this.root = root;

    /// <summary>Opens the folder of a fit, new or to be resumed. One that was killed before it kept anything begins anew.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <param name="plan">All that the fit depends on, as text.</param>
    /// <param name="isResumed">Whether it goes on.</param>
    /// <exception cref="ProblemException">There is nothing to resume, or it is of another fit.</exception>
    public static FitFolder Open(string model, string plan, bool isResumed)
    {
        var folder = new FitFolder(Of(model));
        var known = folder.At(Plan);
        if (isResumed && !File.Exists(known) && Directory.Exists(model)) throw new ProblemException($"there is no interrupted fit into {model} to go on with: the model there is whole.");
        if (isResumed && File.Exists(known))
        {
            var found = File.ReadAllText(known);
            if (found != plan) throw new ProblemException($"the interrupted fit into {model} is another one: {Difference(found, plan)}. Resume it as it was begun, or start without --resume.");
            return folder;
        }
        folder.Delete();
        Directory.CreateDirectory(folder.root);
        AtomicFile.WriteText(known, plan);
        return folder;
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
    public bool TryRead(string job, Func<IReadOnlyDictionary<string, TensorType>, ILayer> structure, out FitJob? result)
    {
        result = null;
        if (File.Exists(At($"{job}.{Skipped}"))) return true;
        if (!File.Exists(At($"{job}.json"))) return false;
        var measured = JsonSerializer.Deserialize(File.ReadAllText(At($"{job}.json")), FitJson.Default.FitJobFile)!;
        result = new(Stored.Load(At($"{job}.safetensors"), structure), measured.Validation, measured.Seconds);
        return true;
    }

    /// <summary>Keeps what a job gave.</summary>
    public void Write(string job, FitJob? result)
    {
        if (result is null)
        {
            AtomicFile.WriteText(At($"{job}.{Skipped}"), "");
            return;
        }
        SafeTensors.Save(At($"{job}.safetensors"), result.Model);
        AtomicFile.WriteText(At($"{job}.json"), JsonSerializer.Serialize(new(result.Validation, result.Seconds), FitJson.Default.FitJobFile));
        if (Directory.Exists(Checkpoints(job))) Directory.Delete(Checkpoints(job), recursive: true);
    }

    /// <summary>Where a job keeps checkpoints.</summary>
    public string Checkpoints(string job) => At($"{job}.checkpoints");

    /// <summary>Removes it.</summary>
    public void Delete()
    {
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
    }

    private string At(string name) => Path.Combine(root, name);

    private static string Difference(string found, string plan) =>
        found.Split('\n').Zip(plan.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second) is var (before, now) && before is not null ? $"it has \"{before}\", not \"{now}\"" : "it is of other methods";
}

/// <summary>What training a model gave.</summary>
/// <param name="Model">The model.</param>
/// <param name="Validation">What it reached on validation examples, by metric.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record FitJob(ILayer Model, IReadOnlyDictionary<string, double> Validation, double Seconds);

/// <summary>The same without the model, as it is kept.</summary>
internal sealed record FitJobFile(IReadOnlyDictionary<string, double> Validation, double Seconds);
