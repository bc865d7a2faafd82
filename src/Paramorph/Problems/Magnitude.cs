using System.Globalization;

namespace Paramorph.Problems;

/// <summary>How large the numbers of data may be: scales and errors are made of their squares, which must be finite in double precision.</summary>
internal static class Magnitude
{
    private const double Largest = 1e150;

    /// <summary>Throws if a finite number is too large; what is not finite is missing and not meant.</summary>
    /// <param name="place">What holds the numbers, such as <c>the column a of t.csv</c>.</param>
    /// <param name="values">The numbers.</param>
    /// <exception cref="ProblemException">One is too large.</exception>
    public static void Require(string place, ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (double.IsFinite(value) && Math.Abs(value) > Largest)
                throw new ProblemException(string.Create(CultureInfo.InvariantCulture, $"{place} holds {value:G6}, and numbers beyond {Largest:G} cannot be learned from, since their squares are infinite: give them in a larger unit, or their logarithms."));
        }
    }

    /// <inheritdoc cref="Require(string, ReadOnlySpan{double})"/>
    public static void Require(string place, Tensor values)
    {
        if (values.ElementType == ElementType.Float64) Require(place, values.ToDoubles());
    }
}
