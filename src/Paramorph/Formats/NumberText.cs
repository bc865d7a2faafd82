using System.Globalization;
using System.Numerics;
using System.Text;

namespace Paramorph.Formats;

/// <summary>Numbers as programs write them: with a decimal point or comma, infinite, and with the exponents of Fortran.</summary>
internal static class NumberText
{
    /// <summary>How a number is written.</summary>
    internal enum Form
    {
        /// <summary>The text is no number.</summary>
        None,

        /// <summary>As C, Python and most others do.</summary>
        Plain,

        /// <summary>As Fortran does: <c>1.0D+00</c>, or <c>3.14-114</c>, which has no room for the letter before an exponent of three digits.</summary>
        Fortran,
    }

    private const int LongestRewritten = 128;

    /// <summary>Reads a number.</summary>
    /// <param name="text">The text, without white space around it.</param>
    /// <param name="mark">The decimal mark: a point or a comma.</param>
    /// <param name="value">The number; zero when it is none.</param>
    public static Form Parse(ReadOnlySpan<byte> text, char mark, out double value)
    {
        value = 0;
        if (text.IsEmpty) return Form.None;
        if (mark == '.' || !text.ContainsAny((byte)'.', (byte)mark)) return ParsePoint(text, out value);
        if (text.Length > LongestRewritten || text.Contains((byte)'.')) return Form.None;
        Span<byte> rewritten = stackalloc byte[LongestRewritten];
        rewritten = rewritten[..text.Length];
        text.Replace(rewritten, (byte)mark, (byte)'.');
        return ParsePoint(rewritten, out value);
    }

    /// <summary>The shortest text that is the same number again. Infinity is <c>inf</c>, which every program reads; the longer word is 0 to Octave.</summary>
    /// <param name="number">The number.</param>
    public static string Of<T>(T number)
        where T : IFloatingPointIeee754<T> =>
        T.IsPositiveInfinity(number) ? "inf" : T.IsNegativeInfinity(number) ? "-inf" : number.ToString("R", CultureInfo.InvariantCulture);

    private static Form ParsePoint(ReadOnlySpan<byte> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return Form.Plain;
        if (Infinity(text) is { } infinity)
        {
            value = infinity;
            return Form.Plain;
        }
        return ParseFortran(text, out value) ? Form.Fortran : Form.None;
    }

    private static double? Infinity(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        var word = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (!Ascii.EqualsIgnoreCase(word, "inf"u8) && !Ascii.EqualsIgnoreCase(word, "infinity"u8)) return null;
        return isNegative ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>Fortran always writes a decimal point, without which codes such as 1D2 and ranges such as 5-100 would be numbers.</summary>
    private static bool ParseFortran(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var point = text.IndexOf((byte)'.');
        if (point < 0 || text.Length >= LongestRewritten) return false;
        var mantissa = point + 1;
        while (mantissa < text.Length && char.IsAsciiDigit((char)text[mantissa])) mantissa++;
        if (mantissa < 2 || mantissa == text.Length) return false;
        var hasLetter = text[mantissa] is (byte)'D' or (byte)'d';
        if (!hasLetter && !(text[mantissa] is (byte)'+' or (byte)'-' && text.Length == mantissa + 4)) return false;
        Span<byte> rewritten = stackalloc byte[LongestRewritten];
        text[..mantissa].CopyTo(rewritten);
        rewritten[mantissa] = (byte)'E';
        var exponent = text[(hasLetter ? mantissa + 1 : mantissa)..];
        exponent.CopyTo(rewritten[(mantissa + 1)..]);
        return double.TryParse(rewritten[..(mantissa + 1 + exponent.Length)], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
