using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Writes a file so that it is there whole or not at all: the content goes to a temporary file in the same folder, to the disk, and then takes the name in one
/// step. When writing fails or the program is killed, what had the name before keeps it.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file. A link is followed: the file that it names is replaced.</summary>
    /// <param name="path">The file, which may be there already; its folder must be.</param>
    /// <param name="write">Writes the content; what it throws is passed on, after the temporary file is gone.</param>
    /// <exception cref="IOException">The folder is not there, the disk is full, or the name is that of a folder.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        if (new FileInfo(target).LinkTarget is not null) target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file of text in UTF-8.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
