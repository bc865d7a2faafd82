namespace Paramorph.Problems;

/// <summary>A preparation whose answers make a picture.</summary>
public interface IPicturePreparation
{
    /// <summary>The picture of answers: u8 [height, width, channels].</summary>
    /// <param name="answers">f64 [n, answer...].</param>
    Tensor Picture(Tensor answers);
}
