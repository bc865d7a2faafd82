namespace Paramorph.Tests.Formats;

/// <summary>A folder for the files of one test, gone when the test ends.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("paramorph").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
