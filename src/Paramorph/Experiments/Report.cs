using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Paramorph.Experiments;

/// <summary>
/// What people read of a run: sections, paragraphs, lists, tables and pictures. It is written as Markdown, or as a page that holds all that it shows and asks nothing of any other place.
/// In texts <c>**bold**</c> and <c>`code`</c> mean what they do in Markdown; all else is text.
/// </summary>
/// <param name="title">What stands above.</param>
public sealed partial class Report(string title)
{
    /// <summary>Pictures beyond this many bytes in all are linked and not held by the page.</summary>
    private const int MostPictureBytes = 1_200_000;

    private const string Style =
        """
        :root { color-scheme: light dark; --text: #1c1e21; --page: #fff; --line: #d8dade; --faint: #f4f5f7; }
        @media (prefers-color-scheme: dark) { :root { --text: #e4e6ea; --page: #16181c; --line: #3a3e45; --faint: #1f2227; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 64rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
        h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
        .table { overflow-x: auto; margin: 1rem 0; } table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: normal; } td.number, th.number { text-align: right; white-space: nowrap; }
        tbody tr:hover { background: var(--faint); } code { font-size: .9em; background: var(--faint); padding: .1em .3em; border-radius: 3px; }
        figure { display: inline-block; margin: 0 1rem 1rem 0; max-width: 100%; vertical-align: top; } figcaption { font-size: .875rem; }
        img { max-width: 100%; background: #fff; border: 1px solid var(--line); border-radius: 4px; } img.drawing { width: 30rem; } img.pixels { image-rendering: pixelated; min-width: 12rem; }
        @media print { body { max-width: none; font-size: 11pt; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; } }
        """;

    private readonly List<Block> blocks = [];

    /// <summary>A number as it stands in tables, in four digits; a dash for none.</summary>
    public static string Number(double value) => !double.IsFinite(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>Begins a section.</summary>
    public void Section(string title) => blocks.Add(new Heading(title));

    /// <summary>Adds a paragraph.</summary>
    public void Line(string text) => blocks.Add(new Paragraph(text));

    /// <summary>Adds an item to a list; a full stop ends it where nothing else does.</summary>
    public void Item(string text) => blocks.Add(new ListItem(text is [.., '.' or '?' or '!'] ? text : $"{text}."));

    /// <summary>Adds a table.</summary>
    /// <param name="header">What stands above the columns.</param>
    /// <param name="rows">The rows, as long as the header.</param>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) => blocks.Add(new Grid(header, [.. rows]));

    /// <summary>Adds a picture.</summary>
    /// <param name="file">An SVG or PNG, from the folder of the report.</param>
    /// <param name="caption">What is to be seen on it; the name of the file by itself.</param>
    public void Picture(string file, string? caption = null) => blocks.Add(new Figure(file, caption ?? Path.GetFileNameWithoutExtension(file).Replace('-', ' ')));

    /// <summary>The report as Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder($"# {title}\n");
        Block? before = null;
        foreach (var block in blocks)
        {
            if (block is not ListItem || before is not ListItem) text.Append('\n');
            text.Append(block.Markdown()).Append('\n');
            before = block;
        }
        return text.ToString();
    }

    /// <summary>The report as a page of its own.</summary>
    /// <param name="folder">Where the pictures are.</param>
    public string ToHtml(string folder)
    {
        var (page, room) = (new StringBuilder(), MostPictureBytes);
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{WebUtility.HtmlEncode(title)}</title>\n<style>\n{Style}\n</style>\n<h1>{Inline(title)}</h1>\n");
        var isInList = false;
        foreach (var block in blocks)
        {
            if (block is ListItem != isInList) page.Append((isInList = block is ListItem) ? "<ul>\n" : "</ul>\n");
            page.Append(block.Html(folder, ref room)).Append('\n');
        }
        return page.Append(isInList ? "</ul>\n" : "").ToString();
    }

    private static string Inline(string text) => Bold().Replace(Code().Replace(WebUtility.HtmlEncode(text), "<code>$1</code>"), "<strong>$1</strong>");

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(\*\*)?[-+]?[0-9][0-9.,eE+\-]*( ?(%|±.*|\(.*\)))?(\*\*)?$|^-?$")]
    private static partial Regex NumberLike();

    private abstract record Block
    {
        public abstract string Markdown();

        public abstract string Html(string folder, ref int room);
    }

    private sealed record Heading(string Text) : Block
    {
        public override string Markdown() => $"## {Text}";

        public override string Html(string folder, ref int room) => $"<h2>{Inline(Text)}</h2>";
    }

    private sealed record Paragraph(string Text) : Block
    {
        public override string Markdown() => Text;

        public override string Html(string folder, ref int room) => $"<p>{Inline(Text)}</p>";
    }

    private sealed record ListItem(string Text) : Block
    {
        public override string Markdown() => $"- {Text}";

        public override string Html(string folder, ref int room) => $"<li>{Inline(Text)}</li>";
    }

    private sealed record Grid(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : Block
    {
        public override string Markdown()
        {
            IEnumerable<IReadOnlyList<string>> lines = [Header, [.. Header.Select(_ => "---")], .. Rows];
            return string.Join('\n', lines.Select(cells => $"| {string.Join(" | ", cells.Select(Cell))} |"));
        }

        public override string Html(string folder, ref int room)
        {
            var isNumber = Header.Select((_, column) => Rows.Count > 0 && Rows.All(row => NumberLike().IsMatch(row[column]))).ToArray();
            string Cells(IReadOnlyList<string> cells, string tag) => string.Concat(cells.Select((cell, column) => $"<{tag}{(isNumber[column] ? " class=\"number\"" : "")}>{Inline(cell)}</{tag}>"));
            return $"<div class=\"table\"><table>\n<thead><tr>{Cells(Header, "th")}</tr></thead>\n<tbody>\n{string.Concat(Rows.Select(row => $"<tr>{Cells(row, "td")}</tr>\n"))}</tbody>\n</table></div>";
        }
    }

    private sealed record Figure(string File, string Caption) : Block
    {
        public override string Markdown() => $"![{Caption}]({File})";

        public override string Html(string folder, ref int room)
        {
            var caption = WebUtility.HtmlEncode(Caption);
            var bytes = System.IO.File.ReadAllBytes(Path.Combine(folder, File));
            if (bytes.Length > room) return $"<p><a href=\"{WebUtility.HtmlEncode(File)}\">{caption}</a></p>";
            room -= bytes.Length;
            var isDrawing = File.EndsWith(".svg", StringComparison.Ordinal);
            return $"<figure><img class=\"{(isDrawing ? "drawing" : "pixels")}\" alt=\"{caption}\" src=\"data:image/{(isDrawing ? "svg+xml" : "png")};base64,{Convert.ToBase64String(bytes)}\"><figcaption>{caption}</figcaption></figure>";
        }
    }
}
