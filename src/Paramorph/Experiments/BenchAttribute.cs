namespace Paramorph.Experiments;

/// <summary>Marks a static property of type <see cref="Bench"/>: the source generator lists all marked ones of an assembly, so that a new bench is one new file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BenchAttribute : Attribute;
