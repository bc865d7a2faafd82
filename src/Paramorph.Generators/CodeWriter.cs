using System.Text;

namespace Paramorph.Generators;

/// <summary>Text in indented blocks.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "") => text.Append(line.Length == 0 ? "" : new string(' ', 4 * depth)).Append(line).Append('\n');

    public void Open(string line = "")
    {
        if (line.Length > 0) Line(line);
        Line("{");
        depth++;
    }

    public void Close()
    {
        depth--;
        Line("}");
    }

    public override string ToString() => text.ToString();
}
