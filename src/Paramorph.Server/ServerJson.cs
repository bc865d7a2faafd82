using System.Text.Json.Serialization;
using Paramorph.Experiments;

namespace Paramorph.Server;

/// <summary>Why something was refused.</summary>
/// <param name="Error">One sentence.</param>
internal sealed record Failure(string Error);

/// <summary>What the server is.</summary>
/// <param name="Version">The version of the program.</param>
/// <param name="Folder">Where runs are kept.</param>
/// <param name="Papers">Papers of the catalogue.</param>
/// <param name="UploadBytes">The length of a file at most.</param>
internal sealed record About(string Version, string Folder, int Papers, long UploadBytes);

/// <summary>How what is said looks as JSON: numbers that are not finite are null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(About))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(FitRequest))]
[JsonSerializable(typeof(FoundItem[]))]
[JsonSerializable(typeof(ListedBench[]))]
[JsonSerializable(typeof(ListedKind[]))]
[JsonSerializable(typeof(ListedModel[]))]
[JsonSerializable(typeof(ListedPaper[]))]
[JsonSerializable(typeof(MapPlace[]))]
[JsonSerializable(typeof(PairedDifference))]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(Run[]))]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(ShownAnswers))]
[JsonSerializable(typeof(ShownBench))]
[JsonSerializable(typeof(ShownModel))]
[JsonSerializable(typeof(ShownPaper))]
[JsonSerializable(typeof(ShownRun))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Upload))]
internal sealed partial class ServerJson : JsonSerializerContext;
