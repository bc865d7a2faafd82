namespace Paramorph.Tests;

/// <summary>Comparisons of numbers.</summary>
internal static class Numbers
{
    /// <summary>Asserts that numbers differ by a tolerance at most.</summary>
    public static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"number {i} is {actual[i]} and not {expected[i]}");
    }
}
