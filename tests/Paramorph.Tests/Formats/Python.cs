using System.Diagnostics;

namespace Paramorph.Tests.Formats;

/// <summary>Another program that reads and writes the same formats.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";
    private static readonly Dictionary<string, bool> Found = [];

    public static bool Has(string modules)
    {
        lock (Found)
        {
            if (!Found.TryGetValue(modules, out var has)) Found[modules] = has = File.Exists(Program) && Start($"import {modules}", ".").ExitCode == 0;
            return has;
        }
    }

    /// <summary>Runs a program in a folder, and fails with its words when it fails.</summary>
    public static void Run(string folder, string code)
    {
        var (exitCode, output) = Start(code, folder);
        Assert.True(exitCode == 0, output);
    }

    private static (int ExitCode, string Output) Start(string code, string folder)
    {
        var start = new ProcessStartInfo(Program, ["-c", code]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Result + errors);
    }
}

/// <summary>A test that needs Python with some modules, and is skipped without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string modules)
    {
        if (!Python.Has(modules)) Skip = $"there is no /usr/bin/python3 with {modules}";
    }
}

/// <summary>The same for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute(string modules)
    {
        if (!Python.Has(modules)) Skip = $"there is no /usr/bin/python3 with {modules}";
    }
}
