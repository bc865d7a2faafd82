namespace Paramorph.Tests;

/// <summary>Tests of what the whole process has once: they run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
