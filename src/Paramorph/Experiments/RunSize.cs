namespace Paramorph.Experiments;

/// <summary>How large an experiment runs.</summary>
public enum RunSize
{
    /// <summary>Seconds: shows that everything works, decides nothing.</summary>
    Smoke,

    /// <summary>From half a minute to five minutes on two cores: decides the claims.</summary>
    Full,
}
