namespace Paramorph.Methods;

/// <summary>
/// Marks a static property of type <see cref="Method"/>: a method that people use on their own data. It stands beside the mechanism that it uses; the source
/// generator lists all marked properties of an assembly, so that a new method edits no list.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MethodAttribute : Attribute;
