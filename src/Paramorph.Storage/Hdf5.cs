namespace Paramorph.Formats;

/// <summary>
/// HDF5, and MATLAB 7.3, which is HDF5: whole numbers, floating-point numbers in both byte orders, truth values of h5py and MATLAB, complex numbers of h5py, PyTables
/// and MATLAB, contiguous or in chunks, plain or compressed by gzip. Complex numbers are taken to be little-endian, which all of these write on today's machines.
/// </summary>
/// <remarks>
/// The files are read by PureHDF, which takes a dataset for whatever type of its size it is asked for; here the stored type is what decides. It cannot be compiled
/// ahead of time.
/// </remarks>
public static class Hdf5
{
    /// <summary>
    /// Reads the datasets of a file by their names, with the groups they stand in before them: <c>group/name</c>. The axes are those of the file; of a MATLAB 7.3 file
    /// they are MATLAB's, [rows, columns].
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="where">Which datasets to read, all of which hold numbers. When null, all that do; text, structures, references and links to nowhere are left out.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">The content is not what the format says, is compressed in a way that is not read, or is beyond the limits.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path, Func<string, bool>? where = null, FormatLimits? limits = null) =>
        InputFile.Read(path, limits, file => new Hdf5Datasets(file, where).Read());

    /// <summary>Reads the datasets of a file that hold numbers, and says why the others do not.</summary>
    internal static IReadOnlyDictionary<string, Tensor> Read(string path, IDictionary<string, string> leftOut) => InputFile.Read(path, null, file =>
    {
        var datasets = new Hdf5Datasets(file, null);
        var tensors = datasets.Read();
        foreach (var (name, error) in datasets.LeftOut) leftOut[name] = error.Message;
        return tensors;
    });

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, Func{string, bool}, FormatLimits)"/>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, Func<string, bool>? where = null, FormatLimits? limits = null) =>
        InputFile.Read(stream, limits, file => new Hdf5Datasets(file, where).Read());
}
