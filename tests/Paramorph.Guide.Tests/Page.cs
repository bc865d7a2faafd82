using System.Text.RegularExpressions;

namespace Paramorph.Guide.Tests;

/// <summary>A C# block of a page.</summary>
/// <param name="Line">The line of the page, from 1, on which the code starts.</param>
/// <param name="Code">The code.</param>
internal sealed record Block(int Line, string Code);

/// <summary>A section of a page: its blocks make one program, in order.</summary>
internal sealed record Section(string Page, string Title, IReadOnlyList<Block> Blocks);

/// <summary>Reads the C# blocks of Markdown pages.</summary>
internal static partial class Page
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "pages");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>The sections that hold C#; what stands before the first heading of the second level is a section too.</summary>
    public static IReadOnlyList<Section> Sections(string page)
    {
        var (sections, blocks, title) = (new List<Section>(), new List<Block>(), "start");
        var lines = File.ReadAllLines(Path.Combine(Folder, page));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("## ", StringComparison.Ordinal))
            {
                Close();
                title = lines[i][3..];
            }
            if (!Fence().IsMatch(lines[i])) continue;
            var start = i + 1;
            var isCSharp = lines[i].Trim() == "```csharp";
            do i++;
            while (!Fence().IsMatch(lines[i]));
            if (isCSharp) blocks.Add(new(start + 1, string.Join('\n', lines[start..i])));
        }
        Close();
        return sections;

        void Close()
        {
            if (blocks.Count > 0) sections.Add(new(page, title, blocks));
            blocks = [];
        }
    }

    [GeneratedRegex("^```")]
    private static partial Regex Fence();
}
