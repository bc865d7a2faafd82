namespace Paramorph.Formats;

/// <summary>A tensor of the computation in the graph that is being written.</summary>
/// <param name="Type">Its type in the computation.</param>
/// <param name="Actual">
/// Its shape in the graph, which broadcasts to that of the type: operators that broadcast take it as it is, so that what is repeated is not stored.
/// </param>
/// <param name="Name">Its name in the graph; of a complex one that of its real part.</param>
/// <param name="Imaginary">The name of the imaginary part of a complex one: ONNX Runtime has no complex arithmetic.</param>
internal readonly record struct OnnxValue(TensorType Type, Shape Actual, string Name, string? Imaginary = null)
{
    /// <summary>A value that is stored as it is.</summary>
    public OnnxValue(TensorType type, string name, string? imaginary = null)
        : this(type, type.Shape, name, imaginary)
    {
    }

    /// <summary>The sizes in the computation.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>The real part of a complex one.</summary>
    public OnnxValue RealPart => new(RealType, Actual, Name);

    /// <summary>The imaginary part of a complex one.</summary>
    public OnnxValue ImaginaryPart => new(RealType, Actual, Imaginary!);

    private TensorType RealType => Type with { ElementType = Type.ElementType.RealType() };
}
