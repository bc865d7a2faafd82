using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// The extended XYZ format of atomic structures, one after the other, compressed by gzip or not; plain XYZ is the same without properties: numbers behind the
/// positions are the property <c>extra</c>, and a line of description that is not made of pairs is the note <c>comment</c>. The cell is <c>Lattice</c>, its vectors
/// one after the other; positions are <c>pos</c>. (Bernstein, Csányi and Kermode, "Extended XYZ specification", libAtoms/extxyz.)
/// </summary>
public static class ExtendedXyz
{
    /// <summary>Reads the structures of a file, one at a time, as they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="energy">What the file calls the energy.</param>
    /// <param name="forces">What the file calls the forces.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">While the structures are gone through: one is cut off or is not what the format says.</exception>
    public static IEnumerable<AtomicStructure> Read(string path, string energy = "energy", string forces = "forces", FormatLimits? limits = null)
    {
        using var file = InputFile.Open(path, limits);
        foreach (var structure in Read(file, energy, forces)) yield return structure;
    }

    /// <param name="stream">The content, to its end; it stays open.</param>
    /// <inheritdoc cref="Read(string, string, string, FormatLimits)"/>
    public static IEnumerable<AtomicStructure> Read(Stream stream, string energy = "energy", string forces = "forces", FormatLimits? limits = null)
    {
        using var file = InputFile.Open(stream, limits);
        foreach (var structure in Read(file, energy, forces)) yield return structure;
    }

    /// <summary>Writes structures to a file, which appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">A name or a species is empty or has white space or a sign of the format in it.</exception>
    public static void Write(string path, IEnumerable<AtomicStructure> structures) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        foreach (var structure in structures) Write(writer, structure);
    });

    private static IEnumerable<AtomicStructure> Read(InputFile compressed, string energy, string forces)
    {
        using var file = compressed.Decompressed();
        FileSignature.RequireText(file.Head(), file);
        using var reader = new StreamReader(file.AsStream(), Encoding.UTF8, true, 1 << 16, leaveOpen: true);
        var frames = new ExtendedXyzReader(reader, file, energy, forces);
        while (frames.Next() is { } structure) yield return structure;
    }

    private static void Write(StreamWriter writer, AtomicStructure structure)
    {
        List<(string Name, Tensor Values)> columns = [("pos", structure.Positions)];
        if (structure.Forces is { } forces) columns.Add(("forces", forces));
        columns.AddRange(structure.Properties.Select(property => (property.Key, property.Value)));
        var layout = string.Concat(columns.Select(column => $":{Word(column.Name)}:{Kind(column.Values)}:{(column.Values.Rank == 1 ? 1 : column.Values.Shape[1])}"));
        var labels = string.Concat(structure.Labels.Select(label => $":{Word(label.Key)}:S:{LabelWidth(label.Value)}"));
        var comment = new List<string> { $"Properties=species:S:1{layout}{labels}" };
        if (structure.Cell is { } cell) comment.Insert(0, $"Lattice=\"{string.Join(' ', cell.ToDoubles().Select(number => NumberText.Of(number)))}\"");
        if (structure.Energy is { } energy) comment.Add($"energy={NumberText.Of(energy)}");
        var (a, b, c) = structure.Periodic;
        comment.Add($"pbc=\"{(a ? 'T' : 'F')} {(b ? 'T' : 'F')} {(c ? 'T' : 'F')}\"");
        comment.AddRange(structure.Info.Select(note => $"{Word(note.Key)}={Quoted(note.Value)}"));
        writer.WriteLine(structure.Species.Count);
        writer.WriteLine(string.Join(' ', comment));
        Func<int, string>[] rows = [.. columns.Select(column => Rows(column.Values))];
        for (var atom = 0; atom < structure.Species.Count; atom++)
        {
            var words = rows.Select(row => row(atom)).Concat(structure.Labels.Values.SelectMany(label => label[atom].Split(' ').Select(Word)));
            writer.WriteLine($"{Word(structure.Species[atom])} {string.Join(' ', words)}");
        }
    }

    /// <summary>How many words a label of an atom has.</summary>
    private static int LabelWidth(IReadOnlyList<string> labels) => labels.Select(label => label.Split(' ').Length).FirstOrDefault(1);

    private static char Kind(Tensor values) => values.ElementType == ElementType.Bool ? 'L' : values.ElementType.IsInteger() ? 'I' : 'R';

    /// <summary>The text of an atom's values.</summary>
    private static Func<int, string> Rows(Tensor values)
    {
        var (width, isBool) = (values.Rank == 1 ? 1 : values.Shape[1], values.ElementType == ElementType.Bool);
        var numbers = values.ToDoubles();
        return atom => string.Join(' ', numbers.Skip(atom * width).Take(width).Select(number => isBool ? number != 0 ? "T" : "F" : NumberText.Of(number)));
    }

    private static string Word(string text) => text.Length > 0 && !text.Any(c => char.IsWhiteSpace(c) || "=\"'{}[],:\\".Contains(c, StringComparison.Ordinal))
        ? text
        : throw new ArgumentException($"'{text}' cannot be a name or a species in extended XYZ: it is one word of letters, digits and signs but =, :, commas, quotes and brackets.");

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
