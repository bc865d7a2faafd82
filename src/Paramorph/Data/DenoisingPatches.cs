using Paramorph.Experiments;

namespace Paramorph.Data;

/// <summary>Square patches of drawn pictures (<see cref="TexturedImage"/>) whose middle pixel is to be told from the patch under noise; brightness is standardised by the pictures to learn from.</summary>
/// <param name="Train">To learn from, in groups that get one level of noise: f32 [groups, n, pixels].</param>
/// <param name="Test">To be judged by, of other pictures, one group for each level: f32 [levels, n, pixels].</param>
/// <param name="Noise">Of the shape of the test patches, at the highest level, whose standard deviation is that of brightness.</param>
/// <param name="Picture">A picture of the test, standardised, row by row; it is square.</param>
/// <param name="PictureNoise">Its noise at the highest level.</param>
/// <param name="Side">Pixels along a side of a patch, an odd number.</param>
/// <param name="Mean">The mean brightness.</param>
/// <param name="Deviation">The standard deviation of brightness.</param>
public sealed record DenoisingPatches(Tensor Train, Tensor Test, Tensor Noise, IReadOnlyList<float> Picture, IReadOnlyList<float> PictureNoise, int Side, double Mean, double Deviation)
{
    private const int OfPicture = 2000, TestPictures = 4, PerLevel = 128, Scale = 2;

    /// <summary>Pixels along a side of a picture that are the middle of a patch.</summary>
    public int Inner => Size - Side + 1;

    private int Size => (int)Math.Sqrt(Picture.Count);

    /// <summary>Draws pictures and patches of them: 2,000 of each picture to learn from, and 128 of four others for each level.</summary>
    /// <param name="key">The key.</param>
    /// <param name="levels">Levels of noise of the test, a multiple of which 128 patches are shared out evenly among four pictures.</param>
    /// <param name="pictures">Pictures to learn from.</param>
    /// <param name="group">Patches of a group; those that fill none are left out.</param>
    /// <param name="size">Pixels along a side of a picture.</param>
    /// <param name="side">Pixels along a side of a patch, an odd number, at most that of a picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is even or below 1, or above that of a picture.</exception>
    public static DenoisingPatches Draw(Key key, int levels, int pictures, int group, int size, int side = 7)
    {
        if (side < 1 || side % 2 == 0 || side > size) throw new ArgumentOutOfRangeException(nameof(side), side, $"the side of a patch is odd, so that it has a middle, and at most the {size} pixels of a picture.");
        var random = new KeyRandom(key.Fold(0));
        float[][] images = [.. Enumerable.Range(0, pictures + TestPictures).Select(i => new TexturedImage(key.Fold(i + 1)).Render(size, size).ToArray<float>())];
        var learned = images.Take(pictures).SelectMany(image => image).ToArray();
        var mean = learned.Average(value => (double)value);
        var deviation = Math.Sqrt(learned.Average(value => (value - mean) * (value - mean)));
        foreach (var image in images)
            foreach (ref var pixel in image.AsSpan()) pixel = (float)((pixel - mean) / deviation);
        int Corner() => random.Integer(size - side + 1) * size + random.Integer(size - side + 1);
        Tensor Some(IEnumerable<float[]> from, int each)
        {
            var patches = Tensor.Concatenate([.. from.Select(image => Cut(image, [.. Enumerable.Range(0, each).Select(_ => Corner())], side))], 0);
            return patches.Take(Tensor.From<int>(random.Permutation(patches.Shape[0]))).Evaluate();
        }
        var test = Some(images.Skip(pictures), levels * PerLevel / TestPictures);
        float[] Noise(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Normal())];
        return new(
            Some(images.Take(pictures), OfPicture / group * group).Reshape(-1, group, side * side).Evaluate(), test.Reshape(levels, PerLevel, side * side).Evaluate(),
            Tensor.From(Noise(test.Count), [levels, PerLevel, side * side]), images[^1], Noise(size * size), side, mean, deviation);
    }

    /// <summary>Patches with their corners in given places.</summary>
    /// <param name="picture">A square picture, row by row.</param>
    /// <param name="corners">The places of upper left corners in it.</param>
    /// <param name="side">Pixels along a side of a patch.</param>
    /// <returns>[corners, pixels].</returns>
    public static Tensor Cut(IReadOnlyList<float> picture, IReadOnlyList<int> corners, int side)
    {
        var (size, pixels) = ((int)Math.Sqrt(picture.Count), side * side);
        var patches = new float[corners.Count * pixels];
        for (var i = 0; i < patches.Length; i++)
        {
            var pixel = i % pixels;
            patches[i] = picture[corners[i / pixels] + pixel / side * size + pixel % side];
        }
        return Tensor.From(patches, [corners.Count, pixels]);
    }

    /// <summary>The first batches of training patches: [batches, groups, n, pixels].</summary>
    /// <param name="batches">How many.</param>
    /// <param name="groups">Groups of a batch.</param>
    public Tensor Batches(int batches, int groups) => Train[..(batches * groups)].ReshapeTo([batches, groups, .. Train.Shape[1..]]).Evaluate();

    /// <summary>The test's picture under noise, and below it what is made of it, for some levels side by side.</summary>
    /// <param name="denoise">From a level and patches [n, pixels] to the middle pixels [n].</param>
    /// <param name="levels">The levels.</param>
    public Picture Denoised(Func<float, Tensor, Tensor> denoise, params IReadOnlyList<float> levels)
    {
        int[] corners = [.. Enumerable.Range(0, Inner * Inner).Select(i => i / Inner * Size + i % Inner)];
        Picture Shown(Tensor pixels) => Experiments.Picture.Image((pixels.Reshape(Inner, Inner) * (float)Deviation + (float)Mean).Evaluate(), Scale);
        return Experiments.Picture.Row([.. levels.Select(level =>
        {
            var cut = Cut([.. Picture.Select((value, i) => value + level * PictureNoise[i])], corners, Side);
            return Experiments.Picture.Column(Shown(cut[.., Side * Side / 2]), Shown(denoise(level, cut)));
        })]);
    }
}
