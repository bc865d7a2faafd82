namespace Paramorph;

/// <summary>
/// Makes a member of a <see cref="TreeAttribute"/> record static even though it holds tensors: it is carried over, is no leaf and gets no
/// gradient. Two trees are of one structure only when it is the same object in both.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class StaticAttribute : Attribute;
