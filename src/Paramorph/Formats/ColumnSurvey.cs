using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>What the fields of a column are, counted.</summary>
/// <param name="markers">How many markers of missing values there are.</param>
internal sealed class ColumnSurvey(int markers)
{
    private const long LargestExact = 1L << 53;
    private const int DigitsOfExact = 16;
    private long[]? missing;
    private string? firstOther;
    private string? firstWithComma;
    private string? firstWithPoint;

    /// <summary>Fields that are numbers whatever the decimal mark is.</summary>
    public long WithoutMark { get; private set; }

    /// <summary>Fields that are numbers when the decimal mark is a point.</summary>
    public long WithPoint { get; private set; }

    /// <summary>Fields that are numbers when the decimal mark is a comma.</summary>
    public long WithComma { get; private set; }

    /// <summary>Of those, how many may have a comma between thousands, such as 1,234.</summary>
    public long PerhapsThousands { get; private set; }

    /// <summary>Fields that are neither numbers nor missing.</summary>
    public long Others { get; private set; }

    /// <summary>Fields that stand in quotes and are numbers or markers of missing values.</summary>
    public long Quoted { get; private set; }

    /// <summary>Fields that are markers of missing values, whether in quotes or not.</summary>
    public long Missing { get; private set; }

    /// <summary>Numbers with the exponents of Fortran.</summary>
    public long Fortran { get; private set; }

    /// <summary>Numbers that start with a zero that says nothing, such as 007.</summary>
    public long LeadingZeros { get; private set; }

    /// <summary>Whole numbers that a double-precision number may not hold: beyond 2^53.</summary>
    public long Large { get; private set; }

    /// <summary>Of those, how many are beyond 64 bits.</summary>
    public long TooLarge { get; private set; }

    /// <summary>Numbers that are not written as whole ones.</summary>
    public long NotWhole { get; private set; }

    /// <summary>Fields that stand in no quotes and hold something.</summary>
    public long Unquoted { get; private set; }

    /// <summary>Whether no field holds anything.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>How often a marker stands there.</summary>
    public long MissingOf(int marker) => missing?[marker] ?? 0;

    /// <summary>How many fields are numbers under a decimal mark.</summary>
    public long Numbers(char mark) => WithoutMark + (mark == ',' ? WithComma : WithPoint);

    /// <summary>How many fields are neither numbers nor missing under a decimal mark.</summary>
    public long Texts(char mark) => Others + (mark == ',' ? WithPoint : WithComma);

    /// <summary>The first field that is neither a number nor missing under a decimal mark.</summary>
    public string? FirstText(char mark) => firstOther ?? (mark == ',' ? firstWithPoint : firstWithComma);

    /// <summary>Counts a field.</summary>
    public void See(ReadOnlySpan<byte> field, bool isQuoted, MissingMarkers known)
    {
        IsEmpty &= field.IsEmpty && !isQuoted;
        if (known.IndexOf(field) is >= 0 and var marker)
        {
            Missing++;
            (missing ??= new long[markers])[marker]++;
            if (isQuoted) Quoted++;
        }
        else
        {
            var isNumber = SeeValue(field);
            if (isQuoted && isNumber) Quoted++;
            if (!isQuoted) Unquoted++;
        }
    }

    private bool SeeValue(ReadOnlySpan<byte> field)
    {
        switch (NumberText.Parse(field, '.', out _))
        {
            case NumberText.Form.None when field.Contains((byte)',') && NumberText.Parse(field, ',', out _) is not NumberText.Form.None:
                WithComma++;
                NotWhole++;
                if (MayBeThousands(field)) PerhapsThousands++;
                firstWithComma ??= Encoding.UTF8.GetString(field);
                return true;
            case NumberText.Form.None:
                Others++;
                firstOther ??= Encoding.UTF8.GetString(field);
                return false;
            case NumberText.Form.Fortran:
                Fortran++;
                break;
        }
        if (field.Contains((byte)'.'))
        {
            WithPoint++;
            firstWithPoint ??= Encoding.UTF8.GetString(field);
        }
        else
        {
            WithoutMark++;
        }
        SeeDigits(field[0] is (byte)'-' or (byte)'+' ? field[1..] : field, field);
        return true;
    }

    private void SeeDigits(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> number)
    {
        if (digits is [(byte)'0', >= (byte)'0' and <= (byte)'9', ..]) LeadingZeros++;
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            NotWhole++;
        }
        else if (digits.Length >= DigitsOfExact)
        {
            var isWithin = long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole);
            if (!isWithin) TooLarge++;
            if (!isWithin || whole is > LargestExact or < -LargestExact) Large++;
        }
    }

    private static bool MayBeThousands(ReadOnlySpan<byte> number)
    {
        var digits = number[0] is (byte)'-' or (byte)'+' ? number[1..] : number;
        var comma = digits.IndexOf((byte)',');
        return comma is >= 1 and <= 3 && digits.Length == comma + 4 && digits[0] != '0';
    }
}
