using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Paramorph.Generators;

/// <summary>Which types are trees, how values of the others are walked to trees inside, and which hide trees where nobody can walk.</summary>
internal static class TreeTypes
{
    public const string Attribute = "Paramorph.TreeAttribute";

    private const string StaticAttribute = "Paramorph.StaticAttribute";
    private const string ListRemedy = "use an array, a list, a dictionary with string keys or a value tuple";

    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static string Name(ITypeSymbol type) => type.ToDisplayString(Format);

    public static bool IsMarkedTree(ITypeSymbol type) => HasAttribute(type, Attribute);

    public static bool IsMarkedStatic(ISymbol member) => HasAttribute(member, StaticAttribute);

    /// <summary>Whether <paramref name="type"/> is <c>ITree&lt;self&gt;</c>.</summary>
    public static bool IsTreeOf(ITypeSymbol type, ITypeSymbol self) =>
        type is INamedTypeSymbol { MetadataName: "ITree`1" } tree
        && tree.ContainingNamespace?.ToDisplayString() == "Paramorph"
        && SymbolEqualityComparer.Default.Equals(tree.TypeArguments[0], self);

    /// <summary>Whether values of the type implement <c>ITree</c> of the type itself, or will when their part is generated.</summary>
    public static bool IsTree(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(
            constraint => IsTreeOf(constraint, parameter) || constraint.AllInterfaces.Any(face => IsTreeOf(face, parameter))),
        INamedTypeSymbol named => IsMarkedTree(named) || named.AllInterfaces.Any(face => IsTreeOf(face, named)),
        _ => false,
    };

    /// <summary>How a value of the type is walked, or null when there is no tree in it that a walk reaches.</summary>
    public static Walk? WalkOf(ITypeSymbol type)
    {
        var isNullable = type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
            isNullable = true;
        }
        if (IsTree(type)) return new Walk.Child();

        var name = Name(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));
        return type switch
        {
            IArrayTypeSymbol { Rank: 1 } array => Sequence(name, isNullable, SequenceKind.Array, array.ElementType),
            INamedTypeSymbol { IsTupleType: true } tuple => Tuple(name, isNullable, tuple),
            INamedTypeSymbol { Arity: 1 or 2 } generic => Collection(name, isNullable, generic),
            _ => null,
        };
    }

    /// <summary>What to do instead when the type hides trees, or may hide them, where a walk does not reach; null when it does not.</summary>
    public static string? Remedy(ITypeSymbol type)
    {
        if (Vague(type) is ITypeParameterSymbol parameter) return $"constrain it with 'where {parameter.Name} : ITree<{parameter.Name}>'";
        if (Vague(type) is not null) return "give it a type that says what it holds";
        if (!Holds(type, new(SymbolEqualityComparer.Default))) return null;
        return type is INamedTypeSymbol && !IsCollection(type) && !IsOfFramework(type) ? $"mark '{type.Name}' [Tree]" : ListRemedy;
    }

    private static bool HasAttribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == name);

    private static Walk? Collection(string name, bool isNullable, INamedTypeSymbol type)
    {
        var elements = type.TypeArguments;
        var isKeyedByString = elements[0].SpecialType == SpecialType.System_String;
        var space = type.ContainingNamespace?.ToDisplayString();
        return (space, type.MetadataName) switch
        {
            ("System.Collections.Generic", "List`1" or "IList`1" or "IReadOnlyList`1") => Sequence(name, isNullable, SequenceKind.List, elements[0]),
            ("System.Collections.Immutable", "ImmutableArray`1") when !isNullable =>
                Sequence(name, isNullable, SequenceKind.ImmutableArray, elements[0]),
            ("System.Collections.Generic", "Dictionary`2") when isKeyedByString =>
                Dictionary(name, isNullable, DictionaryKind.Dictionary, elements[1]),
            ("System.Collections.Generic", "IDictionary`2" or "IReadOnlyDictionary`2") when isKeyedByString =>
                Dictionary(name, isNullable, DictionaryKind.Interface, elements[1]),
            ("System.Collections.Immutable", "ImmutableDictionary`2") when isKeyedByString =>
                Dictionary(name, isNullable, DictionaryKind.ImmutableDictionary, elements[1]),
            _ => null,
        };
    }

    private static Walk? Sequence(string name, bool isNullable, SequenceKind kind, ITypeSymbol element) =>
        WalkOf(element) is { } walk ? new Walk.Sequence(name, isNullable, kind, Name(element), walk) : null;

    private static Walk? Dictionary(string name, bool isNullable, DictionaryKind kind, ITypeSymbol value) =>
        WalkOf(value) is { } walk ? new Walk.Dictionary(name, isNullable, kind, Name(value), walk) : null;

    private static Walk? Tuple(string name, bool isNullable, INamedTypeSymbol type)
    {
        var items = type.TupleElements.Select(item => (item.Name, Walk: WalkOf(item.Type))).ToImmutableArray();
        if (items.All(item => item.Walk is null)) return null;
        var segments = Segments.Of([.. items.Select(item => item.Name)]);
        var members = items.Select((item, i) => new TreeMember(Segments.Escape(item.Name), segments[i], true, item.Walk ?? new Walk.Static()));
        return new Walk.Tuple(name, isNullable, members.ToEquatable());
    }

    /// <summary>The part of a type that could turn out to be a tensor: <c>object</c> or an unconstrained type parameter.</summary>
    private static ITypeSymbol? Vague(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Object } or IDynamicTypeSymbol => type,
        ITypeParameterSymbol { HasUnmanagedTypeConstraint: false } => IsTree(type) ? null : type,
        IArrayTypeSymbol array => Vague(array.ElementType),
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate } named when IsOfFramework(named) =>
            named.TypeArguments.Select(Vague).FirstOrDefault(part => part is not null),
        _ => null,
    };

    /// <summary>Whether a tree can be reached from a value of the type through elements, fields and properties.</summary>
    private static bool Holds(ITypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        if (IsTree(type)) return true;
        if (!seen.Add(type)) return false;
        return type switch
        {
            IArrayTypeSymbol array => Holds(array.ElementType, seen),
            INamedTypeSymbol { TypeKind: TypeKind.Delegate or TypeKind.Enum } => false,
            INamedTypeSymbol named when IsOfFramework(named) => named.TypeArguments.Any(argument => Holds(argument, seen)),
            INamedTypeSymbol named => Elements(named).Concat(Stored(named)).Any(part => Holds(part, seen)),
            _ => false,
        };
    }

    private static IEnumerable<ITypeSymbol> Elements(INamedTypeSymbol type) => type.AllInterfaces
        .Where(face => face.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
        .Select(face => face.TypeArguments[0]);

    private static IEnumerable<ITypeSymbol> Stored(INamedTypeSymbol type)
    {
        var own = type.GetMembers().Where(member => !member.IsStatic).Select(member => member switch
        {
            IFieldSymbol field => field.Type,
            IPropertySymbol { SetMethod: not null, Parameters.Length: 0 } property => property.Type,
            _ => null,
        });
        return own.OfType<ITypeSymbol>().Concat(type.BaseType is { } parent ? [parent] : []);
    }

    private static bool IsCollection(ITypeSymbol type) =>
        type.AllInterfaces.Any(face => face.SpecialType == SpecialType.System_Collections_IEnumerable);

    private static bool IsOfFramework(ITypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false }) space = space.ContainingNamespace;
        return space?.Name is "System" or "Microsoft";
    }
}
