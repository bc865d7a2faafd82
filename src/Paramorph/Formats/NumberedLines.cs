using System.Text;

namespace Paramorph.Formats;

/// <summary>The lines of a text, compressed by gzip or not, with their numbers for messages.</summary>
internal sealed class NumberedLines : IDisposable
{
    private readonly InputFile file;
    private readonly StreamReader reader;
    private int number;

    public NumberedLines(InputFile file)
    {
        this.file = file;
        var start = new byte[FileSignature.Length];
        using (var content = file.OpenContent()) FileSignature.RequireText(start.AsSpan(0, content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)), file);
        reader = new(file.OpenText(), Encoding.UTF8);
    }

    /// <summary>The next line; null behind the last.</summary>
    public string? Next()
    {
        number++;
        return reader.ReadLine();
    }

    /// <summary>What is wrong in the line that was read last.</summary>
    public UnreadableFileException Error(string problem) => file.Error($"line {number}", problem);

    public void Dispose() => reader.Dispose();
}
