namespace Paramorph.Formats;

/// <summary>Elements in a file of PyTorch, of which tensors are views.</summary>
/// <param name="Type">What they are.</param>
/// <param name="Key">Their name in the file.</param>
internal sealed record TorchStorage(StoredType Type, string Key);
