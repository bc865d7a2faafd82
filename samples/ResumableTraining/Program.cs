using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Paramorph;
using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;
using ResumableTraining;

// Learns to tell points inside a ring from those outside, with shuffled batches, dropout and early stopping, and keeps checkpoints in a folder. Kill it at any
// moment and start it again with the same arguments: it goes on, and ends with the digest of a run that nobody disturbed.
if (args is not [var text, .. { Length: <= 1 } rest] || !int.TryParse(text, CultureInfo.InvariantCulture, out var steps) || steps < 1)
{
    Console.Error.WriteLine("ResumableTraining takes a number of steps above 0, and then, if it is not to be a new one, a folder for checkpoints.");
    return 2;
}
var folder = rest is [var kept] ? kept : Directory.CreateTempSubdirectory("resumable-training-").FullName;
Console.WriteLine($"Checkpoints are kept in {folder}.");

var (train, test) = (Ring(Key.Of(1), 600), Ring(Key.Of(2), 200));
var trainer = new Trainer<Classifier, LabelledData>(
    new Adam(Schedule.Cosine(2e-2, steps)).AverageExponentially(0.99).ClipByNorm(1),
    (model, batch, key) => Loss.CrossEntropy(model.Call(batch.Inputs, key), batch.Labels))
{
    Validation = model => new Dictionary<string, Tensor>
    {
        ["accuracy"] = Metric.Accuracy(model.Call(test.Inputs, null), test.Labels),
        ["loss"] = Loss.CrossEntropy(model.Call(test.Inputs, null), test.Labels),
    },
};
var model = new Classifier(Linear.Create(Key.Of(3), 2, 32), new Dropout(0.1), Linear.Create(Key.Of(4), 32, 2));
var run = trainer.Resume(trainer.Start(model, Key.Of(5)), Batches.Shuffled(train, 32, Key.Of(6)), new TrainingOptions(steps)
{
    ReadEvery = 50,
    EarlyStopping = new("loss", Patience: 1 + steps / 200),
    Checkpoints = new(folder, Every: 100),
    Progress = p => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {p.Step} of {p.Steps}   loss {p.Loss:0.0000}   accuracy {p.Measures["accuracy"]:0.000}")),
});
Console.WriteLine($"{run.Explanation} Digest {Digest(run)}");
return 0;

// Points of a square, and whether they lie inside a ring.
static LabelledData Ring(Key key, int count)
{
    var points = Sample.Uniform(key, [count, 2], -1.0, 1.0);
    var distance = points.Norm(2, 1);
    return new(points.Evaluate(), ((distance > 0.4) & (distance < 0.8)).AsType(ElementType.Int32).Evaluate());
}

// Every bit that a run gives: the state, the best model, and all curves.
static string Digest(TrainingRun<Classifier> run)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var leaf in Tree.Leaves(run.State).Concat(run.Best is { } best ? Tree.Leaves(best.Model) : [])) Add(leaf.ToDoubles());
    foreach (var curve in run.Measures.OrderBy(curve => curve.Key, StringComparer.Ordinal).Select(curve => curve.Value).Prepend(run.Loss))
        Add([.. curve.SelectMany(point => new[] { point.Step, point.Value })]);
    return Convert.ToHexString(hash.GetHashAndReset()[..8]);

    void Add(double[] numbers) => hash.AppendData(MemoryMarshal.AsBytes<double>(numbers));
}
