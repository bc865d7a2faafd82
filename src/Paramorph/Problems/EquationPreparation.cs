using System.Globalization;
using System.Text.Json;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What stands between coordinates and a model that solves an equation: periodic axes become waves, and conditions that can be built in are.</summary>
/// <param name="Equation">The equation.</param>
public sealed record EquationPreparation(DifferentialEquation Equation) : Preparation
{
    /// <inheritdoc/>
    public override Shape RawInput => [Equation.Axes.Count];

    /// <inheritdoc/>
    public override Shape Answer => [Equation.Components.Count];

    /// <inheritdoc/>
    public override Tensor Encode(Tensor raw) => Equation.Encode(raw);

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs) => throw new NotSupportedException("the answers to an equation depend on where they are asked for.");

    /// <inheritdoc/>
    public override Tensor Decode(Tensor outputs, Tensor raw) => Equation.Impose(raw, outputs.AsType(ElementType.Float64));

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeInputs() => [.. Equation.Axes.Select(axis => string.Create(CultureInfo.InvariantCulture, $"{axis.Name}: a coordinate from {axis.Low} to {axis.High}"))];

    /// <inheritdoc/>
    public override IReadOnlyList<string> DescribeAnswers() => Equation.Components;

    /// <inheritdoc/>
    public override Tensor ReadInputs(DataContent content, ICollection<string> notes)
    {
        var table = TableSource.Tabular(content);
        string[] names = [.. Equation.Axes.Select(axis => axis.Name)];
        var named = names.All(name => table.Names.Contains(name, StringComparer.Ordinal));
        if (!named && (table.Columns.Count != names.Length || table.Names.Index().Any(pair => pair.Item != pair.Index.ToString(CultureInfo.InvariantCulture))))
            throw new ProblemException($"{content.Path} has the columns {string.Join(", ", table.Names.Take(20))}; coordinates are asked for: {string.Join(", ", names)}.");
        var points = TableSource.Numbers(content.Path, table, named ? names : [.. table.Names]);
        var values = points.ToDoubles();
        for (var i = 0; i < values.Length; i++)
        {
            var axis = Equation.Axes[i % names.Length];
            if (!double.IsFinite(values[i])) throw new ProblemException($"{content.Path} has no finite value of {axis.Name} in row {1 + i / names.Length}.");
        }
        var outside = Enumerable.Range(0, values.Length).Count(i => values[i] < Equation.Axes[i % names.Length].Low || values[i] > Equation.Axes[i % names.Length].High);
        if (outside > 0) notes.Add($"{outside} coordinates lie outside the box of the equation, where the answers mean nothing");
        return points;
    }

    /// <inheritdoc/>
    public override Table Answers(Tensor answers, Tensor? low, Tensor? high) =>
        new([.. Equation.Components.Select((name, i) => new TableColumn.Numeric(name, answers[.., i].Evaluate()))]);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("equation", Equation.Name);
        foreach (var (name, value) in Equation.Settings) writer.WriteNumber(name, value);
        writer.WriteEndObject();
    }
}
