namespace Paramorph.Layers;

/// <summary>The largest element of each window over the last axes.</summary>
/// <param name="Window">The sizes of a window; it slides over as many last axes.</param>
/// <param name="Stride">Steps between windows; the sizes of the window when empty.</param>
/// <param name="Padding">What is put around, without taking part; nothing when null.</param>
[Tree]
public sealed partial record MaxPooling(Sequence<int> Window, Sequence<int> Stride = default, Padding? Padding = null) : ILayer
{
    /// <summary>[..., spatial...] gives [..., places...].</summary>
    /// <exception cref="ShapeException">A window does not fit.</exception>
    public Tensor Call(Tensor x) => x.MaxPool(Window.Span, Stride.Span, Padding);
}
