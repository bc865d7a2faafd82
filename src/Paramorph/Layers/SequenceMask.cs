namespace Paramorph.Layers;

/// <summary>Which elements of padded sequences count.</summary>
public static class SequenceMask
{
    /// <summary>True at the places of a sequence, false behind its end: lengths [...] give bool [..., time].</summary>
    /// <param name="lengths">Integers, 0 to <paramref name="time"/>.</param>
    /// <param name="time">The length to which all sequences are padded.</param>
    /// <exception cref="ElementTypeException">The lengths are no integers.</exception>
    public static Tensor OfLengths(Tensor lengths, int time) => lengths.ElementType.IsInteger()
        ? Tensor.Less(Tensor.Arange(time, lengths.ElementType), lengths.ExpandDims(-1))
        : throw new ElementTypeException($"sequence mask: lengths {lengths.Type} must be integers.");
}
