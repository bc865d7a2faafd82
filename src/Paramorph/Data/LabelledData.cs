namespace Paramorph.Data;

/// <summary>Examples and the classes that they belong to.</summary>
/// <param name="Inputs">f32 [n, ...].</param>
/// <param name="Labels">Classes from 0 on: i32 [n].</param>
[Tree]
public sealed partial record LabelledData(Tensor Inputs, Tensor Labels)
{
    /// <summary>Number of examples n.</summary>
    public int Count => Labels.Count;

    /// <summary>Examples made one by one.</summary>
    /// <param name="count">n.</param>
    /// <param name="shape">The shape of one input.</param>
    /// <param name="fill">Writes the input of an example and returns its class.</param>
    internal static LabelledData Filled(int count, Shape shape, Fill fill)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var size = shape.ElementCount;
        var (inputs, labels) = (new float[count * size], new int[count]);
        for (var i = 0; i < count; i++) labels[i] = fill(i, inputs.AsSpan(i * size, size));
        return new(Tensor.From(inputs, [count, .. shape]), Tensor.From(labels));
    }

    /// <summary>Writes the input of an example and returns its class.</summary>
    internal delegate int Fill(int example, Span<float> input);
}
