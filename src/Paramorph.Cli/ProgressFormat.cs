namespace Paramorph.Cli;

/// <summary>For whom the progress of long work is told.</summary>
internal enum ProgressFormat
{
    /// <summary>People: bars where there is a terminal, lines elsewhere.</summary>
    Text,

    /// <summary>Programs: one JSON object a line on standard error.</summary>
    Json,
}
