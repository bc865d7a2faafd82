namespace Paramorph.Experiments;

/// <summary>An experiment was asked for something that it does not have, or was given a file that does not fit: the message is for the person who asked.</summary>
public sealed class ExperimentException(string message, Exception? inner = null) : Exception(message, inner);
