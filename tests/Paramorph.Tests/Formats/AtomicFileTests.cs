using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class AtomicFileTests
{
    [Fact]
    public void A_device_keeps_its_place()
    {
        if (OperatingSystem.IsWindows()) return;
        AtomicFile.WriteText("/dev/null", "nothing");
        Assert.Equal("", File.ReadAllText("/dev/null"));
    }

    [Fact]
    public void A_file_is_written_and_replaced()
    {
        using var scratch = new Scratch();
        AtomicFile.WriteText(scratch["a.txt"], "first, long");
        AtomicFile.WriteText(scratch["a.txt"], "second");
        Assert.Equal("second", File.ReadAllText(scratch["a.txt"]));
        Assert.Single(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        using var scratch = new Scratch();
        AtomicFile.WriteText(scratch["a.txt"], "first");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(scratch["a.txt"], stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("first", File.ReadAllText(scratch["a.txt"]));
        Assert.Single(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        using var scratch = new Scratch();
        AtomicFile.WriteText(scratch["a.txt"], "first");
        File.CreateSymbolicLink(scratch["link"], scratch["a.txt"]);
        AtomicFile.WriteText(scratch["link"], "second");
        Assert.Equal("second", File.ReadAllText(scratch["a.txt"]));
        Assert.NotNull(File.ResolveLinkTarget(scratch["link"], false));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_of_the_system_which_names_the_file_that_was_asked_for()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "a.txt");
        var error = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(path, ""));
        Assert.Equal($"{path} could not be written: there is no such folder.", error.Message);
    }

    [Fact]
    public void The_reason_of_a_full_disk_is_told_without_the_temporary_file()
    {
        Assert.Equal("no space left on device", AtomicFile.Reason(new IOException("No space left on device : '/tmp/.a.txt.x1'")));
        Assert.Equal("the folder may not be written to", AtomicFile.Reason(new UnauthorizedAccessException("Access to the path '/tmp/.a.txt.x1' is denied.")));
    }
}
