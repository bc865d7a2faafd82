using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between a table and a model that predicts numbers: targets are standardised too.</summary>
/// <param name="Means">The mean of each target over training examples.</param>
/// <param name="Scales">The standard deviation of each, and 1 of a constant.</param>
/// <inheritdoc cref="TablePreparation"/>
public sealed record RegressionPreparation(
    IReadOnlyList<ColumnCode> Columns, IReadOnlyList<string> Targets, bool HasNames, int Width, IReadOnlyList<double> Means, IReadOnlyList<double> Scales)
    : TablePreparation(Columns, Targets, HasNames, Width)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape Answer => [Targets.Count];

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs) =>
        outputs.AsType(ElementType.Float64) * Tensor.From<double>([.. Scales]) + Tensor.From<double>([.. Means]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => [.. Targets.Select(name => HasNames ? name : $"prediction {name}")];

    /// <inheritdoc/>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high)
    {
        TableColumn Column(string name, Tensor values, int target) => new TableColumn.Numeric(name, values[.., target].Evaluate());
        return new([.. Targets.Select((name, i) => (Name: HasNames ? name : $"prediction {name}", Place: i)).SelectMany(target => low is null || high is null
            ? (TableColumn[])[Column(target.Name, answers, target.Place)]
            : [Column(target.Name, answers, target.Place), Column($"{target.Name} low", low, target.Place), Column($"{target.Name} high", high, target.Place)])]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, TableJson.Default.RegressionPreparation);
}
