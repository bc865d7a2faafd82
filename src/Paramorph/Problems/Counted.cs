using System.Globalization;

namespace Paramorph.Problems;

/// <summary>Numbers of things in sentences.</summary>
internal static class Counted
{
    /// <summary>A number with its noun in the form that belongs to it.</summary>
    public static string Of(long count, string one, string more) => $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? one : more)}";
}
