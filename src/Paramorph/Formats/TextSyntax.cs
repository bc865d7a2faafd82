namespace Paramorph.Formats;

/// <summary>How text is cut into rows and fields.</summary>
/// <param name="Delimiter">What stands between fields; a space for runs of white space.</param>
/// <param name="Comments">The characters that start lines to be skipped.</param>
/// <param name="Missing">What stands for missing values: a row that starts with one is no comment.</param>
/// <param name="SkippedLines">How many lines to skip before the first row.</param>
internal sealed record TextSyntax(char Delimiter, string Comments, MissingMarkers Missing, int SkippedLines)
{
    public bool IsByWhiteSpace => Delimiter == ' ';
}
