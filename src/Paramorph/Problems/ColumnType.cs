namespace Paramorph.Problems;

/// <summary>What the values of a column of a table are.</summary>
public enum ColumnType
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Names of categories.</summary>
    Category,

    /// <summary>Dates, or dates with times of day.</summary>
    Time,
}
