namespace Paramorph.Problems;

/// <summary>A preparation whose answers make a picture.</summary>
public interface IPicturePreparation
{
    /// <summary>Whether there is a picture: not of every signal that may be one.</summary>
    bool HasPicture { get; }

    /// <summary>The raw inputs whose answers are the whole picture: f64 [n, raw...].</summary>
    /// <param name="size">Height and width of the picture, which is stretched where their ratio is another than its own; its own size when null.</param>
    Tensor PictureInputs((int Height, int Width)? size = null);

    /// <summary>The picture of answers: u8 [height, width, channels].</summary>
    /// <param name="answers">f64 [n, answer...].</param>
    /// <param name="size">Height and width, as for <see cref="PictureInputs"/>; when null, the sides are in the ratio of its own.</param>
    /// <exception cref="ProblemException">The answers make none.</exception>
    Tensor Picture(Tensor answers, (int Height, int Width)? size = null);
}
