using System.Globalization;
using Paramorph.Formats;

namespace Paramorph.Training;

/// <summary>
/// A folder with the last two checkpoints of one run, each a safetensors file with the model, the optimiser's state, the key, the step, the curves so far and
/// what early stopping remembers. A file appears whole or not at all, so a run that is killed at any moment can be resumed.
/// </summary>
/// <param name="Folder">The folder, which is made when it is not there; it belongs to one run.</param>
/// <param name="Every">Every how many steps a checkpoint is written, 1 or more; one is also written when the run ends well or is cancelled.</param>
public sealed record Checkpoints(string Folder, int Every = 1000)
{
    private const int Kept = 2;
    private const string Pattern = "step-*.safetensors";
    private const string Losses = "loss";
    private const string Measure = "measure ";

    /// <summary>The files that are there, the newest first.</summary>
    public IReadOnlyList<string> Files => !Directory.Exists(Folder) ? [] : [.. Directory.EnumerateFiles(Folder, Pattern).OrderDescending(StringComparer.Ordinal)];

    /// <summary>The state in the newest checkpoint, or null when there is none.</summary>
    /// <param name="like">A state of the same model and optimiser, such as that before the first step.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, or of another model or optimiser; the message says which checkpoint is left.</exception>
    public TrainingState<TModel>? Latest<TModel>(TrainingState<TModel> like)
        where TModel : ITree<TModel> => Read(like) is { } checkpoint ? checkpoint.State : null;

    /// <summary>Writes a checkpoint, and removes all but the last two.</summary>
    internal void Write<TModel>(TrainingState<TModel> state, TrainingHistory<TModel> history)
        where TModel : ITree<TModel>
    {
        Directory.CreateDirectory(Folder);
        var parts = Named("state", state).Concat(Curve(Losses, history.Losses)).Concat(history.Measures.SelectMany(curve => Curve(Measure + curve.Key, curve.Value)));
        if (history.Best is { } best)
        {
            parts = parts.Concat(Named("best", best.Model)).Append(new("best step", Tensor.Scalar(best.Step))).Append(new("best value", Tensor.Scalar(best.Value)));
        }
        var step = state.Step.Item<long>();
        SafeTensors.Write(
            Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"step-{step:D12}.safetensors")),
            parts.Append(new("stale", Tensor.Scalar(history.Stale))));
        foreach (var old in Files.Skip(Kept)) File.Delete(old);
    }

    /// <summary>The newest checkpoint, or null when there is none.</summary>
    /// <inheritdoc cref="Latest"/>
    internal (TrainingState<TModel> State, TrainingHistory<TModel> History)? Read<TModel>(TrainingState<TModel> like)
        where TModel : ITree<TModel>
    {
        var files = Files;
        if (files.Count == 0) return null;
        try
        {
            return Read(files[0], like);
        }
        catch (UnreadableFileException error)
        {
            var remedy = files.Count > 1 ? $"delete it to go on from {Path.GetFileName(files[1])}" : "delete it to start anew";
            throw new UnreadableFileException(files[0], error.Place, $"{error.Problem} To train on, {remedy}.", error);
        }
    }

    /// <summary>Removes what killed runs left half-written.</summary>
    internal void Tidy()
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var file in Directory.EnumerateFiles(Folder, $".{Pattern}.*")) File.Delete(file);
    }

    private static (TrainingState<TModel> State, TrainingHistory<TModel> History) Read<TModel>(string path, TrainingState<TModel> like)
        where TModel : ITree<TModel>
    {
        var file = new Contents(path, SafeTensors.Read(path));
        var measures = file.Names.Where(name => name.StartsWith(Measure, StringComparison.Ordinal) && name.EndsWith(Contents.Steps, StringComparison.Ordinal))
            .Select(name => name[Measure.Length..^Contents.Steps.Length]);
        var best = file.Names.Contains("best step")
            ? new BestModel<TModel>(file.Tree("best", like.Model), file.Scalar("best step", ElementType.Int64).Item<long>(), file.Scalar("best value", ElementType.Float64).Item())
            : null;
        return (
            file.Tree("state", like),
            TrainingHistory<TModel>.Restored(
                file.Curve(Losses), measures.ToDictionary(name => name, name => file.Curve(Measure + name), StringComparer.Ordinal),
                best, file.Scalar("stale", ElementType.Int32).Item<int>()));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named<T>(string prefix, T tree)
        where T : ITree<T> => Tree.Names(tree).Zip(Tree.Leaves(tree), (name, leaf) => KeyValuePair.Create(Contents.Path(prefix, name), leaf));

    private static KeyValuePair<string, Tensor>[] Curve(string name, List<CurvePoint> points) =>
    [
        new(name + Contents.Steps, Tensor.From<long>([.. points.Select(point => point.Step)], [points.Count])),
        new(name + Contents.Values, Tensor.From<double>([.. points.Select(point => point.Value)], [points.Count])),
    ];

    /// <summary>What a file holds, asked for by name and type.</summary>
    private sealed class Contents(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        public const string Steps = ", steps";
        public const string Values = ", values";

        public IEnumerable<string> Names => tensors.Keys;

        /// <summary>The name of a leaf; a tensor that is a whole tree has no path of its own.</summary>
        public static string Path(string prefix, string name) => name.Length == 0 ? prefix : name[0] == '[' ? prefix + name : $"{prefix}.{name}";

        public T Tree<T>(string prefix, T like)
            where T : ITree<T>
        {
            var leaves = Paramorph.Tree.Names(like).Zip(Paramorph.Tree.Leaves(like), (name, leaf) => Find(Path(prefix, name), leaf.Type));
            return Paramorph.Tree.Rebuild(like, [.. leaves]);
        }

        public Tensor Scalar(string name, ElementType type) => Find(name, new(type, []));

        public List<CurvePoint> Curve(string name)
        {
            var (steps, values) = (Vector(name + Steps, ElementType.Int64).ToArray<long>(), Vector(name + Values, ElementType.Float64).ToArray<double>());
            return steps.Length == values.Length
                ? [.. steps.Zip(values, (step, value) => new CurvePoint(step, value))]
                : throw Wrong($"the curve '{name}' has {steps.Length} steps and {values.Length} values.");
        }

        private Tensor Vector(string name, ElementType type) => tensors.TryGetValue(name, out var found) && found.Rank == 1 ? Find(name, new(type, found.Shape)) : throw Missing(name);

        private Tensor Find(string name, TensorType type)
        {
            if (!tensors.TryGetValue(name, out var found)) throw Missing(name);
            return found.Type == type ? found : throw Wrong($"'{name}' is {found.Type} where this run has {type}: the checkpoint is that of another model or optimiser.");
        }

        private UnreadableFileException Missing(string name) => Wrong($"'{name}' is not there: the checkpoint is that of another model or optimiser.");

        private UnreadableFileException Wrong(string problem) => new(path, "", problem);
    }
}
