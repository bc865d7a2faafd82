using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Paramorph.Guide.Tests;

/// <summary>Compares what a page states with what its program shows. Public, since the programs call it.</summary>
public static partial class Figure
{
    /// <summary>
    /// Fails unless a value shows as stated: numbers to the last digit that is written, all other text exactly but for white space. The type before the
    /// elements of a tensor may be left out, and three dots at the end stand for the rest.
    /// </summary>
    public static void Shows(object? value, string expected, string place) => Compare(Show(value), expected, place);

    /// <summary>Fails unless an action prints the stated text, as the console of a user has it.</summary>
    public static void Prints(Action action, string expected, string place)
    {
        using var console = new StringWriter(CultureInfo.InvariantCulture);
        var before = Console.Out;
        Console.SetOut(console);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(before);
        }
        Compare(console.ToString(), expected, place);
    }

    /// <summary>Fails unless an action throws <c>throws Type: message</c>.</summary>
    public static void Throws(Action action, string expected, string place)
    {
        var error = Record.Exception(action);
        var shown = error is null ? "nothing" : $"throws {error.GetType().Name}: {error.Message}";
        Assert.True(Agree(expected, shown), $"{place} says {expected}, but it {shown}");
    }

    private static void Compare(string shown, string expected, string place)
    {
        var bare = Type().IsMatch(expected) ? shown : Type().Replace(shown, "");
        Assert.True(Agree(expected, bare), $"{place} says {expected}, but it is {shown}");
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        Tensor tensor => tensor.ToString(),
        string text => text,
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Bare(tuple[i])))})",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items and not Shape => $"[{string.Join(", ", items.Cast<object?>().Select(Bare))}]",
        _ => value.ToString()!,
    };

    /// <summary>The text inside a list, where tensors show their elements alone.</summary>
    private static string Bare(object? value) => value is Tensor tensor ? Show(tensor)[(tensor.Type.ToString().Length + 1)..] : Show(value);

    private static bool Agree(string expected, string shown)
    {
        var (stated, found) = (Parts(expected), Parts(shown));
        var isOpen = stated[^1].EndsWith("...", StringComparison.Ordinal);
        if (isOpen ? stated.Length > found.Length : stated.Length != found.Length) return false;
        for (var i = 0; i < stated.Length - (isOpen ? 1 : 0); i++)
            if (stated[i] != found[i] && !(Number().IsMatch(stated[i]) && Number().IsMatch(found[i]) && AreClose(stated[i], found[i]))) return false;
        return !isOpen || found[stated.Length - 1].StartsWith(stated[^1][..^3], StringComparison.Ordinal);
    }

    private static string[] Parts(string text) => [.. Number().Split(Space().Replace(text, " ").Trim()).Where(part => part.Length > 0)];

    private static bool AreClose(string stated, string found)
    {
        var mantissa = stated.Split('e', 'E')[0];
        var decimals = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa.Length - mantissa.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        var exponent = stated.Length > mantissa.Length ? int.Parse(stated[(mantissa.Length + 1)..], CultureInfo.InvariantCulture) : 0;
        var (a, b) = (double.Parse(stated, CultureInfo.InvariantCulture), double.Parse(found, CultureInfo.InvariantCulture));
        return Math.Abs(a - b) <= 0.6 * Math.Pow(10, exponent - decimals);
    }

    // Digits inside a word, as in f32 and %3, are text.
    [GeneratedRegex(@"((?<![\w.%])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))")]
    private static partial Regex Number();

    // The type before the elements of a tensor.
    [GeneratedRegex(@"^(bool|[uifc]\d+)\[[\d, ]*\] (?!=)")]
    private static partial Regex Type();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
