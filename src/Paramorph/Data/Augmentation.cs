namespace Paramorph.Data;

/// <summary>
/// Random changes of images that leave their class: each image is flipped, turned, scaled and shifted about its centre in one interpolation, and gets
/// noise. It is a tensor expression, for use within a compiled training step, with a key of the step.
/// </summary>
public sealed record Augmentation
{
    /// <summary>The most pixels by which an image moves along either axis; shifts are whole pixels.</summary>
    public int Shift { get; init; }

    /// <summary>The largest angle in radians, to either side.</summary>
    public double Rotation { get; init; }

    /// <summary>By which share images grow or shrink at most.</summary>
    public double Zoom { get; init; }

    /// <summary>Whether every second image is mirrored left to right.</summary>
    public bool Flip { get; init; }

    /// <summary>The standard deviation of the noise of a pixel.</summary>
    public double Noise { get; init; }

    /// <summary>What comes in from outside an image.</summary>
    public Boundary Boundary { get; init; } = Boundary.Zero;

    /// <summary>The changed images, each by numbers of its own.</summary>
    /// <param name="key">The key.</param>
    /// <param name="images">f32 or f64 [n, channels, height, width].</param>
    /// <returns>Of the type of the images.</returns>
    public Tensor Apply(Key key, Tensor images)
    {
        if (images.Rank != 4 || !images.ElementType.IsFloating())
            throw new ShapeException($"augmentation: {images.Type} are no images: they are f32 or f64 [n, channels, height, width].");
        var (place, grain) = key.Split();
        var moved = Shift == 0 && Rotation == 0 && Zoom == 0 && !Flip
            ? images
            : Vmap.Of((image, at) => Interpolate.Linear(image, at, Boundary), images, Places(place, images));
        return Noise == 0 ? moved : moved + Noise * Sample.Normal(grain, images.Shape, images.ElementType);
    }

    /// <summary>Where each pixel of the result comes from, [n, height, width, 2] as row and column.</summary>
    private Tensor Places(Key key, Tensor images)
    {
        var (count, height, width, type) = (images.Shape[0], images.Shape[2], images.Shape[3], images.ElementType);
        var keys = key.Split(5);
        Tensor Signed(int which) => Sample.Uniform(keys[which], [count, 1, 1], -1.0, 1.0, type);
        Tensor Whole(int which) => Sample.Integers(keys[which], [count, 1, 1], -Shift, Shift + 1).AsType(type);
        var (angle, scale) = (Rotation * Signed(0), 1.0 + Zoom * Signed(1));
        var row = Tensor.Iota([height, width], 0, type) - (height - 1) / 2.0 - Whole(2);
        var column = Tensor.Iota([height, width], 1, type) - (width - 1) / 2.0 - Whole(3);
        var (sin, cos) = (Tensor.Sin(angle) / scale, Tensor.Cos(angle) / scale);
        var across = cos * column - sin * row;
        if (Flip) across *= Sample.Rademacher(keys[4], [count, 1, 1], type);
        return Tensor.Stack([cos * row + sin * column + (height - 1) / 2.0, across + (width - 1) / 2.0], -1);
    }
}
