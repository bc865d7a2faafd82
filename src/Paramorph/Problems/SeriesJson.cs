using System.Text.Json.Serialization;

namespace Paramorph.Problems;

/// <summary>How the preparation of a series looks in the file of a model.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ForecastPreparation))]
internal sealed partial class SeriesJson : JsonSerializerContext;
