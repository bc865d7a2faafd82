using Paramorph.Problems;

namespace Paramorph.Formats;

/// <summary>The readers of this package, for <see cref="DataContent.Read"/>.</summary>
public static class StorageReaders
{
    /// <summary>HDF5 with MATLAB 7.3, and Parquet.</summary>
    public static IReadOnlyList<ContentReader> All { get; } =
    [
        new(start => start is [0x89, (byte)'H', (byte)'D', (byte)'F', ..] || start.StartsWith("MATLAB 7.3"u8), path =>
        {
            var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
            return new DataContent.OfArrays(path, Hdf5.Read(path, leftOut)) { Unreadable = leftOut };
        }),
        new(start => start.StartsWith("PAR1"u8), path => new DataContent.OfTable(path, ParquetTable.Read(path))),
    ];
}
