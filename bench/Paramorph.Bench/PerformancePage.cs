using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>The page of measured steps: an introduction and a section for each machine and peer, of which a run writes its own anew and leaves the others.</summary>
/// <param name="rounds">Rounds of both sides.</param>
/// <param name="peak">Operations a second that a core can do at most.</param>
/// <param name="peer">What the peer is and computes with; null without one.</param>
/// <param name="note">What a reader must know of the run, if anything.</param>
internal sealed class PerformancePage(int rounds, double peak, string? peer, string? note)
{
    private const string Introduction =
        """
        # Speed of training steps

        A section for each machine, written there by `dotnet run -c Release --project bench/Paramorph.Bench -- steps --peer=COMMAND --write=docs/performance.md`. The
        command is a program that takes the number of threads and names of workloads, times the same steps (shapes, losses, Adam) on the same machine, and prints
        a line of JSON for each: `{"workload":"cnn","ms":52.1,"min":50.3}`, the median and the shortest step. A script of Python that uses PyTorch is one; a
        program that uses TorchSharp is another, and may stand in a folder of its own with the native libraries that it needs:
        `--peer="/path/to/run.sh /path/to/root"`. The bench names the linear algebra that the peer has loaded and refuses reference BLAS. Without a peer, the
        columns of ours are written alone; a workload that the peer does not know has dashes.

        Both sides run in turns, each run in a process of its own; a row has the shortest step of all runs and the median step of the median run. For each
        side the better of 1 and 2 threads counts. "Times faster" compares the shortest steps; "of peak" is our arithmetic against fused multiply-adds on
        registers alone, on as many threads (more than 1 where a way with fewer products is taken); memory is the most that a process had resident.
        """;

    /// <summary>Writes the section of this machine and peer into a page.</summary>
    public void Write(string path, IReadOnlyList<(string Key, string Title)> columns, IReadOnlyList<JsonObject> rows)
    {
        var title = $"{Processor()}, {Environment.ProcessorCount} processors{(peer is null ? "" : $", against {peer}")}";
        var sections = File.Exists(path) ? File.ReadAllText(path).Split("\n## ").Skip(1).ToList() : [];
        sections.RemoveAll(s => s.Split('\n')[0].Trim() == title);
        sections.Insert(0, Section(title, columns, rows));
        File.WriteAllText(path, $"{Introduction}\n{string.Concat(sections.Select(s => $"\n## {s.TrimEnd()}\n"))}");
    }

    private string Section(string title, IReadOnlyList<(string Key, string Title)> columns, IReadOnlyList<JsonObject> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{title}\n\nProducts on {Gemm<float>.Default.Name}, {peak / 1e9:0} GFLOP/s a core at most, {RuntimeInformation.FrameworkDescription}; {rounds} rounds.{(note is null ? "" : $" {note}")}\n\n");
        text.Append("| ").AppendJoin(" | ", columns.Select(c => c.Title)).Append(" |\n|").Insert(text.Length, "---|", columns.Count).Append('\n');
        foreach (var row in rows) text.Append("| ").AppendJoin(" | ", columns.Select(c => row[c.Key]?.ToString() ?? "-")).Append(" |\n");
        return text.ToString();
    }

    /// <summary>The processor's name where the system tells it, else its kind.</summary>
    private static string Processor()
    {
        const string Cpu = "/proc/cpuinfo";
        var line = File.Exists(Cpu) ? File.ReadLines(Cpu).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
