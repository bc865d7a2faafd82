using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Paramorph.Cli;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Problems;
using Spectre.Console;

const int FileSizeSignal = 25;
// What is thrown on other threads ends the command in the same way.
AppDomain.CurrentDomain.UnhandledException += (_, thrown) => Environment.Exit(Failure.Tell((Exception)thrown.ExceptionObject, args, Console.Error));
// A file that grows beyond the limit of the shell ends the process without a word unless the signal is taken; writing then fails and says why.
using var limit = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)FileSizeSignal, context => context.Cancel = true);
AnsiConsole.Console = Terminal.Of(Console.Out, Console.IsOutputRedirected);
var root = new RootCommand(
    "Parametric neural networks: models for data of yours, and the claims of research papers as experiments that run here.\n\n"
    + "  paramorph fit data.csv             find a model for a file, in a minute\n"
    + "  paramorph predict model new.csv    answers for another file\n"
    + "  paramorph export model --onnx FILE the model for other programs\n"
    + "  paramorph shrink model --bits 4    the weights of its networks in few bits\n"
    + "  paramorph methods                  what fit can try\n"
    + "  paramorph activations              functions between layers, by formula\n"
    + "  paramorph list                     papers whose experiment runs\n"
    + "  paramorph search \"find a formula\"  papers by what they are about\n"
    + "  paramorph show pig                 what the experiment is, and its settings\n"
    + "  paramorph run pig                  run it: about four minutes\n"
    + "  paramorph run pig --data FILE      the same on a file of yours\n"
    + "  paramorph bench equations          a leaderboard of methods\n"
    + "  paramorph serve --open             all of it as a page: papers, runs, fits, models\n\n"
    + "Exit codes: 0 the claim held; 3 it did not hold, or the seeds did not decide; 2 wrong use, bad data, or a file or folder that cannot be read or written; 1 failure.")
{
    FitCommand.Create(),
    PredictCommand.Create(),
    InspectCommand.Create(),
    ExportCommand.Create(),
    ShrinkCommand.Create(),
    MethodsCommand.Create(),
    ActivationsCommand.Create(),
    ListCommand.Create(),
    ShowCommand.Create(),
    SearchCommands.Search(),
    SearchCommands.Similar(),
    SearchCommands.Digest(),
    RunCommand.Create(),
    BenchCommand.Create(),
    VerifyCommand.Create(),
    ServeCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction || ParseSentence.Swallowed(parsed).Any())
{
    foreach (var sentence in ParseSentence.Of(parsed)) Console.Error.WriteLine($"paramorph: {sentence}");
    Console.Error.WriteLine("paramorph: --help tells how it is used.");
    return ExitCode.WrongUse;
}
try
{
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is ExperimentException or ProblemException or UnreadableFileException or OnnxException)
{
    Console.Error.WriteLine($"paramorph: {exception.Message}");
    return ExitCode.WrongUse;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("paramorph: stopped; what had ended is kept, and --resume goes on from there.");
    return ExitCode.Failure;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"paramorph: {exception.Message}");
    return ExitCode.WrongUse;
}
catch (OutOfMemoryException exception)
{
    Console.Error.WriteLine($"paramorph: {exception.Message}");
    return ExitCode.Failure;
}
catch (Exception exception)
{
    return Failure.Tell(exception, args, Console.Error);
}
