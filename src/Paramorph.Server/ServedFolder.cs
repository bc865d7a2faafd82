namespace Paramorph.Server;

/// <summary>Names that come from outside, and what of a folder they may reach.</summary>
internal static class ServedFolder
{
    private const int LongestName = 80;

    /// <summary>The file of a path below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">The path, with strokes between its parts.</param>
    /// <exception cref="ServerException">It leads out of the folder, through a link, or nowhere.</exception>
    public static string File(string folder, string path)
    {
        var root = Path.GetFullPath(folder);
        var place = root;
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or ".." || part.AsSpan().ContainsAny('\\', ':', '\0') || part.StartsWith('.')) throw Nothing(path);
            place = Path.Combine(place, part);
            FileSystemInfo item = Directory.Exists(place) ? new DirectoryInfo(place) : new FileInfo(place);
            if (!item.Exists || item.LinkTarget is not null) throw Nothing(path);
        }
        return System.IO.File.Exists(place) && place.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? place : throw Nothing(path);
    }

    /// <summary>All files below a folder, as paths with strokes between their parts; hidden ones and links are left out.</summary>
    public static IEnumerable<(string Path, long Bytes)> Files(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        return new DirectoryInfo(folder).EnumerateFiles("*", options).Select(file => (Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.Length)).OrderBy(file => file.Item1, StringComparer.Ordinal);
    }

    /// <summary>A name for a file, of letters, digits and <c>. _ -</c>, from one that anybody may have chosen.</summary>
    public static string NameOf(string? text, string otherwise)
    {
        var last = (text ?? "").Replace('\\', '/').Split('/')[^1];
        var name = string.Join('-', new string([.. last.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries)).TrimStart('.', '-');
        // The end of a name tells the format.
        if (name.Length > LongestName) name = name[^LongestName..].TrimStart('.', '-');
        return name.Length == 0 ? otherwise : name;
    }

    /// <summary>Whether a name is one that <see cref="NameOf"/> gives, so that it names something in a folder and nothing else.</summary>
    public static bool IsName(string name) => name.Length > 0 && NameOf(name, "") == name;

    private static ServerException Nothing(string path) => new($"there is no file {path} here.", 404);
}
