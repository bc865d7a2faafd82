using System.Diagnostics;
using System.Text;

namespace Paramorph.Server;

/// <summary>
/// Starts this command again, as a process of its own: what it does cannot harm the server, and when the server ends, however it ends, the process notices that its input ended and ends too.
/// </summary>
/// <param name="file">The program.</param>
/// <param name="first">What stands before the words of the command, such as the assembly that <c>dotnet</c> runs.</param>
public sealed class Worker(string file, IReadOnlyList<string> first)
{
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(3);

    // Two at a time leave a core to the server and to the run that may be under way.
    private readonly SemaphoreSlim places = new(2);

    /// <summary>Starts a command that goes on for long.</summary>
    public Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in first.Concat(arguments)) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new ServerException("the command could not be started.", 500);
    }

    /// <summary>Runs a command that ends soon.</summary>
    /// <returns>What it wrote, and what it said beside.</returns>
    /// <exception cref="ServerException">It failed; the message is its own.</exception>
    public async Task<(string Output, IReadOnlyList<string> Notes)> Run(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var process = Start(arguments);
            process.StandardInput.Close();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            end.CancelAfter(MostTime);
            using var kill = end.Token.Register(() => Kill(process));
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (end.IsCancellationRequested) throw new ServerException($"this took longer than {MostTime.TotalMinutes:0} minutes and was ended.", 504);
            var said = Said(await error.ConfigureAwait(false));
            return process.ExitCode == 0 ? (output, said) : throw new ServerException(said.LastOrDefault() ?? "the command failed without a word.", 422);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>The sentences that a command said on its standard error.</summary>
    public static IReadOnlyList<string> Said(string error)
    {
        const string Name = "paramorph: ";
        return [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line.StartsWith(Name, StringComparison.Ordinal)).Select(line => line[Name.Length..])];
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
