namespace Paramorph.Tests.Operations;

/// <summary>Sums of many elements of narrow types.</summary>
public class SumTests
{
    private const int Many = 1 << 22;

    private static readonly Tensor Bytes = Tensor.From((byte)200, (byte)100, (byte)7);
    private static readonly Tensor Small = Tensor.From((sbyte)100, (sbyte)100, (sbyte)-3);

    public static TheoryData<string, Func<Tensor, Tensor>, double[], double[]> Wide() => new()
    {
        { "sum", x => x.Sum(), [307], [197] },
        { "product", x => x.Product(), [140_000], [-30_000] },
        { "running sum", x => x.CumulativeSum(0), [200, 300, 307], [100, 200, 197] },
        { "running product", x => x.CumulativeProduct(0), [200, 20_000, 140_000], [100, 10_000, -30_000] },
        { "sums of windows", x => x.SumPool([3]), [307], [197] },
        { "sums of segments", x => Segment.Sum(x, Tensor.From(0, 0, 1), 2), [300, 7], [200, -3] },
    };

    [Theory]
    [MemberData(nameof(Wide))]
    public void Integers_of_8_bits_have_whole_sums(string name, Func<Tensor, Tensor> sum, double[] ofBytes, double[] ofSmall)
    {
        foreach (var run in new[] { sum, Compile.Of(sum) })
        {
            Assert.Equal(ofBytes, run(Bytes).ToDoubles());
            Assert.Equal(ofSmall, run(Small).ToDoubles());
            Assert.True(run(Bytes).ElementType == ElementType.Int64, name);
        }
    }

    [Fact]
    public void Running_sums_in_single_precision_keep_their_digits()
    {
        var tenths = Tensor.Full([Many], 0.1f, ElementType.Float32);
        var running = Compile.Of((Tensor x) => x.CumulativeSum(0))(tenths);
        var expected = Many * (double)0.1f;
        Assert.Equal(expected, running[^1].Item(), expected * 1e-6);
        var columns = Compile.Of((Tensor x) => x.CumulativeSum(0, isReverse: true))(tenths.Reshape(-1, 4));
        Assert.All(columns[0].ToDoubles(), x => Assert.Equal(expected / 4, x, expected * 1e-6));
        var rows = Compile.Of((Tensor x) => x.CumulativeSum(1))(tenths.Reshape(8, -1));
        Assert.All(rows[.., ^1].ToDoubles(), x => Assert.Equal(expected / 8, x, expected * 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public void What_is_added_to_one_place_in_single_precision_keeps_its_digits(int row)
    {
        var count = Many / row;
        var tenths = Tensor.Full([count, row], 0.1f, ElementType.Float32);
        var place = Tensor.Full([count], 2, ElementType.Int32);
        var sums = Compile.Of((Tensor i, Tensor x) => Tensor.Ones([5, row]).ScatterAdd(i, x))(place, tenths);
        var expected = 1 + count * (double)0.1f;
        Assert.All(sums[2].ToDoubles(), x => Assert.Equal(expected, x, expected * 1e-6));
        Assert.Equal(4 * row, (sums.Sum() - sums[2].Sum()).Item(), 1.0);
    }
}
