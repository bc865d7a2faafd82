using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class AugmentationTests
{
    private static readonly Tensor Images = Sample.Uniform(Key.Of(1), [40, 2, 5, 6]).Evaluate();

    [Fact]
    public void Nothing_asked_changes_nothing() => Assert.Same(Images, new Augmentation().Apply(Key.Of(2), Images));

    [Fact]
    public void A_flipped_image_is_itself_or_its_mirror()
    {
        var flipped = Compile.Of((Tensor x) => new Augmentation { Flip = true }.Apply(Key.Of(3), x))(Images);
        var mirrors = 0;
        for (var n = 0; n < 40; n++)
        {
            var isMirror = flipped[n].ToArray<float>().SequenceEqual(Images[n].Flip(-1).ToArray<float>());
            if (!isMirror) Assert.Equal(Images[n].ToArray<float>(), flipped[n].ToArray<float>());
            mirrors += isMirror ? 1 : 0;
        }
        Assert.InRange(mirrors, 8, 32);
    }

    [Fact]
    public void A_shifted_image_is_moved_by_whole_pixels_and_padded()
    {
        var shifted = Compile.Of((Tensor x) => new Augmentation { Shift = 1 }.Apply(Key.Of(4), x))(Images);
        for (var n = 0; n < 40; n++)
        {
            var padded = Images[n].Pad([(0, 0), (1, 1), (1, 1)]);
            var found = shifted[n].ToArray<float>();
            Assert.Contains(
                Enumerable.Range(0, 9),
                s => padded.Slice([0, s / 3, s % 3], [2, s / 3 + 5, s % 3 + 6], [1, 1, 1]).ToArray<float>().SequenceEqual(found));
        }
    }

    [Fact]
    public void Turning_keeps_an_image_that_is_round()
    {
        var round = Tensor.From<double>([.. Enumerable.Range(0, 33 * 33).Select(p => Math.Exp(-((p % 33 - 16) * (p % 33 - 16) + (p / 33 - 16) * (p / 33 - 16)) / 50.0))], [1, 1, 33, 33]);
        var turned = Compile.Of((Tensor x) => new Augmentation { Rotation = 3 }.Apply(Key.Of(5), x))(round);
        Expect.Close(round, turned, 0.01);
    }

    [Fact]
    public void Noise_has_its_deviation()
    {
        var noise = new Augmentation { Noise = 0.5 }.Apply(Key.Of(6), Tensor.Zeros([10, 1, 20, 20])).ToDoubles();
        Assert.InRange(Math.Sqrt(noise.Average(x => x * x)), 0.47, 0.53);
    }
}
