using System.Text.Json.Serialization;

namespace Paramorph.Fitting;

/// <summary>How results and records of fits look as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(FitResult))]
[JsonSerializable(typeof(FitJobFile))]
[JsonSerializable(typeof(ModelFile))]
[JsonSerializable(typeof(Calibration))]
internal sealed partial class FitJson : JsonSerializerContext;
