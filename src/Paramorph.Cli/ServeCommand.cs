using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Paramorph.Problems;
#if !NATIVE
using Paramorph.Server;
#endif

namespace Paramorph.Cli;

/// <summary>Serves the page.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port; 0 takes any that is free.", DefaultValueFactory = _ => 7453 };
        var open = new Option<bool>("--open") { Description = "Opens the page in the browser." };
        var bind = new Option<string>("--bind") { Description = "The address to listen on. Beyond loopback, as 0.0.0.0 is, others reach the page too: then each needs the address with the token that is printed. It is not encrypted.", DefaultValueFactory = _ => "127.0.0.1" };
        var folder = new Option<string>("--data") { Description = "Where runs, files and models of the page are kept.", DefaultValueFactory = _ => Path.Combine("paramorph-runs", "page") }.Named();
        var command = new Command(
            "serve",
            "Serves a page to this machine: the papers with their verdicts, searched and on a map; leaderboards; runs with live curves, one at a time, which go on after a restart; fits to files of yours; the models, "
            + "with answers, folder and ONNX file. It needs no network. Ctrl-C ends it; what was running can go on later.")
        {
            port, open, bind, folder,
        };
        command.SetAction((parsed, cancellation) => Serve(parsed.GetValue(port), parsed.GetValue(bind)!, parsed.GetValue(folder)!, parsed.GetValue(open), cancellation));
        return command;
    }

#if NATIVE
    private static Task<int> Serve(int port, string bind, string folder, bool open, CancellationToken cancellation) =>
        throw new ProblemException("the command that was compiled ahead of time has no page: use the one that dotnet runs, or the published single file.");
#else
    private static async Task<int> Serve(int port, string bind, string folder, bool open, CancellationToken cancellation)
    {
        if (port is < 0 or > ushort.MaxValue) throw new ProblemException($"--port is a number from 0 to {ushort.MaxValue}, not {port}.");
        if (!IPAddress.TryParse(bind == "localhost" ? "127.0.0.1" : bind, out var address)) throw new ProblemException($"--bind is an address such as 127.0.0.1 or 0.0.0.0, not \"{bind}\".");
        try
        {
            await using var server = await PageServer.Start(new() { Port = port, Address = address, Folder = folder, Worker = Self() }).ConfigureAwait(false);
            Console.WriteLine($"The page is at {server.Address}; Ctrl-C ends it.");
            if (!server.HasPage) Console.Error.WriteLine("paramorph: the page itself is not part of this build, since Node was not there: install Node 20 or newer, and build again. All that it would show is under /api.");
            if (open) Show(server.Address);
            await server.Ended(cancellation).ConfigureAwait(false);
            return ExitCode.Held;
        }
        catch (ServerException exception)
        {
            throw new ProblemException(exception.Message, exception);
        }
        catch (TypeInitializationException exception) when (exception.InnerException is DllNotFoundException)
        {
            throw new ProblemException("the library of SQLite (libe_sqlite3) is not beside the command, and the page keeps its runs with it: copy the whole published folder.", exception);
        }
    }

    /// <summary>This command, as others start it.</summary>
    private static Worker Self()
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? new(program, [Path.GetFullPath(Environment.GetCommandLineArgs()[0])]) : new(program, []);
    }

    private static void Show(string address)
    {
        try
        {
            var (program, arguments) = OperatingSystem.IsWindows() ? ("cmd", (string[])["/c", "start", "", address]) : OperatingSystem.IsMacOS() ? ("open", [address]) : ("xdg-open", [address]);
            using var shown = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine("paramorph: there is nothing here that opens a browser: open the address above.");
        }
    }
#endif
}
