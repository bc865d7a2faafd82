namespace Paramorph.Problems;

/// <summary>Refuses numbers that are not finite where nothing can stand for them.</summary>
internal static class FiniteNumbers
{
    /// <summary>Refuses the first that is not finite.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What holds them: an array, a column.</param>
    /// <param name="example">What stands on the first axis: a field, a row.</param>
    /// <param name="values">[examples, ...].</param>
    /// <exception cref="ProblemException">There is one.</exception>
    public static void Require(string path, string name, string example, Tensor values)
    {
        if (values.Count == 0 || values.ElementType.IsInteger() || values.ElementType == ElementType.Bool) return;
        var place = Array.FindIndex(values.ToDoubles(), value => !double.IsFinite(value));
        if (place >= 0) throw new ProblemException($"{name} of {path} has a number that is not finite in {example} {place / (values.Count / values.Shape[0]) + 1}: leave that {example} out, or fill the gap.");
    }
}
