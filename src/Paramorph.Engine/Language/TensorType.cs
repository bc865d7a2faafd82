namespace Paramorph;

/// <summary>What is known of a tensor before it has a value: its element type and its shape.</summary>
/// <param name="ElementType">What its elements are.</param>
/// <param name="Shape">Its sizes.</param>
public readonly record struct TensorType(ElementType ElementType, Shape Shape)
{
    /// <summary>Size of the value in bytes.</summary>
    public long Bytes => (long)Shape.ElementCount * ElementType.Size();

    /// <summary>For example <c>f32[64, 3]</c>.</summary>
    public override string ToString() => ElementType.ShortName() + Shape;
}
