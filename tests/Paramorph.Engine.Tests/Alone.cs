namespace Paramorph.Tests;

/// <summary>Tests that look at what all others share, such as memory and switches, and so run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
