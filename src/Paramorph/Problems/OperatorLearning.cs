using System.Text.Json;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Problems;

/// <summary>Fields from fields on one grid: the solution of an equation from its coefficients, or later states from a first one.</summary>
public sealed class OperatorLearning : ExamplesProblem
{
    private readonly OperatorPreparation preparation;
    private readonly double[] truth;
    private readonly bool isPeriodic;

    private OperatorLearning(OperatorPreparation preparation, Examples all, double[] truth, bool isPeriodic)
    {
        (this.preparation, this.truth, this.isPeriodic) = (preparation, truth, isPeriodic);
        All = all;
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("operator-learning", "Fields on a grid from other fields on it: solutions from coefficients, later states from first ones.")
    {
        Suits = (content, options) => FieldPairs.Names(content, options) is { } names && content is DataContent.OfArrays { Arrays: var arrays }
            && arrays.TryGetValue(names.Inputs[0], out var input) && arrays.TryGetValue(names.Outputs[0], out var output) && input.Rank > 1 && output.Rank > 1 && output.Shape[^1] > 2 ? 5 : 0,
        Read = Read,
        ReadPreparation = json => json.Deserialize(OperatorJson.Default.OperatorPreparation)!,
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("relative L2", "mean over examples of |answer - truth| / |truth|, Euclidean norms of whole fields"),
        new("RMSE", "root of the mean squared error over all places and channels, in the units of the outputs"),
        new("worst relative L2", "the largest of them"),
    ];

    /// <inheritdoc/>
    public override ModelSignature Signature =>
        new([preparation.Input.Channels, .. preparation.Input.Grid], [preparation.Output.Channels, .. preparation.Output.Grid]) { IsPeriodic = isPeriodic };

    /// <inheritdoc/>
    public override Preparation Preparation => preparation;

    /// <inheritdoc/>
    public override bool IsFoldable => true;

    /// <summary>Reads it from arrays with names.</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public static OperatorLearning Read(DataContent content, ProblemOptions options)
    {
        var notes = new List<string>();
        var pairs = FieldPairs.Of(content, options, notes);
        var split = pairs.Split(options, notes);
        var (inputs, outputs) = (pairs.InputLayout.Arranged(pairs.Inputs).Evaluate(), pairs.OutputLayout.Arranged(pairs.Outputs).Evaluate());
        var (knownInputs, knownOutputs) = (inputs.Take(split.Train).Evaluate(), outputs.Take(split.Train).Evaluate());
        var isPeriodic = IsPeriodic(options, knownInputs, knownOutputs, notes);
        var (ofInputs, ofOutputs) = (Standardisation.OfChannels(knownInputs), Standardisation.OfChannels(knownOutputs));
        var (means, scales) = (ofOutputs.Mean.ToDoubles(), ofOutputs.Scale.ToDoubles());
        if (!isPeriodic)
        {
            // Where places differ, what a model learns is what differs from the mean field.
            var field = Standardisation.Of(knownOutputs).Mean;
            (means, scales) = (field.ToDoubles(), Standardisation.OfChannels((knownOutputs - field).Evaluate()).Scale.ToDoubles());
        }
        notes.Add($"inputs are standardised by channel, outputs by {(isPeriodic ? "channel" : "place around the mean field")}");
        var preparation = new OperatorPreparation(
            pairs.InputLayout, pairs.OutputLayout, FieldPairs.Names(content, options)!.Value.Inputs[0], ofInputs.Mean.ToDoubles(), ofInputs.Scale.ToDoubles(), means, scales);
        var encode = Compile.Of((Tensor raw, Tensor answers) => new Examples(preparation.Encode(raw), preparation.Standardised(answers)));
        return new(preparation, encode(pairs.Inputs, pairs.Outputs), pairs.Outputs.ToDoubles(), isPeriodic) { Name = content.Name, Split = split, Understood = notes };
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets) => Training.Loss.RelativeL2(preparation.Fields(outputs), preparation.Fields(targets));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows)
    {
        var (predicted, places, width) = (preparation.Decode(outputs).ToDoubles(), rows.ToArray<int>(), preparation.Answer.ElementCount);
        var (relative, all) = (new double[places.Length], 0.0);
        for (var i = 0; i < places.Length; i++)
        {
            var (error, size) = (0.0, 0.0);
            for (var j = 0; j < width; j++)
            {
                var value = truth[places[i] * width + j];
                (error, size) = (error + Math.Pow(predicted[i * width + j] - value, 2), size + value * value);
            }
            relative[i] = Math.Sqrt(error / Math.Max(size, 1e-300));
            all += error;
        }
        return new Dictionary<string, double>
        {
            ["relative L2"] = relative.Average(),
            ["RMSE"] = Math.Sqrt(all / (places.Length * (double)width)),
            ["worst relative L2"] = relative.Max(),
        };
    }

    /// <inheritdoc/>
    public override Tensor Truth(Tensor rows) => Tensor.From(truth, [truth.Length / preparation.Answer.ElementCount, .. preparation.Answer]).Take(rows).Evaluate();

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new OperatorLearning(preparation, All!, truth, isPeriodic) { Name = Name, Split = split, Understood = Understood };

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers()
    {
        var mean = Train.Targets.Mean(0).Evaluate();
        return
        [
            Answer("mean field", rows => mean.BroadcastTo([rows.Count, .. Signature.Output]).Evaluate()),
            Answer("nearest training pair", NearestNeighbours.Answers(this, Train, 1)),
            Answer("ridge", LinearRegression.Answers(this)),
        ];
    }

    private static bool IsPeriodic(ProblemOptions options, Tensor inputs, Tensor outputs, List<string> notes)
    {
        if (options.Settings.TryGetValue("periodic", out var text))
            return bool.TryParse(text, out var told) ? told : throw new ProblemException($"periodic is true or false, not \"{text}\".");
        var found = Periodicity.Of(inputs) && Periodicity.Of(outputs);
        notes.Add(found ? "fields wrap around the edges of the grid (--set periodic=false if they do not)" : "fields do not wrap around the edges of the grid (--set periodic=true if they do)");
        return found;
    }
}
