using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Shrink;

namespace Paramorph.Tests.Shrink;

public sealed class WeightCodesTests : IDisposable
{
    private static readonly Key Seed = Key.Of(7);
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    private static Sequential Network { get; } = new([
        Convolution.Create(Seed.Fold(0), 4, 12, [3, 3]), new Elementwise(Activation.Relu), new Elementwise(x => x.Flatten(x.Rank - 3)),
        Linear.Create(Seed.Fold(1), 192, 40), Linear.Create(Seed.Fold(2), 40, 3), Linear.Create(Seed.Fold(3), 3, 2)]);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void What_is_read_is_what_the_codes_stand_for(int bits)
    {
        var quantisers = WeightCodes.Quantisers(Network, bits);
        // The last matrix is too small to be worth a step of its own.
        Assert.Equal(["layers[0].weight", "layers[3].weight", "layers[4].weight"], quantisers.Keys);
        var rounded = WeightCodes.Rounded(Network, quantisers);
        WeightCodes.Save(path, Network, quantisers);
        var read = WeightCodes.Load(path, types => Like(types));
        foreach (var ((was, expected), actual) in Tree.Leaves(Network).Zip(Tree.Leaves(rounded)).Zip(Tree.Leaves(read)))
        {
            Assert.Equal(expected.Type, actual.Type);
            Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());
            if (was.Count < 32) Assert.Equal(was.ToArray<float>(), actual.ToArray<float>());
        }
        // Each code is one of 2^b - 1 multiples of the step of its channel.
        Assert.InRange(Tree.Leaves(read)[2].ToArray<float>().Distinct().Count(), 2, 192 * ((1 << bits) - 1));
        // Codes of b bits and no more, beside steps, biases and the header.
        var numbers = quantisers.Keys.Sum(name => Tree.Leaves(Network)[Array.IndexOf(Tree.Names(Network), name)].Count);
        var steps = quantisers.Values.Sum(quantiser => quantiser.LogScale.Count);
        Assert.InRange(new FileInfo(path).Length, numbers * bits / 8, numbers * bits / 8 + 4 * (steps + 200) + 1400);
    }

    [Fact]
    public void More_bits_err_less_and_half_a_step_at_most_where_nothing_is_clamped()
    {
        var weight = ((Linear)Network.Layers[3]).Weight;
        var errors = Enumerable.Range(2, 7).Select(bits =>
        {
            var quantiser = WeightCodes.Quantisers(Network, bits)["layers[3].weight"];
            var rounded = quantiser.Dequantise(quantiser.Quantise(weight));
            var isInside = Tensor.LessEqual(Tensor.Abs(weight), quantiser.Scale * quantiser.Highest);
            Assert.True(Tensor.Where(isInside, Tensor.Abs(rounded - weight) - 0.50001 * quantiser.Scale, 0.0).Max().Item() <= 0, $"{bits} bits");
            return Tensor.Sqrt(Tensor.Square(rounded - weight).Sum() / Tensor.Square(weight).Sum()).Item();
        }).ToArray();
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.InRange(errors[^1], 1e-4, 0.01);
    }

    [Fact]
    public void Without_codes_the_file_is_that_of_the_format()
    {
        WeightCodes.Save(path, Network, new Dictionary<string, Quantiser>());
        var bytes = File.ReadAllBytes(path);
        SafeTensors.Save(path, Network);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal(Tree.Leaves(Network)[0].ToArray<float>(), Tree.Leaves(WeightCodes.Load(path, Like))[0].ToArray<float>());
    }

    [Theory]
    [InlineData("""{"w": [9, 8, 8]}""", "bits, 2 to 8")]
    [InlineData("""{"w": [4, -8, 8]}""", "bits, 2 to 8")]
    [InlineData("""{"w": [4, 8, 9]}""", "are not the codes of 72 numbers of 4 bits")]
    [InlineData("""{"w": [4, 2147483647, 2147483647]}""", "are not the codes")]
    [InlineData("""{"w": [4, 4, 16]}""", "are no steps")]
    [InlineData("""{"v": [4, 8, 8]}""", "codes or step are missing")]
    [InlineData("""{"w": "four"}""", "no list of bits and shapes")]
    [InlineData("nothing", "no list of bits and shapes")]
    public void A_note_that_does_not_fit_is_refused(string note, string sentence)
    {
        SafeTensors.Write(path, [new("w", Tensor.Zeros([32], ElementType.UInt8).Evaluate()), new("w.log_scale", Tensor.Zeros([8, 1]).Evaluate())], [new("paramorph.codes", note)]);
        var exception = Assert.Throws<UnreadableFileException>(() => WeightCodes.Load(path, Like));
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }

    private static Sequential Like(IReadOnlyDictionary<string, TensorType> types)
    {
        Assert.Equal(Tree.Names(Network).Order(), types.Keys.Order());
        return Network;
    }
}
