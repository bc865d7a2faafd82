using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Tests.Problems;

public sealed class MagnitudeTests
{
    private static readonly double[] tooLarge = [.. Enumerable.Range(0, 400).Select(i => i == 7 ? 1e200 : i % 20)];

    [Theory]
    [InlineData("a", "table-regression")]
    [InlineData("y", "table-regression")]
    [InlineData("a", "table-classification")]
    [InlineData("y", "forecasting")]
    [InlineData("y", "field-fit")]
    public void A_column_whose_squares_are_infinite_is_refused_by_name(string column, string kind)
    {
        var content = Tables.Of("a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant(
            $"{(column == "a" ? tooLarge[i] : i)},{i % 7},{(column == "y" ? tooLarge[i] : i % 2)}\n"))));
        Assert.Contains($"the column {column} of table.csv holds 1E+200, and numbers beyond 1E+150 cannot be learned from", Refusal(kind, content), StringComparison.Ordinal);
    }

    [Fact]
    public void Coordinates_and_arrays_are_refused_alike()
    {
        Assert.Contains("holds 1E+200", Refusal("field-fit", Tables.Of("x,z\n" + string.Concat(tooLarge.Select(x => FormattableString.Invariant($"{x},1\n"))))), StringComparison.Ordinal);
        Assert.Contains("the array of s.npy holds 1E+200", Refusal("forecasting", Arrays("s.npy", ("series", Tensor.From(tooLarge)))), StringComparison.Ordinal);
        Assert.Contains("y of p.npz holds 1E+200", Refusal("operator-learning", Arrays("p.npz", ("x", Tensor.Ones([20, 20])), ("y", Tensor.From(tooLarge, [20, 20])))), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_numbers_with_finite_squares_and_columns_that_are_left_out_are_no_matter()
    {
        var content = Tables.Of("a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i}e140,{tooLarge[i]},{i % 7}e149\n"))));
        var problem = TableRegression.Read(content, new() { Ignored = ["b"] });
        Assert.All(problem.Train.Inputs.ToDoubles().Concat(problem.Train.Targets.ToDoubles()), value => Assert.InRange(value, -5, 5));
    }

    private static DataContent.OfArrays Arrays(string name, params (string Name, Tensor Values)[] arrays) => new(name, arrays.ToDictionary(pair => pair.Name, pair => pair.Values));

    private static string Refusal(string kind, DataContent content) => Assert.Throws<ProblemException>(() => ProblemKind.Named(kind).Read(content, new())).Message;
}
