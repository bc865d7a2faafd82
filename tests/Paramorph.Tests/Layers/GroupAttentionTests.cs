using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Problems;
using Paramorph.Tests.Problems;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public sealed class GroupAttentionTests
{
    private static readonly Sequence<int> groups = [0, 1, 0, 2, 1];

    private static readonly GroupAttention network = GroupAttention.Create(Key.Of(1), groups, 2, 4, 2, 2, ElementType.Float64) is var drawn ? drawn with { Query = Numbers(4) } : null!;

    [Fact]
    public void Each_group_is_a_network_of_its_own_columns_before_groups_attend()
    {
        var x = Numbers(3, 5);
        for (var row = 0; row < 3; row++)
        {
            var elements = Tensor.Stack([.. Enumerable.Range(0, 3).Select(group =>
            {
                int[] own = [.. Enumerable.Range(0, 5).Where(column => groups[column] == group)];
                var columns = Tensor.Stack([.. own.Select(column => x[row, column] * network.Value[column] + network.Column[column])]);
                foreach (var block in network.Within) columns = block.Call(columns);
                var scores = own.Select((_, i) => Math.Exp((network.Queries[group] * columns[i]).Sum().Item() / 2)).ToArray();
                return own.Select((_, i) => columns[i] * (scores[i] / scores.Sum())).Aggregate((a, b) => a + b);
            })]);
            foreach (var block in network.Across) elements = block.Call(elements);
            elements = network.Norm.Call(elements);
            var listens = Enumerable.Range(0, 3).Select(group => Math.Exp((elements[group] * network.Query).Sum().Item() / 2)).ToArray();
            var mean = Enumerable.Range(0, 3).Select(group => elements[group] * (listens[group] / listens.Sum())).Aggregate((a, b) => a + b);
            Expect.Close(network.Output.Call(mean), network.Call(x)[row], 1e-12);
            Expect.Close(Tensor.From<double>([.. listens.Select(weight => weight / listens.Sum())]), network.Weights(x)[row], 1e-12);
        }
    }

    [Fact]
    public void The_order_of_columns_does_not_matter()
    {
        var order = Tensor.From<int>(3, 0, 4, 2, 1);
        var moved = network with { Value = network.Value.Take(order), Column = network.Column.Take(order), Groups = [2, 0, 1, 0, 1] };
        var x = Numbers(3, 5);
        Expect.Close(network.Call(x), moved.Call(x.Take(order, 1)), 1e-12);
    }

    [Fact]
    public void A_group_without_columns_is_refused() => Assert.Throws<ShapeException>(() => GroupAttention.Create(Key.Of(1), [0, 2], 1, 4, 1, 1));

    [Fact]
    public void Groups_of_a_table_are_told_by_names_and_a_saved_model_knows_them()
    {
        var random = new Random(1);
        var text = "cache.a,kind,core.a,cache.b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(_ =>
            FormattableString.Invariant($"{random.NextDouble()},{"pqr"[random.Next(3)]},{random.NextDouble()},{random.NextDouble()},{random.NextDouble()}\n")));
        var problem = TableRegression.Read(Tables.Of(text), new());
        Assert.Equal([0, 1, 1, 1, 2, 0], problem.Signature.Groups!);
        var folder = Directory.CreateTempSubdirectory("paramorph-groups-").FullName;
        try
        {
            var result = Fit.Run(problem, new() { Methods = [GroupAttention.Method], Budget = Budget.Parse("400steps"), Out = Path.Combine(folder, "model"), Threads = 1 });
            var raw = problem.Preparation.ReadInputs(Tables.Of("cache.a,kind,core.a,cache.b\n0.5,p,0.1,0.4\n0.25,r,1,0.5\n"), []);
            Assert.Equal(result.Model.Predict(raw).ToDoubles(), Model.Load(Path.Combine(folder, "model")).Predict(raw).ToDoubles());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
