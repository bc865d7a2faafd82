using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Problems;

/// <summary>A problem given by examples: pairs of inputs and targets, of which some train, some choose among models, and some judge.</summary>
public abstract class ExamplesProblem : Problem
{
    /// <summary>Examples for which outputs are computed at once.</summary>
    private const int Chunk = 512;

    private static readonly Func<ILayer, Tensor, Tensor> Forward = Compile.Of((ILayer model, Tensor x) => model.Call(x));
    private static readonly Func<Examples, Tensor, Examples> Rows = Compile.Of((Examples data, Tensor rows) => new Examples(data.Inputs.Take(rows), data.Targets.Take(rows)));

    /// <summary>Which examples do what.</summary>
    public required Split Split { get; init; }

    /// <summary>Number of examples.</summary>
    public virtual int Count => Split.Train.Count + Split.Validation.Count + Split.Test.Count;

    /// <summary>How many test examples that follow one another say much the same, as overlapping windows of a series do: they are drawn together where intervals of metrics are made. Of rows in time the cube root of their number (Künsch, 1989).</summary>
    public virtual int TestBlock => IsInTime ? (int)Math.Ceiling(Math.Cbrt(Split.Test.Count)) : 1;

    /// <summary>
    /// Where examples are ordered in time, from which distance on the targets of two have nothing in common: they are then held out in stretches. Null where examples may be exchanged.
    /// </summary>
    public virtual int? Reach => IsInTime ? 1 : null;

    /// <summary>Whether examples are rows in the order of time, of which those near one another are alike.</summary>
    public bool IsInTime { get; init; }

    /// <summary>The row of the file, from 0 on, that each example is; null where there is no file of rows.</summary>
    public IReadOnlyList<int>? FileRows { get; init; }

    /// <summary>The number of the group of each example, where examples of one group are held out together; null where each stands alone.</summary>
    public IReadOnlyList<int>? Groups { get; init; }

    /// <summary>All prepared examples, when they are kept as such; <see cref="At"/> gives those of some rows.</summary>
    protected Examples? All { get; init; }

    /// <summary>The examples that train.</summary>
    public Examples Train => At(Split.Train);

    /// <summary>Prepared examples.</summary>
    /// <param name="rows">Which: i32 [m].</param>
    public virtual Examples At(Tensor rows) => Rows(All!, rows);

    /// <summary>Batches of training examples, in an order that is drawn anew for every epoch.</summary>
    /// <param name="size">Examples of a batch; no more than train.</param>
    /// <param name="key">Draws the orders.</param>
    public virtual IBatches<Examples> Batches(int size, Key key) => Training.Batches.Shuffled(Train, Math.Min(size, Split.Train.Count), key);

    /// <summary>What training lowers: one number from outputs and targets of some examples.</summary>
    /// <param name="outputs">[n, output...].</param>
    /// <param name="targets">As <see cref="Examples.Targets"/>.</param>
    public abstract Tensor Loss(Tensor outputs, Tensor targets);

    /// <summary>The metrics of outputs for some examples.</summary>
    /// <param name="outputs">Prepared outputs f32 [m, output...].</param>
    /// <param name="rows">Of which examples: i32 [m].</param>
    public abstract IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows);

    /// <summary>The same problem with other parts.</summary>
    public abstract ExamplesProblem With(Split split);

    /// <summary>The true answers of examples in the units of the data, of problems whose answers are numbers.</summary>
    /// <param name="rows">Which: i32 [m].</param>
    /// <returns>f64 [m, answer...].</returns>
    public virtual Tensor Truth(Tensor rows) => Preparation.Decode(At(rows).Targets).Evaluate();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Validate(ILayer model) => Judge(Outputs(model, Split.Validation), Split.Validation);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Test(ILayer model) => Judge(Outputs(model, Split.Test), Split.Test);

    /// <summary>The outputs of a model for some examples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Which: i32 [m].</param>
    /// <returns>f32 [m, output...].</returns>
    public Tensor Outputs(ILayer model, Tensor rows)
    {
        var asked = rows.ToArray<int>();
        if (asked.Length == 0) return Tensor.Zeros([0, .. Signature.Output]);
        // Chunks of one size share a compiled program: the last one is filled up with its first row.
        var size = Math.Min(Chunk, asked.Length);
        var outputs = new float[asked.Length * Signature.Outputs];
        var chunk = new int[size];
        for (var from = 0; from < asked.Length; from += size)
        {
            var count = Math.Min(size, asked.Length - from);
            Array.Fill(chunk, asked[from]);
            asked.AsSpan(from, count).CopyTo(chunk);
            var values = Forward(model, At(Tensor.From(chunk)).Inputs).AsType(ElementType.Float32).ToArray<float>();
            values.AsSpan(0, count * Signature.Outputs).CopyTo(outputs.AsSpan(from * Signature.Outputs));
        }
        return Tensor.From(outputs, [asked.Length, .. Signature.Output]);
    }

    /// <summary>A simple answer, judged on both parts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="outputs">From rows i32 [m] to prepared outputs [m, output...], learned from training examples.</param>
    protected SimpleAnswer Answer(string name, Func<Tensor, Tensor> outputs) =>
        new(name, Judge(outputs(Split.Validation), Split.Validation), Judge(outputs(Split.Test), Split.Test));
}
