using System.Text.Json.Serialization;

namespace Paramorph.Problems;

/// <summary>How the preparation of images looks in the file of a model.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImagePreparation))]
internal sealed partial class ImageJson : JsonSerializerContext;
