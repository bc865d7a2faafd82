namespace Paramorph.Tests.Formats;

/// <summary>Real data beside the repository, in <c>../shared/data</c>, of which nothing is in it.</summary>
internal static class SharedData
{
    private static readonly string? Folder = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string? Path(string name) => Folder is not null && File.Exists(System.IO.Path.Combine(Folder, name)) ? System.IO.Path.Combine(Folder, name) : null;

    private static string? Find(DirectoryInfo? below)
    {
        for (; below is not null; below = below.Parent)
            if (System.IO.Path.Combine(below.FullName, "shared", "data") is var folder && Directory.Exists(folder)) return folder;
        return null;
    }
}

/// <summary>A test that needs a file of <see cref="SharedData"/>, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(params string[] names)
    {
        if (names.FirstOrDefault(name => SharedData.Path(name) is null) is { } missing) Skip = $"there is no ../shared/data/{missing}";
    }
}
