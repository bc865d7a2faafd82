using System.Globalization;

namespace Paramorph.Formats;

/// <summary>What an ONNX file says of an input or an output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">What its elements are when read here; null when tensors have no such elements.</param>
/// <param name="Shape">Its sizes; null where one is open. Null when the file does not say.</param>
public sealed record OnnxValueInfo(string Name, ElementType? ElementType, IReadOnlyList<int?>? Shape)
{
    /// <summary>For example <c>x: f32[?, 3]</c>.</summary>
    public override string ToString()
    {
        var sizes = Shape is null ? "..." : string.Join(", ", Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"));
        return $"{Name}: {ElementType?.ShortName() ?? "other"}[{sizes}]";
    }
}
