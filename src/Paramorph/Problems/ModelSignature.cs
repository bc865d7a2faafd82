namespace Paramorph.Problems;

/// <summary>What a model of a problem maps to what, without the leading axis of examples.</summary>
/// <param name="Input">The shape of one prepared input: [features], [channels, height, width], [times, channels].</param>
/// <param name="Output">The shape of one prepared output: [outputs], [classes], [channels, height, width].</param>
public sealed record ModelSignature(Sequence<int> Input, Sequence<int> Output)
{
    /// <summary>Numbers in an input.</summary>
    public int Inputs => Input.Aggregate(1, (product, size) => product * size);

    /// <summary>Numbers in an output.</summary>
    public int Outputs => Output.Aggregate(1, (product, size) => product * size);

    /// <summary>Whether the grid of inputs and outputs wraps around.</summary>
    public bool IsPeriodic { get; init; }

    /// <summary>The number of the group that each input belongs to, from 0 on; null where nothing is known of groups.</summary>
    public Sequence<int>? Groups { get; init; }

    /// <summary>Inputs of zeros: f32 [examples, input...].</summary>
    /// <param name="examples">How many.</param>
    public Tensor ZeroInputs(int examples) => Tensor.Zeros([examples, .. Input]);
}
