using Microsoft.CodeAnalysis;

namespace Paramorph.Generators;

/// <summary>What can be wrong with a record marked [Tree].</summary>
internal static class TreeDiagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "PM0001",
        "A tree must be partial",
        "'{0}' must be partial: the tree members of '{1}' are written in another part of it");

    public static readonly DiagnosticDescriptor NotRecord = Error(
        "PM0002",
        "A tree must be a record",
        "'{0}' is marked [Tree] but is no record: make it one, or implement ITree<{0}> by hand");

    public static readonly DiagnosticDescriptor FileLocal = Error(
        "PM0003",
        "A tree cannot be file-local",
        "'{0}' is marked [Tree] but is file-local: the generated file cannot see it; make it internal");

    public static readonly DiagnosticDescriptor BaseNotTree = Error(
        "PM0004",
        "The base of a tree must be a tree",
        "'{0}' is marked [Tree] but its base '{1}' is not: mark the base [Tree] too");

    public static readonly DiagnosticDescriptor DerivedNotTree = Error(
        "PM0005",
        "A record derived from a tree must be a tree",
        "'{0}' derives from the tree '{1}': mark it [Tree] too, or its own tensors are never seen");

    public static readonly DiagnosticDescriptor Unwalkable = Error(
        "PM0006",
        "A member holds tensors where a tree cannot walk",
        "'{0}' is of type '{1}', which a tree cannot walk: {2}, or mark the member [Static]");

    public static readonly DiagnosticDescriptor NotSettable = Error(
        "PM0007",
        "A member that holds tensors cannot be set",
        "'{0}' holds tensors but cannot be set when the tree is rebuilt: {1}, or mark the member [Static]");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Paramorph.Trees", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
