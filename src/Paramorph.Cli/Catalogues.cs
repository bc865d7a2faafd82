using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>What there is to choose from.</summary>
internal static class Catalogues
{
    /// <summary>All methods.</summary>
    public static IReadOnlyList<Method> Methods => Method.All;

    /// <summary>The method of a name.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static Method MethodOf(string name) =>
        Methods.FirstOrDefault(method => method.Name == name) ?? throw new ProblemException($"there is no method {name}: paramorph methods names them.{Nearest.Question(name, Methods.Select(method => method.Name))}");
}
