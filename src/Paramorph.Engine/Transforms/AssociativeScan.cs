namespace Paramorph;

/// <summary>All partial combinations along an axis by an associative function, in a logarithmic number of parallel steps.</summary>
public static class AssociativeScan
{
    /// <summary>
    /// For each place along the axis the combination of all elements up to it, or from it on when reversed. The function combines two tuples of tensors
    /// elementwise along the axis: <c>combine(earlier, later)</c>.
    /// </summary>
    /// <param name="elements">Tensors of one size along the axis.</param>
    /// <param name="combine">An associative function of two tuples; it need not commute.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="isReverse">Whether combinations run from each place to the end: <c>combine(later, earlier)</c> is then called.</param>
    /// <exception cref="ShapeException">The sizes along the axis differ.</exception>
    public static Tensor[] Of(IReadOnlyList<Tensor> elements, Func<Tensor[], Tensor[], Tensor[]> combine, int axis = 0, bool isReverse = false)
    {
        if (elements.Count == 0) return [];
        var first = elements[0].Shape.Axis(axis, "associative_scan");
        var size = elements[0].Shape[first];
        foreach (var element in elements)
            if (element.Shape.Axis(axis, "associative_scan") is var a && element.Shape[a] != size)
                throw new ShapeException($"associative_scan: {elements[0].Type} and {element.Type} have different sizes along axis {axis}.");
        if (isReverse)
        {
            var turned = Of([.. elements.Select(e => e.Flip(axis))], combine, axis);
            return [.. turned.Select(e => e.Flip(axis))];
        }
        // Doubling (Hillis and Steele): after step k each place holds the combination of the 2^k elements that end there.
        Tensor[] current = [.. elements];
        for (var reach = 1; reach < size; reach *= 2)
        {
            var earlier = Cut(current, 0, size - reach);
            var later = Cut(current, reach, size);
            var combined = combine(earlier, later);
            if (!combined.Select(t => t.Type).SequenceEqual(later.Select(t => t.Type)))
            {
                throw new ShapeException(
                    $"associative_scan: the function makes ({string.Join(", ", combined.Select(t => t.Type))}) of two ({string.Join(", ", later.Select(t => t.Type))}): it must keep the types.");
            }
            current = [.. current.Select((c, i) => Tensor.Concatenate([c.SliceAxis(axis, 0, reach), combined[i]], axis))];
        }
        return current;

        Tensor[] Cut(Tensor[] tensors, int start, int limit) => [.. tensors.Select(t => t.SliceAxis(axis, start, limit))];
    }
}
