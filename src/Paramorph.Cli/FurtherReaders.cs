using System.Runtime.CompilerServices;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>Readers of formats that packages of others read, which make code at run time.</summary>
internal static class FurtherReaders
{
    /// <summary>Those of HDF5 and Parquet; in a command that was compiled ahead of time, a sentence in their place.</summary>
    public static IReadOnlyList<ContentReader> All
    {
        get
        {
            if (RuntimeFeature.IsDynamicCodeSupported) return StorageReaders.All;
            return
            [
                new(start => start is [0x89, (byte)'H', (byte)'D', (byte)'F', ..] || start.StartsWith("MATLAB 7.3"u8), path => throw Refused(path, "HDF5")),
                new(start => start.StartsWith("PAR1"u8), path => throw Refused(path, "Parquet")),
            ];
        }
    }

    private static ProblemException Refused(string path, string format) =>
        new($"{path} is a file of {format}, which the command that was compiled ahead of time does not read: use the one that dotnet runs, or save the data as NPZ or CSV.");
}
