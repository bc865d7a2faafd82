namespace Paramorph;

/// <summary>Trees whose structures differ, or a count of leaves that does not fit a tree.</summary>
public sealed class TreeException(string message) : TensorException(message);
