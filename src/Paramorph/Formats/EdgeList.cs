using System.Buffers.Text;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Graphs as text: an edge a line, its two nodes and perhaps its weight and its time, with white space or commas between them, compressed by gzip or not. Nodes
/// are numbers from 0. Lines that start with <c>#</c> or <c>%</c> are comments; a first row without numbers names what stands below. Attributes of networkx in
/// braces are read for their weight. Of a matrix in the form of Matrix Market the places of elements, counted from 1 there, are the edges, as they are written: of a
/// symmetric one each pair once. Direction, loops and repeated edges stay as they are.
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
        var (weights, times) = (edges.Weights?.ToDoubles(), edges.Times?.ToDoubles());
        for (var i = 0; i < sources.Length; i++)
        {
            // A time stands behind a weight.
            var weight = weights is not null ? $" {NumberText.Of(weights[i])}" : times is null ? "" : " 1";
            var time = times is null ? "" : $" {NumberText.Of(times[i])}";
            writer.WriteLine($"{sources[i]} {targets[i]}{weight}{time}");
        }
    });

    private static Edges Read(InputFile compressed)
    {
        using var file = compressed.Decompressed();
        FileSignature.RequireText(file.Head(), file);
        var text = file.TakeRest();
        var syntax = new TextSyntax(' ', "#%", new([]), SkippedLines: 0);
        if (IsByComma(text, syntax, file)) syntax = syntax with { Delimiter = ',' };
        var scanner = new DelimitedTextScanner(new MemoryStream(text), syntax, file);
        var edges = new Builder(file);
        if (!scanner.NextRow()) return edges.Made(0);
        var start = text.AsSpan().TrimStart("\uFEFF \t\r\n"u8);
        var isMatrix = start.StartsWith("%%MatrixMarket"u8);
        if (isMatrix && Encoding.UTF8.GetString(start[..(start.IndexOf((byte)'\n') is >= 0 and var end ? end : start.Length)]).Contains(" complex", StringComparison.OrdinalIgnoreCase))
            throw file.Error("line 1", "the matrix has complex elements, and an edge has one weight.");
        // The sizes of a matrix, or names.
        var size = isMatrix ? Math.Max(Node(scanner, 0, file), Node(scanner, 1, file)) : 0;
        int? stated = isMatrix && scanner.Count > 2 ? Node(scanner, 2, file) : null;
        var isMore = isMatrix || IsHeader(scanner) ? scanner.NextRow() : true;
        for (; isMore; isMore = scanner.NextRow()) edges.Add(scanner, isMatrix ? 1 : 0);
        if (stated is { } count && count != edges.Count) throw file.Error($"line {scanner.Line}", $"the matrix has {edges.Count} elements where its sizes say {count}: the file is cut off, or damaged.");
        return edges.Made(size);
    }

    /// <summary>Whether there is a comma in the first edge.</summary>
    private static bool IsByComma(byte[] text, TextSyntax syntax, InputFile file)
    {
        var scanner = new DelimitedTextScanner(new MemoryStream(text), syntax with { Delimiter = ',' }, file);
        return scanner.NextRow() && scanner.Count > 1 && !scanner[0].ContainsAny((byte)' ', (byte)'\t');
    }

    /// <summary>Whether the first row names what stands below: none of its fields is a number.</summary>
    private static bool IsHeader(DelimitedTextScanner scanner)
    {
        if (scanner.Count < 2) return false;
        for (var i = 0; i < scanner.Count; i++)
            if (NumberText.Parse(scanner[i], '.', out _) != NumberText.Form.None) return false;
        return true;
    }

    private static int Node(DelimitedTextScanner scanner, int field, InputFile file)
    {
        if (field >= scanner.Count) throw file.Error($"line {scanner.Line}", "an edge has two nodes.");
        return Utf8Parser.TryParse(scanner[field], out int node, out var length) && length == scanner[field].Length && node is >= 0 and < int.MaxValue
            ? node
            : throw file.Error($"line {scanner.Line}", $"'{scanner.Text(field)}' is no node: nodes are numbers from 0 to {int.MaxValue - 1}.");
    }

    /// <summary>Gathers edges.</summary>
    private sealed class Builder(InputFile file)
    {
        private readonly List<int> sources = [];
        private readonly List<int> targets = [];
        private readonly List<double> weights = [];
        private readonly List<double> times = [];

        public int Count => sources.Count;

        /// <summary>Adds the edge of a row whose nodes are counted from <paramref name="first"/>.</summary>
        public void Add(DelimitedTextScanner scanner, int first)
        {
            var place = $"line {scanner.Line}";
            if (sources.Count == file.Limits.MaxElements) throw file.Error(place, $"there are more than {sources.Count} edges (FormatLimits.MaxElements).");
            var (source, target) = (Node(scanner, 0, file) - first, Node(scanner, 1, file) - first);
            if (source < 0 || target < 0) throw file.Error(place, "a place in a matrix of Matrix Market is counted from 1.");
            sources.Add(source);
            targets.Add(target);
            if (scanner.Count > 2 && scanner[2].StartsWith("{"u8)) AddAttributes(scanner);
            else AddNumbers(scanner);
            if (weights.Count != 0 && weights.Count != sources.Count) throw file.Error(place, "some edges have a weight and others have none.");
            if (times.Count != 0 && times.Count != sources.Count) throw file.Error(place, "some edges have a time and others have none.");
        }

        public Edges Made(int size) => new(
            Tensor.From([.. sources], [sources.Count]), Tensor.From([.. targets], [targets.Count]), weights.Count == 0 ? null : Tensor.From([.. weights], [weights.Count]),
            Math.Max(size, sources.Count == 0 ? 0 : Math.Max(sources.Max(), targets.Max()) + 1))
        {
            Times = times.Count == 0 ? null : Tensor.From([.. times], [times.Count]),
        };

        private void AddNumbers(DelimitedTextScanner scanner)
        {
            if (scanner.Count > 2) weights.Add(Number(scanner, 2, "weight"));
            if (scanner.Count > 3) times.Add(Number(scanner, 3, "time"));
            if (scanner.Count > 4) throw file.Error($"line {scanner.Line}", "an edge is two nodes and perhaps a weight and a time, but more follows.");
        }

        /// <summary>What networkx writes behind the nodes: <c>{}</c>, or <c>{'weight': 0.5}</c>.</summary>
        private void AddAttributes(DelimitedTextScanner scanner)
        {
            var text = string.Join(' ', Enumerable.Range(2, scanner.Count - 2).Select(scanner.Text));
            if (!text.EndsWith('}')) throw file.Error($"line {scanner.Line}", "a brace is opened and not closed at the end of the line.");
            foreach (var pair in text[1..^1].Split(',').Select(pair => pair.Split(':', 2, StringSplitOptions.TrimEntries)))
            {
                if (pair is not ["'weight'" or "\"weight\"", var value]) continue;
                weights.Add(NumberText.Parse(Encoding.UTF8.GetBytes(value), '.', out var weight) != NumberText.Form.None ? weight : throw file.Error($"line {scanner.Line}", $"'{value}' is no weight."));
            }
        }

        private double Number(DelimitedTextScanner scanner, int field, string name) => NumberText.Parse(scanner[field], '.', out var number) != NumberText.Form.None
            ? number
            : throw file.Error($"line {scanner.Line}", $"'{scanner.Text(field)}' is no {name}.");
    }
}
