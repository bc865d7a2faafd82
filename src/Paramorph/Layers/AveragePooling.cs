namespace Paramorph.Layers;

/// <summary>The mean of each window over the last axes.</summary>
/// <param name="Window">The sizes of a window; it slides over as many last axes.</param>
/// <param name="Stride">Steps between windows; the sizes of the window when empty.</param>
/// <param name="Padding">What is put around; nothing when null.</param>
/// <param name="CountsPadding">Whether padding counts as elements that are 0.</param>
[Tree]
public sealed partial record AveragePooling(Sequence<int> Window, Sequence<int> Stride = default, Padding? Padding = null, bool CountsPadding = true) : ILayer
{
    /// <summary>[..., spatial...] gives [..., places...].</summary>
    /// <exception cref="ShapeException">A window does not fit.</exception>
    public Tensor Call(Tensor x) => x.AveragePool(Window.Span, Stride.Span, Padding, countIncludesPadding: CountsPadding);
}
