namespace Paramorph.Tests;

public class PaddingTests
{
    [Theory]
    [InlineData(PaddingMode.Zero, new[] { 0, 0, 1, 2, 3, 0, 0 })]
    [InlineData(PaddingMode.Reflect, new[] { 3, 2, 1, 2, 3, 2, 1 })]
    [InlineData(PaddingMode.Symmetric, new[] { 2, 1, 1, 2, 3, 3, 2 })]
    [InlineData(PaddingMode.Replicate, new[] { 1, 1, 1, 2, 3, 3, 3 })]
    [InlineData(PaddingMode.Circular, new[] { 2, 3, 1, 2, 3, 1, 2 })]
    public void Ends_are_continued(PaddingMode mode, int[] expected) => Assert.Equal(expected, Tensor.From(1, 2, 3).Pad(mode, (2, 2)).ToArray<int>());

    [Theory]
    [InlineData(PaddingMode.Symmetric)]
    [InlineData(PaddingMode.Replicate)]
    [InlineData(PaddingMode.Circular)]
    public void One_element_is_continued_by_itself(PaddingMode mode) => Assert.Equal([4, 4, 4], Tensor.From(4).Pad(mode, (1, 1)).ToArray<int>());

    [Fact]
    public void Fewer_pairs_than_axes_are_of_the_last_axes()
    {
        var x = Tensor.Arange(6).Reshape(2, 3);
        Assert.Equal([0, 0, 1, 2, 3, 3, 4, 5], x.Pad(PaddingMode.Replicate, (1, 0)).ToArray<int>());
        Assert.Equal([3, 4, 5, 0, 1, 2, 3, 4, 5], x.Pad(PaddingMode.Circular, (1, 0), (0, 0)).ToArray<int>());
        Assert.Same(x, x.Pad(PaddingMode.Reflect));
    }

    [Fact]
    public void What_is_cut_off_does_not_come_back() => Assert.Equal([1, 0, 1], Tensor.From(0, 1, 2).Pad(PaddingMode.Reflect, (1, -1)).ToArray<int>());

    [Theory]
    [InlineData(PaddingMode.Reflect, 3, "at most 2")]
    [InlineData(PaddingMode.Symmetric, 4, "at most 3")]
    [InlineData(PaddingMode.Circular, 4, "at most 3")]
    public void More_than_there_is_to_mirror_or_repeat_is_told_in_one_sentence(PaddingMode mode, int amount, string part) =>
        ErrorExpect.Sentence<ShapeException>(() => Tensor.From(1, 2, 3).Pad(mode, (0, amount)), "pad", part, "i32[3]", mode.ToString().ToLowerInvariant());

    [Fact]
    public void Mistakes_are_told_in_one_sentence()
    {
        ErrorExpect.Sentence<ShapeException>(() => Tensor.From(1, 2).Pad(PaddingMode.Reflect, (1, 1), (1, 1)), "pad", "2 amounts");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.Zeros([0]).Pad(PaddingMode.Replicate, (1, 0)), "pad", "at most 0");
        ErrorExpect.Sentence<ShapeException>(() => Tensor.From(1, 2).Pad(PaddingMode.Circular, (-2, -1)), "pad", "cut more");
    }
}
