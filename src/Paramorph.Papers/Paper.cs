using System.Text.Json.Serialization;
using Paramorph.Experiments;

namespace Paramorph.Papers;

/// <summary>A paper of the catalogue.</summary>
/// <param name="Id">Its name here.</param>
/// <param name="Title">Its title.</param>
/// <param name="Family">To what part of the field it belongs.</param>
/// <param name="Kind">Method, theory, tool, dataset, survey, application or hardware.</param>
/// <param name="What">Its mechanism, in our words.</param>
/// <param name="Show">The experiment that decides its claim here.</param>
public sealed record Paper(string Id, string Title, string Family, string Kind, string What, string Show)
{
    /// <summary>Its experiment, or null while it is planned.</summary>
    public IExperiment? Experiment() => MarkedPapers.All.TryGetValue(Id, out var make) ? make() : null;

    /// <summary>Whether its experiment runs.</summary>
    [JsonIgnore]
    public bool Works => MarkedPapers.All.ContainsKey(Id);

    /// <summary>A fingerprint of the code of its experiment; empty while it is planned.</summary>
    [JsonIgnore]
    public string Code => MarkedPapers.Codes.GetValueOrDefault(Id, "");

    /// <summary>The file of its experiment, from the folder of the solution; null while it is planned.</summary>
    [JsonIgnore]
    public string? File => MarkedPapers.Files.GetValueOrDefault(Id);

    /// <summary>Whether a record is of the experiment as it is now.</summary>
    public bool IsOfNow(ExperimentResult result) => Experiment() is { } experiment && result.Fingerprint == ExperimentRunner.Fingerprint(experiment, Code);

    /// <summary>The recorded full run that came with this version, or null.</summary>
    public ExperimentResult? Recorded() => Catalogue.Resource($"results/{Id}.json") is { } json ? Read(json) : null;

    /// <summary>A record; null of one so old that it does not say of what it is.</summary>
    public static ExperimentResult? Read(string json) => ExperimentResult.FromJson(json) is { Fingerprint.Length: > 0 } result ? result : null;
}
