namespace Paramorph.Experiments;

/// <summary>How large an experiment runs.</summary>
public enum RunSize
{
    /// <summary>Seconds: shows that everything works, decides nothing.</summary>
    Smoke,

    /// <summary>Half a minute to a little over four on two cores: decides the claims.</summary>
    Full,
}
