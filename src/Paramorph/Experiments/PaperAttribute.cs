namespace Paramorph.Experiments;

/// <summary>
/// Marks the class that holds a paper's experiment: a static class with a static property <c>Experiment</c> of type <see cref="IExperiment"/>. The
/// source generator lists all marked classes of an assembly, so that a new paper is one new file.
/// </summary>
/// <param name="id">The paper's id in the catalogue.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PaperAttribute(string id) : Attribute
{
    /// <summary>The paper's id in the catalogue.</summary>
    public string Id { get; } = id;
}
