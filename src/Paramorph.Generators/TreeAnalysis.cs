using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Paramorph.Generators;

/// <summary>What the pipeline carries for one record: a model unless the record cannot be a tree at all, and what is wrong with it.</summary>
internal sealed record TreeResult(TreeModel? Model, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>Reads a record marked [Tree].</summary>
internal static class TreeAnalysis
{
    public static TreeResult Analyse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        if (!IsFirst(context.TargetNode, context.Attributes[0], type)) return new(null, default);
        if (TypeProblem(type) is { } problem) return new(null, new([problem]));

        var problems = new List<DiagnosticInfo>();
        var members = Members(type, problems, cancellation);
        var arguments = Arguments(type, members, problems);
        var model = new TreeModel(
            FileName(type),
            type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(),
            Containers(type).Reverse().Select(Declaration).ToEquatable(),
            Declaration(type),
            TreeTypes.Name(type),
            HasTreeBase(type) ? TreePlace.Derived : type.IsSealed || type.IsValueType ? TreePlace.Alone : TreePlace.Base,
            ShowsType: !HasTreeBase(type) && !((type.IsSealed || type.IsValueType) && Interfaces(type).IsEmpty),
            Interfaces(type).Select(TreeTypes.Name).ToEquatable(),
            members.Select(member => member.Model).ToEquatable(),
            arguments.ToEquatable());
        return new(model, problems.ToEquatable());
    }

    /// <summary>The complaint about a record that derives from a tree and is none.</summary>
    public static DiagnosticInfo? DerivedWithoutAttribute(GeneratorSyntaxContext context, CancellationToken cancellation) =>
        context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is INamedTypeSymbol { BaseType: { } parent } type
        && TreeTypes.IsMarkedTree(parent) && !TreeTypes.IsMarkedTree(type)
            ? DiagnosticInfo.At(type, TreeDiagnostics.DerivedNotTree, type.Name, parent.Name)
            : null;

    /// <summary>Whether the part bears the record's first mark: of two marked by mistake, which the compiler reports, one counts.</summary>
    private static bool IsFirst(SyntaxNode part, AttributeData mark, INamedTypeSymbol type)
    {
        var first = type.GetAttributes().First(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, mark.AttributeClass));
        return first.ApplicationSyntaxReference is { } place && place.SyntaxTree == part.SyntaxTree && part.Span.Contains(place.Span);
    }

    private static DiagnosticInfo? TypeProblem(INamedTypeSymbol type)
    {
        var nest = Containers(type).Prepend(type).ToArray();
        if (!type.IsRecord) return DiagnosticInfo.At(type, TreeDiagnostics.NotRecord, type.Name);
        if (nest.Any(outer => outer.IsFileLocal)) return DiagnosticInfo.At(type, TreeDiagnostics.FileLocal, type.Name);
        if (nest.FirstOrDefault(outer => !IsPartial(outer)) is { } whole)
            return DiagnosticInfo.At(whole, TreeDiagnostics.NotPartial, whole.Name, type.Name);
        if (type.BaseType is { SpecialType: SpecialType.None } parent && type.IsReferenceType && !HasTreeBase(type))
            return DiagnosticInfo.At(type, TreeDiagnostics.BaseNotTree, type.Name, parent.Name);
        return null;
    }

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(
        reference => reference.GetSyntax() is TypeDeclarationSyntax syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static bool HasTreeBase(INamedTypeSymbol type) => type.BaseType is { } parent && TreeTypes.IsMarkedTree(parent);

    private static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType) yield return outer;
    }

    /// <summary>The interfaces <c>I : ITree&lt;I&gt;</c> for which no base has answered yet.</summary>
    private static ImmutableArray<INamedTypeSymbol> Interfaces(INamedTypeSymbol type) =>
    [
        .. type.AllInterfaces.Where(face => TreeTypes.IsTree(face)
            && !(HasTreeBase(type) && type.BaseType!.AllInterfaces.Contains(face, SymbolEqualityComparer.Default))),
    ];

    private static string Declaration(INamedTypeSymbol type)
    {
        var kind = type switch
        {
            { IsRecord: true, IsValueType: true } => "record struct",
            { IsRecord: true } => "record",
            { IsValueType: true } => "struct",
            { TypeKind: TypeKind.Interface } => "interface",
            _ => "class",
        };
        return $"partial {kind} {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}";
    }

    /// <summary>Its full name and, since case does not tell files apart, a number for each record after the first of Mlp and MLP.</summary>
    private static string FileName(INamedTypeSymbol type)
    {
        var siblings = ((INamespaceOrTypeSymbol?)type.ContainingType ?? type.ContainingNamespace).GetTypeMembers();
        var twins = siblings.Count(other => string.Equals(other.MetadataName, type.MetadataName, StringComparison.OrdinalIgnoreCase)
            && string.CompareOrdinal(other.MetadataName, type.MetadataName) < 0);
        var number = twins == 0 ? "" : $".{twins + 1}";
        var names = Containers(type).Reverse().Append(type).Select(part => part.MetadataName.Replace('`', '_'));
        var space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString() + ".";
        return $"{space}{string.Join(".", names)}{number}.Tree.g.cs".Replace("@", "");
    }

    /// <summary>What the record stores itself, the primary constructor's part first; a member that cannot be walked is kept as static.</summary>
    private static ImmutableArray<(ISymbol Symbol, TreeMember Model)> Members(
        INamedTypeSymbol type, List<DiagnosticInfo> problems, CancellationToken cancellation)
    {
        var positional = type.InstanceConstructors.FirstOrDefault(IsPrimary)?.Parameters ?? [];
        var stored = type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic)
            .Select(field => (Symbol: field.AssociatedSymbol ?? field, field.Type))
            .Where(member => member.Symbol is IFieldSymbol or IPropertySymbol)
            .OrderBy(member => positional.FirstOrDefault(parameter => parameter.Name == member.Symbol.Name)?.Ordinal ?? int.MaxValue)
            .ToImmutableArray();
        var segments = Segments.Of([.. stored.Select(member => member.Symbol.Name)]);
        var members = ImmutableArray.CreateBuilder<(ISymbol, TreeMember)>();
        foreach (var (i, (symbol, memberType)) in stored.Select((member, i) => (i, member)))
        {
            cancellation.ThrowIfCancellationRequested();
            var isStatic = TreeTypes.IsMarkedStatic(symbol)
                || positional.Any(parameter => parameter.Name == symbol.Name && TreeTypes.IsMarkedStatic(parameter));
            var walk = isStatic ? null : TreeTypes.WalkOf(memberType);
            if (!isStatic && walk is null && TreeTypes.Remedy(memberType) is { } remedy)
                problems.Add(DiagnosticInfo.At(symbol, TreeDiagnostics.Unwalkable, symbol.Name, memberType.ToDisplayString(), remedy));
            if (symbol is IPropertySymbol { ExplicitInterfaceImplementations.Length: > 0 })
            {
                if (walk is not null)
                    problems.Add(DiagnosticInfo.At(symbol, TreeDiagnostics.NotSettable, symbol.Name, "make it a member of the record's own"));
                continue;
            }
            members.Add((symbol, new(Segments.Escape(symbol.Name), segments[i], IsSettable(symbol), walk ?? new Walk.Static())));
        }
        return members.ToImmutable();
    }

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is RecordDeclarationSyntax);

    private static bool IsSettable(ISymbol member) => member is IPropertySymbol { SetMethod: not null } or IFieldSymbol { IsReadOnly: false };

    /// <summary>
    /// The arguments of the constructor that sets the get-only members with tensors, when there are any; a complaint when none can.
    /// </summary>
    private static ImmutableArray<TreeArgument> Arguments(
        INamedTypeSymbol type, ImmutableArray<(ISymbol Symbol, TreeMember Model)> members, List<DiagnosticInfo> problems)
    {
        var getOnly = members.Where(member => member.Model is { IsSettable: false, Walk: not Walk.Static }).ToArray();
        if (getOnly.Length == 0) return [];

        // A constructor makes this very type, while a copy made by 'with' keeps the type of a derived record.
        var canConstruct = (type.IsSealed || type.IsValueType) && !HasTreeBase(type);
        var candidates = canConstruct ? type.InstanceConstructors : [];
        foreach (var constructor in candidates.OrderByDescending(constructor => constructor.Parameters.Length))
        {
            var setters = constructor.Parameters.Select(parameter => members.FirstOrDefault(member => Sets(parameter, member.Symbol))).ToArray();
            if (!setters.All(member => member.Model is not null) || !getOnly.All(member => setters.Contains(member))) continue;
            return [.. setters.Select((member, i) => new TreeArgument(Segments.Escape(constructor.Parameters[i].Name), member.Model.Name))];
        }

        var remedy = canConstruct || type.IsSealed
            ? "give it an init accessor or a constructor parameter of its name"
            : "give it an init accessor, or seal the record and give it a constructor parameter of its name";
        foreach (var (symbol, _) in getOnly) problems.Add(DiagnosticInfo.At(symbol, TreeDiagnostics.NotSettable, symbol.Name, remedy));
        return [];
    }

    private static bool Sets(IParameterSymbol parameter, ISymbol member) =>
        string.Equals(parameter.Name, member.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(parameter.Type, member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type);
}
