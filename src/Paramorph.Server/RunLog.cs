using System.Text;

namespace Paramorph.Server;

/// <summary>What a run told, a JSON object a line, in a file: who comes late, or comes back, reads from where it was. Lines appear whole.</summary>
/// <param name="path">The file.</param>
internal sealed class RunLog(string path)
{
    private const int MostBytes = 256 * 1024 * 1024;

    private readonly Lock writing = new();
    private TaskCompletionSource changed = New();

    /// <summary>Ends when something is added after the call.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (writing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read))
            {
                if (file.Length > MostBytes) return;
                // A server that was killed may have left a part of a line, which becomes one that nobody understands.
                if (file.Length > 0 && !EndsWhole()) file.WriteByte((byte)'\n');
                file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            }
            Interlocked.Exchange(ref changed, New()).SetResult();
        }
    }

    /// <summary>The whole lines from a place in the file on, with the place behind each.</summary>
    public IReadOnlyList<(string Line, long End)> From(long place)
    {
        if (!File.Exists(path)) return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (place < 0 || place > file.Length) place = 0;
        file.Position = place;
        var bytes = new byte[file.Length - place];
        file.ReadExactly(bytes);
        var lines = new List<(string, long)>();
        for (var start = 0; Array.IndexOf(bytes, (byte)'\n', start) is >= 0 and var end; start = end + 1)
            lines.Add((Encoding.UTF8.GetString(bytes, start, end - start), place + end + 1));
        return lines;
    }

    private bool EndsWhole()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = file.Length - 1;
        return file.ReadByte() == '\n';
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
