using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class SlidingWindowsTests
{
    [Fact]
    public void A_window_is_followed_by_its_target()
    {
        var windows = SlidingWindows.Of(Tensor.Arange(10, ElementType.Float32), 3, 2, stride: 2);
        Assert.Equal([3, 3, 1], windows.Inputs.Shape);
        Assert.Equal([0, 1, 2, 2, 3, 4, 4, 5, 6], windows.Inputs.ToArray<float>());
        Assert.Equal([3, 4, 5, 6, 7, 8], windows.Targets.ToArray<float>());
    }

    [Fact]
    public void Channels_stay_together()
    {
        var windows = SlidingWindows.Of(Tensor.Arange(12, ElementType.Float32).Reshape(6, 2), 2, 1);
        Assert.Equal([4, 2, 2], windows.Inputs.Shape);
        Assert.Equal([2, 3, 4, 5], windows.Inputs[1].ToArray<float>());
    }

    [Fact]
    public void A_series_that_is_too_short_is_refused()
    {
        var wrong = Assert.Throws<ShapeException>(() => SlidingWindows.Of(Tensor.Zeros([5]), 4, 2));
        Assert.Equal("sliding windows: 5 times hold no window of 4 and its target of 2.", wrong.Message);
    }
}
