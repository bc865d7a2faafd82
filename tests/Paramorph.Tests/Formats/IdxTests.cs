using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class IdxTests
{
    private static void Read(Stream stream) => Idx.Read(stream);

    private static byte[] Bytes(Tensor tensor)
    {
        using var stream = new MemoryStream();
        Idx.Write(stream, tensor);
        return stream.ToArray();
    }

    [Theory]
    [InlineData("a.idx")]
    [InlineData("a.idx.gz")]
    public void What_is_written_is_read_again(string name)
    {
        using var scratch = new Scratch();
        foreach (var type in new[] { ElementType.UInt8, ElementType.Int8, ElementType.Int32, ElementType.Float32, ElementType.Float64 })
        {
            Idx.Write(scratch[name], Numbered.Of(type, 2, 3, 4));
            Expect.Close(Numbered.Of(type, 2, 3, 4), Idx.Read(scratch[name]), 0);
        }
        Assert.Throws<ElementTypeException>(() => Idx.Write(scratch[name], Tensor.Scalar(1L)));
        Assert.Equal(name.EndsWith(".gz", StringComparison.Ordinal), File.ReadAllBytes(scratch[name])[0] == 0x1f);
    }

    [Fact]
    public void Bytes_by_the_specification_are_read()
    {
        Assert.Equal([258, -2], Idx.Read(new MemoryStream([0, 0, 0x0b, 1, 0, 0, 0, 2, 1, 2, 0xff, 0xfe])).ToArray<int>());
        Assert.Equal([[2, 3]], [Idx.Read(new MemoryStream([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6])).Shape]);
    }

    [Fact]
    public void Wrong_and_damaged_arrays_are_refused()
    {
        Hostile.Refused([1, 0, 8, 1, 0, 0, 0, 0], Read, "no IDX file");
        Hostile.Refused([0, 0, 7, 1, 0, 0, 0, 0], Read, "0x07");
        Hostile.Refused([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], Read, "1 bytes follow");
        Hostile.Refused([0, 0, 8, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Read, "sizes are from 0");
        Hostile.Cuts(Bytes(Numbered.Of(ElementType.Float32, 3, 4)), Read);
        Hostile.Mutations(Bytes(Numbered.Of(ElementType.Float32, 3, 4)), Read, count: 300);
    }
}
