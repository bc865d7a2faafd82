using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Writes a file so that it is there whole or not at all: the content goes to a temporary file in the same folder, to the disk, and then takes the name in one
/// step. When writing fails or the program is killed, what had the name before keeps it. Into a device or a pipe it is written as it comes.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file. A link is followed: the file that it names is replaced.</summary>
    /// <param name="path">The file, which may be there already; its folder must be.</param>
    /// <param name="write">Writes the content; what it throws is passed on, after the temporary file is gone.</param>
    /// <exception cref="IOException">The folder is not there or may not be written to, the disk is full, or the name is that of a folder: the message says which, of the file that was asked for.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        if (IsDevice(target))
        {
            using var device = new FileStream(target, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }
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
        catch (Exception exception)
        {
            TryDelete(temporary);
            if (!IsLimit(exception) && (exception is not (IOException or UnauthorizedAccessException) || !exception.Message.Contains(temporary, StringComparison.Ordinal))) throw;
            var message = $"{path} could not be written: {Reason(exception)}.";
            throw exception is DirectoryNotFoundException ? new DirectoryNotFoundException(message, exception) : new IOException(message, exception);
        }
    }

    /// <summary>Why the system refused to write, in a clause without the path, which is often one that nobody asked for.</summary>
    /// <param name="exception">What was thrown.</param>
    internal static string Reason(Exception exception)
    {
        if (exception is DirectoryNotFoundException or FileNotFoundException) return "there is no such folder";
        if (exception is UnauthorizedAccessException) return "the folder may not be written to";
        if (IsLimit(exception)) return "it would be larger than a file may be here";
        var message = exception.Message;
        var end = message.IndexOf(" : '", StringComparison.Ordinal);
        return end > 0 ? char.ToLowerInvariant(message[0]) + message[1..end].TrimEnd('.') : message.TrimEnd('.');
    }

    /// <summary>Writes a file of text in UTF-8.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether a file would grow beyond the limit that the shell or the file system sets, which streams call an argument out of range.</summary>
    private static bool IsLimit(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>Whether it is no file that another could take the place of: a terminal, a pipe, what swallows all.</summary>
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal) && File.Exists(path);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What stopped the writing is told; that its remains stay is a part of it.
        }
    }
}
