using System.Text.Json;
using System.Text.Json.Serialization;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between fields and a model: channels first, inputs and outputs standardised.</summary>
/// <param name="Input">The axes of an input in a file.</param>
/// <param name="Output">The axes of an output.</param>
/// <param name="InputName">The array of inputs.</param>
/// <param name="InputMeans">Means over training examples: of each channel.</param>
/// <param name="InputScales">Standard deviations, likewise.</param>
/// <param name="OutputMeans">Means of outputs: of each channel, or of each channel at each place.</param>
/// <param name="OutputScales">Standard deviations of each channel around these means.</param>
public sealed record OperatorPreparation(
    FieldLayout Input, FieldLayout Output, string InputName, IReadOnlyList<double> InputMeans, IReadOnlyList<double> InputScales, IReadOnlyList<double> OutputMeans,
    IReadOnlyList<double> OutputScales) : Preparation
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape RawInput => Input.Shape;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Shape Answer => Output.Shape;

    /// <inheritdoc/>
    public override Tensor Encode(Tensor raw) => ((Input.Arranged(raw) - Means(InputMeans, Input, raw.ElementType)) / Scales(InputScales, Input, raw.ElementType)).AsType(ElementType.Float32);

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs) => Output.Restored(Fields(outputs.AsType(ElementType.Float64)));

    /// <summary>Outputs of the model as fields in their units, channels first: [n, channels, grid...] of the type of the outputs.</summary>
    internal Tensor Fields(Tensor outputs) => outputs * Scales(OutputScales, Output, outputs.ElementType) + Means(OutputMeans, Output, outputs.ElementType);

    /// <summary>The inverse of <see cref="Decode"/>: f32 [n, channels, grid...].</summary>
    internal Tensor Standardised(Tensor answers) =>
        ((Output.Arranged(answers) - Means(OutputMeans, Output, answers.ElementType)) / Scales(OutputScales, Output, answers.ElementType)).AsType(ElementType.Float32);

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeInputs() => [$"a field as in the array {InputName}"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => ["a field in the units of the data"];

    /// <inheritdoc/>
    public override Tensor ReadInputs(DataContent content, ICollection<string> notes)
    {
        if (content is not DataContent.OfArrays { Arrays: var arrays } known) throw new ProblemException($"{content.Path} holds {content.Description}, and the model takes an array of fields: NPZ, NPY or MATLAB.");
        var name = arrays.Count == 1 ? arrays.Keys.First() : arrays.ContainsKey(InputName) ? InputName : InputName.Replace("train", "test", StringComparison.Ordinal);
        var fields = known.Array(name);
        if (fields.ElementType.IsComplex()) throw new ProblemException($"{name} of {content.Path} is {fields.Type}: fields have real numbers.");
        if (fields.Shape == Input.Shape) fields = fields.ExpandDims(0);
        if (fields.Rank != Input.Shape.Rank + 1 || fields.Shape[1..] != Input.Shape)
            throw new ProblemException($"{name} of {content.Path} is {fields.Type}, and the model takes [n, {string.Join(", ", Input.Shape)}].");
        FiniteNumbers.Require(content.Path, name, "field", fields);
        if (arrays.Count > 1) notes.Add($"the inputs are the array {name}");
        return fields.AsType(ElementType.Float64).Evaluate();
    }

    /// <inheritdoc/>
    /// <remarks>A row for each field, a column for each of its numbers; NPZ keeps the shape.</remarks>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high)
    {
        var flat = answers.Reshape(answers.Shape[0], -1).Evaluate();
        var places = Output.Shape;
        string Name(int column)
        {
            var index = new int[places.Rank];
            for (var axis = places.Rank - 1; axis >= 0; axis--) (index[axis], column) = (column % places[axis], column / places[axis]);
            return string.Join(' ', index);
        }
        return new([.. Enumerable.Range(0, flat.Shape[1]).Select(column => new TableColumn.Numeric(Name(column), flat[.., column].Evaluate()))]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, OperatorJson.Default.OperatorPreparation);

    /// <summary>A mean for each channel, or for each of its places.</summary>
    private static Tensor Means(IReadOnlyList<double> means, FieldLayout layout, ElementType type) => means.Count == layout.Channels
        ? Scales(means, layout, type)
        : Tensor.From<double>([.. means], [layout.Channels, .. layout.Grid]).AsType(type);

    private static Tensor Scales(IReadOnlyList<double> scales, FieldLayout layout, ElementType type) =>
        Tensor.From<double>([.. scales], [layout.Channels, .. layout.Grid.Select(_ => 1)]).AsType(type);
}
