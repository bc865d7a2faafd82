using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Shrink;

namespace Paramorph.Fitting;

/// <summary>The folder of a model: <c>model.json</c>, <c>model.safetensors</c>, and beside them what people read.</summary>
internal static class ModelFolder
{
    private const string Json = "model.json", Tensors = "model.safetensors";

    /// <summary>Writes a folder beside the place where it belongs and then moves it there. What else people keep in the folder stays.</summary>
    /// <param name="folder">Where it belongs.</param>
    /// <param name="model">The model.</param>
    /// <param name="result">What came of the fit, or null.</param>
    /// <param name="write">Writes what people read into the folder that it is given.</param>
    /// <exception cref="ProblemException">Something else stands there, or the disk is full; what was there before is whole.</exception>
    public static void Save(string folder, Model model, FitResult? result, Action<string>? write = null)
    {
        Require(folder);
        var target = Place(folder);
        var name = Path.GetRandomFileName();
        var (fresh, old) = ($"{target}.new-{name}", $"{target}.old-{name}");
        try
        {
            Directory.CreateDirectory(fresh);
            WeightCodes.Save(Path.Combine(fresh, Tensors), model.Layer, model.Codes);
            write?.Invoke(fresh);
            string[] files = [.. Directory.EnumerateFiles(fresh).Select(path => Path.GetFileName(path)).Append(Json).Order(StringComparer.Ordinal)];
            File.WriteAllText(Path.Combine(fresh, Json), Text(Described(model, result, FitFolder.Hash(Path.Combine(fresh, Tensors))) with { Files = files }));
            var replaced = Written(target);
            if (Directory.Exists(target)) Directory.Move(target, old);
            Directory.Move(fresh, target);
            if (Directory.Exists(old)) Replace(old, target, replaced);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"the model could not be written into {folder}: {AtomicFile.Reason(exception)}.", exception);
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
            if (!Directory.Exists(target) && Directory.Exists(old)) Directory.Move(old, target);
        }
    }

    /// <summary>Moves a model back that was taken away for a new one by a process which was killed before it had put that in its place.</summary>
    /// <param name="folder">Where it belongs.</param>
    public static void Recover(string folder)
    {
        var target = Place(folder);
        if (Directory.Exists(target) || new DirectoryInfo(target).Parent is not { Exists: true } parent) return;
        parent.EnumerateDirectories()
            .Where(aside => aside.Name.StartsWith($"{Path.GetFileName(target)}.old-", StringComparison.Ordinal) && File.Exists(Path.Combine(aside.FullName, Json)))
            .MaxBy(aside => aside.LastWriteTimeUtc)?.MoveTo(target);
    }

    /// <summary>Moves what people put into the folder of the old model into that of the new one, and deletes what belonged to the old model.</summary>
    private static void Replace(string old, string target, IReadOnlySet<string> replaced)
    {
        foreach (var item in new DirectoryInfo(old).EnumerateFileSystemInfos().ToArray())
        {
            var place = Path.Combine(target, item.Name);
            if (replaced.Contains(item.Name) || Path.Exists(place)) continue;
            if (item is DirectoryInfo folder) folder.MoveTo(place);
            else ((FileInfo)item).MoveTo(place);
        }
        Directory.Delete(old, recursive: true);
    }

    /// <summary>The files of the model in a folder; of a model that was saved before they were named, those that every model has.</summary>
    private static HashSet<string> Written(string folder)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, Json)) && Read(folder).Files is { } files) return [.. files];
        }
        catch (ProblemException)
        {
            // A model that cannot be read is replaced all the same.
        }
        return [Json, Tensors];
    }

    /// <summary>Whether a file describes a model of ours, which it may do badly: other programs write files of its name too.</summary>
    private static bool IsOurs(string json)
    {
        if (!File.Exists(json)) return false;
        try
        {
            using var content = JsonDocument.Parse(File.ReadAllBytes(json));
            return content.RootElement is { ValueKind: JsonValueKind.Object } model && model.TryGetProperty("preparation", out _);
        }
        catch (JsonException)
        {
            return true;
        }
    }

    /// <summary>Throws if a model cannot be written to a folder: before the work rather than after it.</summary>
    /// <exception cref="ProblemException">Something else stands there, or nothing can be written.</exception>
    public static void Require(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder)) throw new ProblemException("the folder for the model has no name.");
        var target = Place(folder);
        if (File.Exists(target)) throw new ProblemException($"{folder} is a file: a model is written into a folder.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !IsOurs(Path.Combine(target, Json)))
            throw new ProblemException($"the folder {folder} holds other things than a model, which would be replaced: give an empty or a new folder.");
        var probe = $"{target}.new-{Path.GetRandomFileName()}";
        try
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            if (!Directory.Exists(target)) return;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"nothing can be written beside {folder}: {AtomicFile.Reason(exception)}.", exception);
        }
        // A folder that is mounted keeps its place, which shows when it is moved.
        var aside = $"{target}.old-{Path.GetRandomFileName()}";
        try
        {
            Directory.Move(target, aside);
            Directory.Move(aside, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"a new model cannot take the place of the folder {folder}, as of one that is mounted: give a folder within it.", exception);
        }
    }

    /// <summary>Where a folder stands; a link is followed.</summary>
    private static string Place(string folder)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return new DirectoryInfo(place).LinkTarget is null ? place : Directory.ResolveLinkTarget(place, returnFinalTarget: true)!.FullName;
    }

    /// <inheritdoc cref="Model.Load"/>
    public static Model Load(string folder, IReadOnlyList<Method> methods, Preparation? preparation)
    {
        var file = Read(folder);
        if (!ProblemKind.All.TryGetValue(file.Kind, out var kind)) throw new ProblemException($"the model in {folder} is of the kind {file.Kind}, which this version does not know.");
        var tensors = Path.Combine(folder, Tensors);
        if (!File.Exists(tensors)) throw new ProblemException($"{folder} has no {Tensors}: the model is not whole.");
        if (FitFolder.Hash(tensors) != file.Parameters) throw new ProblemException($"{tensors} is not the file that the model was saved with: it was changed or damaged. Fit the model again, or restore the file.");
        ModelPart[] parts = [.. file.Parts.Select(part => Part(part, methods, folder))];
        preparation ??= kind.ReadPreparation(file.Preparation);
        var signature = new ModelSignature([.. file.Input], [.. file.Output]) { IsPeriodic = file.IsPeriodic, Groups = (preparation as TablePreparation)?.Groups };
        var layer = WeightCodes.Load(tensors, stored => Structure(signature, parts, stored));
        return new(file.Kind, preparation, signature, parts, layer, file.Calibration);
    }

    /// <summary>Bytes of the file of the parameters.</summary>
    public static long TensorBytes(string folder) => new FileInfo(Path.Combine(folder, Tensors)).Length;

    /// <summary>What came of the fit that made the model of a folder, or null.</summary>
    public static FitResult? ReadResult(string folder) => Read(folder).Result;

    private static ILayer Structure(ModelSignature signature, ModelPart[] parts, IReadOnlyDictionary<string, TensorType> stored)
    {
        var count = parts.Sum(part => part.Members);
        if (count == 1) return parts[0].Method.Structure(signature, parts[0].Configuration, stored);
        var members = parts.SelectMany(part => Enumerable.Repeat(part, part.Members))
            .Select((part, i) => part.Method.Structure(signature, part.Configuration, Stored.Within(stored, $"members[{i}]")));
        return Model.Joined([.. members], [.. Enumerable.Repeat(1.0, count)]);
    }

    private static ModelPart Part(FitPart part, IReadOnlyList<Method> own, string folder)
    {
        var method = own.Concat(Method.All).FirstOrDefault(method => method.Name == part.Method)
            ?? throw new ProblemException($"the model in {folder} was made by the method {part.Method}, which is not known here: give it to Model.Load, or use the version that made it.");
        var configuration = Configuration.Default(method.Hyperparameters);
        foreach (var (name, text) in part.Hyperparameters)
            if (method.Hyperparameters.FirstOrDefault(parameter => parameter.Name == name) is { } parameter) configuration = configuration.With(name, parameter.Parse(text));
        return new(method, configuration, part.Members, part.Weight);
    }

    private static ModelFile Described(Model model, FitResult? result, string parameters)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) model.Preparation.Write(writer);
        using var preparation = JsonDocument.Parse(buffer.ToArray());
        return new(
            model.Codes.Count > 0 ? ModelFile.Newest : ModelFile.WithoutCodes, ExperimentRunner.Version, model.Kind, [.. model.Signature.Input], [.. model.Signature.Output], model.Signature.IsPeriodic,
            [.. model.Parts.Select(part => new FitPart(part.Method.Name, part.Configuration.Texts.ToDictionary(), part.Members, part.Weight))],
            preparation.RootElement.Clone(), model.Calibration, parameters, result)
        {
            ParameterHash = model.ParameterHash,
        };
    }

    private static string Text(ModelFile file) => JsonSerializer.Serialize(file with { Fingerprint = Fingerprint(file) }, FitJson.Default.ModelFile) + "\n";

    private static string Fingerprint(ModelFile file) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(file with { Fingerprint = "" }, FitJson.Default.ModelFile))));

    private static ModelFile Read(string folder)
    {
        var path = Path.Combine(folder, Json);
        if (!Directory.Exists(folder)) throw new ProblemException($"there is no folder {folder}.");
        if (!File.Exists(path)) throw new ProblemException($"{folder} holds no model: it has no {Json}.");
        try
        {
            using (var document = JsonDocument.Parse(File.ReadAllText(path)))
            {
                if (document.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) && number > ModelFile.Newest)
                    throw new ProblemException($"the model in {folder} is of a newer version (layout {number}; this version reads up to {ModelFile.Newest}): update Paramorph.");
            }
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), FitJson.Default.ModelFile) ?? throw new JsonException("it is null.");
            return Fingerprint(file) == file.Fingerprint ? file : throw new ProblemException($"{path} was changed after the model was saved: fit the model again, or restore the file.");
        }
        catch (JsonException exception)
        {
            throw new ProblemException($"{path} is no description of a model: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new ProblemException($"{path} is no description of a model: it lacks what one has.", exception);
        }
    }
}
