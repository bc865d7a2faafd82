using System.Text.Json.Serialization;

namespace Paramorph.Problems;

/// <summary>How the preparations of tables look in the file of a model.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RegressionPreparation))]
[JsonSerializable(typeof(ClassPreparation))]
internal sealed partial class TableJson : JsonSerializerContext;
