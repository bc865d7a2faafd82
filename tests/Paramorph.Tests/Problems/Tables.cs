using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Tests.Problems;

/// <summary>Tables for tests.</summary>
internal static class Tables
{
    /// <summary>The content of delimited text.</summary>
    public static DataContent Of(string text, string name = "table.csv")
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return new DataContent.OfTable(name, DelimitedText.Read(stream));
    }

    /// <summary>y = 2 a - b + shift of the colour, without noise; column c is constant.</summary>
    public static string Linear(int rows, Func<int, string>? target = null)
    {
        var random = new Random(3);
        var text = new System.Text.StringBuilder("a,b,c,colour,y\n");
        string[] colours = ["red", "green", "blue"];
        for (var row = 0; row < rows; row++)
        {
            var (a, b, colour) = (random.NextDouble(), 100 * random.NextDouble(), random.Next(3));
            var y = target?.Invoke(row) ?? FormattableString.Invariant($"{2 * a - 0.01 * b + colour}");
            text.Append(FormattableString.Invariant($"{a},{b},7,{colours[colour]},{y}\n"));
        }
        return text.ToString();
    }
}
