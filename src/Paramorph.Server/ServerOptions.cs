using System.Net;

namespace Paramorph.Server;

/// <summary>How the page is served.</summary>
public sealed record ServerOptions
{
    /// <summary>The port when none is given.</summary>
    public const int UsualPort = 7453;

    /// <summary>The port; 0 takes any that is free.</summary>
    public int Port { get; init; } = UsualPort;

    /// <summary>The address that is listened on. Beyond loopback every request needs the token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Where runs, uploads, models and the list of them are kept.</summary>
    public required string Folder { get; init; }

    /// <summary>How this command is started again, for runs and fits.</summary>
    public required Worker Worker { get; init; }

    /// <summary>Whether others than this machine can reach the page.</summary>
    public bool IsOpen => !IPAddress.IsLoopback(Address);
}
