namespace Paramorph;

/// <summary>Numbers that may be given one an axis, one for all axes, or not at all.</summary>
internal static class PerAxis
{
    /// <summary>One positive number an axis; ones when none is given.</summary>
    /// <exception cref="ShapeException">There are too few or too many numbers, or one is not positive.</exception>
    public static int[] Positive(ReadOnlySpan<int> numbers, int axes, string operation, string what)
    {
        if (numbers.Length > 1 && numbers.Length != axes)
            throw new ShapeException($"{operation}: the {what} has {numbers.Length} numbers for {axes} axes: give one an axis or one for all.");
        var result = new int[axes];
        for (var a = 0; a < axes; a++)
        {
            result[a] = numbers.Length switch { 0 => 1, 1 => numbers[0], _ => numbers[a] };
            if (result[a] < 1) throw new ShapeException($"{operation}: the {what} {result[a]} along spatial axis {a} must be 1 or more.");
        }
        return result;
    }
}
