namespace Paramorph.Problems;

/// <summary>Data, or what was asked of them, do not fit: the message is one sentence for the person who asked.</summary>
public sealed class ProblemException(string message, Exception? inner = null) : Exception(message, inner);
