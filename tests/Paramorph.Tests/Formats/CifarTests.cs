using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class CifarTests
{
    private static byte[] Records(params byte[][] labels) => [.. labels.SelectMany((label, i) => (byte[])[.. label, .. Enumerable.Range(0, 3072).Select(n => (byte)(n / 1024 * 10 + i))])];

    [Fact]
    public void Batches_are_read()
    {
        var ten = Cifar.Read10(new MemoryStream(Records([3], [9])));
        Assert.Equal([3, 9], ten.Labels.ToArray<int>());
        Assert.Null(ten.CoarseLabels);
        Assert.Equal([2, 3, 32, 32], ten.Images.Shape);
        Assert.Equal([0, 10, 20, 1, 11, 21], ten.Images[TensorIndex.Ellipsis, 31, 31].ToDoubles());
        var hundred = Cifar.Read100(new MemoryStream(Records([19, 99])));
        Assert.Equal(19, hundred.CoarseLabels!.ToArray<int>()[0]);
        Assert.Equal(99, hundred.Labels.ToArray<int>()[0]);
    }

    [Fact]
    public void Wrong_batches_are_refused()
    {
        Hostile.Refused(Records([10]), stream => Cifar.Read10(stream), "record 0: the label 10 is not from 0 to 9");
        Hostile.Refused(Records([1])[1..], stream => Cifar.Read10(stream), "no whole records of 3073 bytes");
        Hostile.Refused([], stream => Cifar.Read100(stream), "no whole records");
        Hostile.Mutations(Records([1], [2]), stream => Cifar.Read10(stream), count: 100);
    }
}
