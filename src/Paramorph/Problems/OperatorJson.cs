using System.Text.Json.Serialization;

namespace Paramorph.Problems;

/// <summary>How the preparation of fields looks in the file of a model.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OperatorPreparation))]
internal sealed partial class OperatorJson : JsonSerializerContext;
