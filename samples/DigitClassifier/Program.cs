using System.Globalization;
using Paramorph;
using Paramorph.Data;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

// Learns to read digits that are drawn here, saves the model, loads it, and judges what was loaded. The number of steps may be given.
var steps = args is [var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : 600;

var digits = Digits.Of(Key.Of(1), 4000, size: 16);
var task = Classification.Halves("digits", digits with { Inputs = digits.Inputs.Reshape(4000, 256).Evaluate() }, 10);
var trainer = new Trainer<Mlp, LabelledData>(
    new Adam(Schedule.Cosine(3e-3, steps)),
    (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));
var state = trainer.Start(Mlp.Create(Key.Of(2), [256, 128, 10], Activation.Relu, Initialiser.HeUniform), Key.Of(3));
var run = trainer.Run(state, Batches.Shuffled(task.Train, 64, Key.Of(4)), new TrainingOptions(steps)
{
    ReadEvery = Math.Max(1, steps / 10),
    Progress = p => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {p.Step,6} of {p.Steps}   loss {p.Loss:0.0000}")),
});

var file = Path.Combine(Path.GetTempPath(), $"digits-{Environment.ProcessId}.safetensors");
SafeTensors.Save(file, run.State.Model);
var loaded = SafeTensors.Load(file, like: run.State.Model);
File.Delete(file);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"right answers on new digits: {100 * task.Judge(loaded).Accuracy:0.0} %"));
return run.Reason == EndReason.Finished ? 0 : 1;
