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
    private readonly bool isPeriodic, learnsSlopes;

    private OperatorLearning(OperatorPreparation preparation, Examples all, double[] truth, bool isPeriodic, bool learnsSlopes)
    {
        (this.preparation, this.truth, this.isPeriodic, this.learnsSlopes) = (preparation, truth, isPeriodic, learnsSlopes);
        All = all;
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("operator-learning", "Fields on a grid from other fields on it: solutions from coefficients, later states from first ones.")
    {
        Suits = (content, options) => FieldPairs.Names(content, options) is { } names && content is DataContent.OfArrays { Arrays: var arrays }
            && arrays.TryGetValue(names.Inputs[0], out var input) && arrays.TryGetValue(names.Outputs[0], out var output) && input.Rank > 1 && output.Rank > 1 && input.Shape[0] == output.Shape[0] && output.Shape[^1] > 2 ? 5 : 0,
        Settings = ["input", "axes", "periodic", "loss"],
        Options = ["target", "test"],
        Read = Read,
        ReadPreparation = json => json.Deserialize(OperatorJson.Default.OperatorPreparation)!,
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        RelativeL2,
        RelativeH1,
        new("RMSE", "root of the mean squared error over all places and channels, in the units of the outputs"),
        new("worst relative L2", "the largest relative L2"),
    ];

    /// <summary>The error of values.</summary>
    public static Metric RelativeL2 { get; } = new("relative L2", "mean over examples of |answer - truth| / |truth|, Euclidean norms of whole fields");

    /// <summary>The error of values and slopes.</summary>
    public static Metric RelativeH1 { get; } = new("relative H1", "the same with slopes beside values: differences of neighbours over their distance, where each axis of the grid is one long");

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
        options.Require(OfKind);
        var notes = new List<string>();
        var pairs = FieldPairs.Of(content, options, notes);
        if (Array.IndexOf(Squares(pairs.Outputs.AsType(ElementType.Float64).Flatten(1)), 0) is >= 0 and var empty)
            throw new ProblemException($"the output of pair {empty + 1} of {content.Path} is zero everywhere, and errors are told as parts of the output: leave the pair out, or predict another quantity.");
        var split = pairs.Split(options, notes);
        var (inputs, outputs) = (pairs.InputLayout.Arranged(pairs.Inputs).Evaluate(), pairs.OutputLayout.Arranged(pairs.Outputs).Evaluate());
        var (knownInputs, knownOutputs) = (inputs.Take(split.Train).Evaluate(), outputs.Take(split.Train).Evaluate());
        var isPeriodic = IsPeriodic(options, knownInputs, knownOutputs, notes);
        var loss = options.Settings.GetValueOrDefault("loss", "l2");
        if (loss is not ("l2" or "h1")) throw new ProblemException($"loss is l2 or h1, not \"{loss}\".");
        if (loss == "h1") notes.Add("training lowers the error of values and slopes");
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
        return new(preparation, encode(pairs.Inputs, pairs.Outputs), pairs.Outputs.ToDoubles(), isPeriodic, loss == "h1") { Name = content.Name, Split = split, Understood = notes };
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor outputs, Tensor targets)
    {
        var (answers, truths) = (preparation.Fields(outputs), preparation.Fields(targets));
        return learnsSlopes ? Training.Loss.RelativeH1(answers, truths, isPeriodic) : Training.Loss.RelativeL2(answers, truths);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Judge(Tensor outputs, Tensor rows)
    {
        var (answers, truths) = (preparation.Fields(outputs.AsType(ElementType.Float64)).Evaluate(), preparation.Output.Arranged(Truth(rows)).Evaluate());
        var error = (answers - truths).Evaluate();
        var (squares, sizes) = (Squares(error.Flatten(1)), Squares(truths.Flatten(1)));
        var slopes = Relative(Squares(Training.Loss.WithSlopes(error, isPeriodic)), Squares(Training.Loss.WithSlopes(truths, isPeriodic)));
        var relative = Relative(squares, sizes);
        return new Dictionary<string, double>
        {
            [RelativeL2.Name] = relative.Average(),
            [RelativeH1.Name] = slopes.Average(),
            ["RMSE"] = Math.Sqrt(squares.Sum() / error.Count),
            ["worst relative L2"] = relative.Max(),
        };
    }

    private static double[] Squares(Tensor fields) => Tensor.Square(fields).Sum(1).ToDoubles();

    private static double[] Relative(double[] errors, double[] sizes) => [.. errors.Zip(sizes, (error, size) => Math.Sqrt(error / Math.Max(size, 1e-300)))];

    /// <inheritdoc/>
    public override Tensor Truth(Tensor rows) => Tensor.From(truth, [truth.Length / preparation.Answer.ElementCount, .. preparation.Answer]).Take(rows).Evaluate();

    /// <inheritdoc/>
    public override ExamplesProblem With(Split split) => new OperatorLearning(preparation, All!, truth, isPeriodic, learnsSlopes) { Name = Name, Split = split, Understood = Understood };

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

    /// <inheritdoc/>
    public override IEnumerable<Illustration> Illustrations(Layers.ILayer model, IReadOnlyList<double> halfWidths)
    {
        const int Shown = 3, Side = 160;
        if (preparation.Output.Grid.Count != 2 || Split.Test.Count < Shown) yield break;
        var (rows, scale) = (Split.Test[..Shown].Evaluate(), Math.Max(1, Side / preparation.Output.Grid[0]));
        var (inputs, answers, truths) = (At(rows).Inputs, preparation.Fields(Outputs(model, rows)), preparation.Fields(At(rows).Targets));
        var picture = Picture.Column([.. Enumerable.Range(0, Shown).Select(i =>
        {
            var (truth, answer) = (truths[i, 0].Evaluate(), answers[i, 0].Evaluate());
            var (low, high) = (truth.Min().Item(), truth.Max().Item());
            return Picture.Row(
                Picture.HeatMap(inputs[i, 0], scale: scale), Picture.HeatMap(truth, low, high, scale), Picture.HeatMap(answer, low, high, scale),
                Picture.HeatMap(Tensor.Abs(answer - truth), 0, 0.1 * (high - low), scale));
        })]);
        yield return new("fields", "the first channels of three test examples, from left to right: what goes in, the truth, the answer, and ten times the answer's error") { Picture = picture };
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
