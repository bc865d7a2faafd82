namespace Paramorph.Problems;

/// <summary>A preparation whose answers are classes with names.</summary>
public interface ILabelled
{
    /// <summary>The names of the classes, in order.</summary>
    IReadOnlyList<string> Labels { get; }
}
