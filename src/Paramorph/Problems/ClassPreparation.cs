using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between a table and a model that tells classes: answers are their probabilities.</summary>
/// <param name="Labels">The names of the classes in the file.</param>
/// <inheritdoc cref="TablePreparation"/>
public sealed record ClassPreparation(IReadOnlyList<ColumnCode> Columns, IReadOnlyList<string> Targets, bool HasNames, int Width, IReadOnlyList<string> Labels)
    : TablePreparation(Columns, Targets, HasNames, Width), ILabelled
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape Answer => [Labels.Count];

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs) => outputs.AsType(ElementType.Float64).Softmax();

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => [.. Labels.Select(label => $"probability of {label}")];

    /// <inheritdoc/>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high) => OfProbabilities(answers, Labels, HasNames ? Targets[0] : "prediction");

    /// <summary>The likeliest class, and the probability of each.</summary>
    internal static Table OfProbabilities(Tensor answers, IReadOnlyList<string> labels, string name)
    {
        var likeliest = answers.ArgMax(-1).ToDoubles();
        return new([
            new TableColumn.Text(name, [.. likeliest.Select(place => labels[(int)place])]),
            .. labels.Select((label, i) => new TableColumn.Numeric($"probability of {label}", answers[.., i].Evaluate()))]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, TableJson.Default.ClassPreparation);
}
