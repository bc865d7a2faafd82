namespace Paramorph;

/// <summary>
/// Makes a partial record a tree of tensors: the source generator writes its <see cref="ITree{TSelf}"/> members. Properties and fields that
/// are tensors or trees, or arrays, lists, dictionaries with string keys and value tuples of them, nested at will and nullable, are
/// walked; everything else is static and carried over.
/// </summary>
/// <example><code>[Tree] public sealed partial record Linear(Tensor Weight, Tensor? Bias);</code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class TreeAttribute : Attribute;
