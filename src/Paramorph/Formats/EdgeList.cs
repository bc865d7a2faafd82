using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Graphs as text: an edge a line, its two nodes and perhaps its weight, with white space or commas between them, compressed by gzip or not. Nodes are numbers
/// from 0. Lines that start with <c>#</c>, or with <c>%</c> when the first one does, are comments. Direction, loops and repeated edges stay as they are.
/// </summary>
public static class EdgeList
{
    /// <summary>Reads the edges of a file.</summary>
    /// <exception cref="UnreadableFileException">A line is not that of an edge, some edges have weights and others none, or the content is beyond the limits.</exception>
    public static Edges Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Edges Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    /// <summary>Writes edges to a file, which appears whole or not at all.</summary>
    public static void Write(string path, Edges edges) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        int[] sources = edges.Sources.ToArray<int>(), targets = edges.Targets.ToArray<int>();
        var weights = edges.Weights?.ToDoubles();
        for (var i = 0; i < sources.Length; i++)
        {
            var weight = weights is null ? "" : $" {weights[i].ToString("R", CultureInfo.InvariantCulture)}";
            writer.WriteLine($"{sources[i]} {targets[i]}{weight}");
        }
    });

    private static Edges Read(InputFile compressed)
    {
        using var file = compressed.Decompressed();
        var text = file.TakeRest();
        var comment = text.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("%"u8) ? "%" : "#";
        var syntax = new TextSyntax(' ', comment, new([]), SkippedLines: 0);
        if (IsByComma(text, syntax, file)) syntax = syntax with { Delimiter = ',' };
        var scanner = new DelimitedTextScanner(new MemoryStream(text), syntax, file);
        var (sources, targets, weights) = (new List<int>(), new List<int>(), new List<double>());
        while (scanner.NextRow())
        {
            if (sources.Count == file.Limits.MaxElements) throw file.Error($"line {scanner.Line}", $"there are more than {sources.Count} edges (FormatLimits.MaxElements).");
            if (scanner.Count < 2) throw file.Error($"line {scanner.Line}", "an edge has two nodes.");
            sources.Add(ReadNode(scanner, 0, file));
            targets.Add(ReadNode(scanner, 1, file));
            if (scanner.Count > 2) weights.Add(ReadWeight(scanner, file));
            if (scanner.Count > 3) throw file.Error($"line {scanner.Line}", "an edge is two nodes and perhaps a weight, but more follows.");
            if (weights.Count != 0 && weights.Count != sources.Count) throw file.Error($"line {scanner.Line}", "some edges have a weight and others have none.");
        }
        var count = sources.Count == 0 ? 0 : Math.Max(sources.Max(), targets.Max()) + 1;
        return new(Tensor.From([.. sources], [sources.Count]), Tensor.From([.. targets], [targets.Count]), weights.Count == 0 ? null : Tensor.From([.. weights], [weights.Count]), count);
    }

    /// <summary>Whether there is a comma in the first edge.</summary>
    private static bool IsByComma(byte[] text, TextSyntax syntax, InputFile file)
    {
        var scanner = new DelimitedTextScanner(new MemoryStream(text), syntax with { Delimiter = ',' }, file);
        return scanner.NextRow() && scanner.Count > 1;
    }

    private static int ReadNode(DelimitedTextScanner scanner, int field, InputFile file) =>
        Utf8Parser.TryParse(scanner[field], out int node, out var length) && length == scanner[field].Length && node is >= 0 and < int.MaxValue
            ? node
            : throw file.Error($"line {scanner.Line}", $"'{scanner.Text(field)}' is no node: nodes are numbers from 0 to {int.MaxValue - 1}.");

    private static double ReadWeight(DelimitedTextScanner scanner, InputFile file) =>
        NumberText.Parse(scanner[2], '.', out var weight) != NumberText.Form.None ? weight : throw file.Error($"line {scanner.Line}", $"'{scanner.Text(2)}' is no weight.");
}
