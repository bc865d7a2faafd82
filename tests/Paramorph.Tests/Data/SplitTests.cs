using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class SplitTests
{
    [Fact]
    public void Every_row_is_in_one_part()
    {
        var split = Split.Of(Key.Of(1), 103, 0.2, 0.1);
        Assert.Equal((72, 21, 10), (split.Train.Count, split.Validation.Count, split.Test.Count));
        int[] all = [.. split.Train.ToArray<int>(), .. split.Validation.ToArray<int>(), .. split.Test.ToArray<int>()];
        Assert.Equal(Enumerable.Range(0, 103), all.Order());
    }

    [Fact]
    public void A_stratified_split_keeps_the_shares_of_classes()
    {
        var labels = Tensor.From([.. Enumerable.Range(0, 100).Select(i => i < 80 ? 0 : 1)]);
        var split = Split.Stratified(Key.Of(2), labels, 0.2, 0.3);
        int Ones(Tensor rows) => rows.ToArray<int>().Count(i => i >= 80);
        Assert.Equal((10, 4, 6), (Ones(split.Train), Ones(split.Validation), Ones(split.Test)));
        Assert.Equal((50, 20, 30), (split.Train.Count, split.Validation.Count, split.Test.Count));
    }

    [Fact]
    public void Inputs_and_labels_are_taken_together()
    {
        var data = new LabelledData(Tensor.Arange(20, ElementType.Float32).Reshape(10, 2), Tensor.Arange(10));
        var (train, _, test) = Split.Of(Key.Of(3), 10, 0, 0.3).Apply(data);
        Assert.Equal((7, 3), (train.Count, test.Count));
        Assert.Equal(test.Labels.ToArray<int>().Select(i => 2f * i), test.Inputs[.., 0].ToArray<float>());
    }

    [Fact]
    public void Shares_that_leave_nothing_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Split.Of(Key.Of(1), 10, 0.5, 0.5));
}
