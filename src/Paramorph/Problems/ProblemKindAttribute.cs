namespace Paramorph.Problems;

/// <summary>
/// Marks a static property of type <see cref="ProblemKind"/>, in the file of the problem. The source generator lists all marked properties of an assembly.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProblemKindAttribute : Attribute;
