namespace Paramorph.Experiments;

/// <summary>How large an experiment runs.</summary>
public enum RunSize
{
    /// <summary>Seconds: shows that everything works, decides nothing.</summary>
    Smoke,

    /// <summary>About two minutes on two cores: decides the claims.</summary>
    Full,
}
