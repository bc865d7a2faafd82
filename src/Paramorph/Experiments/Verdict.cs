using System.Text.Json.Serialization;

namespace Paramorph.Experiments;

/// <summary>What the seeds say of a claim.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>The whole interval of the effect is on the claim's side.</summary>
    [JsonStringEnumMemberName("held")]
    Held,

    /// <summary>The whole interval is on the other side.</summary>
    [JsonStringEnumMemberName("not held")]
    NotHeld,

    /// <summary>The interval holds both: more seeds may decide.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,

    /// <summary>The run was made to show that everything works: it was too small to decide anything.</summary>
    [JsonStringEnumMemberName("not decided")]
    NotDecided,
}
