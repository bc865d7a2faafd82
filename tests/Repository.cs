namespace Paramorph;

/// <summary>The checkout in which the tests run. The paths of sources are no help: builds of the CI map them.</summary>
internal static class Repository
{
    /// <summary>The path of a file, from the folder of the solution.</summary>
    public static string File(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo folder) => System.IO.File.Exists(Path.Combine(folder.FullName, "Paramorph.slnx"))
        ? folder.FullName
        : Find(folder.Parent ?? throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Paramorph.slnx."));
}
