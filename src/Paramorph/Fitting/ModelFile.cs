using System.Text.Json;
using System.Text.Json.Serialization;

namespace Paramorph.Fitting;

/// <summary>The file <c>model.json</c> of a model's folder.</summary>
/// <param name="Format">The version of this layout.</param>
/// <param name="Version">The version of the program that wrote it.</param>
/// <param name="Kind">The kind of problem.</param>
/// <param name="Input">The shape of a prepared input.</param>
/// <param name="Output">The shape of a prepared output.</param>
/// <param name="IsPeriodic">Whether grids wrap around.</param>
/// <param name="Parts">Which methods made it.</param>
/// <param name="Preparation">What stands between data and model, as its kind writes it.</param>
/// <param name="Calibration">What makes its answers honest.</param>
/// <param name="Parameters">The fingerprint of model.safetensors.</param>
/// <param name="Result">What came of the fit; null of a model that was saved by other means.</param>
internal sealed record ModelFile(
    int Format, string Version, string Kind, int[] Input, int[] Output, bool IsPeriodic, IReadOnlyList<FitPart> Parts, JsonElement Preparation, Calibration Calibration, string Parameters,
    FitResult? Result)
{
    /// <summary>The newest layout, that of models whose weights are codes, and the one of all others.</summary>
    public const int Newest = 2, WithoutCodes = 1;

    /// <summary>The <see cref="Paramorph.Parameters.ParameterHash"/> of the model; null of models that were saved before there was one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParameterHash { get; init; }

    /// <summary>The names of the files of the model in its folder, which the next model replaces; all else there is the person's. Null of models that were saved before they were named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The fingerprint of all else in this file; a file that was changed by hand does not have it.</summary>
    public string Fingerprint { get; init; } = "";
}
