namespace Paramorph;

/// <summary>
/// Makes a partial record a tree of tensors: the source generator writes its <see cref="ITree{TSelf}"/> members. Properties and fields that
/// are tensors or trees, or arrays, lists, dictionaries with string keys and value tuples of them, nested at will and nullable, are
/// walked; everything else is static and carried over.
/// </summary>
/// <remarks>
/// A member of an interface or base type is walked when that is a tree itself: <c>interface ILayer : ITree&lt;ILayer&gt;</c>, or a record
/// marked <c>[Tree]</c>, abstract or not. The marked records behind it then keep their types. Any other interface is static, whatever
/// stands behind it.
/// </remarks>
/// <example><code>[Tree] public sealed partial record Linear(Tensor Weight, Tensor? Bias);</code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class TreeAttribute : Attribute;
